"""A visitor with JavaScript off: reads, asks for a call, reads the receipt, and leaves no trace on the device."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

ARTICLE = "/learn/stopping-heroin-or-fentanyl-safely/"
PAGES = ["/", "/learn/", ARTICLE, "/facilities/", "/facilities/desert-willow/", "/request-a-call/", "/no-such-page/"]
WIDTHS = [320, 360, 768, 1280]


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server, java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context
    context.close()


def go(page: Page, path: str) -> Page:
    page.goto(path)
    return page


def ask(page: Page, **answers: str) -> None:
    go(page, "/request-a-call/")
    page.get_by_label("What number can we call?").fill(answers.get("phone", "702 555 0151"))
    page.get_by_label("What can we call you?").fill(answers.get("name", "Robin"))
    page.get_by_label("You may call me at this number").check()
    page.get_by_role("button", name="Ask for a call").click()


def test_visitor_reads_asks_and_gets_a_receipt_without_script_or_cookie(visit):
    page = go(visit.new_page(), ARTICLE)

    page.get_by_role("complementary").get_by_role("link", name="Ask for a call").first.click()
    page.get_by_label("What number can we call?").fill("(702) 555-0163")
    page.get_by_label("What can we call you?").fill("Sam")
    page.get_by_text("When we may call").click()
    page.get_by_role("group", name="When is a good time?").get_by_label("Evening, 5 to 9").check()
    page.get_by_label("You may call me at this number").check()
    page.get_by_role("button", name="Ask for a call").click()

    assert page.get_by_role("heading", level=1).inner_text() == "We have your request"
    note = page.locator(".note-card").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    # Until the evening ends or the desk shuts, which it does at 6 on a weekend.
    assert re.search(r"ending 63 (today|tomorrow|on \w+) (between 5 and|before) [69] pm \(Pacific time\)\.", note)
    assert "We will ask for Sam." in note
    assert "We will not leave a message." in note
    assert "If someone else answers, we will hang up." in note
    assert "555-0163" not in page.content()
    assert visit.cookies() == []


def test_mistake_is_explained_and_nothing_typed_is_lost(visit):
    page = visit.new_page()

    ask(page, phone="call me maybe", name="Søren 李 🌵")

    assert page.title().startswith("Error: ")
    assert page.get_by_role("alert").get_by_role("link").count() == 1
    assert page.get_by_label("What number can we call?").input_value() == "call me maybe"
    assert page.get_by_label("What can we call you?").input_value() == "Søren 李 🌵"
    assert page.get_by_label("You may call me at this number").is_checked()
    page.get_by_role("alert").get_by_role("link").click()
    assert page.url.endswith("#id_phone")


@pytest.mark.parametrize("form", ["/request-a-call/", "/es/request-a-call/"])
def test_number_field_is_on_the_first_screen_of_a_phone_above_the_way_out(browser, server, form):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 640})
    page = go(context.new_page(), form)

    field, bar = page.locator("[name=phone]").bounding_box(), page.locator(".leave").bounding_box()

    context.close()
    assert field["y"] + field["height"] <= bar["y"]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640)])
def test_number_can_be_typed_on_the_first_screen_and_three_taps_send_it(browser, server, width, height):
    context = browser.new_context(
        base_url=server, java_script_enabled=False, viewport={"width": width, "height": height}
    )
    page = go(context.new_page(), "/request-a-call/")
    field = page.get_by_label("What number can we call?").bounding_box()

    page.get_by_label("What number can we call?").click()
    page.keyboard.type("7025550163")
    page.get_by_label("You may call me at this number").click()
    page.get_by_role("button", name="Ask for a call").click()

    assert page.get_by_role("heading", level=1).inner_text() == "We have your request"
    context.close()
    assert (width == 320) or field["y"] + field["height"] <= height


def test_second_mistake_is_shown_as_well_as_the_first(visit):
    page = visit.new_page()

    ask(page, phone="")
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("What number can we call?").fill("12")
    page.get_by_role("button", name="Ask for a call").click()

    assert page.url.endswith("/request-a-call/")
    alert = page.get_by_role("alert")
    assert alert.evaluate("box => box === document.activeElement")
    assert 0 <= alert.bounding_box()["y"] < 740


def test_form_works_by_keyboard_alone(visit):
    page = go(visit.new_page(), "/request-a-call/")

    page.get_by_label("What number can we call?").focus()
    page.keyboard.type("7025550177")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.get_by_label("You may call me at this number").evaluate("box => box === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert "ending 77" in page.locator(".note-card").inner_text()


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_no_other_host_and_keeps_nothing(browser, server, path):
    context = browser.new_context(base_url=server)
    page = context.new_page()
    requested, complaints = [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(path)

    assert [address for address in requested if not address.startswith(server)] == []
    assert [text for text in complaints if "404" not in text] == []
    assert context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_accessibility_violation_and_never_scroll_sideways(browser, server, width, scheme):
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    found = {}

    for path in PAGES:
        page.goto(path)
        if (
            violations := Axe()
            .run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
            .response["violations"]
        ):
            found[path] = [(one["id"], one["nodes"][0]["html"][:120]) for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[f"{path} sideways"] = width

    context.close()
    assert found == {}


def test_error_page_and_receipt_have_no_accessibility_violation(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740})
    page = context.new_page()
    found = []

    ask(page, phone="")
    found += Axe().run(page).response["violations"]
    ask(page)
    found += Axe().run(page).response["violations"]

    context.close()
    assert [one["id"] for one in found] == []


@pytest.mark.parametrize(("width", "percent"), [(320, 200), (360, 150), (360, 200), (1280, 400)])
def test_large_text_never_runs_off_the_screen(browser, server, width, percent):
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800})
    page = context.new_page()
    size = 16 * percent // 100
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
    too_wide = []

    for path in PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(path)

    context.close()
    assert too_wide == []


def test_emergency_card_begins_in_the_first_screen_of_a_small_phone(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 640})
    page = go(context.new_page(), ARTICLE)

    top = page.locator(".care.emergency").first.bounding_box()["y"]

    context.close()
    assert top < 480


def test_error_link_leaves_the_error_and_the_question_in_view(visit):
    page = visit.new_page()
    ask(page, phone="12")

    page.get_by_role("alert").get_by_role("link").click()

    assert page.locator("label[for=id_phone]").bounding_box()["y"] >= 0
    assert page.locator("#id_phone_error").bounding_box()["y"] >= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_wrong_field_has_the_edge_of_an_error(browser, server, scheme):
    context = browser.new_context(base_url=server, color_scheme=scheme)
    page = context.new_page()
    ask(page, phone="12")

    edge = "one => getComputedStyle(one).borderTopColor"
    colors = [page.locator(place).evaluate(edge) for place in ("#id_phone", ".problem")]

    context.close()
    assert colors[0] == colors[1]


def test_wide_page_shows_its_menu_without_a_click(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    page = go(context.new_page(), "/")

    shown = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()

    assert shown == ["Learn", "Our center", "Paying for treatment", "Ask for a call"]
    assert page.get_by_text("Menu", exact=True).is_hidden()
    context.close()


def test_targets_are_large_enough_for_a_trembling_thumb(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740})
    page = go(context.new_page(), "/request-a-call/")

    small = page.evaluate(
        """() => [...document.querySelectorAll(
            ".choice, .button, .leave a, summary, .strip a, .foot a, .number a, .field input, select"
        )]
        .filter(one => one.getBoundingClientRect().height < 48 && one.offsetParent)
        .filter(one => one.type !== "checkbox" && !one.closest(".trap"))
        .map(one => one.outerHTML.slice(0, 80))"""
    )

    context.close()
    assert small == []


def test_article_prints_with_the_number_and_without_the_way_out(browser, server):
    context = browser.new_context(base_url=server)
    page = go(context.new_page(), ARTICLE)

    page.emulate_media(media="print")

    assert page.get_by_role("link", name="Leave this page", exact=True).is_hidden()
    assert page.locator(".call .number").is_visible()
    context.close()
