"""The desk from the keyboard: one person after the other with few keys, and a queue that keeps itself up to date."""

import re
import time

import pytest

from tests.browser.by_day import by_day
from tests.browser.test_staff import hand_over, open_lead, page, request_of, sign_in  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def loads(page):  # noqa: F811
    """The documents that the browser navigated to."""
    seen = []
    page.on("request", lambda request: seen.append(request.url) if request.is_navigation_request() else None)
    page.on("response", lambda answer: seen.pop() if answer.status in (301, 302, 303) and seen else None)
    return seen


def claim_by_key(page):  # noqa: F811
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/desk/leads/"))
    page.wait_for_selector('[aria-keyshortcuts="r"]')


def reveal_by_key(page):  # noqa: F811
    page.keyboard.press("r")
    page.locator(".phone, #reveal-why").first.wait_for()
    if page.locator("#reveal-why").count():  # at an hour that is not safe, or if a reason came up meanwhile
        page.locator("#reveal-why").fill("They asked for it.")
        page.keyboard.press("Enter")
    page.wait_for_selector(".phone")


def test_one_person_takes_four_keys_and_two_loads(browser, server, page, loads):  # noqa: F811
    for last in ("71", "72"):
        request_of(browser, server, by_day(last), "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    claim_by_key(page)
    reference = page.locator("h1").inner_text()
    number = page.url
    del loads[:]
    reveal_by_key(page)

    page.keyboard.press("2")
    page.wait_for_selector('[aria-keyshortcuts="t"]')
    page.wait_for_selector(".messagelist")
    in_place = list(loads)
    page.keyboard.press("t")
    page.wait_for_url(lambda address: address != number)

    assert in_place == []
    assert len(loads) == 1
    assert reference in page.locator(".messagelist").inner_text()

    page.keyboard.press("u")
    page.wait_for_url(number)
    assert reference == page.locator("h1").inner_text()
    page.keyboard.press("t")
    page.wait_for_url(lambda address: address != number)


PAUSE = 4000  # milliseconds: a key that is pressed while a page loads may be lost, and never acts on another page


def press_in_queue(page, keys):  # noqa: F811
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    page.wait_for_selector('[aria-keyshortcuts="c"]')
    press(page, keys)


def press(page, keys):  # noqa: F811
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(PAUSE)
    page.wait_for_load_state("networkidle")  # on a slow machine the last key may still be under way


def test_four_keys_at_full_speed_never_promise_a_call_that_nobody_made(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("80"), "Marisol")
    press_in_queue(page, "cr2t")
    if page.locator(".messagelist", has_text="Follow-up promised").count():
        next_person = page.url
        page.keyboard.press("u")
        page.wait_for_url(lambda address: address != next_person)

    happened = page.locator(".timeline").inner_text()
    assert "Claimed" in happened
    assert ("Follow-up promised" in happened) <= ("Number revealed" in happened and "No answer" in happened)


def test_keys_without_a_look_at_the_number_promise_nothing(browser, server, page):  # noqa: F811
    reference, _ = request_of(browser, server, by_day("76"), "Marisol")
    sign_in(page, "consultant")
    open_lead(page, reference)
    page.wait_for_url(re.compile("/desk/leads/"))  # loaded: before its first paint a browser takes no key
    press(page, "c2t")

    assert "Claimed" in page.locator(".timeline").inner_text()
    assert page.get_by_text("Follow-up promised").count() == 0


def test_a_key_right_after_a_press_on_a_link_waits_for_the_page_of_that_link(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("76"), "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")

    page.evaluate(
        """() => {
            document.querySelector("[data-row]:last-child th a").click();
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true }));
        }"""
    )

    page.wait_for_url(re.compile("/desk/leads/"))
    page.wait_for_selector('[aria-keyshortcuts="r"]')


def test_keys_work_from_within_a_row(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("77"), "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")

    page.keyboard.press("j")
    page.keyboard.press("x")

    page.wait_for_url(re.compile("/desk/leads/"))


def test_enter_in_a_box_does_the_act_of_its_own_part(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("79"), "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    claim_by_key(page)
    page.keyboard.press("e")
    page.keyboard.type("No b")
    page.locator("[name=declined_referral]").check()
    page.keyboard.press("Enter")

    page.get_by_role("alert").wait_for()
    assert page.locator("[name=reason]").input_value() == "no_bed"
    assert page.get_by_role("alert").get_by_text("No call").count() == 1  # the close was asked for, and not a promise


def test_words_that_are_typed_while_an_act_is_under_way_stand_in_their_field_and_press_nothing(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("82"), "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    claim_by_key(page)
    lead = page.url
    reveal_by_key(page)
    page.route("**/record-call/", lambda route: (time.sleep(1), route.continue_()))

    page.keyboard.press("2")
    page.keyboard.press("n")
    page.keyboard.type("they run tests")

    page.locator(".messagelist").wait_for()
    page.wait_for_function("document.activeElement.id === 'note'")
    assert page.locator("#note").input_value() == "they run tests"
    assert page.url == lead
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.type("No b")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.locator("[name=reason]").input_value() == "no_bed"


def test_back_after_a_look_leads_to_the_page_before(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("73"), "Marisol")
    sign_in(page, "consultant")
    page.goto("/desk/queue/")
    page.wait_for_selector('[aria-keyshortcuts="c"]')
    claim_by_key(page)
    reveal_by_key(page)

    page.go_back()

    assert "/desk/queue/" in page.url
    assert page.locator("h1").first.is_visible()
    page.go_forward()
    if page.locator('[aria-keyshortcuts="2"]').count():
        page.locator('[name="outcome"][value="not_called"]').click()
        page.wait_for_selector(".messagelist")


def test_back_from_a_lead_that_was_found_leads_to_those_found(browser, server, page):  # noqa: F811
    reference, _ = request_of(browser, server, by_day("78"), "Ottoline Vega")
    sign_in(page, "consultant")
    open_lead(page, "Ottoline")
    page.wait_for_url(re.compile("/desk/leads/"))

    page.go_back()

    assert "Ottoline" not in page.url
    assert page.locator("[data-row] th a").first.inner_text() == reference


def test_queue_shows_by_itself_who_has_come_and_keeps_the_place(browser, server, page):  # noqa: F811
    request_of(browser, server, by_day("74"), "Marisol")
    sign_in(page, "consultant")
    page.clock.install()
    page.goto("/desk/queue/?show=later" if not page.locator("[data-row]").count() else "/desk/queue/")
    page.locator("[data-row] a").first.focus()
    place = page.evaluate("document.activeElement.closest('[data-row]').dataset.row")
    before = page.locator("h1").inner_text()

    request_of(browser, server, by_day("75"), "Marisol")
    with page.expect_response(lambda answer: "/desk/queue/" in answer.url):
        page.clock.fast_forward(16_000)
    page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)

    assert page.evaluate("document.activeElement.closest('[data-row]')?.dataset.row") == place


def test_rules_that_they_change_during_a_call_are_not_replaced_by_the_old_ones_on_the_page(browser, server, page):  # noqa: F811
    reference, receipt = request_of(browser, server, by_day("81"), "Marisol")
    sign_in(page, "consultant")
    open_lead(page, reference)
    page.wait_for_url(re.compile("/desk/leads/"))
    claim_by_key(page)
    before = page.locator("#id_voicemail").input_value()
    theirs = browser.new_context(base_url=server).new_page()
    theirs.goto(f"{receipt}change/")
    theirs.locator("[name=voicemail][value=yes]").check()
    theirs.get_by_role("button", name="Save the change").click()
    theirs.wait_for_url(receipt)

    reveal_by_key(page)

    assert (before, page.locator("#id_voicemail").input_value()) == ("no", "yes")
    page.keyboard.press("7")
    page.locator(".messagelist").wait_for()


def test_page_of_one_person_tells_that_another_may_be_in_danger_and_leads_there(browser, server, page):  # noqa: F811
    reference, _ = request_of(browser, server, by_day("83"), "Marisol")
    sign_in(page, "consultant")
    open_lead(page, reference)
    page.wait_for_url(re.compile("/desk/leads/"))
    claim_by_key(page)
    news = page.locator("#news")
    assert news.is_hidden()

    in_danger, _ = request_of(browser, server, by_day("84"), "I took all my pills")
    page.reload()
    news.wait_for()
    news.get_by_role("link").click()

    page.get_by_role("heading", name=in_danger).wait_for()
    assert page.locator("#news").is_hidden()
    claim_by_key(page)
    hand_over(page)


def test_key_that_does_nothing_on_a_page_says_so(browser, server, page):  # noqa: F811
    sign_in(page, "consultant")
    page.goto("/desk/queue/")

    page.keyboard.press("r")

    page.locator("#key-said", has_text="“r”").wait_for()
