"""Nothing typed at the desk is lost, in a real browser: not with the tab, the claim, the session or the way back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_staff import open_lead, request_of, reveal, sign_in

pytestmark = pytest.mark.browser

NOTE = "They sleep in the blue car."


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def take_lead(browser: Browser, server: str, page: Page, phone: str) -> None:
    """Ask for a call as a visitor, and claim it as the consultant."""
    reference, _ = request_of(browser, server, phone, "Noor")
    sign_in(page, "consultant")
    open_lead(page, reference)
    page.get_by_role("button", name="Claim").first.click()
    page.get_by_role("button", name="Add note").wait_for()


def note(page: Page):
    return page.get_by_label("Note", exact=True)


def test_note_is_there_again_after_its_tab_was_closed_and_goes_when_it_is_saved(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0171")
    address = page.url
    note(page).press_sequentially(NOTE)
    page.get_by_text(re.compile(r"Draft kept \d\d:\d\d")).wait_for()
    note(page).press_sequentially(" And more.")
    page.close()

    page = context.new_page()
    page.goto(address)
    expect(note(page)).to_have_value(f"{NOTE} And more.")
    assert page.get_by_text("not saved yet").count() == 1
    page.get_by_role("button", name="Add note").click()

    expect(page.locator(".timeline blockquote")).to_have_text(f"{NOTE} And more.")
    page.reload()
    expect(note(page)).to_have_value("")
    assert page.get_by_text("not saved yet").count() == 0


def test_first_press_of_a_button_counts_also_after_the_draft_was_kept(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0178")
    note(page).press_sequentially(NOTE)
    page.get_by_text("Draft kept").wait_for()

    page.get_by_role("button", name="Add note").click()

    expect(page.locator(".timeline blockquote")).to_have_text(NOTE)


def test_note_is_discarded_by_its_button(browser, server, page):
    take_lead(browser, server, page, "(702) 555-0172")
    note(page).fill(NOTE)
    page.get_by_text("Draft kept").wait_for()
    page.reload()
    note(page).press_sequentially(" More.")

    page.get_by_role("button", name="Discard").click()
    page.reload()

    expect(note(page)).to_have_value("")


def test_note_is_there_when_the_page_is_loaded_again_at_once(browser, server, page):
    take_lead(browser, server, page, "(702) 555-0170")
    note(page).press_sequentially(NOTE)

    page.reload()

    expect(note(page)).to_have_value(NOTE)


def test_note_typed_while_the_session_ended_waits_for_the_next_sign_in(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0173")
    other = context.new_page()
    other.goto("/desk/queue/")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/accounts/**")
    note(page).fill(NOTE)

    page.get_by_role("button", name="Add note").click()
    page.get_by_text("your session has ended").wait_for()
    expect(note(page)).to_have_value(NOTE)
    sign_in(other, "consultant")
    other.wait_for_url("**/desk/**")
    page.get_by_role("button", name="Add note").click()

    expect(page.locator(".timeline blockquote")).to_have_text(NOTE)


def test_note_of_one_person_does_not_become_a_draft_of_the_next(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0174")
    address = page.url
    other = context.new_page()
    other.goto("/desk/queue/")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/accounts/**")
    sign_in(other, "lead")
    other.wait_for_url("**/desk/**")

    note(page).fill(NOTE)
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("somebody else has signed in").wait_for()
    other.goto(address)

    assert NOTE not in other.content()


def test_session_that_ended_leads_back_to_the_page_with_the_draft(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0175")
    address = page.url
    note(page).fill(NOTE)
    page.get_by_text("Draft kept").wait_for()
    context.clear_cookies()

    sign_in(page, "consultant", address)

    expect(page).to_have_url(address)
    expect(note(page)).to_have_value(NOTE)


def test_what_is_typed_without_a_connection_is_kept_when_it_is_back(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0176")
    context.set_offline(True)
    note(page).fill(NOTE)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("the desk does not answer")).to_be_in_viewport()

    context.set_offline(False)
    page.get_by_role("button", name="Add note").click()

    expect(page.locator(".timeline blockquote")).to_have_text(NOTE)


@pytest.mark.parametrize("is_refused", [False, True])
def test_back_during_a_call_shows_the_page_with_the_number(browser, server, page, is_refused):
    take_lead(browser, server, page, f"(702) 555-017{8 if is_refused else 7}")
    address = page.url
    reveal(page)
    page.locator(".phone").wait_for()
    if is_refused:
        page.get_by_role("button", name="Close", exact=True).click()
        page.get_by_role("alert").wait_for()
    page.get_by_role("link", name=re.compile("record it")).click()
    page.get_by_role("heading", level=1, name=re.compile("Insurance")).wait_for()

    page.go_back()

    expect(page).to_have_url(address)
    assert page.locator(".phone").inner_text() == f"(702) 555-017{8 if is_refused else 7}"


def test_refused_save_keeps_what_was_typed_without_a_script(browser, server):
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    take_lead(browser, server, page, "(702) 555-0179")
    address = page.url
    note(page).fill(NOTE)
    page.get_by_role("button", name="Close", exact=True).click()

    page.goto(address)

    expect(note(page)).to_have_value(NOTE)
    context.close()


def test_second_window_of_one_person_does_not_replace_what_was_typed_in_the_first(browser, server, context, page):
    take_lead(browser, server, page, "(702) 555-0185")
    second = context.new_page()
    second.goto(page.url)
    note(page).press_sequentially(NOTE)
    page.get_by_text(re.compile(r"Draft kept \d\d:\d\d")).wait_for()

    note(second).press_sequentially("Something else.")
    second.get_by_text("another window").wait_for()

    expect(note(second)).to_have_value("Something else.")
    page.reload()
    expect(note(page)).to_have_value(NOTE)
