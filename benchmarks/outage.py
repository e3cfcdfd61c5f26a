"""Requests for a call while PostgreSQL is down: they go into the spool, and are taken in when it is there again."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import processor
from benchmarks.callback import Callback
from benchmarks.rounds import NotMeasured, Round, measured
from benchmarks.server import STOP_LIMIT

TAKE_IN_LIMIT = 300  # seconds for what one round left in the spool


class Outage(Callback):
    """Asks for calls as `Callback` does, in rounds for which the database is stopped."""

    name = "the same, with PostgreSQL down"

    def measure(self, seconds: int) -> Round:
        """Waits until everything is in the database. Raises NotMeasured if a request was not accepted, or is lost."""
        web, before = processor.named(self.server.supervisor.pid, "granian"), self._rows()
        with self._stopped():
            round_ = measured(lambda: self._post(seconds), pids=web)
        self.accepted += round_.outcome.served
        self._wait_until_there_are(before + round_.outcome.served)
        self._wait_for_worker()
        return round_

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        """As in a crash, the folder of its socket stays: the server knows no other address."""
        postgres = self.server.postgres
        postgres.process.send_signal(signal.SIGINT)
        postgres.process.wait(STOP_LIMIT)
        try:
            yield
        finally:
            postgres.start()

    def _wait_until_there_are(self, rows: int) -> None:
        deadline = time.monotonic() + TAKE_IN_LIMIT
        while (there := self._rows()) < rows:
            if time.monotonic() > deadline:
                raise NotMeasured(f"{rows - there:,} requests of the spool did not come into the database.")
            time.sleep(0.2)
