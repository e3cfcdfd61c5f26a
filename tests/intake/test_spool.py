"""Never lost: with the database away a request waits on this machine's disk, and is taken in exactly once."""

import os
import sqlite3
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from datetime import timedelta

import pytest
from django.db import InternalError, OperationalError, connection
from django.utils import timezone

from intake.callbacks import durability, spool
from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt, token_hash
from intake.leads.models import Lead
from tests.factories import send_request
from tests.intake.form_page import FormPage

pytestmark = pytest.mark.django_db
URL = "/request-a-call/"
TYPED = {"phone": "(702) 555-0163", "name": "Zebulon & Co", "note": "After work", "consent": "on"}


@pytest.fixture
def folder(settings):
    return settings.SPOOL_DIR


@pytest.fixture
def database(monkeypatch):
    """Switches the INSERT of messages off with an error, and on again."""
    insert, reads = CallbackMessage._insert, CallbackMessage.objects.filter

    class Switch:
        def off(self, error: type[Exception] = OperationalError) -> None:
            def fail(*_args, **_values):
                raise error

            monkeypatch.setattr(CallbackMessage, "_insert", fail)

        def hidden(self) -> None:
            """Not even read."""
            self.off()
            monkeypatch.setattr(CallbackMessage.objects, "filter", CallbackMessage._insert)

        def on(self) -> None:
            monkeypatch.setattr(CallbackMessage, "_insert", insert)
            monkeypatch.setattr(CallbackMessage.objects, "filter", reads)

    return Switch()


def sealed_messages(count: int) -> list[CallbackMessage]:
    return [
        CallbackMessage(kind="request", sealed=b"sealed", token_hash=os.urandom(32), receipt=b"receipt")
        for _ in range(count)
    ]


def post(client, **answers):
    return client.post(URL, TYPED | answers)


@pytest.mark.parametrize("error", [OperationalError, InternalError])  # down or hanging; read-only
def test_request_is_kept_on_the_disk_while_the_database_is_away(client, database, error):
    database.off(error)

    response = post(client)

    assert (response.status_code, CallbackMessage.objects.count(), spool.count()) == (303, 0, 1)


def test_spooled_request_is_sealed_and_its_file_is_ours_alone(client, database, folder):
    database.off()
    token = post(client)["Location"].split("/")[2]

    held = b"".join(file.read_bytes() for file in folder.iterdir())

    assert token_hash(token) in held
    assert [word for word in (b"Zebulon", b"5550163", token.encode(), b"After work") if word in held] == []
    assert {oct(file.stat().st_mode & 0o077) for file in [folder, *folder.iterdir()]} == {"0o0"}


def test_receipt_of_a_spooled_request_opens_also_while_the_database_cannot_be_read(client, database):
    database.hidden()
    address = post(client)["Location"]

    response = client.get(address)

    assert response.status_code == 200
    assert "We will ask for Zebulon &amp; Co." in response.text


def test_receipt_that_is_not_in_the_spool_is_not_called_unknown_while_the_database_is_away(database):
    token = send_request()
    database.hidden()

    with pytest.raises(OperationalError):
        find_receipt(token)


def test_wish_for_a_stored_request_waits_in_the_spool_too(client, database):
    token = send_request()
    database.off()

    response = client.post(f"/request/{token}/", {"wish": "stop"})

    assert (response.status_code, spool.count()) == (303, 1)
    assert "We have stopped" in client.get(f"/request/{token}/").text


def test_spooled_requests_are_taken_in_once_in_order_and_with_their_true_time(client, database):
    database.off()
    addresses = [post(client, name=name)["Location"] for name in ("one", "two", "three")]
    sent_at = timezone.now()
    database.on()

    taken = [spool.take_in(), spool.take_in()]
    open_messages()

    assert (taken, spool.count()) == ([3, 0], 0)
    assert [lead.name for lead in Lead.objects.order_by("received_at")] == ["one", "two", "three"]
    assert all(sent_at - timedelta(seconds=10) < lead.received_at <= sent_at for lead in Lead.objects.all())
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_request_that_was_stored_although_no_answer_came_is_not_doubled(database):
    send_request()
    [message] = CallbackMessage.objects.all()
    spool.keep(message)

    assert spool.take_in() == 1

    assert (CallbackMessage.objects.count(), spool.count()) == (1, 0)


def test_importer_that_dies_after_each_step_neither_loses_nor_doubles(client, database, monkeypatch):
    database.off()
    for name in ("one", "two", "three"):
        post(client, name=name)
    database.on()
    send, dies_at = CallbackMessage.send, iter(range(1, 20))

    class Killed(BaseException):
        pass

    steps = 0

    def send_and_die(message):
        nonlocal steps
        send(message)
        steps += 1
        if steps == 1:
            raise Killed

    monkeypatch.setattr(CallbackMessage, "send", send_and_die)
    while spool.count():
        steps = 0
        try:
            spool.take_in()
        except Killed:
            monkeypatch.setattr(CallbackMessage, "send", send if next(dies_at) > 2 else send_and_die)

    assert CallbackMessage.objects.count() == 3


def test_message_that_the_database_refuses_holds_up_nobody(committed, client, database):
    database.off()
    post(client, name="one")
    with sqlite3.connect(spool._file()) as file:
        file.execute("UPDATE message SET received_at = '1066-10-14T00:00:00+00:00'")
    post(client, name="two")
    database.on()

    assert (spool.take_in(), spool.count()) == (1, 1)


def test_worker_empties_the_spool(client, database, worker):
    database.off()
    post(client)
    database.on()

    worker.work_once()

    assert (spool.count(), Lead.objects.count()) == (0, 1)


def test_worker_goes_on_with_a_spool_that_it_cannot_read(worker, folder):
    folder.mkdir()
    (folder / "spool.sqlite3").write_bytes(b"no database at all" * 100)
    send_request()

    worker.work_once()

    assert Lead.objects.count() == 1


def test_commit_to_the_spool_waits_for_the_disk():
    with spool._open() as file:
        assert file.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- The spool is away too: the visitor is told, and nothing typed is lost -------------------------------------------


@pytest.mark.parametrize("trouble", ["full", "no folder", "broken", "read-only"])
def test_visitor_never_reads_thank_you_for_what_is_not_on_a_disk(client, database, monkeypatch, folder, trouble):
    database.off()
    if trouble == "full":
        monkeypatch.setattr(spool, "MOST_PAGES", 3)
    elif trouble == "no folder":
        folder.write_text("a file is in its place")
    elif trouble == "broken":
        folder.mkdir()
        (folder / "spool.sqlite3").write_bytes(b"no database at all" * 100)
    else:
        post(client)
        connect = sqlite3.connect
        read_only = lambda path, **options: connect(f"file:{path}?mode=ro", uri=True, **options)  # noqa: E731
        monkeypatch.setattr(spool.sqlite3, "connect", read_only)

    responses = [post(client) for _ in range(8 if trouble == "full" else 1)]

    response = responses[-1]
    assert response.status_code == 503
    assert "was not sent" in response.text
    kept = FormPage(response.text).fields
    assert {name: kept[name] for name in TYPED} == {name: [value] for name, value in TYPED.items()}


def test_wish_that_is_nowhere_on_a_disk_says_so(client, database, folder):
    token = send_request()
    database.off()
    folder.write_text("a file is in its place")

    response = client.post(f"/request/{token}/", {"wish": "stop"})

    assert response.status_code == 503
    assert "Nothing was changed" in response.text


# --- At the start ----------------------------------------------------------------------------------------------------


def test_broken_spool_is_set_aside_at_the_start_and_a_new_one_takes_its_place(client, database, folder, monkeypatch):
    monkeypatch.setattr(spool._Mover, "start", lambda self: None)
    monkeypatch.setattr(spool, "_mover", None)
    folder.mkdir()
    (folder / "spool.sqlite3").write_bytes(b"no database at all" * 100)

    spool.serve_spool()
    database.off()

    assert post(client).status_code == 303
    [aside] = folder.glob("broken-*")
    assert aside.read_bytes().startswith(b"no database at all")


def test_spool_that_was_left_full_is_emptied_from_the_start_on(client, database, monkeypatch):
    started = []
    monkeypatch.setattr(spool._Mover, "start", lambda self: started.append(self))
    monkeypatch.setattr(spool, "_mover", None)
    database.off()
    post(client)
    before = list(started)

    spool.serve_spool()

    assert (before, len(started)) == ([], 1)


def test_process_without_a_worker_empties_the_spool_itself(client, database, monkeypatch):
    monkeypatch.setattr(spool, "PAUSE", 0)
    monkeypatch.setattr(connection, "close", lambda: None)  # this test's own
    database.off()
    post(client)
    database.on()

    spool._Mover().run()

    assert (spool.count(), CallbackMessage.objects.count()) == (0, 1)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_start_refuses_a_database_that_does_not_wait_for_its_disk(monkeypatch, name):
    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def execute(self, sql):
            self.asked = sql.removeprefix("SHOW ")

        def fetchone(self):
            return ("off" if self.asked == name else "on",)

    monkeypatch.setattr(connection, "cursor", Cursor)

    [error] = durability.check_durability(databases=["default"])

    assert (error.id, name in error.msg, error.is_serious()) == ("quietline.E001", True, True)


def test_durability_is_asked_only_where_the_database_is_named():
    assert durability.check_durability() == []
    assert len(durability.check_durability(databases=["default"])) == 3  # the tests' own database is fast and unsafe


def test_spool_folder_is_made_when_it_is_needed_and_not_before(client, database, folder):
    assert (spool.take_in(), spool.count(), folder.exists()) == (0, 0, False)
    database.off()

    post(client)

    assert os.listdir(folder)  # noqa: PTH208 - names are enough


def test_spool_of_the_version_before_is_read_on(folder):
    folder.mkdir(exist_ok=True)
    values = [str(uuid.uuid4()), "request", str(timezone.now()), b"sealed", b"hash", b"receipt", "received"]
    with closing(sqlite3.connect(folder / "spool.sqlite3")) as before, before:
        before.execute(spool.TABLE)
        before.execute("PRAGMA user_version = 1")
        before.execute(
            "INSERT INTO message (id, kind, received_at, sealed, token_hash, receipt, public_status)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            values,
        )

    assert spool.receipts_of(b"hash") == [(b"receipt", "received")]
    assert (spool.take_in(), spool.count()) == (1, 0)
    assert CallbackMessage.objects.get().from_crowd is False


def test_first_messages_of_many_at_once_are_all_kept_and_taken_in(folder, monkeypatch):
    monkeypatch.setattr(spool, "_in_turn", nullcontext)  # as if each thread were a process
    for _ in range(10):
        folder.mkdir(exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        messages = sealed_messages(12)
        ready = threading.Barrier(len(messages))

        def keep(message: CallbackMessage, ready: threading.Barrier = ready) -> None:
            ready.wait()
            spool.keep(message)

        with ThreadPoolExecutor(len(messages)) as threads:
            list(threads.map(keep, messages))

        assert (spool.count(), spool.take_in(), spool.count()) == (12, 12, 0)


def test_threads_of_a_process_write_in_turn_so_that_none_waits_in_vain(monkeypatch, folder):
    writing, most = [], []
    opened = spool._open

    @contextmanager
    def counted():
        writing.append(1)
        most.append(len(writing))
        try:
            with opened() as file:
                yield file
        finally:
            writing.pop()

    monkeypatch.setattr(spool, "_open", counted)
    messages = sealed_messages(16)
    with ThreadPoolExecutor(len(messages)) as pool:
        list(pool.map(spool.keep, messages))

    assert (max(most), spool.count()) == (1, len(messages))
