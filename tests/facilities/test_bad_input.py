"""What an editor may meet on a long day: each gets a clear sentence, and nothing that was written is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage
from facilities.pages.wording import EXPIRED
from tests.factories import make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]


@pytest.fixture
def editor(client):
    sign_in(client, make_user("editor"))
    return client


def article():
    return ArticlePage.objects.earliest("pk")


def latest(page):
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()


def send(client, page, button="", **changes):
    names = ("title", "slug", "seo_title", "search_description", "summary")
    data = {name: getattr(page, name) for name in names} | {"body": streamfield([]), "comments": inline_formset([])}
    data |= changes | ({button: "1"} if button else {})
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, nested_form_data(data), follow=True)


# --- Days that are past, and days that are none ---------------------------------------------------------------------


@pytest.fixture
def expired():
    page = article()
    page.expire_at = timezone.now() - timedelta(days=1)
    page.save_revision()
    return page


def typed(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_page_past_its_expiry_date_can_be_saved(editor, expired):
    send(editor, expired, summary="Other words.", expire_at=typed(expired.expire_at))

    assert latest(expired).summary == "Other words."
    assert abs(latest(expired).expire_at - expired.expire_at) < timedelta(minutes=1)


def test_page_past_its_expiry_date_is_not_sent_to_the_review_and_says_why_at_the_top(editor, expired):
    response = send(editor, expired, "action-submit", summary="Other words.", expire_at=typed(expired.expire_at))

    assert EXPIRED in response.text and "Other words." in response.text
    assert not Page.objects.get(pk=expired.pk).workflow_in_progress


def test_expiry_date_that_is_newly_past_is_refused(editor):
    response = send(editor, article(), expire_at="2020-01-01T09:00")

    assert "expire_at" in response.context["form"].errors


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
def test_moment_that_is_none_is_refused_and_not_guessed(editor, name):
    response = send(editor, article(), **{name: "tomorrow 9 pm", "summary": "Other words."})

    assert response.context["form"].errors[name] and "Other words." in response.text
    assert 'type="datetime-local"' in response.text  # no script turns it into the present moment


# --- What others do meanwhile ---------------------------------------------------------------------------------------


def test_page_that_was_moved_under_its_editor_is_saved_where_it_is(editor):
    page = article()
    other = ArticleIndexPage(title="Elsewhere", slug="elsewhere")
    HomePage.objects.get().add_child(instance=other)
    page.move(other, pos="last-child")

    send(editor, page, summary="Other words.")

    assert latest(page).summary == "Other words."
    assert Page.objects.get(pk=page.pk).get_parent().pk == other.pk


def test_of_two_editors_the_later_is_told_and_both_versions_are_kept(client):
    first, second, page = make_user("editor"), make_user("editor"), article()
    sign_in(client, first)
    seen = page.get_latest_revision()
    send(client, page, summary="Words of the first.")
    sign_in(client, second)

    send(client, page, summary="Words of the second.")

    kept = [revision.as_object().summary for revision in page.revisions.order_by("pk")]
    assert kept[-2:] == ["Words of the first.", "Words of the second."]
    address = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", page.pk, 1])
    assert seen is None or client.post(address, {"revision_id": seen.pk}).status_code == 200


# --- What the editor offers -----------------------------------------------------------------------------------------


def test_no_link_on_a_phone_number_is_offered_or_made(editor):
    offered = editor.get(reverse("wagtailadmin_choose_page"), {"allow_phone_link": "true", "allow_email_link": "true"})

    assert "Phone link" not in offered.text and "Email link" in offered.text
    assert editor.get(reverse("wagtailadmin_choose_page_phone_link")).status_code == 404
