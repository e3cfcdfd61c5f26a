"""The face of the public pages: a short head on a phone, a grid that uses a wide screen, and one place everywhere."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ARTICLE = "/learn/stopping-heroin-or-fentanyl-safely/"
WITH_A_TEXT = [ARTICLE, "/facilities/desert-willow/", "/paying/", "/staying-safe-here/", "/when-you-ask-us-to-call/"]
EVERY_TYPE = ["/", "/learn/", "/facilities/", "/request-a-call/", "/no-such-page/", *WITH_A_TEXT]


def opened(browser: Browser, server: str, path: str, width: int, height: int = 800):
    page = browser.new_context(base_url=server, viewport={"width": width, "height": height}).new_page()
    page.goto(path)
    return page


@pytest.mark.parametrize("path", EVERY_TYPE)
def test_name_menu_number_and_who_answers_take_120_pixels_of_a_phone(browser, server, path):
    page = opened(browser, server, path, 360, 640)

    shown = [page.locator(f".bar {part}").is_visible() for part in (".name", "summary", ".number a", ".answered")]
    height = page.locator(".bar").bounding_box()["height"]

    page.context.close()
    assert shown == [True] * 4
    assert height <= 120


@pytest.mark.parametrize("path", WITH_A_TEXT)
def test_wide_page_has_lines_of_about_70_letters_and_something_quiet_beside_them(browser, server, path):
    page = opened(browser, server, path, 1280)

    text, beside = page.locator(".columns > .text").last.bounding_box(), page.locator(".beside").bounding_box()
    letters = page.evaluate(
        """() => { const pen = document.createElement("canvas").getContext("2d");
          const style = getComputedStyle(document.querySelector(".columns > .text"));
          pen.font = `${style.fontSize} ${style.fontFamily}`;
          const width = document.querySelector(".columns > .text").getBoundingClientRect().width;
          const words = "You can ask which medicine may fit you. You do not have to decide today. ";
          return Math.round(width / (pen.measureText(words).width / words.length)); }"""
    )

    page.context.close()
    assert letters <= 75
    assert beside["width"] >= 240
    assert beside["x"] >= text["x"] + text["width"]


@pytest.mark.parametrize("path", EVERY_TYPE)
def test_every_type_of_page_has_the_mark_the_band_and_the_same_foot(browser, server, path):
    page = opened(browser, server, path, 1280)

    found = [page.locator(part).count() for part in (".name img", ":is(.head, .hero) h1", ".foot")]

    page.context.close()
    assert found == [1, 1, 1]


def test_menu_marks_the_page_that_is_open_with_the_words_of_its_heading(browser, server):
    page = opened(browser, server, "/", 1280)
    names = page.locator("nav.wide a").all_inner_texts()
    found = []

    for name in names:
        page.locator("nav.wide a", has_text=name).click()
        found.append((page.locator("nav.wide [aria-current=page]").inner_text(), page.locator("h1").inner_text()))

    page.context.close()
    assert found == [(name, name) for name in names]


@pytest.mark.parametrize("path", ["/", ARTICLE, "/facilities/desert-willow/", "/request-a-call/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_loads(browser, server, path, width):
    page = browser.new_context(base_url=server, viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(one => window.moved += one.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )

    page.goto(path, wait_until="networkidle")

    moved = page.evaluate("window.moved")
    page.context.close()
    assert moved == 0
