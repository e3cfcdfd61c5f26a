"""The journey in Spanish, on the smallest phone: an error, a request, its receipt, a stop; readable and accessible."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

FORM = "/es/request-a-call/"
WIDTHS = [320, 360, 768, 1280]


def es(english: str) -> str:
    """The sentence as the catalogue says it, so that an editor may improve it."""
    with override("es"):
        return gettext(english)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request, browser: Browser, server: str) -> Iterator[BrowserContext]:
    size = {"width": 320, "height": 568}
    context = browser.new_context(base_url=server, java_script_enabled=request.param, viewport=size)
    yield context
    context.close()


@pytest.fixture
def seen(browser: Browser, server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server)
    yield context
    context.close()


def send(page: Page, number: str) -> None:
    page.get_by_label(es("What number can we call?")).fill(number)
    page.locator("[name=consent]").check()
    page.get_by_role("button", name=es("Ask for a call")).click()


def receipt_of(page: Page) -> str:
    page.goto(FORM)
    send(page, "(702) 555-0163")
    page.locator(".reference").wait_for()
    return page.url


def each_page(page: Page) -> Iterator[str]:
    """Every page of the journey, opened: form, errors, receipt and what it offers, safety, not found."""
    page.goto(FORM)
    yield "form"
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    yield "form, unfolded"
    page.get_by_role("button", name=es("Ask for a call")).click()
    page.locator(".problem").wait_for()
    yield "errors"
    receipt = receipt_of(page)
    yield "receipt"
    for path in (f"{receipt}change/", f"{receipt}insurance/", "/es/staying-safe-here/", "/es/no-such-page/"):
        page.goto(path)
        yield path


def test_journey_in_spanish_from_an_error_to_a_stop(phone):
    page = phone.new_page()
    page.goto("/learn/")
    page.get_by_role("link", name="Español").click()
    first = page.url

    send(page, "555-0163")
    problem = page.get_by_role("alert").get_by_role("link").inner_text()
    send(page, "(702) 555-0163")
    page.locator(".reference").wait_for()
    receipt = page.url
    heading = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name=es("Stop all contact")).click()
    page.get_by_role("heading", name=es("We have stopped")).wait_for()

    assert first.endswith(FORM)
    assert problem.replace("\N{NO-BREAK SPACE}", " ") == es(
        "The area code is missing. Write its three digits in front of {number}."
    ).format(number="555-0163")
    assert heading == es("We have your request")
    assert "/es/request/" in receipt and page.url == receipt
    assert phone.cookies() == []


def test_receipt_is_the_same_one_in_english_and_back(phone):
    page = phone.new_page()
    receipt = receipt_of(page)
    reference = page.locator(".reference").inner_text()

    page.get_by_role("link", name="English").click()
    english = page.get_by_role("heading", level=1).inner_text(), page.locator(".reference").inner_text()
    page.get_by_role("link", name="Español").click()

    assert english == ("We have your request", reference)
    assert page.url == receipt


def test_pages_in_spanish_are_accessible(seen):
    page = seen.new_page()
    page.set_viewport_size({"width": 320, "height": 568})

    found = {name: [each["id"] for each in Axe().run(page).response["violations"]] for name in each_page(page)}

    assert len(found) == 8
    assert {name: rules for name, rules in found.items() if rules} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_spanish_word_is_wider_than_its_page(seen, width):
    page = seen.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    wide = "document.documentElement.scrollWidth > innerWidth"

    assert [name for name in each_page(page) if page.evaluate(wide)] == []


@pytest.mark.parametrize("width", [320, 360])
def test_language_link_makes_the_header_no_taller(seen, width):
    """The number field shall stay on the first screen."""
    page = seen.new_page()
    page.set_viewport_size({"width": width, "height": 640})
    tall = "document.querySelector('.top').offsetHeight"

    for path in ("/request-a-call/", FORM):
        page.goto(path)
        with_link = page.evaluate(tall)
        page.locator(".other").evaluate("link => link.remove()")
        assert page.evaluate(tall) == with_link


def test_language_link_is_large_enough_to_tap_and_covers_nothing(seen):
    page = seen.new_page()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/", FORM):
            page.goto(path)
            box = page.locator(".other a").bounding_box()
            others = page.locator(":is(.top a, .top summary):not(.other a):visible").evaluate_all(
                "all => all.map((one) => one.getBoundingClientRect().toJSON())"
            )

            assert box["height"] >= 48 and box["width"] >= 48
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert [other for other in others if overlaps(box, other)] == []


def overlaps(box: dict[str, float], other: dict[str, float]) -> bool:
    beside = other["right"] <= box["x"] or other["left"] >= box["x"] + box["width"]
    above = other["bottom"] <= box["y"] or other["top"] >= box["y"] + box["height"]
    return not (beside or above or not other["width"])


def test_receipt_in_spanish_prints_what_is_known_and_nothing_that_acts(seen):
    page = seen.new_page()
    receipt_of(page)
    reference = page.locator(".reference").inner_text()

    page.emulate_media(media="print")

    shown = page.locator("body").inner_text()
    assert reference in shown
    assert page.locator("button:visible, .other:visible, .leave:visible, .menu:visible").count() == 0
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) <= 2


def test_leaving_in_spanish_says_how_many_presses_are_left(seen):
    page = seen.new_page()
    page.goto(FORM)

    page.keyboard.press("Shift")
    said = page.locator(".leave [role=status]").inner_text()

    assert said == es("Press Shift 2 more times to leave.")


def test_way_out_is_whole_on_the_smallest_phone_where_text_is_doubled(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 568})
    page = context.new_page()
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}})
    page.goto(FORM)

    box = page.locator(".leave a").bounding_box()

    context.close()
    assert (box["x"] >= 0, box["x"] + box["width"] <= 320) == (True, True)
