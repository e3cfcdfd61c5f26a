"""Connections that send slowly or not at all take nothing from those who ask."""

from collections.abc import Iterator

import pytest

from tests.faults import AT_LENGTH
from tests.faults.slow_clients import BODY, HEADERS, answer, seconds_for, waiting
from tests.running import Running, running_server

pytestmark = pytest.mark.start

COUNT = 500 if AT_LENGTH else 100
GIVEN_UP_AFTER = 10  # seconds, as the front says


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running_server() as found:
        yield found


def test_others_are_answered_at_once_while_slow_clients_wait_and_those_are_given_up(server):
    seconds_for(server.port, "/healthz", 20)

    with waiting(server.port, HEADERS, COUNT), waiting(server.port, BODY, COUNT) as bodies:
        took = seconds_for(server.port, "/healthz", 20)
        answers = [answer(each, GIVEN_UP_AFTER + 10) for each in bodies]

    assert took[-1] < 1
    assert {each.split("\r\n")[0] for each in answers} == {"HTTP/1.1 408 Request Timeout"}
    assert all("content-security-policy: " in each and "Your request was not sent." in each for each in answers)
