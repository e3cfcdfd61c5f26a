"""Visitors who go on asking for a call, whatever happens to the server, and what became of what they were told."""

import http.client
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock, Thread
from urllib.parse import urlencode

import psycopg2

from intake.callbacks.receipts import token_hash

FORM = "/request-a-call/"
LIMIT = 10  # seconds; nobody waits longer for an answer


@dataclass
class Seen:
    """What the visitors saw: the receipts they were shown, and how often each answer."""

    receipts: list[tuple[float, float, str]] = field(default_factory=list)  # sent, answered (monotonic), token
    answers: Counter = field(default_factory=Counter)  # by status, or by the name of what went wrong
    slowest: float = 0.0  # seconds

    @property
    def tokens(self) -> list[str]:
        return [token for *_, token in self.receipts]

    def seconds_until_taken(self, moment: float) -> float | None:
        """Until a request that was sent after this moment was acknowledged, if one was."""
        taken = [answered for sent, answered, _ in self.receipts[-1000:] if sent > moment]
        return min(taken) - moment if taken else None


@contextmanager
def asking(port: int, *, visitors: int, pause: float) -> Iterator[Seen]:
    """So many visitors at a time, each of whom sends another request, `pause` seconds after the answer to the last."""
    seen, numbers, lock, enough = Seen(), count(), Lock(), Event()

    def visit() -> None:
        while not enough.is_set():
            began = time.monotonic()
            answer, token = _send(port, f"Robin {next(numbers)}")
            with lock:
                seen.answers[answer] += 1
                seen.slowest = max(seen.slowest, time.monotonic() - began)
                if token:
                    seen.receipts.append((began, time.monotonic(), token))
            enough.wait(pause)

    threads = [Thread(target=visit) for _ in range(visitors)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _send(port: int, name: str) -> tuple[str, str]:
    """The status and the token of the receipt; no two requests say the same, so each is a lead of its own."""
    body = urlencode({"phone": "(702) 555-0163", "name": name, "consent": "on"})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    with closing(connection):
        try:
            connection.request("POST", FORM, body, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, ""
    location = answer.headers.get("Location", "")
    return str(answer.status), location.split("/")[-2] if location else ""


@dataclass(frozen=True)
class Found:
    """Of the requests whose receipts were shown."""

    lost: int  # not in the table, or never opened
    doubled: int  # opened into more than one lead


def look_for(tokens: list[str], database: str, *, limit: float) -> Found:
    """Waits until everything is opened, for `limit` seconds."""
    deadline = time.monotonic() + limit
    with closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute("SELECT count(*) FROM intake_callbackmessage WHERE opened_at IS NULL")
                if cursor.fetchone() == (0,):
                    break
                time.sleep(0.5)
            cursor.execute(
                "SELECT m.token_hash, count(DISTINCT l.lead_id) FROM intake_callbackmessage m "
                "JOIN intake_leadmessage l ON l.message_id = m.id GROUP BY m.token_hash"
            )
            leads = {bytes(token): number for token, number in cursor.fetchall()}
    found = [leads.get(token_hash(token), 0) for token in tokens]
    return Found(lost=found.count(0), doubled=sum(number > 1 for number in found))
