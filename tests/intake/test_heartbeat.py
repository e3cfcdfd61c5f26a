"""The worker's heartbeat, and what /readyz makes of it."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone

from intake.callbacks.heartbeat import LIMIT, Heartbeat, beat, is_beating
from intake.management.commands import run_worker

pytestmark = pytest.mark.django_db

ALL_WELL = dict.fromkeys(["database", "migrations", "worker", "disk", "stored", "opened"], True)


def test_heart_beats_from_the_first_beat_until_the_limit():
    before = is_beating()
    beat()
    fresh = is_beating()
    Heartbeat.objects.update(beat_at=Now() - LIMIT - datetime.timedelta(seconds=1))

    assert (before, fresh, is_beating()) == (False, True, False)


def test_every_beat_is_written_into_the_same_row():
    beat()
    Heartbeat.objects.update(beat_at=Now() - LIMIT * 2)
    beat()

    assert (Heartbeat.objects.count(), is_beating()) == (1, True)


def test_second_row_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="heartbeat_is_one_row"):
        Heartbeat.objects.create(id=2, beat_at=timezone.now())


def test_clock_of_this_machine_does_not_count():
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=3)):
        beat()

    assert Heartbeat.objects.filter(beat_at__lte=Now()).exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=3)):
        assert is_beating()


def test_beat_from_the_future_is_none():
    beat()
    Heartbeat.objects.update(beat_at=Now() + datetime.timedelta(minutes=1))

    assert not is_beating()


def test_machine_is_ready_once_the_worker_has_done_a_round(client, worker):
    before = client.get("/readyz")  # which sends the first test message
    worker.work_once()
    after = client.get("/readyz")

    assert (before.status_code, before.json()) == (503, ALL_WELL | {"worker": False})
    assert (after.status_code, after.json()) == (200, ALL_WELL)


def test_round_that_fails_is_no_beat(worker, monkeypatch):
    def fail() -> None:
        raise OperationalError

    monkeypatch.setattr(run_worker, "open_messages", fail)
    monkeypatch.setattr(connection, "close", lambda: None)

    worker.work_once()

    assert not is_beating()


def test_machine_is_not_ready_without_the_database(client):
    beat()

    def refuse(*_):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, dict.fromkeys(ALL_WELL, False))
