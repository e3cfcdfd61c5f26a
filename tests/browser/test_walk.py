"""A walk over all pages, public and of the desk: what points nowhere, what breaks over lines, what fails on paper."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.test_staff import hand_over, open_lead, request_of, reveal, sign_in
from tests.browser.test_visitor import ARTICLE, PAGES, ask

pytestmark = pytest.mark.browser

DANGLING = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const names = ["aria-describedby", "aria-labelledby", "aria-controls", "popovertarget", "for", "form", "list"];
  const named = names.flatMap((name) =>
    all(`[${name}]`).flatMap((one) => one.getAttribute(name).trim().split(/\\s+/).map((id) => [name, id])));
  const links = all('a[href^="#"]').map((one) => ["href", one.getAttribute("href").slice(1)]);
  const dangling = [...named, ...links].filter(([_, id]) => !ids.includes(id));
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => ["twice", id]);
  return [...dangling, ...twice];
}"""
BROKEN = """() => {
  const unit = "(mg|hours?|days?|weeks?|months?|percent|characters|am|pm|MB|people|adults)\\\\b";
  const kinds = [
    "(\\\\+?\\\\d{1,3}[ -])?\\\\(?\\\\d{3}\\\\)?[ -]\\\\d{3}-\\\\d{4}", "[A-Z]{3,12}-\\\\d{4}", "\\\\$[\\\\d,.]+",
    "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\\\s\\\\d{1,2}(,\\\\s\\\\d{4})?",
    `\\\\d+\\\\s(to|or|in|of)\\\\s\\\\d+(\\\\s${unit})?`, `\\\\d+\\\\s${unit}`, "(Section|TIP|Part)\\\\s\\\\d+",
  ];
  const number = new RegExp(kinds.join("|"), "g");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const found of node.data.matchAll(number)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.top)));
      if (lines.size > 1) broken.push(found[0]);
    }
  }
  return broken;
}"""
SKIPPED = """() => {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => one.checkVisibility())
    .map((one) => Number(one.tagName[1]));
  return levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);
}"""
ON_PAPER = """() => {
  const shown = (one) => one.checkVisibility() && one.getClientRects().length;
  const left = [...document.querySelectorAll(".leave, .menu, .wide, .now, #header, .find")].filter(shown)
    .map((one) => one.className || one.id);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const color = rgb(getComputedStyle(one).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const faint = [...document.querySelectorAll("h1, h2, h3, p, li, a, dd, b")].filter(shown).filter((one) => {
    const [text, paper] = [light(rgb(getComputedStyle(one).color)), light(ground(one))];
    return (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05) < 4.5;
  }).map((one) => one.outerHTML.slice(0, 80));
  const parted = [...document.querySelectorAll("h1, h2, h3, h4")].filter(shown)
    .filter((one) => getComputedStyle(one).breakAfter !== "avoid").map((one) => one.textContent);
  return [...left, ...faint, ...parted];
}"""
ONLY_ACTS_ON_PAPER = """() => {
  const main = document.querySelector("main, #content-start, #content") || document.body;
  const shown = (one) => one.checkVisibility() && one.getClientRects().length;
  const acts = "form, input, select, textarea, summary, .button, button:not(.marks button), .hint, [role=alert]";
  const left = [...main.querySelectorAll(acts)].filter(shown).map((one) => one.outerHTML.slice(0, 80));
  const parts = [];  // the level of each heading, and 0 for text
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(one) || one.closest(".hidden, .visually-hidden")) continue;
    const heading = one.closest("h1, h2, h3, h4");
    const part = heading ? { level: Number(heading.tagName[1]), heading } : { level: 0 };
    if (!heading || parts.at(-1)?.heading !== heading) parts.push(part);
  }
  const bare = parts.filter(({ level }, at) => level && (!parts[at + 1] || (parts[at + 1].level || 9) <= level))
    .map(({ heading }) => `nothing below: ${heading.textContent.trim()}`);
  return [...left, ...bare];
}"""
SMALLER_THAN_TEXT = """() => {
  const text = parseFloat(getComputedStyle(document.querySelector("main")).fontSize);
  return [...document.querySelectorAll("main h1, main h2, main h3")].filter((one) => one.checkVisibility())
    .filter((one) => parseFloat(getComputedStyle(one).fontSize) <= text).map((one) => one.textContent.trim());
}"""
WALKERS = iter(range(30, 50))  # each walk of the desk claims two numbers of its own
STRUCTURE = [
    "landmark-unique",
    "landmark-one-main",
    "landmark-no-duplicate-main",
    "region",
    "heading-order",
    "duplicate-id-aria",
]


@pytest.fixture(params=[320, 360, 768, 1280])
def public(browser: Browser, server: str, request) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def paper(browser: Browser, server: str) -> Iterator[Page]:
    """A phone in dark mode whose page is printed."""
    context = browser.new_context(base_url=server, color_scheme="dark")
    yield context.new_page()
    context.close()


def unfold(page: Page) -> None:
    """Open every part of the form that is folded away."""
    for summary in reversed(page.locator("details.fold:not([open]) > summary").all()):
        summary.click()


def press(page: Page, role: str, name: str) -> None:
    """And wait for the page that it leads to: one that is on its way has nothing to look at."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def walk_public(page: Page) -> Iterator[str]:
    """Opens one page after the other; the name of each says where one is."""
    for path in PAGES:
        page.goto(path)
        yield path
    page.goto("/request-a-call/")
    page.locator("form.ask").evaluate("form => form.submit()")
    page.get_by_role("alert").wait_for()
    yield "form with errors"
    page.goto("/request-a-call/")
    page.locator("#id_time_zone").evaluate("one => one.add(new Option('x', 'x', true, true))")
    for name in ("about", "voicemail", "text", "if_other_answers", "language", "times", "not_times"):
        for box in page.locator(f"[name={name}]").all()[:1]:
            box.evaluate("one => { one.value = 'x'; one.checked = true }")
    unfold(page)
    page.locator("[name=note]").fill("x" * 201)
    page.locator("[name=name]").fill("x" * 81)
    page.locator("form.ask").evaluate("form => form.submit()")
    page.get_by_role("alert").wait_for()
    yield "form with every error"
    ask(page, phone="911")
    yield "form with the crisis card"
    ask(page)
    page.locator(".reference").wait_for()
    yield "receipt"
    press(page, "link", "Change the number")
    yield "change"
    press(page, "button", "Save the change")
    yield "receipt that was changed"
    press(page, "link", "Add insurance")
    yield "insurance"
    press(page, "button", "Send this")
    page.get_by_role("alert").wait_for()
    yield "insurance with errors"
    page.get_by_label("Insurance company or plan").fill("Sagebrush Mutual")
    press(page, "button", "Send this")
    yield "receipt with insurance"
    press(page, "button", "Do not call tonight")
    yield "receipt with a pause"
    press(page, "button", "Stop all contact")
    yield "receipt that was stopped"
    page.get_by_text("Erase everything").click()
    press(page, "button", "Erase it now")
    yield "receipt that was erased"


def walk_desk(browser: Browser, server: str, page: Page) -> Iterator[str]:
    page.goto("/accounts/login/")
    yield "sign-in"
    sign_in(page, "manager", to="/desk/reports/overrides/")
    page.get_by_role("heading", name="Overrides").wait_for()
    yield "overrides"
    page.context.clear_cookies()
    reference, _ = request_of(browser, server, f"(702) 555-01{next(WALKERS)}", "Walker Page")
    in_crisis, _ = request_of(browser, server, f"(702) 555-01{next(WALKERS)}", "I took all my pills")
    sign_in(page, "consultant")
    for path in ("/desk/queue/", "/desk/queue/?show=later", "/desk/queue/?show=closed", "/accounts/2fa/"):
        page.goto(path)
        yield path
    page.goto("/desk/queue/")
    page.get_by_label("Find").first.fill("nobody of that name")
    page.keyboard.press("Enter")
    page.locator(".empty").get_by_text("nobody of that name").wait_for()
    yield "search that finds nobody"
    open_lead(page, in_crisis)
    page.get_by_role("button", name="Claim").first.click()
    reveal(page)
    yield "lead in crisis"
    hand_over(page)
    yield "lead in crisis that was handed over"
    open_lead(page, reference)
    yield "lead"
    page.get_by_role("button", name="Claim").first.click()
    reveal(page)
    yield "lead with its number"
    page.get_by_role("button", name="Promise a follow-up").evaluate(
        "button => { button.formNoValidate = true; button.click() }"
    )
    page.get_by_role("alert").wait_for()
    yield "lead with an error"
    page.get_by_role("button", name="Reached").click()
    page.locator(".messagelist").wait_for()
    press(page, "link", "record it")
    yield "insurance without coverage"
    press(page, "link", "Record a coverage")
    yield "coverage form"
    press(page, "button", "Record the coverage")
    yield "coverage form with errors"
    page.get_by_label("Payer").select_option(label="Sagebrush Mutual (demo)")
    press(page, "button", "Record the coverage")
    yield "insurance without a consent"
    page.get_by_label("Who agrees").select_option("patient")
    press(page, "button", "Record the consent")
    press(page, "link", "Call the payer")
    page.get_by_role("checkbox", name="partial hospitalization").check()
    press(page, "button", "Show their questions")
    yield "call sheet"
    press(page, "button", "Record what they said")
    page.get_by_role("alert").wait_for()
    yield "call sheet with errors"
    page.goto(page.url.replace("/call/", "/answer/"))
    press(page, "button", "Read it")
    page.get_by_role("alert").wait_for()
    yield "electronic answer with errors"
    press(page, "link", "Insurance of")
    press(page, "link", "Enter what the payer said")
    yield "verification form"
    page.get_by_label("Deductible", exact=False).first.fill("999,999.99")
    press(page, "button", "Record what they said")
    page.get_by_role("alert").wait_for()
    yield "verification form with errors"
    page.get_by_label("They said these amounts").check()
    page.get_by_label("Source").select_option(label="Payer's portal")
    page.get_by_label("Status").select_option(label="Active")
    press(page, "button", "Record what they said")
    page.get_by_text("Verification recorded").wait_for()
    yield "insurance with a verification"


def test_public_pages_point_to_what_exists_and_break_no_number(public):
    found = {}
    for where in walk_public(public):
        axe = Axe().run(public, options={"runOnly": STRUCTURE}).response["violations"]
        structure = [(one["id"], one["nodes"][0]["html"][:90]) for one in axe]
        found[where] = [public.evaluate(script) for script in (DANGLING, BROKEN, SKIPPED)] + [structure]

    assert {where: all_of for where, all_of in found.items() if any(all_of)} == {}


def test_desk_pages_point_to_what_exists_and_break_no_number(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 1024, "height": 800})
    page = context.new_page()

    found = {
        where: [page.evaluate(one) for one in (DANGLING, BROKEN, SKIPPED)] for where in walk_desk(browser, server, page)
    }

    context.close()
    assert {where: all_of for where, all_of in found.items() if any(all_of)} == {}


def test_desk_never_runs_off_a_small_phone(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 640})
    page = context.new_page()
    is_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

    wide = [where for where in walk_desk(browser, server, page) if page.evaluate(is_wide)]

    context.close()
    assert wide == []


def test_receipt_never_runs_off_a_small_phone_with_large_text(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 640})
    page = context.new_page()
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}})
    page.goto("/request-a-call/")
    page.locator("[name=phone]").fill("(702) 555-0163")
    page.locator("[name=consent]").check()
    page.locator(".ask button").first.click()
    page.locator(".reference").wait_for()

    width = page.evaluate("document.documentElement.scrollWidth")

    context.close()
    assert width == 320


def test_key_hints_are_not_shown_where_no_key_does_anything(browser, server):
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")

    hints = page.locator("kbd")
    shown = [hints.nth(at).is_visible() for at in range(hints.count())]

    context.close()
    assert shown and not any(shown)


def test_paper_is_white_and_shows_no_way_out_no_menu_and_no_now(paper):
    found = {}
    for where in walk_public(paper):
        paper.emulate_media(media="print", color_scheme="dark")
        found[where] = paper.evaluate(ON_PAPER) + paper.evaluate(ONLY_ACTS_ON_PAPER)
        paper.emulate_media(media="screen", color_scheme="dark")

    assert {where: faults for where, faults in found.items() if faults} == {}


def test_desk_prints_what_is_known_and_nothing_that_only_acts(browser, server, paper):
    found = {}
    for where in walk_desk(browser, server, paper):
        if paper.url.startswith(f"{server}/accounts/"):
            continue  # these pages are a form and nothing else
        paper.emulate_media(media="print", color_scheme="dark")
        found[where] = paper.evaluate(ON_PAPER) + paper.evaluate(ONLY_ACTS_ON_PAPER)
        paper.emulate_media(media="screen", color_scheme="dark")
    paper.emulate_media(media="print")
    coverage = paper.get_by_role("heading", name="Sagebrush Mutual")

    assert {where: faults for where, faults in found.items() if faults} == {}
    assert (coverage.is_visible(), paper.get_by_text("Not theirs").is_visible()) == (True, False)


@pytest.mark.parametrize(("width", "percent"), [(360, 100), (360, 200), (1280, 100), (1280, 200)])
def test_headings_are_larger_than_text_at_any_size_of_it(browser, server, width, percent):
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800})
    page = context.new_page()
    size = 16 * percent // 100
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})

    found = {where: page.evaluate(SMALLER_THAN_TEXT) for where in walk_public(page)}

    context.close()
    assert {where: headings for where, headings in found.items() if headings} == {}


def test_crisis_lines_of_the_footer_are_read_as_words(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto("/")

    calls = page.locator('.foot a[href^="tel:"]').evaluate_all("all => all.map((one) => one.innerText)")

    context.close()
    assert [call for call in calls if not call.startswith("Call ")] == []
    assert "Call 988" in calls


def test_number_of_a_source_stands_at_its_first_line(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(ARTICLE)

    links = page.locator(".sources li > a:first-child")
    displays = {links.nth(at).evaluate("one => getComputedStyle(one).display") for at in range(links.count())}
    gaps = page.locator(".sources li").evaluate_all(
        "all => all.map((one) => one.firstElementChild.getClientRects()[0].top - one.getBoundingClientRect().top)"
    )

    context.close()
    assert displays == {"inline"}
    assert [gap for gap in gaps if gap > 8] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_press_on_a_number_shows_its_source_in_place_and_leads_back(browser, server, width):
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(ARTICLE)
    mark, note = page.locator("#cited-2-1"), page.locator("#note-2")
    before = note.is_visible()

    mark.click()
    shown = note.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    box, foot = note.bounding_box(), page.locator(".leave").bounding_box()
    note.get_by_role("button").click()

    assert (before, note.is_visible()) == (False, False)
    assert "2024" in shown and "checked November 23, 2026" in shown
    assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= foot["y"]
    assert mark.evaluate("one => one === document.activeElement")
    context.close()


def test_source_that_is_shown_in_place_is_accessible(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(ARTICLE)
    page.locator("#cited-2-1").click()

    violations = Axe().run(page).response["violations"]

    context.close()
    assert [violation["id"] for violation in violations] == []


@pytest.mark.parametrize("paper_size", ["Letter", "A4"])
def test_article_of_twenty_sources_is_printed_on_five_pages(browser, server, paper_size):
    page = browser.new_page(base_url=server)
    page.goto(ARTICLE)

    sources = page.locator(".sources li").count()
    printed = page.pdf(format=paper_size)

    page.close()
    assert sources >= 20
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 5


def test_list_of_sources_leads_back_to_each_mention(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(ARTICLE)

    page.locator('.sources a[href="#cited-2-2"]').click()

    assert page.url.endswith("#cited-2-2")
    assert page.locator("#cited-2-2").is_visible()
    context.close()


def test_escape_closes_the_menu_and_gives_the_focus_back(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/")

    page.get_by_text("Menu", exact=True).click()
    was_open = page.locator(".menu nav").is_visible()
    page.keyboard.press("Escape")

    assert (was_open, page.locator(".menu nav").is_visible()) == (True, False)
    assert page.locator(".menu summary").evaluate("one => one === document.activeElement")
    context.close()


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("way", ["leave", "send"])
def test_back_shows_an_empty_form(browser, server, way, has_script):
    context = browser.new_context(
        base_url=server, java_script_enabled=has_script, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(ARTICLE)
    page.get_by_role("complementary").get_by_role("link", name="Ask for a call").first.click()
    page.get_by_label("What number can we call?").fill("(702) 555-0194")
    page.get_by_label("What can we call you?").fill("Robin")
    unfold(page)
    page.locator("[name=note]").fill("Do not say who calls.")
    page.locator("[name=times][value=evening]").check()
    page.get_by_label("You may call me at this number").check()

    if way == "leave":
        page.goto("/facilities/")  # "Leave this page" is another host, which no test asks
    else:
        page.get_by_role("button", name="Ask for a call").click()
        page.locator(".reference").wait_for()
    page.go_back()

    values = page.locator("[name=phone], [name=name], [name=note]").evaluate_all("all => all.map((one) => one.value)")
    checked = page.locator("[name=times]:checked, [name=consent]:checked").count()
    assert (page.url.endswith("/request-a-call/"), values, checked) == (True, ["", "", ""], 0)
    context.close()
