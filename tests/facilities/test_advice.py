"""Advice for who writes: it names what is hard to read, and offers the word that is better. It stops nobody."""

import pytest
from django.urls import reverse
from wagtail.blocks import StreamValue
from wagtail.models import Page

from facilities.pages.advice import MOST_GRADE, MOST_LIX, advise
from facilities.pages.blocks import PageBody
from facilities.pages.models import ArticleIndexPage, ArticlePage, WrittenPage
from facilities.pages.reading import read
from facilities.pictures.models import Picture
from facilities.sources.models import Source
from facilities.sources.rich_text import cite
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db

HARD = (
    "<p>Pharmacological interventions, notwithstanding considerable institutional heterogeneity, demonstrably "
    "ameliorate physiological dependence when administered continuously under close interdisciplinary supervision "
    "and with support throughout comprehensive residential rehabilitation.</p>"
)


def page_of(*texts, title="A page", summary="A short one.", first=()):
    blocks = [*first, *({"type": "text", "value": {"text": text}} for text in texts)]
    return ArticlePage(title=title, summary=summary, body=StreamValue(PageBody(), blocks, is_lazy=True))


def advice(about, *texts, **fields):
    return [each.words for each in advise(page_of(*texts, **fields)).advice if each.about == about]


def test_short_words_in_short_sentences_are_easy():
    advised = advise(page_of("<p>You can call us. We will help you.</p>"))

    assert advised.reading.grade < 3 and advised.reading.lix < 15 and not advised.is_hard


def test_long_words_in_a_long_sentence_are_hard_and_the_sentence_is_named():
    advised = advise(page_of(HARD))

    assert advised.reading.grade > MOST_GRADE and advised.reading.lix > MOST_LIX and advised.is_hard
    assert "Pharmacological interventions" in advised.advice[0].words


def test_page_without_words_has_no_grade():
    assert read([]) is None
    assert advise(page_of(summary="")).reading is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("An addict needs help.", "person with a substance use disorder"),
        ("He is an alcoholic.", "person with alcohol use disorder"),
        ("Drug abuse is common.", "misuse"),
        ("She stayed sober but relapsed.", "return to use"),
        ("People who suffer from this.", "lives with"),
        ("Do not quit cold turkey.", "stopping suddenly"),
        ("We offer medication-assisted treatment.", "medicine for opioid use disorder"),
        ("He got clean last year.", "in recovery"),
    ],
)
def test_word_that_judges_comes_with_a_better_one(text, word):
    assert [word in each for each in advice("Person first", f"<p>{text}</p>")] == [True]


@pytest.mark.parametrize(
    "text",
    ["She said: “I am an addict.”", "Alcoholics Anonymous meets here.", "Drink clean water.", "People who use drugs."],
)
def test_own_words_of_people_and_names_are_left_alone(text):
    assert advice("Person first", f"<p>{text}</p>") == []


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("<p>About 1 in 4 adults got it.</p>", True),
        ("<p>It was 30 percent.</p>", True),
        ("<p>Call 911, or 988.</p>", False),
        ("<p>It takes 5 days.</p>", False),
        ("<p>About 1 in 4 adults got it.{cited}</p>", False),
        ("<p>About 1 in 4 adults got it. Few were asked.{cited}</p>", False),
        ("<p>Few were asked.{cited} About 1 in 4 adults got it.</p>", True),
    ],
)
def test_number_without_a_source_is_asked_for_one(text, is_asked):
    source = Source.objects.create(title="T", publisher="CDC", accessed_on="2026-01-01", checked_on="2026-01-01")

    found = advice("Number without a source", text.format(cited=cite(source)))

    assert bool(found) is is_asked


CARD = {"type": "care_card", "value": {"level": "emergency", "heading": "Call 911 now if:", "body": "<p>x</p>"}}


@pytest.mark.parametrize(
    ("title", "first", "is_asked"),
    [("Stopping heroin", (), True), ("Stopping heroin", (CARD,), False), ("Paying for it", (), False)],
)
def test_page_on_a_risk_begins_with_a_care_card(title, first, is_asked):
    assert bool(advice("Care card", "<p>Words.</p>", title=title, first=first)) is is_asked


@pytest.mark.parametrize(
    ("alt", "caption", "is_asked"),
    [
        ("Depressed-Man-Portrait-81247451", "", True),
        ("A curve that rises and falls.", "<p>A curve that rises and falls.</p>", True),
        ("A curve " + "that rises and falls " * 10, "", True),
        ("A curve that rises and falls.", "<p>It ends.</p>", False),
    ],
)
def test_alt_text_that_tells_nothing_new_is_named(demo_pages, alt, caption, is_asked):
    image = {"image": Picture.objects.first().pk, "alt_text": alt, "decorative": False}
    block = {"type": "image", "value": {"image": image, "caption": caption}}

    assert bool(advice("Alt text", "<p>Words.</p>", first=(block,))) is is_asked


def test_demo_page_reads_easily_and_needs_no_advice_on_words(demo_pages):
    pages = [page for page in Page.objects.specific() if isinstance(page, WrittenPage)]

    found = {page.title: advise(page) for page in pages}

    for title, advised in found.items():
        print(f"{title}: grade {advised.reading.grade:.1f}, LIX {advised.reading.lix:.0f}")  # noqa: T201 - the figure
    assert [title for title, advised in found.items() if advised.is_hard] == []
    advice = [each for advised in found.values() for each in advised.advice if each.about != "Long sentence"]
    assert advice == []


def test_editor_reads_the_advice_on_the_latest_draft(client, demo_pages):
    page = ArticlePage.objects.earliest("pk")
    page.summary = "An addict needs help."
    page.save_revision()
    sign_in(client, make_user("editor"))

    html = client.get(reverse("advice", args=[page.pk])).text

    assert "Instead of “addict”" in html
    assert (
        f'data-advice="{reverse("advice", args=[page.pk])}"'
        in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text
    )


def test_page_that_is_not_written_has_no_advice(client, demo_pages):
    sign_in(client, make_user("editor"))

    assert client.get(reverse("advice", args=[ArticleIndexPage.objects.get().pk])).status_code == 404


def test_who_does_not_write_reads_no_draft(client, demo_pages):
    sign_in(client, make_user("consultant"))

    assert client.get(reverse("advice", args=[ArticlePage.objects.earliest("pk").pk])).status_code in (302, 403)


@pytest.mark.parametrize(
    ("title", "is_asked"),
    [
        ("How to stop safely / Cómo dejarlo", True),
        ("Stopping – dejar la heroína", True),
        ("Alcohol and/or opioids", False),
        ("Methadone (a medicine)", False),
        ("Paying for treatment: insurance, Medicaid or neither", False),
    ],
)
def test_title_in_two_languages_is_asked_for_one(demo_pages, title, is_asked):
    page = ArticlePage.objects.earliest("pk")
    page.title = title

    assert ("Title" in {each.about for each in advise(page).advice}) is is_asked
