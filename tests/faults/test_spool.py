"""A database that is away while people ask: each acknowledged request is found as one lead, with its true time."""

import http.client
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode

import psutil
import psycopg2
import pytest

from tests.faults import AT_LENGTH
from tests.running import Running, processes_of, running_server

pytestmark = pytest.mark.start

REQUESTS = 400 if AT_LENGTH else 40
TIMES = 5 if AT_LENGTH else 1
CLIENTS = 8
LONGEST_WAIT = 2.5  # seconds
TAKEN_IN_WITHIN = 60  # seconds
UNOPENED = "SELECT count(*) FROM intake_callbackmessage WHERE opened_at IS NULL"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running_server() as found:
        yield found


def signal_database(server: Running, number: signal.Signals) -> None:
    for process in processes_of(server.var):
        with suppress(psutil.NoSuchProcess):  # one may end while the list is read
            if process.name() == "postgres":
                process.send_signal(number)


def ask(server: Running, name: str) -> tuple[int, str, float]:
    """The status, the receipt's address and the seconds of one request."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    sent = urlencode({"phone": "702 555 0163", "name": name, "consent": "on"})
    connection.request("POST", "/request-a-call/", sent, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", ""), time.monotonic() - began


def rows(server: Running, sql: str) -> list[tuple]:
    address = {"host": str(server.var / "postgres"), "user": "quietline", "dbname": "quietline"}
    with psycopg2.connect(**address) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TAKEN_IN_WITHIN
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_requests_sent_while_the_database_hangs_are_each_one_lead_with_its_true_time(server):
    wait_for(lambda: rows(server, UNOPENED) == [(0,)])
    [[before]] = rows(server, "SELECT count(*) FROM intake_lead")
    answers, hung = [], []
    for turn in range(TIMES):
        signal_database(server, signal.SIGSTOP)
        hung.append(datetime.now(UTC))
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers += clients.map(lambda each, turn=turn: ask(server, f"{turn}-{each}"), range(REQUESTS))
        signal_database(server, signal.SIGCONT)
        resumed = datetime.now(UTC)
        wait_for(
            lambda turn=turn: rows(server, "SELECT count(*) FROM intake_lead") == [(before + REQUESTS * (turn + 1),)]
        )

    slowest = max(seconds for _, _, seconds in answers)
    print(  # noqa: T201 - the figure
        f"{len(answers)} requests in {TIMES} hangs, all acknowledged; the slowest waited {slowest:.2f} s"
    )
    assert {status for status, _, _ in answers} == {303}
    assert slowest < LONGEST_WAIT
    assert len({address for _, address, _ in answers}) == len(answers)
    times = [at for (at,) in rows(server, "SELECT received_at FROM intake_callbackmessage ORDER BY received_at DESC")]
    assert all(hung[-1] <= at <= resumed for at in times[:REQUESTS])
