"""Requests for a call, beside pgbench inserting rows of the same size into the same database."""

import os
import re
import time

from benchmarks.rounds import NotMeasured, Outcome, Round, measured, put_load, run
from benchmarks.server import VAR, Server
from benchmarks.visitors import FORM
from config.launch.embedded_postgres import program

TABLE = "intake_callbackmessage"
PLAIN_TABLE = "benchmark_plain_row"
SEE_OTHER = 303
WORKER_LIMIT = 600  # seconds for the worker to open what one round brought
PLAIN_INSERT = (
    f"INSERT INTO {PLAIN_TABLE} (id, kind, received_at, sealed, token_hash, receipt, public_status) VALUES "
    r"(gen_random_uuid(), 'request', now(), '\x{sealed}', sha256(uuid_send(gen_random_uuid())), '\x{receipt}', "
    "'received')"
)


class Callback:
    """Asks for calls, and keeps count of what the server said it accepted."""

    name = f"POST {FORM}, accepted"

    def __init__(self, server: Server, *, clients: int) -> None:
        self.server, self.clients = server, clients
        self.accepted = 0
        self.rows_before = self._rows()

    def measure(self, seconds: int) -> Round:
        """The worker opens requests meanwhile, as it always does. Raises NotMeasured if a request was not accepted."""
        round_ = measured(lambda: self._post(seconds), pids=self.server.web_and_database())
        self.accepted += round_.outcome.served
        self._wait_for_worker()
        return round_

    def stored(self) -> int:
        return self._rows() - self.rows_before

    def _post(self, seconds: int) -> Outcome:
        return put_load("post", self.server.port, clients=self.clients, seconds=seconds, wanted=SEE_OTHER)

    def _rows(self) -> int:
        """Without the test messages of `/readyz`, which come and go."""
        return self.server.query(f"SELECT count(*) FROM {TABLE} WHERE kind <> 'canary'")[0]

    def _wait_for_worker(self) -> None:
        """Until everything is opened, so that the worker does not slow the other side down."""
        deadline = time.monotonic() + WORKER_LIMIT
        while self.server.query(f"SELECT count(*) FROM {TABLE} WHERE opened_at IS NULL")[0]:
            if time.monotonic() > deadline:
                raise NotMeasured(f"The worker did not open the requests of one round in {WORKER_LIMIT} seconds.")
            time.sleep(0.2)


class PlainInsert:
    """pgbench: one row a transaction, into a table with the same columns, constraints and indexes.

    Made after the first requests, whose sizes it takes over. The bytes are random, because sealed ones cannot be
    compressed either.
    """

    def __init__(self, server: Server, *, clients: int) -> None:
        self.server, self.clients = server, clients
        self.inserted = 0
        sealed, receipt = server.query(f"SELECT max(octet_length(sealed)), max(octet_length(receipt)) FROM {TABLE}")
        self.name = f"pgbench, one INSERT of {sealed} + {receipt} bytes"
        server.query(f"CREATE TABLE {PLAIN_TABLE} (LIKE {TABLE} INCLUDING ALL)")
        self.script = VAR / "insert.sql"
        self.script.write_text(PLAIN_INSERT.format(sealed=os.urandom(sealed).hex(), receipt=os.urandom(receipt).hex()))

    def measure(self, seconds: int) -> Round:
        round_ = measured(lambda: self._insert(seconds), pids=[self.server.postgres.process.pid])
        self.inserted += round_.outcome.served
        return round_

    def stored(self) -> int:
        return self.server.query(f"SELECT count(*) FROM {PLAIN_TABLE}")[0]

    def _insert(self, seconds: int) -> Outcome:
        options = ["--no-vacuum", "--client", self.clients, "--jobs", 2, "--time", seconds, "--file", self.script]
        printed = run([program("pgbench"), *options, self.server.database])
        count = int(re.search(r"transactions actually processed: (\d+)", printed)[1])
        rate = float(re.search(r"tps = ([\d.]+)", printed)[1])
        return Outcome(count, count / rate)
