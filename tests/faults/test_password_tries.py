"""Who tries passwords, from as many addresses as they like, takes nothing from those who ask for a call."""

import http.client
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from threading import Event
from urllib.parse import urlencode

import pytest

from tests.faults import AT_LENGTH
from tests.faults.slow_clients import seconds_for
from tests.running import Running, running_server

pytestmark = pytest.mark.start

FORM, SIGN_IN = "/request-a-call/", "/accounts/login/"
GUESSERS = 24
LOOKS = 300 if AT_LENGTH else 60


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running_server(TRUSTED_PROXY_COUNT="1") as found:  # so that a guesser can have any address
        yield found


def guess(port: int, enough: Event) -> Counter:
    """Tries one password after the other; how often each status was the answer."""
    answers = Counter()
    token = csrf_token(port)
    typed = {"login": "consultant", "password": "a wrong password of many letters", "csrfmiddlewaretoken": token}
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrf={token}"}
    while not enough.is_set():
        address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        answers[ask(port, "POST", urlencode(typed), sent | {"X-Forwarded-For": address}).status] += 1
    return answers


def csrf_token(port: int) -> str:
    return SimpleCookie(ask(port, "GET", None, {}).headers["Set-Cookie"])["csrf"].value


def ask(port: int, method: str, body: str | None, fields: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, SIGN_IN, body, fields)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def sign_in(port: int, address: str) -> int:
    """The status for a colleague with the right password."""
    token = csrf_token(port)
    typed = {"login": "lead", "password": "quietline-demo", "csrfmiddlewaretoken": token}
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrf={token}", "X-Forwarded-For": address}
    return ask(port, "POST", urlencode(typed), sent).status


def test_form_is_answered_and_colleagues_sign_in_while_many_try_passwords(server):
    seconds_for(server.port, FORM, 20)
    enough = Event()

    with ThreadPoolExecutor(GUESSERS) as guessers:
        tries = [guessers.submit(guess, server.port, enough) for _ in range(GUESSERS)]
        took = seconds_for(server.port, FORM, LOOKS)
        colleagues = {sign_in(server.port, f"203.0.113.{at}") for at in range(5)}
        enough.set()
        answers = sum((each.result() for each in tries), Counter())

    half, most = (1000 * took[len(took) * percent // 100] for percent in (50, 99))
    print(f"{GUESSERS} guessers: form {half:.0f} ms, 99% {most:.0f} ms; answers to guesses {dict(answers)}")  # noqa: T201 - the figure
    assert took[-1] < 1
    assert colleagues == {302}
    assert set(answers) <= {200, 429}
