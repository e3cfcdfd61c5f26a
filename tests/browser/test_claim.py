"""A claim in a real browser: it lasts while one types, and the page warns before it lapses."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.by_day import by_day
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
    expect(page.locator("#claim-left")).to_have_text("lapsed")
    assert page.get_by_label("Note").first.input_value() == "Will be home after six"


def test_page_that_was_left_open_leads_back_to_the_lead_and_to_what_was_typed(browser, server, page):  # noqa: F811
    claimed(browser, server, page, "(702) 555-0145")
    with page.expect_response("**/drafts/"):
        page.get_by_label("Note").first.press_sequentially("Has a dog")
        page.clock.run_for(6000)
    expect(page.locator("#load-again")).to_be_hidden()

    page.clock.fast_forward("16:00")
    page.clock.run_for(6000)
    page.locator("#load-again").click()

    expect(page.get_by_label("Note").first).to_have_value("Has a dog")


def test_page_that_was_left_open_tells_their_time_and_that_their_hours_are_over(browser, server, page):  # noqa: F811
    reference, _ = request_of(browser, server, by_day("53"), "Robin")
    page.clock.install()
    sign_in(page, "consultant")
    open_lead(page, reference)
    line, clock = page.locator("[data-changes-at]"), page.locator("[data-clock]")
    before = clock.inner_text()
    expect(page.locator(".safety.wait")).to_have_count(0)

    page.clock.fast_forward("01:30:00")
    page.clock.run_for(6000)
    expect(clock).not_to_have_text(before)
    expect(line).to_have_count(1)

    page.clock.fast_forward("13:00:00")
    page.clock.run_for(6000)
    expect(line).to_have_count(0)
    expect(page.locator(".safety.wait")).to_have_attribute("role", "status")


def test_claim_is_kept_by_a_page_that_shows_the_number(browser, server, page):  # noqa: F811
    claimed(browser, server, page, "(702) 555-0144")
    reveal(page)

    with page.expect_response("**/keep-claim/") as kept:
        page.clock.fast_forward("02:00")
        page.clock.run_for(6000)

    assert kept.value.json()["seconds"] > 3000
