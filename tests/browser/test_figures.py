"""The figures of the public pages: accessibility at 320 px and at 200 %, and what an article weighs."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_face import ARTICLE, EVERY_TYPE

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OTHERS = ["/medicines/", "/detox-here/", "/how-we-write-and-check/", "/accessibility/", "/es/request-a-call/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (640, 2)])
def test_no_page_breaks_a_rule_of_wcag_or_of_best_practice(browser, server, width, zoom, scheme):
    """A zoom of 200 % is half as many pixels of CSS, each of them two of the screen."""
    context = browser.new_context(
        base_url=server,
        viewport={"width": width // zoom, "height": 800 // zoom},
        device_scale_factor=zoom,
        color_scheme=scheme,
    )
    page = context.new_page()
    found = {}

    for path in [*EVERY_TYPE, *OTHERS]:
        page.goto(path)
        for one in Axe().run(page, options={"runOnly": RULES}).response["violations"]:
            found[path, one["id"]] = one["nodes"][0]["html"][:160]

    context.close()
    assert found == {}


def test_article_weighs_60_kilobytes_without_its_pictures_in_8_requests(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds, sizes = {}, {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))

    page.goto(ARTICLE, wait_until="networkidle")

    by_kind = {}
    for key, size in sizes.items():
        by_kind[kinds.get(key, "Other")] = by_kind.get(kinds.get(key, "Other"), 0) + size
    print(f"the article: {by_kind} bytes in {len(sizes)} requests")  # noqa: T201 - the figure
    context.close()
    assert sum(size for kind, size in by_kind.items() if kind != "Image") <= 60_000
    assert len(sizes) <= 8
    assert by_kind["Stylesheet"] <= 14 * 1024 and by_kind["Script"] <= 6 * 1024
