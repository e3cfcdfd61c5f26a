"""From a photographed card to a verified grid by the clearinghouse, through the real worker and a peer on loopback."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import psutil
import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect

from config.launch.embedded_postgres import EmbeddedPostgres
from intake.insurance.failures import OF_CHECKS
from tests.browser.by_day import by_day
from tests.browser.test_benefits import ANSWER, LEVEL, cell, problems, record_coverage, send_card
from tests.browser.test_staff import sign_in
from tests.intake.clearinghouse_peer import NOT_FOUND, Peer, clearinghouse_peer
from tests.running import Running, processes_of, running_server

pytestmark = pytest.mark.browser

NUMBER = """
INSERT INTO facilities_payeridentifier (payer_id, network, purpose, value, evidence)
SELECT id, 'Stedi', 'eligibility', '00001', '' FROM facilities_payer WHERE name = 'Example Health Plan (demo)'
"""
LATER = "UPDATE intake_check SET sent_at = sent_at - interval '1 hour' WHERE state = 'asked'"
REPLY = {"meta": {"applicationMode": "production"}, "x12": ANSWER}


class Asking(NamedTuple):
    server: Running
    peer: Peer

    def run(self, statement: str) -> None:
        postgres = EmbeddedPostgres(self.server.var / "postgres")
        postgres.join()
        with (
            closing(psycopg2.connect(postgres.url("quietline"))) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.fixture(scope="module")
def asking(chromium: str) -> Iterator[Asking]:
    with clearinghouse_peer() as peer:
        place = {"URL": peer.check_address, "KEY": "live-key", "NPI": "1234567893", "NETWORK": "Stedi"}
        with running_server(**{f"CLEARINGHOUSE_{name}": value for name, value in place.items()}) as server:
            asking = Asking(server, peer)
            asking.run(NUMBER)
            yield asking


@pytest.fixture
def page(browser: Browser, asking: Asking) -> Iterator[Page]:
    """A phone, held in one hand."""
    asking.peer.asked.clear()
    context = browser.new_context(base_url=asking.server.url, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def ready_to_ask(browser: Browser, asking: Asking, page: Page, last: str) -> None:
    reference = send_card(browser, asking.server.url, by_day(last))
    sign_in(page, "consultant")
    record_coverage(page, reference)


def press(page: Page) -> None:
    page.get_by_role("button", name="Check electronically").click()


def slow(handler) -> None:
    time.sleep(4)
    handler.reply(200, REPLY)


def test_card_becomes_a_verified_grid_by_a_clearinghouse_that_is_slow(browser, asking, page):
    ready_to_ask(browser, asking, page, "56")
    asking.peer.do = slow

    press(page)
    expect(page.locator(".check [data-news]")).to_contain_text("Sent at", timeout=20_000)
    found = problems(page)
    page.locator(".level").first.wait_for(timeout=30_000)  # without a reload

    assert "$0.00" in cell(page, "The plan", "Deductible, individual, remaining")
    assert "20 %" in cell(page, f"{LEVEL} (3.5)", "Co-insurance, patient's share")
    assert len(asking.peer.asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (found, problems(page)) == ([], [])


def test_rejection_and_broken_reply_say_what_to_do_and_are_asked_again_by_hand_alone(browser, asking, page):
    ready_to_ask(browser, asking, page, "57")
    asking.peer.always(200, {"meta": {}, "subscriber": {"aaaErrors": [NOT_FOUND]}})
    press(page)
    page.get_by_text("The plan does not find this member.").first.wait_for(timeout=30_000)

    asking.peer.do = lambda handler: handler.break_off()
    press(page)
    page.get_by_text(OF_CHECKS["unknown"].words).wait_for(timeout=30_000)
    asked = len(asking.peer.asked)
    asking.peer.always(200, REPLY)
    page.get_by_role("button", name="Ask again").click()
    page.locator(".level").first.wait_for(timeout=30_000)

    assert (asked, len(asking.peer.asked)) == (2, 3)
    assert problems(page) == []


def test_worker_that_is_killed_while_it_asks_leaves_one_request_and_says_that_it_may_be_charged(browser, asking, page):
    ready_to_ask(browser, asking, page, "58")
    asking.peer.do = lambda handler: handler.hang()
    press(page)
    deadline = time.monotonic() + 30
    while not asking.peer.asked and time.monotonic() < deadline:
        time.sleep(0.1)

    for process in processes_of(asking.server.var):
        if _is_worker(process):
            process.kill()
    asking.run(LATER)  # as if the time had passed in which an answer may come

    page.get_by_text(OF_CHECKS["lost"].words).wait_for(timeout=60_000)
    assert len(asking.peer.asked) == 1


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "run_worker" in process.cmdline()
    except psutil.NoSuchProcess:
        return False
