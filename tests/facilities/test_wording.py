"""Banned wording: caught in every form that people write, look-alikes let through, and no page published with it."""

import re
import tomllib
from html import unescape
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from facilities.directory.models import PLAIN_TEXT, Facility, PhoneLine
from facilities.pages.models import ArticlePage
from facilities.pages.wording import WordingRefused
from facilities.sources.rich_text import FEATURE
from facilities.wording import LINKED_NUMBER, all_banned, complaints
from tests.factories import make_user, sign_in, tick_all

SENTENCES = tomllib.loads(Path(__file__).with_name("wording_sentences.toml").read_text())


def sentences(kind):
    return [(word, sentence) for word, both in SENTENCES.items() for sentence in both[kind]]


def test_every_word_has_a_reason_and_sentences_that_try_it():
    assert [banned.word for banned in all_banned()] == list(SENTENCES)
    assert [banned.word for banned in all_banned() if not (banned.reason and banned.instead)] == []


@pytest.mark.parametrize(("word", "sentence"), sentences("caught"))
def test_banned_wording_is_caught_with_its_reason(word, sentence):
    reason = next(banned.reason for banned in all_banned() if banned.word == word)

    assert [complaint for complaint in complaints(sentence) if reason in complaint] != []


@pytest.mark.parametrize(("word", "sentence"), sentences("passed"))
def test_look_alike_is_not_caught(word, sentence):
    assert complaints(sentence) == []


@pytest.mark.parametrize("link", ['<a href="tel:7025550142">', "<a class='x' href='TEL:+1702'>", '<a href="sms:988">'])
def test_phone_link_that_goes_around_the_phone_lines_is_caught(link):
    assert complaints(RichText(f"<p>Call {link}us</a> today.</p>")) == [LINKED_NUMBER]


def test_other_links_and_plain_numbers_are_not_caught():
    assert complaints(RichText('<p>Call 988, or read <a href="https://tel.example.org/">this</a>.</p>')) == []


# --- Nothing is published with it -----------------------------------------------------------------------------------

BAD = "Your call is 100% confidential."


def words_of_the_page(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def reason_for(word):
    return next(banned.reason for banned in all_banned() if banned.word == word)


def article_form(article, **changes):
    """What the browser sends for the article as it is, but for some changes."""
    names = ("title", "slug", "seo_title", "search_description", "summary", "reviewed_by")
    return nested_form_data(
        {name: getattr(article, name) for name in names}
        | {
            "body": streamfield([("section", section("Help", rich_text("<p>You can ask.</p>", features=FEATURES)))]),
            "comments": inline_formset([]),
        }
        | changes
    )


FEATURES = [*PLAIN_TEXT, FEATURE]


def section(heading, text):
    return {"heading": heading, "anchor": "", "content": streamfield([("text", {"text": text})])}


def with_text(html):
    return streamfield([("section", section("Help", rich_text(html, features=FEATURES)))])


@pytest.fixture
def send(client, demo_pages):
    """Sends the article's form by one of its buttons, as somebody who may press each of them."""
    article = ArticlePage.objects.earliest("pk")
    sign_in(client, make_user("", is_superuser=True))

    def send(button, **changes):
        data = article_form(article, **changes) | ({button: "1"} if button else {})
        return client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), data, follow=True)

    return send


def published():
    return ArticlePage.objects.filter(live=True).earliest("pk")


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
@pytest.mark.parametrize("name", ["title", "seo_title", "search_description", "summary"])
@pytest.mark.django_db
def test_field_with_banned_wording_is_refused_where_it_stands(send, button, name):
    answer = send(button, **{name: BAD})

    assert list(answer.context["form"].errors) == [name]
    assert reason_for("100%") in answer.context["form"].errors[name][0]
    assert BAD not in (getattr(published(), name), getattr(published().get_latest_revision_as_object(), name))


@pytest.mark.parametrize(
    "text", [f"<p>{BAD}</p>", "<ul><li>x</li><li>Your call is <b>100</b>% con&shy;fidential</li></ul>"]
)
@pytest.mark.django_db
def test_text_with_banned_wording_is_refused_at_its_block(send, text):
    before = stored(published())
    answer = send("action-publish", body=with_text(text))

    (error,) = answer.context["form"].errors["body"].as_data()
    for place in (0, "content", 0, "text"):
        assert list(error.block_errors) == [place]
        error = error.block_errors[place]
    assert reason_for("100%") in error.messages[0]
    assert stored(published()) == before


def stored(page):
    return str(page.body.get_prep_value())


@pytest.mark.django_db
def test_draft_with_banned_wording_is_kept(send):
    send("", body=with_text(f"<p>{BAD}</p>"))

    assert BAD in stored(published().get_latest_revision_as_object())
    assert BAD not in stored(published())


@pytest.mark.django_db
def test_text_without_banned_wording_is_published(send):
    send("action-publish", body=with_text("<p>Nothing online is 100% private.</p>"))

    assert "Nothing online" in stored(published())


# --- By ways that show no form --------------------------------------------------------------------------------------


@pytest.fixture
def bad_draft(demo_pages):
    """A draft whose banned wording came in by no form."""
    article = published()
    article.summary = BAD
    article.body[1].value["content"][0].value["text"] = RichText("<p>Recovery guaranteed.</p>")
    article.save_revision(clean=False)
    return article


def test_approval_does_not_publish_banned_wording(client, bad_draft):
    reviewer = make_user("reviewer")
    state = bad_draft.get_workflow().start(bad_draft, make_user("editor"))
    tick_all(bad_draft, reviewer)
    sign_in(client, reviewer)

    task = state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[bad_draft.pk, "approve", task.pk])
    page = client.post(url, {"comment": ""}, follow=True).text

    assert reason_for("100%") in words_of_the_page(page)
    assert published().summary != BAD
    task.refresh_from_db()
    assert task.status == task.STATUS_IN_PROGRESS


def test_many_pages_at_once_are_not_published_with_banned_wording(client, bad_draft):
    sign_in(client, make_user("", is_superuser=True))

    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    page = words_of_the_page(client.post(f"{url}?id={bad_draft.pk}", follow=True).text)

    assert re.search(rf"Summary: [^.]*\. {re.escape(reason_for('100%'))}", page)
    assert re.search(rf"In “The short answer”: [^.]*\. {re.escape(reason_for('guaranteed'))}", page)
    assert published().summary != BAD


def test_nothing_else_publishes_it_either(bad_draft):
    with pytest.raises(WordingRefused) as caught:
        bad_draft.get_latest_revision().publish()

    assert reason_for("100%") in " ".join(caught.value.messages)
    assert published().summary != BAD


@pytest.mark.parametrize("field", ["name", "getting_here"])
@pytest.mark.django_db
def test_facility_is_not_saved_with_banned_wording(demo_pages, field):
    facility = Facility.objects.get()
    setattr(facility, field, "<p>The best rehab in town.</p>")

    with pytest.raises(ValidationError) as caught:
        facility.full_clean()

    assert list(caught.value.message_dict) == [field]


@pytest.mark.django_db
def test_who_answers_is_not_said_with_banned_wording(demo_pages):
    line = PhoneLine.objects.first()
    line.answered_by = "the best care team in town"

    with pytest.raises(ValidationError) as caught:
        line.full_clean()

    assert list(caught.value.message_dict) == ["answered_by"]


def test_demo_holds_no_banned_wording(demo_pages):
    for page in Page.objects.exclude(depth=1).specific():
        page.get_latest_revision().publish()  # raises
    for row in (*Facility.objects.all(), *PhoneLine.objects.all()):
        row.clean()
