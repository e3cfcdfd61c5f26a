"""The page types beside the article: topics, the page on staying safe, and the places of treatment."""

from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from facilities.directory.models import Facility
from facilities.facts import forget_facts
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage, StandardPage
from facilities.pages.places import FacilityIndexPage, FacilityPage
from facilities.pages.safety import StayingSafePage
from facilities.pages.topics import Topic
from tests.facilities.test_pages import database_down
from tests.factories import make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

SAFE, SAFE_ES = "/staying-safe-here/", "/es/staying-safe-here/"


# --- Topics ---------------------------------------------------------------------------------------------------------


def add_article(title, *topics):
    article = ArticlePage(title=title, summary="An answer.", topics=list(topics))
    ArticleIndexPage.objects.get().add_child(instance=article)
    return article


def titles_on(html):
    return [page.title for page in ArticlePage.objects.all() if f">{escape(page.title)}</a></h2>" in html]


def test_index_shows_the_articles_of_the_topic_that_was_chosen(client):
    add_article("Sleeping better", Topic.objects.create(name="Sleep", slug="sleep"))
    whole = client.get("/learn/").text

    html = client.get("/learn/?topic=sleep").text

    assert len(titles_on(whole)) == ArticlePage.objects.count()
    assert titles_on(html) == ["Sleeping better"]
    assert 'href="/learn/?topic=sleep" aria-current="page"' in html
    assert "<title>" in html and "Sleep: Learn" in html


def test_topic_that_no_published_article_has_is_not_offered(client):
    Topic.objects.create(name="Unused", slug="unused")
    article = add_article("A draft", Topic.objects.create(name="Drafted", slug="drafted"))
    article.unpublish()

    html = client.get("/learn/").text

    assert ("topic=opioids" in html, "topic=unused" in html, "topic=drafted" in html) == (True, False, False)


@pytest.mark.parametrize("topic", ["none-such", "x\0", "é"])
def test_unknown_topic_is_said_and_all_articles_are_shown(client, topic):
    response = client.get("/learn/", {"topic": topic})

    assert response.status_code == 200
    assert response.context["is_unknown_topic"] is True
    assert len(titles_on(response.text)) == ArticlePage.objects.live().count()


def test_index_takes_as_many_queries_for_four_articles_as_for_one(client):
    client.get("/learn/")
    counts = []
    for _ in range(2):
        forget_facts()
        with CaptureQueriesContext(connection) as captured:
            client.get("/learn/")
        counts.append(len(captured))
        for name in ("one", "two", "three"):
            add_article(name, Topic.objects.get_or_create(name=name, slug=name)[0])

    assert counts[0] == counts[1]


def test_topic_in_use_is_not_deleted(client):
    sign_in(client, make_user("manager"))
    topic = Topic.objects.get(slug="opioids")

    html = client.post(reverse(topic.snippet_viewset.get_url_name("delete"), args=[topic.pk]), follow=True).text

    assert f"the page “{ArticlePage.objects.earliest('pk').title}”" in html
    assert Topic.objects.filter(pk=topic.pk).exists()


@pytest.mark.parametrize(("model", "path"), [(ArticleIndexPage, "/learn/"), (FacilityIndexPage, "/facilities/")])
def test_title_and_description_for_search_engines_show(client, model, path):
    model.objects.update(seo_title="For engines", search_description="What engines show.")

    html = client.get(path).text

    assert "For engines – " in html
    assert '<meta name="description" content="What engines show.">' in html


def test_standard_page_is_shown_with_its_summary(client):
    HomePage.objects.get().add_child(instance=StandardPage(title="How we write", summary="With care."))

    html = client.get("/how-we-write/").text

    assert "<h1>How we write</h1>" in html and '<p class="lead">With care.</p>' in html


# --- Staying safe ---------------------------------------------------------------------------------------------------


def change(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_staying_safe_says_what_staff_wrote_in_each_language(client):
    page = StayingSafePage.objects.get()
    change(page, title="Safe here", title_es="Seguro aquí", summary="In short.", summary_es="En breve.")

    english, spanish = client.get(SAFE).text, client.get(SAFE_ES).text

    assert "<h1>Safe here</h1>" in english and "In short." in english
    assert "<h1>Seguro aquí</h1>" in spanish and "En breve." in spanish
    assert '<html lang="es">' in spanish


@pytest.mark.parametrize("language", ["en", "es"])
def test_demo_page_on_staying_safe_has_every_section_of_the_built_in_one(client, language):
    path = SAFE if language == "en" else SAFE_ES
    written = client.get(path).text
    StayingSafePage.objects.get().unpublish()
    built_in = client.get(path).text

    headings = [part.partition("</h2>")[0] for part in built_in.partition("<main")[2].split("<h2>")[1:]]
    sections = [heading for heading in headings if "id=" not in heading and "<" not in heading]
    assert len(sections) >= 4
    assert [heading for heading in sections if heading not in written] == []


def test_without_a_page_of_staff_the_built_in_words_stand_at_the_same_address(client):
    StayingSafePage.objects.get().delete()

    assert "intake/staying_safe.html" in [template.name for template in client.get(SAFE).templates]


@pytest.mark.parametrize("lacking", ["title_es", "summary_es", "body_es"])
def test_page_that_lacks_spanish_leaves_the_spanish_address_to_the_built_in_words(client, lacking):
    change(StayingSafePage.objects.get(), title="Safe here", **{lacking: ""})

    names = [template.name for template in client.get(SAFE_ES).templates]

    assert "intake/staying_safe.html" in names
    assert "<h1>Safe here</h1>" in client.get(SAFE).text


def test_staying_safe_is_answered_while_the_database_is_down(client):
    client.get(SAFE)

    with database_down():
        response = client.get(SAFE)

    assert response.status_code == 200
    assert "intake/staying_safe.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("model", [StayingSafePage, FacilityIndexPage, FacilityPage])
def test_address_that_others_rely_on_stays_whatever_is_sent(model):
    page = model.objects.get()
    slug = page.slug
    page.title, page.slug = "New words", "elsewhere"
    page.save_revision().publish()

    assert model.objects.get().slug == slug


def test_editor_sees_the_page_on_staying_safe_in_both_languages():
    page = StayingSafePage.objects.get()

    previews = {mode: page.make_preview_request(preview_mode=mode).text for mode, _ in page.preview_modes}

    assert page.title in previews[""] and page.title_es in previews["es"]


# --- Places of treatment --------------------------------------------------------------------------------------------


def test_page_of_a_place_shows_what_staff_wrote_and_the_facts_of_its_row(client):
    Facility.objects.update(licence="License 4711", street="7 Example Street")
    change(FacilityPage.objects.get(), title="A new name", summary="In short.")

    html = client.get("/facilities/desert-willow/").text.replace("\N{NO-BREAK SPACE}", " ")

    for words in ("<h1>A new name</h1>", "In short.", "License 4711", "7 Example Street"):
        assert words in html
    assert "A new name" in client.get("/facilities/").text


@pytest.mark.parametrize("path", ["/facilities/", "/facilities/desert-willow/"])
def test_place_without_a_page_still_has_its_address(client, path):
    FacilityPage.objects.get().delete()
    FacilityIndexPage.objects.get().delete()

    html = client.get(path).text

    assert Facility.objects.get().name in html


def test_place_has_one_page():
    page = FacilityPage(title="Again", summary="Again.", facility=Facility.objects.get())

    with pytest.raises(ValidationError):
        FacilityIndexPage.objects.get().add_child(instance=page)


def test_list_of_places_takes_as_many_queries_for_three_as_for_one(client):
    counts = []
    for names in (("second", "third"), ()):
        client.get("/facilities/")
        forget_facts()
        with CaptureQueriesContext(connection) as captured:
            client.get("/facilities/")
        counts.append(len(captured))
        for name in names:
            place = Facility.objects.create(name=name, slug=name)
            FacilityIndexPage.objects.get().add_child(instance=FacilityPage(title=name, summary="S", facility=place))

    assert counts[0] == counts[1]


def test_summary_and_text_of_a_facility_are_carried_over_to_its_page(client):
    """On the tables as they were: the migration that takes the columns out runs after this one."""
    migration = import_module("facilities.migrations.0015_places_and_second_people")
    FacilityPage.objects.get().delete()
    FacilityIndexPage.objects.get().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, value in (("summary", "We treat people."), ("about", "<p>Nurses at night.</p>")):
            cursor.execute(f"ALTER TABLE facilities_facility ADD COLUMN {name} text NOT NULL DEFAULT '{value}'")
    then = MigrationLoader(connection).project_state(("facilities", "0014_pages_and_facts")).apps

    migration.places_get_pages(then, None)

    page = FacilityPage.objects.get()
    assert (page.summary, page.url_path, page.get_parent().numchild) == (
        "We treat people.", "/home/facilities/desert-willow/", 1,
    )  # fmt: skip
    assert HomePage.find_problems() == ([], [], [], [], [])
    html = client.get("/facilities/desert-willow/").text
    assert "We treat people." in html and "Nurses at night." in html
