"""Staff in a real browser: a consultant takes a request from the queue to the close; an editor sees none of it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from config.accounts.demo import PASSWORD
from tests.browser.test_visitor import ask

pytestmark = pytest.mark.browser

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def sign_in(page: Page, name: str, to: str = "/desk/") -> None:
    page.goto(to)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    if to == "/desk/" and page.locator("tr[data-row]").count():
        free_hands(page)
        page.goto(to)


def free_hands(page: Page) -> None:
    """Give back what other tests left in hand, because nobody may claim more than a few."""
    mine = page.locator("tr[data-row]", has=page.locator(".state strong")).locator("th a")
    for address in [link.get_attribute("href") for link in mine.all()]:
        page.goto(address)
        if (give_back := page.get_by_role("button", name="Give back to the queue")).count():
            give_back.click()
            page.wait_for_load_state()


def request_of(browser: Browser, server: str, phone: str, name: str) -> tuple[str, str]:
    """Ask for a call as a visitor; returns the reference and the address of the receipt."""
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    ask(page, phone=phone, name=name)
    reference, address = page.locator(".reference").inner_text(), page.url
    context.close()
    return reference, address


def open_lead(page: Page, text: str) -> None:
    page.get_by_role("searchbox", name="Find").or_(page.get_by_label("Find")).first.fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))  # else the first of a list that is still there
    page.locator("table a").first.click()
    page.wait_for_url(re.compile("/desk/leads/"))


def reveal(page: Page) -> None:
    page.get_by_role("button", name="Reveal").first.wait_for()
    if (reason := page.locator("[name=why]")).count():
        reason.first.fill("They asked on the phone to be called back at once.")
    page.get_by_role("button", name="Reveal").first.click()
    page.wait_for_selector('a[href^="tel:"]')


def hand_over(page: Page) -> None:
    """Of a lead in crisis, so that it no longer stands on top of the queue."""
    page.get_by_label("To whom").select_option(label="988")
    page.get_by_label("What was agreed").fill("Spoke with 988 together with them.")
    page.get_by_role("button", name="Record the hand-over").click()
    page.locator("details.done").wait_for()


def test_consultant_takes_a_request_from_the_queue_to_the_close(browser, server, page):
    reference, receipt = request_of(browser, server, "(702) 555-0186", "Marisol Vega")
    sign_in(page, "consultant")

    open_lead(page, "702.555.0186")
    assert "555-0186" not in page.content()
    assert page.title().startswith(reference)
    assert "Leave no voicemail." in page.content()
    page.get_by_role("button", name="Claim").first.click()
    reveal(page)
    assert page.locator('a[href^="tel:"]').first.inner_text() == "(702) 555-0186"
    page.get_by_role("button", name="No answer").click()
    page.wait_for_selector(".messagelist")
    page.get_by_label("Note").fill("Will be home after six.")
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("Note added").wait_for()
    assert "555-0186" not in page.content()

    assert page.get_by_role("link", name=re.compile("record it")).count() == 0  # nobody has spoken with them yet
    page.get_by_label("They called us").check()
    page.get_by_role("button", name="Reached").click()
    page.get_by_role("link", name=re.compile("record it")).click()
    if page.get_by_role("link", name="Record a coverage").count():
        page.get_by_role("link", name="Record a coverage").click()
    page.get_by_label("Payer").select_option(label="Sagebrush Mutual (demo)")
    page.get_by_label("Plan type").select_option(label="PPO")
    page.get_by_label("Member ID").fill("WXY1030Z0")
    page.get_by_role("button", name="Record the coverage").click()
    page.get_by_text("Coverage recorded. Next").wait_for()
    assert "WXY1030Z0" not in page.content()
    page.get_by_label("Who agrees").select_option("patient")
    page.get_by_role("button", name="Record the consent").click()
    page.get_by_text("Consent recorded").wait_for()
    page.get_by_role("link", name="Enter what the payer said").click()
    page.get_by_label("Source").select_option(label="Phone call to the payer")
    page.get_by_label("Who said it").fill("Pat at provider services")
    page.get_by_label("Reference number of the call").fill("REF-2231")
    page.get_by_label("Status").select_option(label="Active")
    page.get_by_role("button", name="Record what they said").click()
    page.get_by_text("Verification recorded").wait_for()
    assert "Pat at provider services" in page.content()

    open_lead(page, reference)
    page.get_by_label("Note", exact=True).fill("They called back and come tomorrow.")
    page.get_by_label("Close because").select_option(label="Admitted")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_text("Closed: Admitted").first.wait_for()
    open_lead(page, reference)
    timeline = page.locator("body").inner_text()
    for happened in (
        "Received",
        "Claimed",
        "Number revealed",
        "No answer",
        "Reached",
        "Coverage recorded",
        "Benefits verified",
        "Closed",
    ):
        assert happened in timeline
    page.goto(receipt)
    assert page.get_by_role("heading", level=1).inner_text() == "This request is finished"


def test_editor_cites_two_sources_at_once_within_a_line_and_takes_one_out(page):
    line = "Keep naloxone where other people can find it."
    sign_in(page, "editor", "/cms/")
    page.goto("/cms/pages/search/?q=heroin")
    page.locator("main").get_by_role("link", name="How to stop using heroin").first.click()
    page.get_by_role("textbox").get_by_text(line).click()
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")

    page.locator("[name=SOURCE]").click()
    page.locator(".modal").get_by_label("Search term").fill("opioid")
    page.locator(".modal").get_by_text(re.compile(r"There are \d+ matches")).wait_for()
    for choice in page.locator(".modal input[type=checkbox]").all()[:2]:
        choice.check()
    page.locator(".modal").get_by_role("button", name="Confirm selection").click()
    cited = page.get_by_role("listitem").filter(has_text=line).locator(".TooltipEntity")
    cited.nth(1).wait_for()
    both = cited.count()
    cited.first.click()
    page.get_by_role("button", name="Remove").click()
    cited.nth(1).wait_for(state="detached")

    assert (both, cited.count()) == (2, 1)
    assert page.get_by_role("listitem").filter(has_text=line).inner_text().count("[") == 1


def test_follow_up_rests_until_its_time(browser, server, page):
    reference, _ = request_of(browser, server, "(702) 555-0187", "Noor")
    sign_in(page, "consultant")
    open_lead(page, reference)
    page.get_by_role("button", name="Claim").first.click()

    page.get_by_label(re.compile("Call again at")).fill(
        (datetime.now(PACIFIC) + timedelta(days=2)).strftime("%Y-%m-%dT10:00")  # a safe hour
    )
    page.get_by_label("They asked for this time").check()
    page.get_by_role("button", name="Promise a follow-up").click()
    page.get_by_text("Follow-up promised").first.wait_for()

    page.goto("/desk/queue/?show=snoozed")
    assert reference in page.content()


def test_two_consultants_never_hold_one_lead(browser, server, page):
    reference, _ = request_of(browser, server, "(702) 555-0188", "Ada")
    second = browser.new_context(base_url=server).new_page()
    sign_in(page, "consultant")
    sign_in(second, "lead")
    open_lead(page, reference)
    open_lead(second, reference)

    page.get_by_role("button", name="Claim").first.click()
    second.get_by_role("button", name="Claim").first.click()

    assert "Somebody else has just taken this one" in second.content()
    assert second.get_by_role("button", name="Reveal").count() == 0
    second.context.close()


def test_desk_runs_under_its_policy_and_is_accessible(browser, server, page):
    reference, _ = request_of(browser, server, "(702) 555-0192", "Ines")
    complaints, requested = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requested.append(request.url))
    sign_in(page, "consultant")

    found = []
    for path in (
        "/desk/queue/",
        "/desk/queue/?show=later",
        "/desk/queue/?show=quarantine",
        "/accounts/2fa/",
    ):
        page.goto(path)
        found += [
            (path, one["id"])
            for one in Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        ]
    page.goto("/desk/queue/")
    open_lead(page, reference)  # by night nobody may stand in the queue of those to call now
    found += [
        ("lead", one["id"])
        for one in Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    ]

    assert found == []
    assert complaints == []
    assert [address for address in requested if not address.startswith(server)] == []


def test_editor_edits_pages_and_sees_nothing_of_intake(server, page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, "editor", "/cms/")

    page.goto("/cms/pages/")
    menu = page.locator("body").inner_text()
    page.goto("/desk/")
    refused = page.content()

    assert "Lead" not in menu
    assert "Your account may not open this page" in refused
    assert [text for text in complaints if "403" not in text] == []


def test_page_is_edited_and_approved_by_another_and_the_public_reads_the_change(browser, server, page):
    sign_in(page, "editor", "/cms/")
    page.goto("/cms/pages/")
    page.get_by_role("link", name="Desert Willow Recovery Center").first.click()

    page.locator("[name=summary]").fill("You can call, or ask us to call you. Both are free of any duty.")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Clinical review").click()
    page.get_by_text("submitted").first.wait_for()
    second = browser.new_context(base_url=server).new_page()
    sign_in(second, "reviewer", "/cms/")
    second.get_by_role("link", name="Desert Willow Recovery Center").first.click()
    with second.expect_navigation():  # else the boxes are those of the page before
        second.get_by_role("link", name="Read each beside its source").click()
    for box in second.get_by_role("checkbox").all():
        box.check()
    with second.expect_navigation():
        second.get_by_role("button", name="Save").click()
    second.get_by_role("button", name="More actions").click()
    with second.expect_navigation():
        second.get_by_role("button", name="Approve", exact=True).click()
    second.context.close()

    visitor = browser.new_context(base_url=server, java_script_enabled=False).new_page()
    visitor.goto("/")
    assert visitor.locator(".lead").inner_text() == "You can call, or ask us to call you. Both are free of any duty."
    visitor.context.close()


def test_editor_sees_a_preview_of_the_page_beside_its_text(server, page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, "editor", "/cms/")
    page.goto("/cms/pages/")
    page.get_by_role("link", name="Desert Willow Recovery Center").first.click()

    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe#w-preview-iframe")
    preview.get_by_role("heading", level=1).wait_for(timeout=20_000)

    assert complaints == []


def test_consultant_cannot_open_the_cms(server, page):
    sign_in(page, "consultant")

    page.goto("/cms/settings/facilities/sitesettings/")

    assert page.get_by_role("heading", level=1).inner_text() == "Your account may not open this page"


def test_signed_out_browser_shows_no_lead_on_back(browser, server, page):
    request_of(browser, server, "(702) 555-0189", "Iris Blackwood")
    sign_in(page, "consultant")
    open_lead(page, "Blackwood")
    page.get_by_role("button", name="Claim").first.click()
    assert "Iris Blackwood" in page.content()

    page.get_by_role("button", name="Sign out").click()
    if (sure := page.get_by_role("button", name="Sign out")).count():
        sure.first.click()
    page.go_back()

    assert "Iris Blackwood" not in page.content()
