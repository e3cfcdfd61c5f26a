"""The measured house: a PostgreSQL of its own, and the production server with its worker as `make run` starts them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from benchmarks import processor
from config.edge.held_keys import SECRETS as KEY_NAMES
from config.launch.embedded_postgres import EmbeddedPostgres
from config.launch.processes import BASE_DIR, CannotStart, start
from config.launch.start import lock

VAR = BASE_DIR / "var" / "bench"
START_LIMIT = 120  # seconds; the first start compresses every static file
STOP_LIMIT = 30
READY = "Ctrl-C stops everything."
OWN = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOST", "DEBUG", "SPOOL_DIR", *KEY_NAMES}


@dataclass
class Server:
    """A running house. `database` is the address of its PostgreSQL, for psql, pgbench and psycopg2 alike."""

    port: int
    database: str
    supervisor: subprocess.Popen
    postgres: EmbeddedPostgres

    def query(self, statement: str) -> tuple:
        """The first row of what one statement gives."""
        connection = psycopg2.connect(self.database)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone() if cursor.description else ()
        finally:
            connection.close()

    def web_and_database(self) -> list[int]:
        return [*processor.named(self.supervisor.pid, "granian"), self.postgres.process.pid]


@contextmanager
def running_server() -> Iterator[Server]:
    """Raises CannotStart. Starts from an empty database, and leaves none behind."""
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock(VAR / "lock") as locked:
        if not locked:
            raise CannotStart("Another benchmark is running. Two at once would measure each other.")
        for left_over in ("postgres", "server/spool"):
            shutil.rmtree(VAR / left_over, ignore_errors=True)
        postgres = EmbeddedPostgres(VAR / "postgres")
        try:
            postgres.start()
            postgres.create_database("quietline")
            with _running_supervisor(postgres.url("quietline")) as (port, supervisor):
                yield Server(port, postgres.url("quietline"), supervisor, postgres)
        finally:
            postgres.stop()
            shutil.rmtree(VAR / "postgres", ignore_errors=True)


@contextmanager
def _running_supervisor(database: str) -> Iterator[tuple[int, subprocess.Popen]]:
    port, log = free_port(), VAR / "server.log"
    environment = {name: value for name, value in os.environ.items() if name not in OWN} | {
        "VAR_DIR": str(VAR / "server"),
        "PORT": str(port),
        "DATABASE_URL": database,
        "ROLE": "all",
        "DEMO": "on",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "127.0.0.1",
        "REQUESTS_AN_HOUR": "1000000000",  # all clients have one address
    }
    with log.open("wb") as output:
        supervisor = start([sys.executable, "-m", "config.launch.start"], environment=environment, output=output)
    try:
        _wait_until_ready(supervisor, log)
        yield port, supervisor
    finally:
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()


def _wait_until_ready(supervisor: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while READY not in log.read_text(errors="replace"):
        if supervisor.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"The server did not start. It said:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
