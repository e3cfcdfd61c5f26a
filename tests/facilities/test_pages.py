"""The public pages: true, without cookies, without third parties, and honest about their sources."""

import re
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from facilities.demo.article import ARTICLE
from facilities.demo.load import load_pages
from facilities.directory.models import PhoneLine
from facilities.facts import forget_facts
from facilities.pages.models import ArticlePage
from facilities.pages.site_settings import SiteSettings
from facilities.sources.models import Source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"
PATHS = ["/", "/learn/", ARTICLE_PATH, "/facilities/", "/facilities/desert-willow/", "/request-a-call/"]


@contextmanager
def database_down():
    def refuse(*_):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("path", PATHS)
def test_page_sets_no_cookie_and_has_no_script_but_files_of_ours(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert response.cookies == {}
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", response.text, re.DOTALL)
    ours = re.compile(r' src="/static/\w+\.js"( data-leave="/leave")?')
    assert [script for script in scripts if not ours.fullmatch(script[0])] == []
    assert {inside for _, inside in scripts} == {""}


@pytest.mark.parametrize("path", PATHS)
def test_page_loads_nothing_from_another_host(client, path):
    html = client.get(path).text

    loaded = re.findall(
        r'<(?:link|img|script|iframe|source|video|audio|embed|object)\b[^>]*?(?:href|src|data)="([^"]*)"', html
    )

    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []


@pytest.mark.parametrize("path", PATHS)
def test_page_forbids_the_browser_every_other_host(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives.pop("default-src") == "'none'"
    assert set(directives.values()) == {"'self'", "'none'"}


@pytest.mark.parametrize("path", PATHS)
def test_page_shows_number_crisis_lines_and_the_way_out(client, path):
    html = client.get(path).text

    assert 'href="tel:+1-702-555-0142"' in html
    assert 'href="tel:911"' in html and 'href="tel:988"' in html
    assert 'href="/leave"' in html


def test_article_numbers_each_source_once_by_first_mention(client):
    html = client.get(ARTICLE_PATH).text

    marks = [int(number) for number in re.findall(r'popovertarget="note-(\d+)"\s+aria-label', html)]
    listed = [int(number) for number in re.findall(r'id="source-(\d+)"', html)]

    first_mentions = list(dict.fromkeys(marks))
    assert first_mentions == sorted(first_mentions)
    assert listed == first_mentions == list(range(1, len(listed) + 1))
    assert len(listed) > 8


def test_article_shows_the_care_card_before_its_first_section(client):
    html = client.get(ARTICLE_PATH).text

    assert html.index("care emergency") < html.index('id="on-this-page"') < html.index('id="short-answer"')


def test_article_lists_all_its_sections(client):
    html = client.get(ARTICLE_PATH).text

    anchors = [block["value"]["anchor"] for block in ARTICLE["body"] if block["type"] == "section"]
    assert [anchor for anchor in anchors if f'href="#{anchor}"' not in html or f'id="{anchor}"' not in html] == []


def test_changed_phone_line_shows_on_every_page_at_once(client):
    PhoneLine.objects.filter(number="+17025550142").update(number="+17025550199")

    html = "".join(client.get(path).text for path in PATHS)

    assert "555-0142" not in re.sub(r"shows? .*?</li>|show: .*?</li>", "", html)
    assert html.count("(702) 555-0199") >= len(PATHS)


def test_article_page_reads_its_sources_in_bulk(client, django_assert_max_num_queries):
    client.get(ARTICLE_PATH)

    assert Source.objects.count() > 13
    with django_assert_max_num_queries(16):
        client.get(ARTICLE_PATH)


def test_leave_goes_to_a_plain_site_and_is_not_kept(client):
    response = client.get("/leave")

    assert (response.status_code, response["Location"]) == (303, "https://www.weather.gov/")
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_unknown_page_is_answered_calmly_with_the_crisis_lines(client):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "We cannot find this page" in response.text
    assert "911" in response.text and "988" in response.text
    assert response.cookies == {}


def test_form_is_shown_with_the_last_known_number_while_the_database_is_down(client):
    client.get("/request-a-call/")

    with database_down():
        response = client.get("/request-a-call/")

    assert response.status_code == 200
    assert "What number can we call?" in response.text
    assert 'href="tel:+1-702-555-0142"' in response.text
    assert "Pacific time." in response.text


def test_leave_works_with_the_last_known_address_while_the_database_is_down(client):
    SiteSettings.objects.update(leave_address="https://example.org/")
    client.get("/leave")

    with database_down():
        response = client.get("/leave")

    assert (response.status_code, response["Location"]) == (303, "https://example.org/")


def test_page_that_fails_shows_the_number_the_name_and_the_way_out(client):
    client.raise_request_exception = False
    client.get("/")

    with database_down():
        response = client.get("/learn/")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert 'href="tel:+1-702-555-0142"' in response.text
    assert 'class="name" href="/"' in response.text
    assert 'href="/leave"' in response.text


def words_of(html: str) -> str:
    """What a page says in its own words: without tags, and without the titles of its sources and names of agencies."""
    own = re.sub(r'<section class="sources".*?</section>|<[^>]*>', " ", html, flags=re.DOTALL).lower()
    return re.sub(r"national institute on drug abuse|substance abuse and mental health", "", own)


@pytest.mark.parametrize("words", ["100%", "guarantee", "addict ", "junkie", "clean and sober", "cold turkey", "abuse"])
def test_no_page_uses_words_that_harm_or_promise(client, words):
    assert [path for path in PATHS if words in words_of(client.get(path).text)] == []


def test_demo_pages_are_loaded_once(client):
    before = ArticlePage.objects.count()

    assert load_pages() is False
    assert ArticlePage.objects.count() == before


def test_crisis_numbers_in_an_article_can_be_tapped_and_texted(client):
    html = client.get(ARTICLE_PATH).text

    article = html.partition("<article")[2].partition("</article>")[0]
    assert 'Call <a href="tel:911">911</a> now if someone:' in article
    assert 'Call or text <a href="tel:988">988</a>.' in article
    assert 'The SAMHSA helpline, <a href="tel:1-800-662-4357">' in " ".join(article.split())
    assert html.count('href="sms:988"') == 2


def test_page_names_where_leaving_leads(client):
    SiteSettings.objects.update(leave_address="https://news.example.org/today")

    assert "takes you to news.example.org." in client.get("/").text


def test_form_offers_spanish_only_while_the_line_is_answered_in_it(client):
    question = 'name="language"'  # the word Español also stands in the header
    offered = question in client.get("/request-a-call/").text
    PhoneLine.objects.update(languages=["en"])
    forget_facts()

    assert (offered, question in client.get("/request-a-call/").text) == (True, False)


def test_form_promises_nothing_about_who_may_be_employed_where(client):
    html = client.get("/request-a-call/").text

    assert "our own admissions staff calls you" not in html
    assert "Only our admissions staff can read" not in html
    assert "What you send is encrypted before it is stored" in html
