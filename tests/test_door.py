"""The door in front of Django: whatever is sent, the answer is Django's own, and what Django refuses is not taken."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from config.door import Door
from intake.callbacks.forms import CallbackForm
from intake.callbacks.inbox import read
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import token_hash
from intake.callbacks.submission import submit_request

pytestmark = pytest.mark.django_db

Answer = tuple[str, list[tuple[str, str]], bytes]

FORM = "application/x-www-form-urlencoded"
GOOD = {"phone": "(702) 555-0163", "consent": "on"}
OF_ITS_OWN = ("token", "reference", "received_at")  # each request has others
SENT_OTHERWISE = {
    "plain": {},
    "from a page of ours": {"QUERY_STRING": "from=/learn/"},
    "from a browser": {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"},
    "from another site": {"HTTP_ORIGIN": "http://evil.example"},
    "from another site's frame": {"HTTP_SEC_FETCH_SITE": "cross-site"},
    "for another host": {"HTTP_HOST": "evil.example"},
    "for no host": {"HTTP_HOST": "not a host"},
    "as multipart": {"CONTENT_TYPE": "multipart/form-data; boundary=x"},
    "with a charset": {"CONTENT_TYPE": f"{FORM}; charset=latin-1"},
    "without a type": {"CONTENT_TYPE": ""},
    "with a cookie": {"HTTP_COOKIE": "session=none"},
    "too long": {"CONTENT_LENGTH": "100001"},
    "of no number": {"CONTENT_LENGTH": "²"},
    "of no length": {"CONTENT_LENGTH": ""},
    "in pieces": {"HTTP_TRANSFER_ENCODING": "chunked"},
    "cut off": {"CONTENT_LENGTH": "20"},
    "ended early": {"CONTENT_LENGTH": "5000"},
    "over HTTPS": {"wsgi.url_scheme": "https"},
    "as GET": {"REQUEST_METHOD": "GET"},
    "as HEAD": {"REQUEST_METHOD": "HEAD"},
    "as PUT": {"REQUEST_METHOD": "PUT"},
    "to a page": {"PATH_INFO": "/"},
    "to a receipt": {"PATH_INFO": "/request/none/"},
    "without the last slash": {"PATH_INFO": "/request-a-call"},
}
WRITTEN_OTHERWISE = {
    "nothing": "",
    "no consent": urlencode({"phone": "(702) 555-0163"}),
    "no number": urlencode({"phone": "12", "consent": "on"}),
    "a filled honeypot": urlencode(GOOD | {"website": "shop.example"}),
    "an unknown choice": urlencode(GOOD | {"voicemail": "sing"}),
    "a NUL": urlencode(GOOD | {"name": "a\0b"}),
    "no text": "phone=%ff%fe&consent=on",
    "no form": "\x00\x01&&&===%zz",
    "too many fields": "&".join(["times=morning"] * 2001) + "&" + urlencode(GOOD),
}


class Inside:
    """Django itself, and how often it was asked."""

    def __init__(self) -> None:
        self.handler, self.asked = WSGIHandler(), 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        return self.handler(environ, start_response)


@pytest.fixture(autouse=True)
def _within_the_transaction(monkeypatch) -> None:
    """Each request looks whether its connection is still good, and would close the one whose test is not committed."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def door(inside: Inside) -> Door:
    """A door that is open, because Django has accepted a request."""
    door = Door(inside)
    assert ask(door, urlencode(GOOD))[0] == "303 See Other"
    CallbackMessage.objects.all().delete()
    inside.asked = 0
    return door


def environ_of(body: str, **changes: Any) -> dict[str, Any]:
    content = body.encode("latin-1")
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/request-a-call/",
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
        "wsgi.errors": None,
        "wsgi.url_scheme": "http",
    } | changes


def ask(application: Any, body: str, **changes: Any) -> Answer:
    """Status, headers and body of an answer, the address of a receipt without its token."""
    answer = []
    response = application(environ_of(body, **changes), lambda status, headers: answer.extend((status, headers)))
    page = b"".join(response)
    getattr(response, "close", lambda: None)()
    status, headers = answer
    return status, sorted((name, re.sub(r"/request/[\w-]+/", "/request/…/", value)) for name, value in headers), page


def stored() -> list[dict]:
    """What was asked for, as the desk reads it; the table is empty afterwards."""
    contents = [vars(read(message)) for message in CallbackMessage.objects.all()]
    CallbackMessage.objects.all().delete()
    return [{name: value for name, value in each.items() if name not in OF_ITS_OWN} for each in contents]


def outcomes(door: Door, body: str, **changes: str) -> tuple[tuple[Answer, list], tuple[Answer, list]]:
    """What one request brings at the door, and inside."""
    return (ask(door, body, **changes), stored()), (ask(door.django, body, **changes), stored())


@pytest.mark.parametrize("changes", SENT_OTHERWISE.values(), ids=SENT_OTHERWISE)
def test_however_a_request_is_sent_the_door_answers_as_django_does(door, changes):
    at_the_door, within = outcomes(door, urlencode(GOOD), **changes)

    assert at_the_door == within


@pytest.mark.parametrize("body", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE)
def test_whatever_a_request_says_the_door_answers_as_django_does(door, body):
    at_the_door, within = outcomes(door, body)

    assert at_the_door == within


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.fixed_dictionaries(
        {"phone": st.sampled_from(["(702) 555-0163", "+44 20 7946 0958", "800 555 0100", "555-0163", "x"])},
        optional={
            "consent": st.sampled_from(["on", "", "no"]),
            "name": st.text(max_size=90),
            "note": st.text(max_size=520),
            "times": st.lists(st.sampled_from(["morning", "evening", "night"]), max_size=4),
            "time_zone": st.sampled_from(["", "America/Denver", "Mars/Base"]),
            "if_other_answers": st.sampled_from(["hang_up", "ask_for_me"]),
            "website": st.sampled_from(["", "shop.example"]),
        },
    ),
    changes=st.sampled_from(list(SENT_OTHERWISE.values())),
)
def test_no_mixture_gets_another_answer_at_the_door(door, answers, changes):
    at_the_door, within = outcomes(door, urlencode(answers, doseq=True, errors="surrogatepass"), **changes)

    assert at_the_door == within


def test_plain_good_request_does_not_go_inside(door, inside):
    status, headers, page = ask(door, urlencode(GOOD))

    assert (status, page, inside.asked, len(stored())) == ("303 See Other", b"", 0, 1)
    assert {"Content-Security-Policy", "Cache-Control", "X-Frame-Options"} <= {name for name, _ in headers}


def test_each_request_gets_a_receipt_of_its_own(door):
    addresses = []
    for _ in range(2):
        door(environ_of(urlencode(GOOD)), lambda _, headers: addresses.append(dict(headers)["Location"]))

    tokens = {address.split("/")[2] for address in addresses}
    hashes = {bytes(value) for value in CallbackMessage.objects.values_list("token_hash", flat=True)}
    assert len(tokens) == 2
    assert hashes == {token_hash(token) for token in tokens}


def test_door_is_shut_until_django_has_accepted_a_request(inside):
    door = Door(inside)

    ask(door, urlencode(GOOD | {"phone": "12"}))
    ask(door, urlencode(GOOD))

    assert (inside.asked, len(stored())) == (2, 1)


def test_https_is_asked_for_at_the_door_too(settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 1000
    inside = Inside()
    door = Door(inside)

    answers = [ask(door, urlencode(GOOD), **{"wsgi.url_scheme": way}) for way in ["http", "https", "https", "http"]]

    assert [status[:3] for status, _, _ in answers] == ["301", "303", "303", "301"]
    assert answers[1] == answers[2]
    assert "Strict-Transport-Security" in dict(answers[2][1])
    assert (inside.asked, len(stored())) == (3, 2)


def test_database_that_refuses_is_not_asked_twice_and_reported_once(door, monkeypatch, caplog):
    tries = []

    def refuse(message: CallbackMessage) -> None:
        tries.append(message)
        raise OperationalError

    monkeypatch.setattr(CallbackMessage, "send", refuse)

    status, _, page = ask(door, urlencode(GOOD | {"name": "Zebulon"}))

    assert (status[:3], len(tries)) == ("503", 1)
    assert [record.name for record in caplog.records].count("intake.callbacks.taking") == 1
    assert "We could not save your request just now." in page.decode()
    assert "Zebulon" in page.decode()


def test_crash_at_the_door_is_answered_and_reported_by_django(door, monkeypatch):
    def crash(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("intake.callbacks.taking.submit_request", crash)

    status, _, page = ask(door, urlencode(GOOD))

    assert status[:3] == "500"
    assert "Something went wrong on our side" in page.decode()


def test_sender_who_is_gone_before_the_end_stores_nothing(door):
    class Broken(BytesIO):
        def read(self, *args: int) -> bytes:
            raise OSError

    at_the_door, within = (ask(way, urlencode(GOOD), **{"wsgi.input": Broken()}) for way in (door, door.django))

    assert at_the_door == within
    assert stored() == []


def test_a_door_that_lets_a_forgery_through_is_found_out(door, monkeypatch):
    def take_all(request: Any, form: CallbackForm) -> str:
        form.is_valid()
        return f"/request/{submit_request(form.answers)}/"

    monkeypatch.setattr("config.door.take_request", take_all)

    at_the_door, within = outcomes(door, urlencode(GOOD), **SENT_OTHERWISE["from another site"])

    assert at_the_door != within
