"""A database that hangs: every page is answered soon, with words and a number, and no request is lost."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from tests.faults import AT_LENGTH
from tests.running import Running, processes_of, running_server

pytestmark = pytest.mark.start

FORM = "/request-a-call/"
PAGES = [
    "/",
    "/learn/stopping-heroin-or-fentanyl-safely/",
    "/facilities/",
    FORM,
    "/leave",
    "/healthz",
]
HANGS = 10 if AT_LENGTH else 1
CLIENTS = 12
NUMBER = "(702) 555-0142"


class Answered(NamedTuple):
    path: str
    status: int
    text: str
    seconds: float


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running_server() as found:
        yield found


@contextmanager
def hanging(server: Running) -> Iterator[None]:
    processes = [process for process in processes_of(server.var) if process.name() == "postgres"]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


def ask(server: Running, path: str, sent: dict[str, str] | None = None) -> Answered:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    fields = {"Content-Type": "application/x-www-form-urlencoded"} if sent else {}
    connection.request("POST" if sent else "GET", path, sent and urlencode(sent), fields)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return Answered(path, answer.status, text, time.monotonic() - began)


def test_nobody_waits_long_for_a_database_that_hangs_and_no_request_is_lost(server):
    for path in PAGES:
        ask(server, path)

    answers, sent, seconds_until_served = [], [], []
    for _ in range(HANGS):
        with hanging(server), ThreadPoolExecutor(CLIENTS) as clients:
            answers += clients.map(lambda path: ask(server, path), PAGES * 8)
            sent.append(ask(server, FORM, {"phone": "702 555 0163", "note": "After work", "consent": "on"}))
        began = time.monotonic()
        while ask(server, "/").status != 200:
            assert time.monotonic() - began < 20
            time.sleep(0.1)
        seconds_until_served.append(time.monotonic() - began)

    slow = sorted(answer.seconds for answer in [*answers, *sent])
    print(  # noqa: T201 - the figures
        f"{len(slow)} answers in {HANGS} hangs: slowest {slow[-1]:.1f} s, {sum(each > 1 for each in slow)} over 1 s; "
        f"served again after {max(seconds_until_served):.1f} s"
    )
    assert slow[-1] < 4  # the aim is 2.5; a machine in full use takes longer
    assert {answer.path: answer.status for answer in answers} == dict.fromkeys(PAGES, 503) | {
        FORM: 200,
        "/leave": 303,
        "/healthz": 200,
    }
    assert [answer for answer in answers if answer.status == 503 and NUMBER not in answer.text] == []
    assert {answer.status for answer in sent} == {303}  # on the disk, in the spool
    assert "does not answer" not in server.output
