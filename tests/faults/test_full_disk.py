"""A disk that is really full: the form says that nothing was sent and whom to call, /readyz tells, all comes back."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults import AT_LENGTH
from tests.running import Running, free_port, used_var_folder

pytestmark = [
    pytest.mark.start,
    pytest.mark.skipif(not AT_LENGTH, reason="it takes a while: make test-faults"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk"),
]
SIZE = "600m"  # of which most is free until it is filled
MOST = 2000  # requests that 16 MB, one segment of PostgreSQL's log, may still take
WITHIN = 30  # seconds
REQUEST = {"phone": "(702) 555-0163", "name": "Robin", "consent": "on"}


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    tmp_path.chmod(0o755)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    file = disk / "fill"
    subprocess.run(["dd", "if=/dev/zero", f"of={file}", "bs=1M"], capture_output=True)
    assert shutil.disk_usage(disk).free == 0
    return file


def ready(server: Running) -> httpx.Response:
    return httpx.get(f"{server.url}/readyz", timeout=30)


def send(server: Running) -> httpx.Response:
    url = f"{server.url}/request-a-call/"
    return httpx.post(url, data=REQUEST, headers={"Origin": server.url}, timeout=30)


def send_until_refused(server: Running) -> tuple[list[str], httpx.Response]:
    """The receipts of those that still found room in what PostgreSQL had set aside, and the first answer without."""
    kept = []
    for _ in range(MOST):
        sent = send(server)
        if sent.status_code != 303:
            return kept, sent
        kept.append(f"{server.url}{httpx.URL(sent.headers['Location']).path}")
    raise AssertionError(f"{MOST} requests were acknowledged on a full disk")


def becomes_ready(server: Running) -> bool:
    deadline = time.monotonic() + WITHIN
    while ready(server).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    return ready(server).status_code == 200


def test_full_disk_is_told_to_visitors_and_operators_and_loses_nothing_that_was_acknowledged(disk):
    with used_var_folder() as used:
        var = disk / "var"
        subprocess.run(["cp", "-a", used, var], check=True)
    server = Running(var, free_port(), REQUESTS_AN_HOUR="100000")
    try:
        server.wait_until_ready()
        assert becomes_ready(server)
        filling = fill(disk)

        told, (kept, sent) = ready(server), send_until_refused(server)

        assert told.status_code == 503 and not told.json()["disk"]
        assert sent.status_code == 503 and "It was not sent" in sent.text
        assert "tel:" in sent.text and "555-0163" in sent.text and "Robin" in sent.text
        filling.unlink()
        assert becomes_ready(server)
        assert [httpx.get(receipt).status_code for receipt in kept] == [200] * len(kept)
        assert send(server).status_code == 303
        fill(disk)
        server.stop()
        again = Running(var, server.port)
        assert again.process.wait(60) == 1
        assert "full" in again.output and "Traceback" not in again.output
    finally:
        server.stop()
