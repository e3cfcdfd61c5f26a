"""Many requests from one network: the visitor's browser does a calculation, and one without script is heard too."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.running import running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def crowded(chromium: str) -> Iterator[str]:
    """A server to which every request is one too many."""
    with running_server(REQUESTS_AN_HOUR="0") as running:
        yield running.url


def visitor(browser: Browser, url: str, *, script: bool) -> BrowserContext:
    return browser.new_context(
        base_url=url, java_script_enabled=script, viewport={"width": 320, "height": 568}, reduced_motion="reduce"
    )


def answer(page: Page, name: str) -> None:
    page.get_by_label("What number can we call?").fill("702 555 0151")
    page.get_by_label("What can we call you?").fill(name)
    page.get_by_label("You may call me at this number").check()


def is_held(page: Page) -> bool:
    assert page.get_by_role("heading", level=1).inner_text() == "We have your request"
    return "looks at your request first" in page.locator(".note-card").inner_text()


@pytest.mark.parametrize("waits", [True, False], ids=["after the calculation", "in the middle of it"])
def test_browser_does_the_calculation_under_our_policy_and_the_request_is_not_held(browser, crowded, waits):
    context = visitor(browser, crowded, script=True)
    page, said, hosts = context.new_page(), [], set()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))

    page.goto("/request-a-call/")
    status = page.locator(".proof [role=status]")
    if waits:
        expect(status).to_have_text(status.get_attribute("data-done"))
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    answer(page, f"Robin {waits}")
    page.get_by_role("button", name="Ask for a call").click()
    page.wait_for_url("**/request/*/")

    assert not is_held(page)
    assert (said, hosts, context.cookies()) == ([], {crowded.split("//")[1]}, [])
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    context.close()


def test_visitor_without_script_is_taken_and_told_the_truth(browser, crowded):
    context = visitor(browser, crowded, script=False)
    page = context.new_page()

    page.goto("/request-a-call/")
    told = page.locator(".proof").inner_text()
    answer(page, "Sam")
    page.get_by_role("button", name="Ask for a call").click()

    assert "a person looks at yours before we call" in told
    assert is_held(page)
    context.close()


def test_calculation_that_fails_holds_back_nobody(browser, crowded):
    context = visitor(browser, crowded, script=True)
    page = context.new_page()
    page.route("**/altcha/pbkdf2*", lambda route: route.abort())

    page.goto("/request-a-call/")
    answer(page, "Kim")
    page.get_by_role("button", name="Ask for a call").click()
    page.wait_for_url("**/request/*/")

    assert is_held(page)
    context.close()
