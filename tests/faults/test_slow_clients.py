"""Connections that send slowly or not at all take nothing from those who ask."""

import socket
import time
from collections.abc import Iterator

import psutil
import pytest

from config.edge.unread import GIVE_UP_AFTER, SEND_BUFFER, give_up_unread_answers
from config.launch.start import allow_open_files
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

    with waiting(server.port, HEADERS, COUNT), waiting(server.port, BODY, COUNT, addresses=5) as bodies:
        took = seconds_for(server.port, "/healthz", 20)
        answers = [answer(each, GIVEN_UP_AFTER + 10) for each in bodies]

    assert took[-1] < 1
    assert {each.split("\r\n")[0] for each in answers} == {"HTTP/1.1 408 Request Timeout"}
    assert all("content-security-policy: " in each and "Your request was not sent." in each for each in answers)


def test_silent_connections_of_one_address_keep_nobody_waiting_however_often_they_are_renewed(server):
    """More than Granian takes at a time by its own choice, and than a process may have open if it does not ask."""
    allow_open_files()
    for _ in range(2):
        with waiting(server.port, "", 2300):
            took = seconds_for(server.port, "/healthz", 20)
        assert took[-1] < 1
    assert "ending it" not in server.output


def held_by(port: int, clients: list[socket.socket]) -> int:
    """How many of these connections the server still has."""
    ports = {client.getsockname()[1] for client in clients}
    theirs = [each for each in psutil.net_connections("tcp") if each.laddr.port == port and each.raddr]
    return sum(each.raddr.port in ports and each.pid is not None for each in theirs)


@pytest.mark.skipif(not AT_LENGTH, reason="it waits for half a minute")
def test_connection_whose_answers_nobody_reads_is_given_up(server):
    unread = 40  # as many as one address has in the lane of pages
    article = "GET /learn/stopping-heroin-or-fentanyl-safely/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with waiting(server.port, article * 40, unread) as clients:
        held = [held_by(server.port, clients)]
        took = seconds_for(server.port, "/healthz", 20)
        time.sleep(GIVE_UP_AFTER / 1000 + 10)
        held.append(held_by(server.port, clients))

    assert held == [unread, 0]
    assert took[-1] < 1


def test_every_connection_has_the_limits_of_unread_answers_from_the_one_that_listens():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        give_up_unread_answers()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            limit = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            buffer = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)

    assert (limit, buffer) == (GIVE_UP_AFTER, 2 * SEND_BUFFER)
