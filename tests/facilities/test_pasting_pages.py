"""The editor's two pages for a pasted text: what is confirmed becomes a draft, and what is not is kept."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Page

from facilities.pages.insurance import InsurancePage
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage
from facilities.pasting.models import PastedText
from facilities.pasting.views import CONFIRM, MADE_ALREADY, PASTE
from facilities.sources.models import Source
from tests.factories import make_source, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

TEXT = """<h1>Stopping safely</h1><p>You can stop, with help.</p><h2>What helps</h2>
<p>Medicine helps many people.<sup>1,2</sup> It can be had soon.2</p>
<table><tr><th>Medicine</th><th>How</th></tr><tr><td>Methadone</td><td>daily</td></tr></table>
<img src="https://x.example.org/p.png" alt="A curve that falls."><h2>And then</h2><p>Go on.</p>
<h2>Sources</h2><ol><li>An agency. (2024). Known. http://www.known.example.org/page/</li>
<li>Another agency. (2023). New findings. https://new.example.org/findings</li></ol>"""


@pytest.fixture
def known():
    return make_source(title="Known", url="https://known.example.org/page", publisher="An agency")


@pytest.fixture
def editor(client, known):
    client.user = make_user("editor")
    sign_in(client, client.user)
    return client


def index():
    return ArticleIndexPage.objects.get()


def paste(client, html=TEXT, words="Stopping safely"):
    return client.post(reverse(PASTE, args=[index().pk]), {"words": words, "html": html})


def answers_of(response):
    """What a browser would send of the page as it is."""
    page = response.context["confirming"]
    answers = {}
    for form in [*page.forms, *(each.new for each in page.sources)]:
        for field in form:
            value = field.value()
            if value not in (None, False, ""):
                answers[field.html_name] = "on" if value is True else str(value)
    return answers


def ticked(answers, *names):
    return answers | {f"{name}-confirmed": "on" for name in names}


def confirm(client, text, **sent):
    return client.post(reverse(CONFIRM, args=[text.pk]), sent, follow=True)


def begin(client, html=TEXT):
    paste(client, html)
    text = PastedText.objects.get()
    return text, answers_of(client.get(reverse(CONFIRM, args=[text.pk])))


def made():
    return ArticlePage.objects.latest("pk")


def test_empty_article_offers_to_start_from_a_pasted_text(editor):
    html = editor.get(reverse("wagtailadmin_pages:add", args=["facilities", "articlepage", index().pk])).text

    assert reverse(PASTE, args=[index().pk]) in html


def test_confirmed_text_becomes_a_draft_with_sources_and_citations(editor, known):
    text, answers = begin(editor)
    answers = ticked(answers, "source-1", "source-2", "mark-1", "mark-2")
    answers |= {"call-treatment-wanted": "on", "call-paying-wanted": "on", "table-1-caption": "What helps"}

    response = confirm(editor, text, **answers, do="make")

    page = made()
    assert not page.live and page.title == "Stopping safely" and page.summary == "You can stop, with help."
    assert response.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    new = Source.objects.get(url="https://new.example.org/findings")
    assert (new.title, new.publisher, new.year) == ("New findings", "Another agency", 2023)
    assert [[source.pk for source in each.sources] for each in page.cited_sentences()] == [[known.pk, new.pk], [new.pk]]
    kinds = [block.block_type for block in page.body]
    assert kinds == ["section", "call_to_action", "section", "call_to_action"]
    assert [part.block_type for part in page.body[0].value["content"]] == ["text", "table", "image"]
    assert page.body[0].value["content"][1].value["table"].caption == "What helps"
    assert page.body[3].value["page"].specific_class is InsurancePage
    assert not PastedText.objects.exists()
    assert "New findings" in new.note and page.get_latest_revision().user_id == editor.user.pk


def test_source_is_found_again_by_its_link_however_it_is_written(editor, known):
    _, answers = begin(editor)

    assert answers["source-1-use"] == str(known.pk) and answers["source-2-use"] == "new"


def test_source_is_found_by_its_title_and_then_not_certain(editor, known):
    Source.objects.update(url="")

    text, answers = begin(editor)
    confirm(editor, text, **answers, do="certain")

    text.refresh_from_db()
    assert answers["source-1-use"] == str(known.pk) and "source-1-confirmed" not in text.answers


def test_what_was_replaced_leads_to_the_newer_source(editor, known):
    newer = make_source()
    known.superseded_by = newer
    known.save()

    assert begin(editor)[1]["source-1-use"] == str(newer.pk)


def test_only_what_is_certain_is_confirmed_at_once(editor):
    text, answers = begin(editor)

    confirm(editor, text, **answers, do="certain")

    text.refresh_from_db()
    assert {name for name in text.answers if name.endswith("confirmed")} == {"source-1-confirmed", "mark-1-confirmed"}


def test_what_was_entered_is_kept_until_one_goes_on(editor):
    text, answers = begin(editor)

    html = confirm(editor, text, **answers | {"title": "My own words"}, do="keep").text

    assert 'value="My own words"' in html
    assert reverse(CONFIRM, args=[text.pk]) in editor.get(reverse(PASTE, args=[index().pk])).text
    assert not ArticlePage.objects.filter(title="My own words").exists()


def test_what_was_not_confirmed_stays_in_words(editor):
    text, answers = begin(editor)

    html = confirm(editor, text, **answers, do="make").text

    page = made()
    body = str(page.body.get_prep_value())
    assert page.cited_sentences() == [] and "[1,2]" in body and "New findings" in body
    assert "A curve that falls." in body and "x.example.org" not in body
    assert "Citations that you did not confirm" in html and "Sources that you did not confirm" in html
    assert not Source.objects.filter(title="New findings").exists()


def test_new_source_that_cannot_be_one_is_asked_for_and_nothing_is_lost(editor):
    text, answers = begin(editor)
    answers = ticked(answers, "source-2") | {"source-2-publisher": "", "title": "My own words"}

    response = confirm(editor, text, **answers, do="make")

    assert response.status_code == 422 and "This field is required." in response.text
    assert 'value="My own words"' in response.text
    assert not ArticlePage.objects.filter(title="My own words").exists() and not Source.objects.filter(year=2023)


def test_two_lines_with_one_link_are_one_source(editor):
    html = TEXT.replace("Known.", "Other findings.")
    text, answers = begin(
        editor, html.replace("http://www.known.example.org/page/", "https://new.example.org/findings")
    )

    confirm(editor, text, **ticked(answers, "source-1", "source-2", "mark-1"), do="make")

    assert Source.objects.filter(url="https://new.example.org/findings").count() == 1
    assert len(made().cited_sentences()[0].sources) == 1


def test_call_to_action_without_a_number_is_asked_for(editor):
    text, answers = begin(editor)

    response = confirm(editor, text, **answers | {"call-paying-wanted": "on", "call-paying-phone_line": ""}, do="make")

    assert response.status_code == 422 and "call-paying-phone_line" in response.text


def test_text_that_was_made_meanwhile_is_not_made_twice(editor):
    text, answers = begin(editor)
    confirm(editor, text, **answers, do="make")
    pages = ArticlePage.objects.count()

    assert MADE_ALREADY in confirm(editor, text, **answers, do="make").text
    assert ArticlePage.objects.count() == pages


def test_text_can_be_thrown_away(editor):
    text, _ = begin(editor)

    editor.post(reverse(PASTE, args=[index().pk]), {"throw": str(text.pk)})

    assert not PastedText.objects.exists()


def test_empty_paste_is_asked_for(editor):
    response = paste(editor, html="", words="")

    assert response.status_code == 422 and "Paste the text first" in response.text
    assert not PastedText.objects.exists()


def test_draft_that_was_pasted_opens_in_the_editor_and_is_sent_to_the_review(editor):
    text, answers = begin(editor, TEXT.replace("<img", "<!--").replace('falls.">', "-->"))
    confirm(editor, text, **ticked(answers, "source-1", "source-2", "mark-1", "mark-2"), do="make")

    page = made()
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert page.get_workflow()


def test_who_may_not_enter_sources_is_not_offered_to(client, known):
    sign_in(client, make_user("manager"))

    text, _ = begin(client)

    html = client.get(reverse(CONFIRM, args=[text.pk])).text
    assert not re.search(r'<option value="new"', html)


@pytest.mark.parametrize("role", ["reviewer", "consultant", ""])
def test_only_who_adds_articles_pastes_one(client, role):
    user = make_user("manager")
    text = PastedText.objects.create(parent=index(), words=TEXT, pasted_by=user)
    sign_in(client, make_user(role))

    for address in (reverse(PASTE, args=[index().pk]), reverse(CONFIRM, args=[text.pk])):
        client.post(address, {"words": "x", "do": "make"})

    assert PastedText.objects.count() == 1 and not Page.objects.filter(title="Stopping safely").exists()


def test_only_articles_start_from_a_pasted_text(editor):
    editor.post(reverse(PASTE, args=[HomePage.objects.get().pk]), {"words": "x"})

    assert not PastedText.objects.exists()


def test_confirming_costs_the_same_for_one_source_and_for_two(editor, django_assert_max_num_queries):
    begin(editor)
    text = PastedText.objects.get()

    with django_assert_max_num_queries(40):
        editor.get(reverse(CONFIRM, args=[text.pk]))
