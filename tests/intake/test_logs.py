"""The log: ids, counts and outcomes; never what a visitor typed, and never an address that is a secret."""

import json
import logging
import sys
from http import HTTPStatus

import pytest

from config.edge.logs import JsonFormatter
from intake.callbacks.inbox import open_messages
from tests.factories import make_message, send_request

CANARY = "Zebulon Quux 702 555 0163"


@pytest.fixture
def lines():
    """What the handlers of the settings would print, each line read back."""
    written = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("django", "intake", "config", "facilities")]
    for logger in loggers:
        logger.addHandler(handler)
    yield written
    for logger in loggers:
        logger.removeHandler(handler)


def formatted(name: str, message: object, *args: object) -> dict:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, None)
    return json.loads(JsonFormatter().format(record))


def raised(name: str, error: Exception) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, "a job failed", None, sys.exc_info())
    return JsonFormatter().format(record)


def test_own_messages_are_written_with_their_values():
    line = formatted("intake.leads.models", "lead %s claimed", 7)

    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "error", "logger": "intake.leads.models", "event": "lead 7 claimed"}


@pytest.mark.parametrize("name", ["django.request", "django.security.DisallowedHost", "django", "allauth", "intakes"])
def test_values_in_messages_of_others_are_not_written(name):
    line = formatted(name, "Not Found: %s", f"/request/{CANARY}/")

    assert line["event"] == "Not Found: …"
    assert CANARY not in str(line)


@pytest.mark.parametrize("message", [f"user typed {CANARY}", ValueError(CANARY), {"name": CANARY}])
def test_ready_made_messages_of_others_are_not_written(message):
    line = formatted("django.request", message)

    assert line["event"] == "test_logs.None"  # the place that wrote it
    assert "Zebulon" not in str(line)


def test_message_of_nothing_but_values_is_named_by_its_place():
    line = formatted("django.request", "%s: %s", "Not Found", f"/request/{CANARY}/")

    assert line["event"] == "test_logs.None"


@pytest.mark.parametrize("name", ["django.request", "intake.callbacks.views"])
def test_exception_is_written_by_class_and_place_without_its_message(name):
    line = raised(name, ValueError(CANARY))

    fields = json.loads(line)
    assert (fields["exception"], fields["frames"][-1].rpartition(" ")[2]) == ("ValueError", "raised")
    assert "Zebulon" not in line


def test_exception_that_was_caused_by_another_tells_neither_message(lines):
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise RuntimeError(CANARY) from cause
    except RuntimeError:
        logging.getLogger("intake").exception("a job failed")

    assert [json.loads(line)["event"] for line in lines] == ["a job failed"]
    assert "Zebulon" not in lines[0]


def test_line_is_one_line_whatever_is_in_it():
    record = logging.LogRecord("intake", logging.INFO, __file__, 1, "one\ntwo \u2028 %s", ("\n{",), None)

    line = JsonFormatter().format(record)

    assert line.count("\n") == 0
    assert json.loads(line)["event"] == "one\ntwo \u2028 \n{"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/request/{token}/", "/request/{token}/x/", "/request/{token}.x/", "/desk/{token}/"])
def test_token_in_an_address_is_not_written_when_it_is_not_found(client, lines, path):
    token = "Ab3-" + "q" * 18

    response = client.get(path.format(token=token))

    assert response.status_code in (404, 302)
    assert [line for line in lines if token in line] == []
    assert [json.loads(line)["status"] for line in lines] == [404] * (response.status_code == 404)


@pytest.mark.django_db
def test_bad_requests_write_nothing_that_was_typed(client, lines):
    client.post("/request-a-call/", {"phone": CANARY, "name": CANARY})
    client.post("/request-a-call/", {"phone": CANARY}, headers={"origin": "https://zebulon.example"})
    client.post("/request-a-call/", {"note": CANARY * 10_000})
    client.get("/request-a-call/", {"from": CANARY}, headers={"host": "zebulon.example"})

    statuses = [json.loads(line).get("status") for line in lines]
    assert {422, 403, 413, 400} <= {*statuses}
    assert [line for line in lines if "zebulon" in line.lower()] == []


@pytest.mark.django_db
def test_message_that_cannot_be_opened_is_written_by_its_id_alone(lines):
    message = make_message({"phone": CANARY, "name": CANARY})

    open_messages()

    assert [json.loads(line)["event"] for line in lines] == [f"message {message.pk} is unreadable: NotTheContract"]
    assert "Zebulon" not in lines[0]


@pytest.mark.django_db
def test_accepted_request_writes_nothing_that_was_typed(client, lines):
    send_request(name="Zebulon")
    client.post("/request-a-call/", {"phone": "(702) 555-0163", "name": "Zebulon", "consent": "on"})

    assert [line for line in lines if "Zebulon" in line or "555-0163" in line or "5550163" in line] == []


@pytest.mark.django_db
def test_crash_of_a_page_writes_its_place_and_nothing_that_was_typed(client, lines, monkeypatch):
    def crash(*args, **kwargs):
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr("intake.callbacks.views.submit_request", crash)
    client.raise_request_exception = False

    response = client.post("/request-a-call/", {"phone": "(702) 555-0163", "name": "Zebulon", "consent": "on"})

    [line] = [json.loads(line) for line in lines]
    assert (response.status_code, line["status"], line["exception"], line["route"]) == (
        500, 500, "ZeroDivisionError", "request-a-call/",
    )  # fmt: skip
    assert line["frames"][-1].endswith(" crash")
    assert "Zebulon" not in lines[0]
    assert "Something went wrong on our side" in response.text


def test_an_answer_of_a_kind_is_named_by_its_kind():
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s: %s", (CANARY, CANARY), None)
    record.status_code = 422

    line = json.loads(JsonFormatter().format(record))

    assert (line["event"], line["status"]) == (HTTPStatus(422).phrase, 422)
