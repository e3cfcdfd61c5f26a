"""Two requests of one person become one lead and two again, from the keyboard, under the strictest policy we send."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_staff import open_lead, page, request_of, sign_in  # noqa: F401

pytestmark = pytest.mark.browser
NUMBER = "(702) 555-0158"
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective}`));
"""


@pytest.fixture
def violations(page):  # noqa: F811
    """What the pages tried to do and were not allowed."""
    found = []
    page.add_init_script(WATCH)
    page.on("console", lambda message: found.append(message.text) if "CSP:" in message.text else None)
    return found


def test_merge_and_undo_by_keyboard_on_the_page_of_the_lead(browser, server, page, violations):  # noqa: F811
    (first, receipt), (second, _) = (request_of(browser, server, NUMBER, name) for name in ("Marisol", "Marisol Vega"))
    sign_in(page, "consultant")
    open_lead(page, second)
    assert page.locator("h1").inner_text() == second
    assert "same number" in page.locator(".duplicates").inner_text()
    assert "Marisol" not in page.content()

    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.innerText").startswith(f"Merge, keep {first}")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist")

    assert page.locator("h1").inner_text() == first
    assert page.locator("#theirs").is_visible()
    assert page.locator(".timeline .mark", has_text=second).count() > 0
    open_lead(page, second)
    assert page.locator("h1").inner_text() == first  # found through the other, with a sentence
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    page.goto(receipt)
    assert page.get_by_role("button", name="Stop all contact").count()
    page.go_back()

    page.keyboard.press("u")
    page.wait_for_selector(".messagelist")

    assert "Undone" in page.locator(".messagelist").inner_text()
    assert page.locator(".duplicates a").inner_text() == second
    page.keyboard.press("m")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert re.sub(r"\s+", " ", page.evaluate("document.activeElement.innerText")) == "Not the same person"
    page.keyboard.press("Enter")
    page.locator(".duplicates").wait_for(state="detached")
    assert violations == []
    with page.expect_console_message(lambda message: "CSP:" in message.text):  # it would have been seen
        page.evaluate("document.body.setAttribute('onclick', 'none()')")
