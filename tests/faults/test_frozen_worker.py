"""A worker that hangs, for real: /readyz tells, it is ended, and another takes its place."""

import time
from pathlib import Path

import httpx
import psutil
import pytest

from config.edge.pulse import WORKER_MISSED, folder_of_worker
from intake.callbacks.heartbeat import LIMIT
from tests.faults import AT_LENGTH
from tests.running import Running, running_server

pytestmark = [
    pytest.mark.start,
    pytest.mark.skipif(not AT_LENGTH, reason="it takes two minutes: make test-faults"),
]


def workers(server: Running) -> list[psutil.Process]:
    """Those that showed a pulse."""
    files = [Path(file) for file in folder_of_worker(server.var, "all").glob("[0-9]*")]
    return [psutil.Process(int(file.name)) for file in files if psutil.pid_exists(int(file.name))]


def is_ready(server: Running) -> bool:
    answer = httpx.get(f"{server.url}/readyz", timeout=30)
    assert answer.json()["database"] and set(answer.json().values()) <= {True, False}
    return answer.status_code == 200


def test_worker_that_hangs_is_told_ended_and_replaced():
    with running_server() as server:
        while not is_ready(server) or not workers(server):
            time.sleep(0.2)
        (hung,) = workers(server)
        hung.suspend()
        began, told = time.monotonic(), 0.0
        while hung.is_running() and time.monotonic() - began < 2 * WORKER_MISSED:
            told = told or (0.0 if is_ready(server) else time.monotonic() - began)
            time.sleep(1)
        ended = time.monotonic() - began
        while not is_ready(server) and time.monotonic() - began < 3 * WORKER_MISSED:
            time.sleep(0.5)

        print(f"\ntold after {told:.0f} s, ended after {ended:.0f} s, ready {time.monotonic() - began:.0f} s")  # noqa: T201
        assert 0 < told < LIMIT.total_seconds() + 10
        assert WORKER_MISSED <= ended < WORKER_MISSED + 20
        assert is_ready(server) and hung.pid not in [worker.pid for worker in workers(server)]
