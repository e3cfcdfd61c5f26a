"""Each word that a visitor reads outside forms is of a page, a setting or a fact, or says why it is not."""

import tomllib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from facilities.facts import forget_facts
from facilities.pages.site_settings import SiteSettings
from facilities.pages.words import PLACES, ChangedWords, words_at
from tests.arrows import ROOT, python_files
from tests.facilities.read_templates import TEMPLATES, own_words, places_used, public_templates
from tests.facilities.test_second_person import approve
from tests.factories import make_user
from tests.test_catalogue import keys_in_python

KEPT = tomllib.loads(Path(__file__).with_name("fixed_words.toml").read_text())
ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"


# --- Which words there are ------------------------------------------------------------------------------------------


def fixed_words() -> dict[str, list[str]]:
    """The words of their own that each template has, whatever the list says."""
    found = {name: own_words((TEMPLATES / name).read_text()) for name in public_templates()}
    return {name: words for name, words in found.items() if words}


def listed(table: str, key: str) -> set[str]:
    return {name for entry in KEPT[table] for name in entry.get(key, ())}


def test_each_word_of_a_public_template_can_be_changed_or_says_why_not():
    templates, words = listed("kept", "templates"), listed("kept", "words")

    unlisted = {
        name: rest
        for name, found in fixed_words().items()
        if name not in templates and (rest := [each for each in found if each not in words])
    }

    assert unlisted == {}


def test_list_of_fixed_words_holds_nothing_that_is_gone():
    found = fixed_words()
    elsewhere = {each for name, words in found.items() if name not in listed("kept", "templates") for each in words}

    assert listed("kept", "templates") - set(found) == set()
    assert listed("kept", "words") - elsewhere == set()


def test_each_sentence_of_visitors_in_code_says_why_it_is_there():
    rooms = python_files("config", "facilities", "intake")
    holding = {str(path.relative_to(ROOT)) for path in rooms if any(keys_in_python(path.read_text()))}

    assert holding == listed("code", "modules")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Planted words</p>", ["Planted words"]),
        ('{% load i18n %}<p>{% translate "Planted" %}</p>', ["Planted"]),
        ("{% load i18n %}{% blocktranslate %}For {{ who }}.{% endblocktranslate %}", ["For %(who)s"]),
        ('{% if a %}<nav aria-label="Planted">{% else %}or this{% endif %}', ["Planted", "or this"]),
        ('{% with sentence="Planted so." %}{{ sentence }}{% endwith %}', ["Planted so"]),
        ("<form><p>Of a form</p></form><a>Of a control</a>{# none #}{{ page.title }}", []),
        ('{% load words %}<h2>{% words "safe" %}</h2>', []),
    ],
)
def test_planted_words_are_found(source, found):
    assert own_words(source) == found


def test_each_place_is_in_a_template_and_no_template_names_another():
    assert {each for name in public_templates() for each in places_used((TEMPLATES / name).read_text())} == set(PLACES)


# --- Changing them --------------------------------------------------------------------------------------------------


def row(place: str, english: str, spanish: str = "") -> dict:
    return {"type": "words", "value": {"place": place, "english": english, "spanish": spanish}}


def written(*rows: dict):
    return ChangedWords().to_python(list(rows))


def marked(place: str, language: str) -> str:
    return " ".join([f"{language}-{place}", *(f"{{{fact}}}" for fact in sorted(PLACES[place].facts))])


@pytest.fixture
def all_changed(demo_pages):
    """Each place says its own name, in both languages."""
    settings = SiteSettings.objects.get()
    settings.words = written(*(row(place, marked(place, "en"), marked(place, "es")) for place in PLACES))
    settings.full_clean()
    settings.save()
    forget_facts()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/learn/", ARTICLE_PATH, "/facilities/desert-willow/", "/paying/", "/no-such/"])
def test_what_staff_wrote_stands_where_the_words_of_the_site_stood(client, all_changed, path):
    html = client.get(path).text

    assert [place for place in ("safe", "safe_words", "who_we_are", "call_us") if f"en-{place}" not in html] == []
    # The title of a page of the tree may say the same as a heading.
    long = [place.english for place in PLACES.values() if len(place.english) > 40 and not place.facts]
    assert [words for words in long if words in html] == []


@pytest.mark.django_db
def test_spanish_page_says_the_spanish_that_staff_wrote(client, all_changed):
    html = client.get("/es/request-a-call/").text

    assert [place for place in ("safe", "private", "any_name", "or_call_us") if f"es-{place}" not in html] == []
    assert [place for place in PLACES if f">en-{place}" in html] == []


@pytest.mark.django_db
def test_fact_in_the_words_stays_a_fact(client, all_changed):
    html = client.get("/").text

    assert "en-safe_leaving www.weather.gov" in html


@pytest.mark.django_db
@pytest.mark.usefixtures("demo_pages")
def test_changed_words_wait_for_a_second_person(client):
    settings, manager = SiteSettings.objects.get(), make_user("manager")
    settings.words = written(row("safe", "Nothing follows you", "Nada le sigue"))
    settings.save_revision(user=manager)
    settings.get_workflow().start(settings, manager)
    forget_facts()
    before = client.get("/").text

    approve(client, make_user("reviewer"), settings)
    client.logout()
    forget_facts()
    after = client.get("/").text

    assert ("Nothing follows you" in before, "Nothing follows you" in after) == (False, True)


@pytest.mark.django_db
@pytest.mark.usefixtures("demo_pages")
def test_changed_words_cost_a_page_no_query(client):
    settings = SiteSettings.objects.get()
    client.get(ARTICLE_PATH)
    forget_facts()
    few = queries(client)
    settings.words = written(*(row(place, marked(place, "en"), marked(place, "es")) for place in PLACES))
    settings.save()
    forget_facts()

    assert queries(client) == few


def queries(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(ARTICLE_PATH)
    return len(captured)


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([row("safe", "Safe here")], "spanish"),  # the Spanish side shows it, too
        ([row("safe", "100% confidential", "Aquí a salvo")], "english"),
        ([row("safe", "Safe here", "100 % guaranteed")], "spanish"),
        ([row("safe", "Safe at {host}", "Aquí a salvo")], "english"),
        ([row("safe_leaving", "It takes you away.", "Le lleva a {host}.")], "english"),
        ([row("safe_leaving", "To {host.__class__}", "Le lleva a {host}.")], "english"),
    ],
)
def test_words_that_nobody_should_read_are_refused_at_their_field(rows, at):
    with pytest.raises(ValidationError) as caught:
        ChangedWords().clean(written(*rows))

    assert list(caught.value.block_errors[0].block_errors) == [at]


def test_place_is_changed_once():
    twice = written(row("safe", "Safe here", "A salvo"), row("safe", "Safer here", "Más a salvo"))

    with pytest.raises(ValidationError) as caught:
        ChangedWords().clean(twice)

    assert list(caught.value.block_errors) == [1]


def test_words_of_a_center_need_no_spanish():
    ChangedWords().clean(written(row("offers", "What you find here")))


def test_markup_in_words_is_shown_as_it_was_typed():
    assert words_at("safe", {"safe": ("<b>Safe</b>", "")}) == "&lt;b&gt;Safe&lt;/b&gt;"


def test_fact_in_words_is_no_markup_either():
    assert "&lt;i&gt;" in words_at("safe_leaving", {}, host="<i>{who}</i>")


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place.is_in_spanish])
def test_translation_of_a_place_keeps_its_facts(name):
    with override("es"):
        spanish = str(PLACES[name].today)

    assert all(f"{{{fact}}}" in spanish for fact in PLACES[name].facts)
