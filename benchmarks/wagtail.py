"""A form page of Wagtail, with a database of its own on the same PostgreSQL and the server that ours runs on."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from benchmarks.rounds import Outcome, Round, measured, put_load, run
from benchmarks.server import VAR, Server, free_port
from config.launch.embedded_postgres import EmbeddedPostgres
from config.launch.processes import CannotStart, start, stop

DATABASE = "wagtail_form"
SETTINGS = "benchmarks.wagtail_form.settings"
OK = 200
START_LIMIT = 60  # seconds
# As many processes and threads as ours has, under the interface that Wagtail is made for.
GRANIAN = "--interface wsgi --http 1 --no-ws --no-access-log --log-level error --workers 2 --blocking-threads 6".split()


class FormPage:
    """Sends the same answers, to the same address, and counts what Wagtail stored."""

    name = "a form page of Wagtail, stored"

    def __init__(self, server: Server, *, clients: int) -> None:
        self.server, self.clients = server, clients
        self.accepted = 0

    def measure(self, seconds: int) -> Round:
        round_ = measured(lambda: self._post(seconds), pids=self.server.web_and_database())
        self.accepted += round_.outcome.served
        return round_

    def stored(self) -> int:
        return self.server.query("SELECT count(*) FROM wagtailforms_formsubmission")[0]

    def _post(self, seconds: int) -> Outcome:
        return put_load("post", self.server.port, clients=self.clients, seconds=seconds, wanted=OK)


@contextmanager
def running_form_page(house: Server, *, clients: int) -> Iterator[FormPage]:
    """Raises CannotStart or NotMeasured. It shares the PostgreSQL of our house, and nothing else."""
    postgres = EmbeddedPostgres(VAR / "postgres")
    postgres.join()
    postgres.create_database(DATABASE)
    database, port = postgres.url(DATABASE), free_port()
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": SETTINGS}
    run([sys.executable, "-m", "benchmarks.wagtail_form.prepare"], environment)
    command = ["-m", "granian", *GRANIAN, "--port", str(port), "benchmarks.wagtail_form.wsgi:application"]
    process = start([sys.executable, *command], environment=environment)
    try:
        wait_until_open(port, process)
        yield FormPage(replace(house, port=port, database=database, supervisor=process), clients=clients)
    finally:
        stop(process)


def wait_until_open(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CannotStart("Wagtail's form page did not start.")
