"""The canary: a test message of ours that goes the way of a request, and what /readyz makes of it."""

import json
import shutil
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from psycopg2.errors import DiskFull

from config.edge.schema import migrations_ahead
from config.launch.prepare import prepare_database
from intake.callbacks import canary, inbox, spool
from intake.callbacks.heartbeat import beat
from intake.callbacks.models import CallbackMessage
from intake.leads.models import Lead
from intake.privacy.sealing import generate_key_pair
from tests.factories import make_user, send_request, sign_in

pytestmark = pytest.mark.django_db


def answers(client) -> dict:
    return client.get("/readyz").json()


def test_test_message_is_sealed_stored_opened_and_taken_out(client, worker):
    answers(client)
    stored = CallbackMessage.objects.get()
    worker.work_once()

    assert stored.kind == canary.CANARY and b"token" not in bytes(stored.sealed)
    assert CallbackMessage.objects.count() == 0
    assert answers(client) | {"disk": True} == dict.fromkeys(
        ["database", "migrations", "worker", "disk", "stored", "opened"], True
    )


def test_test_message_is_no_lead_stands_in_no_queue_and_holds_up_nobody(client):
    sign_in(client, make_user())
    canary.is_stored()
    send_request()

    opened = inbox.open_messages()
    CallbackMessage.objects.filter(kind=canary.CANARY).update(open_failed_at=timezone.now())
    page = client.get(reverse("desk:queue"))

    assert (opened, Lead.objects.count(), inbox.failed_messages()) == (1, 1, [])
    assert page.context["failed"] == [] and "test message" not in page.content.decode().lower()


def test_at_most_one_test_message_waits_for_a_process_however_often_it_is_asked(client):
    for _ in range(3):
        answers(client)
    canary._sent.next_at = 0
    answers(client)

    assert CallbackMessage.objects.count() == 1


def test_next_one_is_sent_when_it_is_time_to(client, worker):
    answers(client)
    worker.work_once()
    answers(client)
    at_once = CallbackMessage.objects.count()
    canary._sent.next_at = time.monotonic()
    answers(client)

    assert (at_once, CallbackMessage.objects.count()) == (0, 1)


def test_key_that_the_desk_cannot_open_is_seen_where_it_seals(client, worker, set_keys, settings):
    right = settings.INTAKE_PUBLIC_KEY
    set_keys(INTAKE_PUBLIC_KEY=generate_key_pair()[0])
    answers(client)
    worker.work_once()

    wrong = client.get("/readyz")
    waiting = CallbackMessage.objects.get()
    set_keys(INTAKE_PUBLIC_KEY=right)
    canary.forget()
    answers(client)
    worker.work_once()

    assert (wrong.status_code, wrong.json()["opened"], wrong.json()["worker"]) == (503, False, True)
    assert waiting.is_unreadable
    assert answers(client)["opened"]


def test_what_stays_shut_after_it_was_opened_before_is_seen_within_the_limit(client, worker):
    answers(client)
    worker.work_once()
    before = answers(client)["opened"]
    canary._sent.next_at = 0
    answers(client)  # sends the next, which nobody opens
    in_time = answers(client)["opened"]
    canary._sent.at -= canary.LIMIT + 1
    beat()

    assert (before, in_time, answers(client)["opened"]) == (True, True, False)


def test_site_whose_worker_is_away_goes_on_taking_requests(client):
    assert canary.is_stored() and canary.is_opened()


def test_test_message_that_nobody_opens_goes_after_a_day(worker, set_keys):
    set_keys(INTAKE_PUBLIC_KEY=generate_key_pair()[0])
    canary.is_stored()
    worker.work_once()
    kept = CallbackMessage.objects.count()
    with time_machine.travel(timezone.now() + canary.KEPT + timedelta(minutes=1)):
        worker.work_once()

    assert (kept, CallbackMessage.objects.count()) == (1, 0)


def test_database_that_takes_nothing_more_is_not_ready(client, worker, monkeypatch, caplog):
    """As with a full disk: what is asked is answered, what is written is not."""
    worker.work_once()

    def refuse(message):
        raise OperationalError("could not extend file") from DiskFull("of PostgreSQL")

    monkeypatch.setattr(CallbackMessage, "send", refuse)
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["database"], answer.json()["stored"]) == (503, True, False)
    assert "DiskFull" in caplog.text
    assert spool.count() == 0  # which is for what people send


def test_disk_without_room_for_an_outage_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=spool.ROOM))

    assert answers(client)["disk"] is False


@pytest.mark.parametrize("app", ["intake", "wagtailcore"])
def test_schema_ahead_of_the_code_is_not_ready_and_stops_the_start(client, app):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, '9999_next', now())", [app])

    assert answers(client)["migrations"] is False
    with pytest.raises(CommandError, match=f"{app}.9999_next"):
        prepare_database()


def test_migration_that_was_squashed_long_ago_is_not_ahead():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('intake', '0001_older', now())")

    assert migrations_ahead() == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probe_by_address_is_answered_and_a_page_under_a_name_that_is_not_ours_is_not(client, path):
    by_address = {"host": "10.11.12.13:8000"}

    assert client.get(path, headers=by_address).status_code == client.get(path).status_code
    assert client.get("/request-a-call/", headers=by_address).status_code == 400


@pytest.mark.parametrize("role", ["site", "desk"])
def test_each_part_does_its_half_with_its_own_rights(become, worker, role):
    if role == "desk":
        canary.is_stored()
    become(role)

    if role == "site":
        assert (canary.is_stored(), canary.is_opened(), canary._is_on_its_way()) == (True, True, True)
    else:
        assert (canary.open_canaries(), CallbackMessage.objects.count()) == (1, 0)


def test_contents_of_a_test_message_are_checked_as_those_of_any():
    canary.is_stored()
    message = CallbackMessage.objects.get()

    assert json.loads(inbox.read(message).to_json()).keys() == {"version", "token"}
