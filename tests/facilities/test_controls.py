"""Every control that the editor shows does something: whoever sees a link of it gets the page that it names."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.urls import Resolver404, resolve, reverse

from facilities.directory.models import Facility, PhoneLine
from facilities.pages.models import ArticlePage
from tests.factories import make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

HOME = "/cms/"
EACH = 2  # pages of one kind: the others differ in their row alone
LINK = re.compile(r"""(?<![-\w])(?:href|src|action|data-[\w-]*url[\w-]*)=["']([^"'#]+)""")
IN_JSON = re.compile(r""""(/cms/[^"]*)""")
# Addresses that scripts complete before they ask, or that no control of ours leads to (facilities/pages/refusals.py).
FOR_SCRIPTS = {"wagtailadmin_block_preview", "wagtailadmin_choose_page_phone_link"}
CHANGED = {"wagtailadmin_pages", "wagtailsnippets_facilities_phoneline", "wagtailsnippets_facilities_facility"}
FIELDS = {ArticlePage: "summary", PhoneLine: "answered_by", Facility: "city"}
BULK = "wagtail_bulk_action"


def links(page: str, at: str) -> Iterator[str]:
    for found in [*LINK.findall(page), *IN_JSON.findall(page)]:
        address = urlsplit(urljoin(at, unescape(found).replace(r"\u0026", "&").rstrip("\\")))
        if address.path.startswith(HOME) and not address.netloc:
            yield completed(address.path + (f"?{address.query}" if address.query else ""))


def completed(address: str) -> str:
    """What is done with many rows is asked of those that are ticked."""
    name, *what = kind(address).split()
    if name != BULK or "?" in address:
        return address
    model = ArticlePage if what[0] == "wagtailcore" else apps.get_model(*what[:2])
    rows = model.objects.all()[:1]
    return f"{address}?id={rows[0].pk}" if rows else HOME  # nothing to tick


def kind(address: str) -> str:
    """Which page it is, whatever its row."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return address
    rows = [str(value) for value in match.kwargs.values() if not str(value).isdecimal()]
    return " ".join([match.view_name, *rows])


def walk(client, *starts: str) -> dict[str, tuple[int, str, str]]:
    """What every link answers that one comes to from some pages: status, where it leads on, where it stands."""
    waiting, seen, answers = deque((start, "") for start in starts), Counter(), {}
    while waiting:
        address, stands_on = waiting.popleft()
        if address in answers or seen[kind(address)] >= EACH or kind(address) in FOR_SCRIPTS:
            continue
        seen[kind(address)] += 1
        response = client.get(address)
        leads_on = response.get("Location", "")
        answers[address] = response.status_code, leads_on, stands_on
        if leads_on.startswith(HOME):
            waiting.append((leads_on, address))
        if response.status_code == 200 and "html" in response["Content-Type"]:
            waiting.extend((each, address) for each in links(response.text, address))
    return answers


def is_dead(status: int, leads_on: str) -> bool:
    """405 is what a form is sent to answers to a link. Wagtail leads to its first page whoever may not do a thing."""
    return (status >= 400 and status != 405) or leads_on == HOME


@pytest.fixture
def something_to_see():
    """A page and two facts with drafts that wait for their check, and a page that is locked."""
    editor = make_user("editor")
    for row in (ArticlePage.objects.first(), PhoneLine.objects.first(), Facility.objects.first()):
        for words in ("One change", "Another change"):
            setattr(row, FIELDS[type(row)], words)
            row.save_revision(user=editor)
        row.get_workflow().start(row, editor)
    locked = ArticlePage.objects.last()
    locked.locked, locked.locked_by = True, editor
    locked.save()


@pytest.mark.parametrize("role", ["editor", "reviewer", "manager"])
def test_each_link_of_the_editor_opens_for_whoever_sees_it(client, something_to_see, role):
    sign_in(client, make_user(role))

    answers = walk(client, HOME, reverse("wagtailadmin_pages:history", args=[ArticlePage.objects.first().pk]))

    assert {address: answer for address, answer in answers.items() if is_dead(*answer[:2])} == {}
    compared = {kind(address) for address in answers if "/compare/" in address}
    assert compared >= {f"{each}:revisions_compare" for each in CHANGED}


def test_second_home_page_is_refused_with_a_sentence(client):
    sign_in(client, make_user("editor"))

    page = client.get(reverse("wagtailadmin_pages:choose_parent", args=["facilities", "homepage"]), follow=True).text

    assert "No other home page can be added there." in page


def test_preview_is_checked_by_wagtail_and_what_visitors_get_is_not(client):
    sign_in(client, make_user("editor"))
    article = ArticlePage.objects.first()

    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk])).text

    assert ("<wagtail-userbar>" in preview, "wagtail-userbar" in client.get(article.url).text) == (True, False)
