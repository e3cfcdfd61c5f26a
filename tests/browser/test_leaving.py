"""Leaving in a hurry: at once, from every screen, and Back shows nothing of this site."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

pytestmark = pytest.mark.browser

ARTICLE = "/learn/stopping-heroin-or-fentanyl-safely/"
FORM = "/request-a-call/"
ELSEWHERE = "<title>Weather</title><p>Sunny</p>"
OPEN_PAGES = ["/", ARTICLE, "/facilities/desert-willow/", FORM, "/staying-safe-here/", "/no-such-page/"]


def visit(browser: Browser, server: str, **options) -> BrowserContext:
    """On a phone, with another site in place of the one that /leave leads to, which no test asks."""
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 640}, **options)
    context.route("**/leave", lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"))
    return context


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = visit(browser, server)
    yield context.new_page()
    context.close()


def press_shift(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("way", ["link", "keys"])
def test_three_backs_after_leaving_never_show_this_site(page, way):
    for path in ("/", ARTICLE, FORM):
        page.goto(path)
    page.get_by_label("What number can we call?").fill("(702) 555-0194")

    if way == "link":
        page.get_by_role("link", name="Leave this page", exact=True).click()
    else:
        press_shift(page, "ShiftLeft", "ShiftRight", "ShiftLeft")
    page.wait_for_url("**/leave")
    seen = [page.content()]
    for _ in range(3):
        page.go_back()
        page.wait_for_timeout(300)
        seen.append(page.content())

    assert [words for words in ("Ask for a call", "Desert Willow", "555") if words in "".join(seen)] == []


def test_who_comes_again_on_purpose_is_welcome(page):
    page.goto(ARTICLE)
    page.get_by_role("link", name="Leave this page", exact=True).click()
    page.wait_for_url("**/leave")

    page.goto(ARTICLE)
    page.goto("/")
    page.go_back()

    assert page.url.endswith(ARTICLE)
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_capital_letters_are_no_way_out(page):
    page.goto(FORM)
    page.get_by_label("What can we call you?").focus()

    for letter in "SAM":
        page.keyboard.press(f"Shift+{letter}")
    press_shift(page, "ShiftLeft", "a", "ShiftLeft", "ShiftLeft")

    assert page.url.endswith(FORM)
    assert page.get_by_role("status").inner_text() == page.get_by_role("status").get_attribute("data-once")


def test_way_out_is_in_reach_on_every_screen_and_in_the_same_place(page):
    places = set()

    for path in OPEN_PAGES:
        page.goto(path)
        for share in (0, 0.5, 1):
            page.evaluate("share => scrollTo(0, document.body.scrollHeight * share)", share)
            box = page.get_by_role("link", name="Leave this page", exact=True).bounding_box()
            places.add((round(box["x"]), round(box["y"])))

    assert len(places) == 1
    assert box["height"] >= 48 and box["x"] > 180 and box["y"] > 320


@pytest.mark.parametrize("path", [FORM, "/staying-safe-here/"])
def test_way_out_covers_neither_what_has_the_focus_nor_the_last_line(page, path):
    page.goto(path)
    for summary in reversed(page.locator("main summary").all()):
        summary.click()
    top = page.locator(".leave").bounding_box()["y"]
    covered = []

    page.locator("h1").click()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, bottom, is_in_page = page.evaluate(
            """() => { const one = document.activeElement;
            return [one.outerHTML.slice(0, 60), one.getBoundingClientRect().bottom, !one.matches("body, .leave a")] }"""
        )
        if is_in_page and bottom > top:
            covered.append((name, bottom))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    assert covered == []
    assert page.locator("footer").bounding_box()["y"] + page.locator("footer").bounding_box()["height"] <= top + 1


def test_without_script_it_is_a_plain_link(browser, server):
    context = visit(browser, server, java_script_enabled=False)
    page = context.new_page()
    page.goto(ARTICLE)

    page.get_by_role("link", name="Leave this page", exact=True).click()

    assert page.title() == "Weather"
    context.close()


def test_three_backs_after_sending_never_show_what_was_typed(page):
    page.goto(ARTICLE)
    page.goto(FORM)
    page.get_by_label("What number can we call?").fill("(702) 555-0194")
    page.get_by_label("What can we call you?").fill("Zebulon")
    page.get_by_label("You may call me at this number").check()
    page.get_by_role("button", name="Ask for a call").click()
    page.locator(".reference").wait_for()
    seen = []

    for _ in range(3):
        page.go_back()
        page.wait_for_timeout(300)
        fields = page.locator("[name=phone], [name=name]").evaluate_all("all => all.map((one) => one.value)")
        seen.append(page.content() + "".join(fields))

    assert [words for words in ("Zebulon", "555-0194", "ending 94") if words in "".join(seen)] == []


def type_in(page: Page, **typed: str) -> None:
    for name, words in typed.items():
        page.locator(f"[name={name}]").fill(words)


@pytest.mark.parametrize("has_script", [True, False])
def test_back_after_an_error_and_a_request_never_sends_again_nor_shows_what_was_typed(browser, server, has_script):
    # Not `visit`: where requests are routed there is no cache, and Chromium sends again without asking.
    context = browser.new_context(base_url=server, java_script_enabled=has_script)
    page, sent, seen, filled = context.new_page(), [], [], []
    page.goto(FORM)
    type_in(page, phone="12", name="Zebulon")
    page.get_by_role("button", name="Ask for a call").click()
    page.get_by_role("alert").wait_for()
    type_in(page, phone="(702) 555-0195")
    page.get_by_label("You may call me at this number").check()
    page.get_by_role("button", name="Ask for a call").click()
    page.locator(".reference").wait_for()

    page.on("response", lambda response: sent.append(response.request.method))
    for _ in range(2):
        page.evaluate("history.back()") if has_script else back_without_script(page)
        page.wait_for_timeout(500)
        fields = page.locator("[name=phone], [name=name]").evaluate_all("all => all.map((one) => one.value)")
        seen.append(page.content() + "".join(fields))
        filled.append(fields)

    context.close()
    assert filled == ([["", ""], ["", ""]] if has_script else [[], ["", ""]])  # [] is a page of the browser's own
    assert [words for words in ("Zebulon", "555-0195", 'value="12"') if words in "".join(seen)] == []
    assert "POST" not in sent


def back_without_script(page: Page) -> None:
    """Where the entry was an answer to something sent, the browser shows a page of its own, which is an error here."""
    try:
        page.go_back()
    except Error as error:
        assert "ERR_CACHE_MISS" in str(error)


def test_back_after_an_error_of_a_receipts_form_shows_the_form_as_it_holds(page):
    page.goto(FORM)
    type_in(page, phone="(702) 555-0195", name="Zebulon")
    page.get_by_label("You may call me at this number").check()
    page.get_by_role("button", name="Ask for a call").click()
    page.locator(".reference").wait_for()
    receipt, shown = page.url, {}

    for path, field in (("change/", "phone"), ("insurance/", "subscriber_born_on"), ("insurance/", "")):
        page.goto(f"{receipt}{path}")
        if field:
            type_in(page, **{field: "99"})
            page.locator("form.ask button").first.click()
        else:
            page.get_by_role("button", name="Send the front").click()
        page.get_by_role("alert").wait_for()
        page.goto(receipt)
        page.go_back()
        status = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
        shown[path, field] = (status, page.get_by_role("alert").count(), page.locator("input[value='99']").count())

    assert set(shown.values()) == {(200, 0, 0)}


def test_form_is_light_and_asks_for_little(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes, addresses = {}, {}
    session.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))

    page.goto(FORM, wait_until="networkidle")

    print(f"the form: {sum(sizes.values())} bytes in {len(sizes)} requests")  # noqa: T201 - the figure
    asked = [address for address in addresses.values() if not address.endswith(".svg")]
    assert len(asked) <= 5, asked  # the page, two styles, the display face, which waits for nothing, and the script
    assert sum(sizes.values()) <= 42_000, {addresses[key]: size for key, size in sizes.items()}
    context.close()
