"""While on the phone a consultant scrolls for nothing that matters: it is on the first screen of 1280 × 800."""

import pytest

from tests.browser.by_day import by_day
from tests.browser.test_staff import hand_over, open_lead, page, request_of, reveal, sign_in  # noqa: F401

pytestmark = pytest.mark.browser

WHOLLY_SHOWN = """(one) => { const box = one.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.width > 0; }"""


def is_on_screen(page, selector: str) -> bool:  # noqa: F811
    found = page.locator(selector)
    return found.count() > 0 and all(one.evaluate(WHOLLY_SHOWN) for one in found.all())


def on_the_phone(browser, server, page, last: str, name: str) -> None:  # noqa: F811
    reference, _ = request_of(browser, server, by_day(last), name)
    sign_in(page, "consultant")
    open_lead(page, reference)
    page.get_by_role("button", name="Claim").first.click()
    reveal(page)
    page.evaluate("scrollTo(0, 0)")


def test_number_outcomes_and_follow_up_are_on_the_first_screen(browser, server, page):  # noqa: F811
    on_the_phone(browser, server, page, "51", "Marisol")

    needed = (".phone", ".outcomes [name=outcome]", "#note", "[name=quick]", "#follow-up-at")
    shown = {what: is_on_screen(page, what) for what in needed}

    assert all(shown.values()), shown


def test_in_a_crisis_script_number_outcomes_and_hand_over_are_on_the_first_screen(browser, server, page):  # noqa: F811
    on_the_phone(browser, server, page, "52", "I took all my pills")

    needed = ("#crisis", ".phone", ".outcomes [name=outcome]", "#hand-over-to", "#agreed")
    shown = {what: is_on_screen(page, what) for what in needed}
    hand_over(page)

    assert all(shown.values()), shown
