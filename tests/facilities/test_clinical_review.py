"""A clinician signs a page: the name comes from the account, and the dates from the day."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.pages.models import ArticlePage, HomePage
from facilities.review.models import REVIEW_LASTS
from tests.factories import make_user, sign_in, tick_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]


@pytest.fixture
def reviewer():
    return make_user("reviewer", first_name="Ada", last_name="Moreno, MD")


def submit(page, summary="Another summary."):
    """A change of an editor, sent to the review."""
    editor = make_user("editor")
    page.summary = summary
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    return page.current_workflow_task_state


def act(client, user, page, state, action):
    tick_all(page, user)
    sign_in(client, user)
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]))


def signature(page):
    page = type(page).objects.get(pk=page.pk)
    return page.reviewed_by, page.last_reviewed_on, page.next_review_on


def test_approval_signs_with_the_name_of_the_account_and_the_day(client, reviewer):
    article = ArticlePage.objects.earliest("pk")

    act(client, reviewer, article, submit(article), "approve")

    today = timezone.localdate()
    assert signature(article) == ("Ada Moreno, MD", today, today + REVIEW_LASTS)
    assert "Reviewed by Ada Moreno, MD." in client.get(article.url).text


def test_approval_of_a_change_alone_keeps_who_read_the_whole_page_and_when(client, reviewer):
    article = ArticlePage.objects.earliest("pk")
    before = signature(article)

    act(client, reviewer, article, submit(article), "approve_change")

    assert signature(article) == before
    assert ArticlePage.objects.earliest("pk").summary == "Another summary."


def test_page_that_nobody_has_signed_is_not_approved_by_a_change_alone(client, reviewer):
    ArticlePage.objects.update(reviewed_by="", last_reviewed_on=None, next_review_on=None)
    article = ArticlePage.objects.earliest("pk")

    act(client, reviewer, article, submit(article), "approve_change")

    assert signature(article) == ("", None, None)
    assert ArticlePage.objects.earliest("pk").summary != "Another summary."


@pytest.mark.parametrize("action", ["approve", "approve_change"])
def test_who_wrote_it_signs_it_in_neither_way(client, reviewer, action):
    article = ArticlePage.objects.earliest("pk")
    state = submit(article)
    article.summary = "A third one."
    article.save_revision(user=reviewer)
    before = signature(article)

    act(client, reviewer, article, state, action)

    assert signature(article) == before
    assert ArticlePage.objects.earliest("pk").summary not in ("Another summary.", "A third one.")


def test_rejection_signs_nothing(client, reviewer):
    article = ArticlePage.objects.earliest("pk")
    before = signature(article)

    act(client, reviewer, article, submit(article), "reject")

    assert signature(article) == before


def test_page_of_a_kind_that_is_not_signed_is_approved_all_the_same(client, reviewer):
    home = HomePage.objects.get()

    act(client, reviewer, home, submit(home), "approve")

    assert HomePage.objects.get().summary == "Another summary."


def test_nobody_types_a_reviewer(client):
    sign_in(client, make_user("editor"))
    article = ArticlePage.objects.earliest("pk")

    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).text

    names = ("reviewed_by", "last_reviewed_on", "next_review_on")
    assert [name for name in names if f'name="{name}"' in page] == []
    assert article.reviewed_by in page


def test_next_review_is_due_within_half_a_year():
    assert date(2027, 1, 1) + REVIEW_LASTS <= date(2027, 7, 2)
