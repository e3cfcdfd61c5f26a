"""The desk from the keyboard: one person after the other with few keys, and a queue that keeps itself up to date."""

import re

import pytest

from tests.browser.test_staff import page, request_of, sign_in  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def loads(page):  # noqa: F811
    """The documents that the browser navigated to."""
    seen = []
    page.on("request", lambda request: seen.append(request.url) if request.is_navigation_request() else None)
    page.on("response", lambda answer: seen.pop() if answer.status in (301, 302, 303) and seen else None)
    return seen


def claim_by_key(page):  # noqa: F811
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/desk/leads/"))
    page.wait_for_selector('[aria-keyshortcuts="r"]')


def reveal_by_key(page):  # noqa: F811
    page.keyboard.press("r")
    if page.locator("#reveal-why").count():  # at an hour that is not safe
        page.keyboard.type("They asked for it.")
        page.keyboard.press("Enter")
    page.wait_for_selector(".phone")


def test_one_person_takes_four_keys_and_two_loads(browser, server, page, loads):  # noqa: F811
    for last in ("71", "72"):
        request_of(browser, server, f"(702) 555-01{last}", "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    claim_by_key(page)
    reference = page.locator("h1").inner_text()
    number = page.url
    del loads[:]
    reveal_by_key(page)

    page.keyboard.press("2")
    page.wait_for_selector('[aria-keyshortcuts="t"]')
    page.wait_for_selector(".messagelist")
    in_place = list(loads)
    page.keyboard.press("t")
    page.wait_for_url(lambda address: address != number)

    assert in_place == []
    assert len(loads) == 1
    assert reference in page.locator(".messagelist").inner_text()

    page.keyboard.press("u")
    page.wait_for_url(number)
    assert reference == page.locator("h1").inner_text()
    page.keyboard.press("t")
    page.wait_for_url(lambda address: address != number)


def test_back_after_a_look_leads_to_the_page_before(browser, server, page):  # noqa: F811
    request_of(browser, server, "(702) 555-0173", "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    page.wait_for_selector('[aria-keyshortcuts="c"]')
    claim_by_key(page)
    reveal_by_key(page)

    page.go_back()

    assert "/desk/queue/" in page.url
    assert page.locator("h1").first.is_visible()
    page.go_forward()
    if page.locator('[aria-keyshortcuts="2"]').count():
        page.locator('[name="outcome"][value="not_called"]').click()
        page.wait_for_selector(".messagelist")


def test_queue_shows_by_itself_who_has_come_and_keeps_the_place(browser, server, page):  # noqa: F811
    request_of(browser, server, "(702) 555-0174", "Marisol")
    sign_in(page, "consultant")
    page.clock.install()
    page.goto("/desk/queue/?show=later" if not page.locator("[data-row]").count() else "/desk/queue/")
    page.locator("[data-row] a").first.focus()
    place = page.evaluate("document.activeElement.closest('[data-row]').dataset.row")
    before = page.locator("h1").inner_text()

    request_of(browser, server, "(702) 555-0175", "Marisol")
    with page.expect_response(lambda answer: "/desk/queue/" in answer.url):
        page.clock.fast_forward(16_000)
    page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)

    assert page.evaluate("document.activeElement.closest('[data-row]')?.dataset.row") == place
