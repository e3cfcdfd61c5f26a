"""`make pictures`: the pictures of docs/desk.md and of the README, taken of a demo that runs (`make run`).

It asks for calls as visitors do, and works them at the desk as the demo's consultant and lead consultant.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.by_day import by_day
from tests.browser.chromium import find_or_install

ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
FOLDER = Path(__file__).with_name("images")
PASSWORD = "quietline-demo"  # noqa: S105 - of the demo's invented people
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 640}
PERSON = 3000  # milliseconds that a person takes at least; who is faster may be a machine
PEOPLE = [
    {"phone": "31", "name": "Robin", "note": "Please ring twice, I may be slow to answer."},
    {"phone": "32", "name": "Alma", "about": "someone_else", "note": "My son asked me to call for him."},
    {"phone": "33", "name": "Inés", "language": "es"},
    {"phone": "34", "name": "Sky", "note": "I took all my pills and I am scared."},
    {"phone": "31", "name": "Robin", "note": "It is me again, I missed your call."},
    {"phone": "35", "name": "Deal Shop", "note": "Cheap at https://shop.example"},
]


def main() -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=["--no-sandbox"])
        for person in PEOPLE:
            ask(browser, **person)
        with signed_in(browser, "consultant") as page:
            work(page)
        with signed_in(browser, "lead") as page:
            page.goto("/desk/queue/?show=quarantine")
            keep(page, "desk-08-quarantine")
        with signed_in(browser, "consultant", PHONE) as page:
            page.goto("/desk/queue/")
            keep(page, "desk-10-phone")
        page = browser.new_page(viewport=PHONE, base_url=ADDRESS)
        page.goto("/learn/stopping-heroin-or-fentanyl-safely/")
        keep(page, "article")
    return 0


def ask(browser: Browser, **answers: str) -> None:
    """One visitor's request."""
    context = browser.new_context(base_url=ADDRESS)
    page = context.new_page()
    page.goto("/request-a-call/")
    page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")
    for name, value in (answers | {"phone": by_day(answers["phone"])}).items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    page.locator("[name=consent]").check()
    page.wait_for_timeout(PERSON)
    page.locator("main [type=submit]").first.click()
    page.wait_for_url(re.compile("/request/"))
    context.close()


@contextmanager
def signed_in(browser: Browser, name: str, size: dict[str, int] = DESK) -> Iterator[Page]:
    context = browser.new_context(base_url=ADDRESS, viewport=size)
    page = context.new_page()
    page.goto("/desk/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").first.click()
    page.wait_for_url(re.compile("/desk/queue/"))
    yield page
    context.close()


def work(page: Page) -> None:
    """One person who may be in danger, and one who was called in vain."""
    keep(page, "desk-01-queue")
    page.keyboard.press("x")
    page.wait_for_url(re.compile("/desk/leads/"))
    page.keyboard.press("c")
    page.locator("#hand-over-to").select_option("988")
    page.locator("#agreed").fill("They spoke with 988 together with us, and a friend is with them.")
    keep(page, "desk-07-crisis")
    page.get_by_role("button", name="Record the hand-over").click()
    page.locator(".messagelist").wait_for()
    with page.expect_navigation():
        page.keyboard.press("b")

    page.goto("/desk/queue/")
    open_first(page, "someone close")
    keep(page, "desk-02-before-the-claim")
    page.keyboard.press("c")
    page.locator('[aria-keyshortcuts="r"]').wait_for()
    keep(page, "desk-03-claimed")
    page.keyboard.press("r")
    page.locator(".phone").wait_for()
    keep(page, "desk-04-number")
    page.keyboard.press("2")
    page.locator(".messagelist").wait_for()
    keep(page, "desk-05-next")
    with page.expect_navigation():
        page.keyboard.press("t")
    page.goto("/desk/queue/?show=snoozed")
    keep(page, "desk-06-promised")
    page.locator("#find").fill("robin")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))
    keep(page, "desk-09-find")


def open_first(page: Page, about: str) -> None:
    rows = page.locator("[data-row]").filter(has_text=re.compile(about, re.IGNORECASE))
    (rows if rows.count() else page.locator("[data-row]")).first.locator("th a").click()
    page.wait_for_url(re.compile("/desk/leads/"))


def keep(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"{FOLDER / name}.png\n")


if __name__ == "__main__":
    sys.exit(main())
