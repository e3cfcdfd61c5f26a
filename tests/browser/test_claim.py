"""A claim in a real browser: it lasts while one types, and the page warns before it lapses."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_staff import open_lead, page, request_of, reveal, sign_in  # noqa: F401 - page is a fixture

pytestmark = pytest.mark.browser


def claimed(browser: Browser, server: str, page: Page, phone: str) -> None:  # noqa: F811
    request_of(browser, server, phone, "Robin")
    page.clock.install()
    sign_in(page, "consultant")
    open_lead(page, phone)
    page.get_by_role("button", name="Claim").first.click()
    expect(page.locator("#claim")).to_contain_text("lapses in")


def test_page_warns_before_a_claim_lapses_and_typing_keeps_it(browser, server, page):  # noqa: F811
    claimed(browser, server, page, "(702) 555-0141")
    warning, keep = page.locator("#claim-warning"), page.locator("#keep-claim")
    expect(warning).to_be_empty()

    page.clock.fast_forward("13:00")
    page.clock.run_for(6000)
    expect(warning).to_contain_text("in 2 minutes")
    expect(keep).to_be_visible()
    page.get_by_label("Note").first.press_sequentially("Will be home after six")
    expect(warning).to_be_empty()
    expect(keep).to_be_hidden()

    page.clock.fast_forward("13:00")
    page.clock.run_for(6000)
    keep.click()
    expect(warning).to_be_empty()

    page.clock.fast_forward("16:00")
    page.clock.run_for(6000)
    expect(warning).to_contain_text("has lapsed")
    assert page.get_by_label("Note").first.input_value() == "Will be home after six"


def test_claim_is_kept_by_a_page_that_shows_the_number(browser, server, page):  # noqa: F811
    claimed(browser, server, page, "(702) 555-0144")
    reveal(page)

    with page.expect_response("**/keep-claim/") as kept:
        page.clock.fast_forward("02:00")
        page.clock.run_for(6000)

    assert kept.value.json()["seconds"] > 3000
