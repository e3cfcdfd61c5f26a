"""What staff learn of reviews without opening a page: by report, and by a mail that says where and not what."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from facilities.pages.models import ArticleIndexPage, ArticlePage
from facilities.pages.review_report import FORCED, NAME, reading_level
from facilities.review.forced import force
from tests.factories import make_user, sign_in, tick_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]


def state_in_report(client):
    sign_in(client, make_user("editor"))
    html = client.get(reverse(NAME)).text
    states = ("Published without a review", "Never reviewed", "Changed since", "Overdue", "within 30", "within 90")
    rows = html.partition("<table")[2]
    return next((state for state in states if state in rows), "In order")


def due_in(days):
    ArticlePage.objects.update(next_review_on=timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda: due_in(-1), "Overdue"),
        (lambda: due_in(0), "within 30"),
        (lambda: due_in(60), "within 90"),
        (lambda: due_in(120), "In order"),
        (lambda: ArticlePage.objects.update(summary="Unread."), "Changed since"),
        (lambda: ArticlePage.objects.update(last_reviewed_on=None), "Never reviewed"),
        (
            lambda: force(
                ArticlePage.objects.earliest("pk"), by=make_user("manager"), reason="The line has a new number."
            ),
            "Published without a review",
        ),
    ],
)
def test_report_says_how_each_review_stands(client, change, state):
    change()

    assert state_in_report(client) == state


def test_what_is_due_first_stands_first(client):
    first = ArticlePage.objects.earliest("pk")
    due_in(60)
    index = ArticleIndexPage.objects.get()
    for title, days in (("Later", 90), ("Overdue", -5)):
        page = ArticlePage(title=title, summary="A.", last_reviewed_on=timezone.localdate(), reviewed_by="Ada")
        page.next_review_on = timezone.localdate() + timedelta(days=days)
        index.add_child(instance=page)
    sign_in(client, make_user("reviewer"))

    html = client.get(reverse(NAME)).text.partition("<table")[2]

    places = [html.index(title) for title in ("Overdue", first.title, "Later")]
    assert places == sorted(places)


def test_report_costs_the_same_for_one_page_and_for_three(client, django_assert_max_num_queries):
    sign_in(client, make_user("reviewer"))
    client.get(reverse(NAME))
    index = ArticleIndexPage.objects.get()
    for title in ("One", "Two"):
        index.add_child(instance=ArticlePage(title=title, summary="A."))

    with django_assert_max_num_queries(60):
        assert "Two" in client.get(reverse(NAME)).text


def test_report_says_how_each_page_reads(client):
    sign_in(client, make_user("reviewer"))

    rows = list(client.get(reverse(NAME)).context["object_list"])

    assert {reading_level(page).startswith("Grade ") for page in rows} == {True}
    hard = rows[0]
    hard.summary, hard.body = "Notwithstanding considerable institutional heterogeneity " * 6, []
    assert "hard to read" in reading_level(hard)
    assert "Reading level" in client.get(reverse(NAME)).text


@pytest.mark.parametrize("role", ["editor", "reviewer", "manager"])
def test_report_on_what_was_forced_gives_the_reason(client, role):
    force(ArticlePage.objects.earliest("pk"), by=make_user("manager"), reason="The line has a new number.")
    sign_in(client, make_user(role))

    html = client.get(reverse(FORCED)).text

    assert "The line has a new number." in html


def test_who_writes_no_pages_reads_no_report(client):
    sign_in(client, make_user("consultant"))

    assert {client.get(reverse(name)).status_code for name in (NAME, FORCED)} <= {302, 403}


# --- Mail -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor():
    return make_user("editor", email="editor@example.org", first_name="Nadia")


@pytest.fixture
def reviewer():
    return make_user("reviewer", email="reviewer@example.org")


def submit(editor):
    page = ArticlePage.objects.earliest("pk")
    page.summary = "Words about a person."
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    return page


def act(client, user, page, action):
    sign_in(client, user)
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    client.post(address, {"comment": "Not so."})


def check(sent, to, page):
    """A mail leads to the page and holds nothing of it, nor of whoever wrote."""
    assert [message.to for message in sent] == [[to]]
    told = sent[0].subject + sent[0].body
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in told
    secrets = (page.title, "Words about", "Not so", "Nadia", "editor-", "reviewer-")
    assert [words for words in secrets if words in told] == []


def test_reviewer_gets_a_mail_with_a_link_and_no_content(editor, reviewer):
    page = submit(editor)

    check(mail.outbox, "reviewer@example.org", page)


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_author_gets_a_mail_with_a_link_and_no_content(client, editor, reviewer, action):
    page = submit(editor)
    tick_all(page, reviewer)
    mail.outbox.clear()

    act(client, reviewer, page, action)

    check(mail.outbox, "editor@example.org", page)


def test_mail_that_is_away_stops_no_review(client, editor, reviewer, settings):
    page = submit(editor)
    tick_all(page, reviewer)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    act(client, reviewer, page, "approve")

    assert ArticlePage.objects.earliest("pk").summary == "Words about a person."
