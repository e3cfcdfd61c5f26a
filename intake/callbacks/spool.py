"""The spool: what people send while the database does not answer, in a file on this machine, until it is taken in.

It is an SQLite database in WAL mode with synchronous=FULL: each commit is on the disk when it returns
(sqlite.org/pragma.html#pragma_synchronous). What it holds is sealed like the rows of the real database.
"""

import logging
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from intake.callbacks.models import SENT_COLUMNS, CallbackMessage

logger = logging.getLogger(__name__)

WAIT = 1.0  # seconds for those of this process that are before us, and then for another process that is writing
LARGE = 100_000  # bytes; a request has some 3,000
MOST_PAGES = 65_536  # of 4 KB: some 60,000 requests; then the visitor reads "not sent", before the disk is full
ROOM = 50_000_000  # bytes; some 12,000 requests
PAUSE = 2.0  # seconds between two tries to empty it
TABLE = """
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, received_at TEXT NOT NULL,
    sealed BLOB NOT NULL, token_hash BLOB NOT NULL, receipt BLOB NOT NULL, public_status TEXT NOT NULL
) STRICT
"""
VERSION = 2
COLUMN_OF_2 = "ALTER TABLE message ADD COLUMN from_crowd INTEGER NOT NULL DEFAULT 0"
INSERT = f"INSERT INTO message ({', '.join(SENT_COLUMNS)}) VALUES ({', '.join('?' * len(SENT_COLUMNS))})"  # noqa: S608
WAITING = "SELECT number FROM message ORDER BY number LIMIT 100"
ONE = f"SELECT {', '.join(SENT_COLUMNS)} FROM message WHERE number = ?"  # noqa: S608
_turn = threading.Lock()


class NotKept(Exception):
    """It is not on the disk either: the spool is full, broken or may not be written."""


def keep(message: CallbackMessage) -> None:
    """When this returns, the message is on the disk. Raises NotKept."""
    values = {column: getattr(message, column) for column in SENT_COLUMNS}
    values |= {name: str(values[name]) for name in ("id", "kind", "received_at", "public_status")}
    try:
        with _in_turn(), _open() as spool:
            if len(message.sealed) > LARGE and _pages(spool) > MOST_PAGES // 2:
                raise NotKept("what is large leaves half of the spool to requests")
            spool.execute(INSERT, list(values.values()))
    except (sqlite3.Error, OSError) as error:
        raise NotKept(type(error).__name__) from error
    _take_in_later()


def receipts_of(token_hash: bytes) -> list[tuple[bytes, str]]:
    """The receipt and the public status of each message here with this hash of a token."""
    if not _file().exists():
        return []
    try:
        with _open() as spool:
            found = spool.execute("SELECT receipt, public_status FROM message WHERE token_hash = ?", [token_hash])
            return found.fetchall()
    except (sqlite3.Error, OSError) as error:
        logger.error("the spool could not be read: %s", type(error).__name__)
        return []


def take_in() -> int:
    """Move what waits into the database, in order and with its true time; returns how many are in it now.

    Each is inserted under its own id, and only then removed here: whatever dies in between, it is there once. One that
    the database refuses stays, and holds up nobody. Raises django.db.Error if the database does not answer, and
    sqlite3.Error or OSError if the spool does not.
    """
    if not _file().exists():
        return 0
    taken = 0
    with _open() as spool:
        for (number,) in spool.execute(WAITING).fetchall():
            row = spool.execute(ONE, [number]).fetchone()
            if row is None:  # another process was faster
                continue
            sent = dict(zip(SENT_COLUMNS, row, strict=True))
            message = CallbackMessage(**sent | {"from_crowd": bool(sent["from_crowd"])})  # SQLite has no boolean
            if _is_sent(message):
                spool.execute("DELETE FROM message WHERE number = ?", [number])
                spool.commit()
                taken += 1
    if taken:
        logger.info("took %s messages in from the spool", taken)
    return taken


def _is_sent(message: CallbackMessage) -> bool:
    try:
        message.send()
    except Error as error:
        if not connection.is_usable():
            raise
        logger.error("message %s of the spool was refused: %s", message.pk, type(error).__name__)
        return False
    return True


def _pages(spool: sqlite3.Connection) -> int:
    """In use, of MOST_PAGES."""
    pages, free = (spool.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
    return pages - free


def has_room() -> bool:
    """Whether the disk of the spool can still take what would come in an outage."""
    folder = next(folder for folder in (_file().parent, *_file().parents) if folder.exists())
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def count() -> int:
    """How many messages wait here."""
    if not _file().exists():
        return 0
    with _open() as spool:
        return spool.execute("SELECT count(*) FROM message").fetchone()[0]


def serve_spool() -> None:
    """For the start of a process that answers visitors: a broken file is set aside, and what is left is taken in.

    From here on this process empties the spool itself, so that a machine without a worker needs none.
    """
    global _mover
    _mover = _Mover()
    try:
        if _file().exists() and not _is_whole():
            aside = _file().with_name(f"broken-{int(time.time())}.sqlite3")
            _file().rename(aside)
            logger.error("the spool was broken and is set aside as %s; what it holds must be read by hand", aside.name)
        if count():
            _take_in_later()
    except (sqlite3.Error, OSError) as error:
        logger.error("the spool cannot be used: %s", type(error).__name__)


def _is_whole() -> bool:
    try:
        with _open() as spool:
            return spool.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _file() -> Path:
    return Path(settings.SPOOL_DIR) / "spool.sqlite3"


@contextmanager
def _in_turn() -> Iterator[None]:
    """One thread of this process after the other. SQLite lets whoever asks at the right moment go first, so that of
    many who waited there one in a thousand waited in vain. Raises OSError after WAIT."""
    if not _turn.acquire(timeout=WAIT):
        raise TimeoutError("too many before us")
    try:
        yield
    finally:
        _turn.release()


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """A connection whose block is one transaction. Raises sqlite3.Error or OSError."""
    if not _file().exists():
        _make_folder()
    with closing(sqlite3.connect(_file(), timeout=WAIT)) as spool:
        spool.execute("PRAGMA synchronous = FULL")
        spool.execute(f"PRAGMA max_page_count = {MOST_PAGES}")
        if _version(spool) < VERSION:
            _bring_up_to_date(spool)
        with spool:
            yield spool


def _version(spool: sqlite3.Connection) -> int:
    return spool.execute("PRAGMA user_version").fetchone()[0]


def _bring_up_to_date(spool: sqlite3.Connection) -> None:
    """A new file, or one of the version before, which may hold messages. Other processes may do the same meanwhile."""
    _keep_a_log(spool)
    with spool:
        spool.execute("BEGIN IMMEDIATE")
        if _version(spool) == 0:
            spool.execute(TABLE)
        if _version(spool) < VERSION:
            spool.execute(COLUMN_OF_2)
            spool.execute(f"PRAGMA user_version = {VERSION}")
    _sync_folder()  # the name of a new file is on the disk only with its folder


def _keep_a_log(spool: sqlite3.Connection) -> None:
    """WAL mode. SQLite does not wait for other connections here, whatever its time-out, so we do."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            spool.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _make_folder() -> None:
    _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(_file(), os.O_CREAT | os.O_WRONLY, 0o600))


def _sync_folder() -> None:
    folder = os.open(_file().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class _Mover:
    """At most one thread of a process, while something waits, so that no worker is needed where there is none."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="spool", daemon=True)
                self.thread.start()

    def run(self) -> None:
        while True:
            time.sleep(PAUSE)
            with suppress(Error, sqlite3.Error, OSError):
                take_in()
            connection.close()
            with self.lock:
                if self.is_empty():
                    self.thread = None
                    return

    def is_empty(self) -> bool:
        try:
            return count() == 0
        except (sqlite3.Error, OSError):
            return False


_mover: _Mover | None = None


def _take_in_later() -> None:
    if _mover:
        _mover.start()
