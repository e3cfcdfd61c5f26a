"""How long an answer waits for the database: once, and not long.

A database that hangs (its processes stopped, its machine gone, the network dropping packets) ends no statement by its
own limits. So each wait has a deadline of ours, and after one that passed nobody waits: for some seconds every
statement fails at once, then one is let through to try.
"""

import select
import time
from threading import Lock
from typing import Any

from psycopg2 import OperationalError, extensions

# More than statement_timeout of the settings: what a database ends by itself is slow, and does not hang.
DEADLINE = 1.8  # seconds
REST = 3.0  # seconds in which nobody tries


class Circuit:
    """Opens at a deadline that passed. It stays open until something is answered again."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.is_open = False
        self.tried_again_at = 0.0  # on the monotonic clock

    def check(self) -> None:
        """Raises OperationalError while it is open and rests."""
        if self.is_open and time.monotonic() < self.tried_again_at:
            raise OperationalError("The database did not answer a moment ago.")

    def enter(self) -> None:
        """As check(), and after each rest lets one caller through."""
        with self.lock:
            if not self.is_open:
                return
            self.check()
            self.tried_again_at = time.monotonic() + DEADLINE + REST

    def open(self) -> None:
        with self.lock:
            self.is_open = True
            self.tried_again_at = time.monotonic() + REST

    def close(self) -> None:
        if self.is_open:
            with self.lock:
                self.is_open = False


circuit = Circuit()


class Connection(extensions.connection):
    """Opens no socket while the circuit rests: wait() is asked only after that.

    A database that hangs keeps each such socket, and starts a process for it when it goes on. In 2.5 seconds one
    thread left 203 of them, and for a while nobody was let in ("too many clients").
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        circuit.check()
        super().__init__(*args, **kwargs)


def wait(connection: extensions.connection) -> None:
    """psycopg2's wait callback: for a connection to open, and for each answer. Raises OperationalError."""
    circuit.enter()
    deadline = time.monotonic() + DEADLINE
    poller = select.poll()  # select() takes no descriptor over 1,023, and slow clients may hold those below
    is_answered = True  # if only by a refusal, as of a database that is down: nobody waits for that
    try:
        while (state := connection.poll()) != extensions.POLL_OK:
            poller.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
            is_answered = bool(poller.poll(max(0.0, deadline - time.monotonic()) * 1000))
            if not is_answered:
                raise OperationalError("The database does not answer.")
    finally:
        circuit.close() if is_answered else circuit.open()


def keep_deadlines() -> None:
    """For a process that answers people. COPY does not work after this, and nothing here needs it."""
    extensions.set_wait_callback(wait)
