"""Waiting for the database: a deadline, paid once, and an end of it when the database answers again."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import psutil
import psycopg2
import pytest
from psycopg2 import OperationalError, extensions

from config.edge import database
from config.launch.embedded_postgres import SUPERUSER, EmbeddedPostgres
from tests.running import var_folder


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A database of its own, because it is stopped."""
    with var_folder() as var:
        server = EmbeddedPostgres(var / "postgres", settings={"fsync": "off"})
        server.start()
        server.create_database("quietline")
        yield server
        server.stop()


@pytest.fixture
def circuit(monkeypatch) -> Iterator[database.Circuit]:
    """Deadlines are kept during the test, by a circuit of its own, and a rest is short."""
    monkeypatch.setattr(database, "circuit", database.Circuit())
    monkeypatch.setattr(database, "DEADLINE", 0.5)
    monkeypatch.setattr(database, "REST", 0.5)
    database.keep_deadlines()
    yield database.circuit
    extensions.set_wait_callback(None)


@pytest.fixture
def stopped(postgres):
    """Stops every process of the database, and lets them go on at the end at the latest."""
    processes = []

    def stop() -> None:
        main = psutil.Process(postgres.process.pid)
        processes.extend([main, *main.children(recursive=True)])
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def resume() -> None:
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # what a client has left may end just then
                process.resume()
        processes.clear()

    stop.resume = resume
    yield stop
    resume()


def seconds_to_fail(act) -> float:
    began = time.monotonic()
    with pytest.raises((OperationalError, psycopg2.InterfaceError)):
        act()
    return time.monotonic() - began


def ask(connection) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchall()


def test_statement_of_a_database_that_hangs_ends_at_the_deadline_and_the_next_at_once(postgres, circuit, stopped):
    first, second = psycopg2.connect(postgres.url("quietline")), psycopg2.connect(postgres.url("quietline"))
    stopped()

    paid = seconds_to_fail(lambda: ask(first))
    others = [
        seconds_to_fail(lambda: ask(second)),
        seconds_to_fail(lambda: psycopg2.connect(postgres.url("quietline"))),
    ]

    assert 0.4 < paid < 1.5
    assert max(others) < 0.2


def test_connection_to_a_database_that_hangs_ends_at_the_deadline(postgres, circuit, stopped):
    stopped()

    assert 0.4 < seconds_to_fail(lambda: psycopg2.connect(postgres.url("quietline"))) < 1.5


def test_after_the_rest_one_tries_and_the_others_do_not_wait_for_it(postgres, circuit, stopped):
    stopped()
    seconds_to_fail(lambda: psycopg2.connect(postgres.url("quietline")))
    time.sleep(0.6)

    took = []
    many = [
        threading.Thread(
            target=lambda: took.append(seconds_to_fail(lambda: psycopg2.connect(postgres.url("quietline"))))
        )
        for _ in range(6)
    ]
    for each in many:
        each.start()
    for each in many:
        each.join()

    assert sorted(seconds > 0.3 for seconds in took) == [False] * 5 + [True]


def test_everything_is_served_again_once_the_database_answers(postgres, circuit, stopped):
    stopped()
    seconds_to_fail(lambda: psycopg2.connect(postgres.url("quietline")))
    stopped.resume()
    time.sleep(0.6)

    connections = [psycopg2.connect(postgres.url("quietline")) for _ in range(3)]

    assert [ask(connection) for connection in connections] == [[(1,)]] * 3
    assert not circuit.is_open


def test_slow_statement_is_ended_by_the_database_and_opens_nothing(postgres, circuit):
    connection = psycopg2.connect(postgres.url("quietline"), options="-c statement_timeout=200")

    with pytest.raises(psycopg2.errors.QueryCanceled), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")

    assert not circuit.is_open


def test_descriptor_over_a_thousand_is_waited_for(postgres, circuit):
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert ask(psycopg2.connect(postgres.url("quietline"))) == [(1,)]
    finally:
        for file in files:
            os.close(file)


def test_database_that_hangs_finds_no_crowd_of_dead_connections_when_it_goes_on(postgres, circuit, stopped):
    with closing(psycopg2.connect(postgres.url("quietline", user=SUPERUSER))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET log_connections = on")
            cursor.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
    before = postgres.log.read_text().count("connection received")
    stopped()

    for _ in range(200):
        seconds_to_fail(lambda: psycopg2.connect(postgres.url("quietline"), connection_factory=database.Connection))
    stopped.resume()
    time.sleep(2)

    assert postgres.log.read_text().count("connection received") - before < 10
