"""Menu and footer follow the tree of pages, and cost a page no query."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from facilities.facts import forget_facts
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage, StandardPage
from facilities.pages.places import FacilityIndexPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]


def links_in(html, start):
    """What stands between a start and the end of its <nav>: each link with its address, words and mark."""
    inside = html[html.index(start) :].partition("</nav>")[0]
    links = re.findall(r"<a href=\"([^\"]*)\"([^>]*)>(.*?)</a>", inside, re.DOTALL)
    return {href: (words.strip(), "".join(re.findall(r"aria-current=\"(\w+)\"", more))) for href, more, words in links}


def menu(client, path="/"):
    forget_facts()
    return links_in(client.get(path).text, 'class="wide"')


def footer(client, path="/"):
    forget_facts()
    return links_in(client.get(path).text, 'aria-labelledby="more-pages"')


def add_page(title="How we write", **fields):
    page = StandardPage(title=title, summary="We say where it comes from.", **fields)
    HomePage.objects.get().add_child(instance=page)
    return page


def test_menu_has_the_pages_that_staff_put_there_in_the_order_of_the_tree(client):
    add_page(show_in_menus=True)

    pages = ["/learn/", "/facilities/", "/paying/", "/how-we-write/", "/request-a-call/"]
    assert list(menu(client)) == pages


def test_page_that_is_taken_out_of_the_menu_stays_in_the_footer(client):
    Page.objects.filter(slug="learn").update(show_in_menus=False)

    assert ("/learn/" in menu(client), "/learn/" in footer(client)) == (False, True)


def test_page_that_is_taken_down_is_in_neither(client):
    page = add_page(show_in_menus=True)
    before = "/how-we-write/" in menu(client)
    page.unpublish()

    assert (before, "/how-we-write/" in menu(client), "/how-we-write/" in footer(client)) == (True, False, False)


def test_menu_says_what_the_page_is_called(client):
    page = FacilityIndexPage.objects.get()
    page.title = "Where we treat people"
    page.save_revision().publish()

    assert menu(client)["/facilities/"][0] == "Where we treat people"
    assert "<h1>Where we treat people</h1>" in client.get("/facilities/").text


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("/", {}),
        ("/learn/", {"/learn/": "page"}),
        ("/learn/stopping-heroin-or-fentanyl-safely/", {"/learn/": "true"}),
        ("/facilities/desert-willow/", {"/facilities/": "true"}),
        ("/request-a-call/", {"/request-a-call/": "page"}),
    ],
)
def test_menu_marks_the_page_one_is_on(client, path, marks):
    assert {href: mark for href, (_, mark) in menu(client, path).items() if mark} == marks


def test_spanish_menu_says_what_staff_wrote_and_else_the_english_words_marked_as_such(client):
    add_page(show_in_menus=True)

    words = {href: words for href, (words, _) in menu(client, "/es/request-a-call/").items()}

    assert words["/learn/"] == ArticleIndexPage.objects.get().title_es
    assert words["/how-we-write/"] == '<span lang="en">How we write</span>'


def test_spanish_footer_leads_to_the_spanish_page_where_there_is_one(client):
    assert "/es/staying-safe-here/" in footer(client, "/es/request-a-call/")


def test_each_site_shows_its_own_pages(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    root = Page.objects.get(depth=1).add_child(instance=Page(title="Other", slug="other"))
    root.add_child(instance=Page(title="Theirs", slug="theirs", show_in_menus=True))
    Site.objects.create(hostname="other.example", root_page=root)

    html = client.get("/no-such-page/", headers={"host": "other.example"}).text

    assert list(links_in(html, 'class="wide"')) == ["/theirs/", "/request-a-call/"]
    assert "/theirs/" not in menu(client)


def queries_of(client, path):
    forget_facts()
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def test_menu_costs_as_many_queries_for_five_pages_as_for_two(client):
    path = "/learn/stopping-heroin-or-fentanyl-safely/"
    client.get(path)
    few, before = queries_of(client, path), len(menu(client))
    for title in ("One", "Two", "Three"):
        add_page(title, show_in_menus=True)

    assert (queries_of(client, path), len(menu(client))) == (few, before + 3)


def test_what_the_editor_offers_about_menus_does_something():
    """An article stands in no menu, so it has no such field; the pages below the home page do."""
    names = {model: set(model.get_edit_handler().get_form_class().base_fields) for model in (ArticlePage, StandardPage)}

    assert {model: "show_in_menus" in fields for model, fields in names.items()} == {
        ArticlePage: False,
        StandardPage: True,
    }
