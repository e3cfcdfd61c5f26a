"""Insurance at a real desk: from a photographed card to a verified grid, by phone alone and by a pasted 271."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.by_day import by_day
from tests.browser.test_card import noisy_photo
from tests.browser.test_staff import open_lead, reveal, sign_in
from tests.browser.test_visitor import ask
from tests.intake.test_x12 import BODY, interchange

pytestmark = pytest.mark.browser

LEVEL = "residential treatment, high intensity"
ANSWER = interchange(
    "EB*1**30*PR*EXAMPLE GOLD",
    "EB*C*IND*30***23*1500*****Y",
    "EB*C*IND*30***29*0*****Y",
    "EB*A**CI*****.2***Y*Y",
    body=BODY.replace("EXAMPLE HEALTH PLAN", "EXAMPLE HEALTH PLAN (DEMO)"),
)


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A phone, held in one hand."""
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def send_card(browser: Browser, server: str, phone: str) -> str:
    """As a visitor: a request, and a photo of the card on its receipt. Returns the reference."""
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    ask(page, phone=phone, name="Sam Example")
    reference = page.locator(".reference").inner_text()
    page.get_by_role("link", name="Add insurance").click()
    photo = {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": noisy_photo()}
    page.get_by_label("The front of the card").set_input_files(photo)
    page.get_by_role("button", name="Send the front").click()
    context.close()
    return reference


def record_coverage(page: Page, reference: str) -> None:
    """From the photo, while the person is on the phone, with their consent to ask."""
    open_lead(page, reference)
    page.get_by_role("button", name="Claim").first.click()
    reveal(page)
    page.get_by_role("link", name="Insurance", exact=True).click()
    page.get_by_role("link", name="Show: Photo of the front").click()
    page.locator(".cards img").wait_for()
    page.get_by_role("link", name="Record a coverage").click()
    page.get_by_label("Payer").first.select_option(label="Example Health Plan (demo)")
    page.get_by_label("Member ID").fill("XEA900000017")
    page.get_by_label("Patient born on").fill("1/2/1980")
    page.get_by_role("button", name="Record the coverage").click()
    page.get_by_label("Who agrees").select_option("patient")
    page.get_by_role("button", name="Record the consent").click()
    page.get_by_text("Consent recorded").wait_for()


def cell(page: Page, section: str, name: str) -> str:
    """What the grid says of one thing, of the plan or of a level."""
    level = page.locator(".level", has=page.get_by_role("heading", name=section))
    return level.locator("dl > div", has=page.get_by_text(name, exact=True)).locator("dd").first.inner_text()


def problems(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page).response["violations"]]


def test_card_becomes_a_verified_grid_by_phone_alone_and_by_keyboard(browser, server, page):
    reference = send_card(browser, server, by_day("54"))
    sign_in(page, "consultant")
    record_coverage(page, reference)

    page.get_by_role("link", name="Call the payer").click()
    page.get_by_role("checkbox", name=LEVEL).check()
    page.get_by_role("checkbox", name="Out of network", exact=True).uncheck()
    page.get_by_role("button", name="Show their questions").click()
    page.get_by_text(f"Is {LEVEL} covered in network?").wait_for()
    page.get_by_label("Who is speaking?").focus()
    keys = ["Pat of Provider Services", "Enter", "Enter", "a", "Enter", "Enter", "Enter", "y"]
    keys += ["1500", "Enter", "Enter", "0", "Enter", *["Enter"] * 9]  # the deductible, and nobody said more of the plan
    keys += ["y", "y", "20", "Enter", "Enter", "Enter", "60", "Enter", "1", "Enter", "R-77", "Enter", "Enter"]
    for key in keys:
        page.keyboard.press(key) if key == "Enter" or len(key) == 1 else page.keyboard.type(key)
    expect(page.locator("[data-draft-said]")).to_contain_text("Draft kept")
    found = problems(page)
    page.reload()  # what was typed is there again
    expect(page.get_by_label("Who is speaking?")).to_have_value("Pat of Provider Services")
    page.get_by_role("button", name="Record what they said").click()
    page.get_by_text("Recorded, with who said it").wait_for()

    assert "$0.00" in cell(page, "The plan", "Deductible, individual, remaining")
    assert "20 %" in cell(page, f"{LEVEL} (3.5)", "Co-insurance, patient's share")
    assert "60 days a year" in cell(page, f"{LEVEL} (3.5)", "Limit")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (found, problems(page)) == ([], [])


def test_card_becomes_a_verified_grid_by_a_pasted_271(browser, server, page):
    reference = send_card(browser, server, by_day("55"))
    sign_in(page, "consultant")
    record_coverage(page, reference)

    page.get_by_role("link", name="Paste its answer").click()
    page.get_by_label("The answer, as text").fill(ANSWER)
    page.get_by_role("button", name="Read it").click()
    page.get_by_label("I compared them").check()
    found = problems(page)
    page.get_by_role("button", name="Record this answer").click()
    page.get_by_text("Recorded, with the answer").wait_for()

    assert "$0.00" in cell(page, "The plan", "Deductible, individual, remaining")
    assert "20 %" in cell(page, f"{LEVEL} (3.5)", "Co-insurance, patient's share")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (found, problems(page)) == ([], [])
