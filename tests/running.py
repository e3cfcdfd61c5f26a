"""Start the real thing as `make run` does, in a var folder of its own, and make sure that nothing of it stays."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config.launch.processes import BASE_DIR, MARK
from tests.embedded_database import environment_before_tests

START_LIMIT = 120  # seconds; the first start in a folder compresses every static file
STOP_LIMIT = 30


class Running:
    """The supervisor of one start: its process, its address and what it printed."""

    def __init__(self, var: Path, port: int, **environment: str) -> None:
        self.var, self.port = var, port
        self.url = f"http://127.0.0.1:{port}"
        self.log = var.with_name(f"{var.name}.log")
        own = {"VAR_DIR": str(var), "PORT": str(port), **environment}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launch.start"],
                cwd=BASE_DIR,
                env=environment_before_tests() | own,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        """What it said. The lines of a start are JSON where nobody watches, as here."""
        return "\n".join(event_of(line) for line in self.log.read_text(errors="replace").splitlines())

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while "Ctrl-C stops everything." not in self.output:
            assert self.process.poll() is None, f"The server ended while starting:\n{self.output}"
            assert time.monotonic() < deadline, f"The server was not ready in {START_LIMIT} s:\n{self.output}"
            time.sleep(0.05)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(STOP_LIMIT)


def event_of(line: str) -> str:
    return json.loads(line)["event"] if line.startswith("{") and line.endswith("}") else line


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_of(var: Path) -> list[psutil.Process]:
    """Every process that carries our mark, works in our var folder or names it."""
    return [process for process in psutil.process_iter() if _belongs_to(process, var)]


def _belongs_to(process: psutil.Process, var: Path) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        words = [process.cwd(), process.environ().get(MARK, ""), *process.cmdline()]
    except psutil.Error:
        return False
    return any(word == str(var) or word.startswith(f"{var}/") for word in words)


@contextmanager
def var_folder() -> Iterator[Path]:
    """A var folder inside the project's, with the static files already there if they were collected before."""
    outer = BASE_DIR / "var"
    outer.mkdir(mode=0o700, exist_ok=True)
    var = Path(tempfile.mkdtemp(prefix="test-server-", dir=outer))
    collected = outer / "test-static"
    try:
        if collected.exists():
            shutil.copytree(collected, var / "static")
        yield var
        if (var / "static" / ".sources").exists() and not collected.exists():
            shutil.copytree(var / "static", collected)
    finally:
        for process in processes_of(var):
            process.kill()
        shutil.rmtree(var, ignore_errors=True)
        var.with_name(f"{var.name}.log").unlink(missing_ok=True)


@contextmanager
def used_var_folder() -> Iterator[Path]:
    """As after a first start that was stopped again: with keys, a database and the demo. It saves ten seconds each."""
    with var_folder() as var:
        kept = BASE_DIR / "var" / f"test-start-{_fingerprint()}"
        if not kept.exists():
            server = Running(var, free_port())
            server.wait_until_ready()
            server.stop()
            for older in kept.parent.glob("test-start-*"):
                shutil.rmtree(older)
            draft = kept.with_suffix(".new")  # so that a run that is cut off leaves no half of it
            _copy(var, draft)
            draft.rename(kept)
        else:
            shutil.rmtree(var)
            _copy(kept, var)
        yield var


def _fingerprint() -> str:
    """Of all that a first start depends on."""
    files = [file for room in ("config", "facilities", "intake") for file in (BASE_DIR / room).rglob("*.*")]
    facts = sorted(f"{file} {file.stat().st_mtime_ns}" for file in files if "__pycache__" not in file.parts)
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def _copy(source: Path, target: Path) -> None:
    """With its owners: as root, the database's files belong to another user."""
    subprocess.run(["cp", "-a", source, target], check=True)


@contextmanager
def running_server(**environment: str) -> Iterator[Running]:
    """A ready server on a free port, stopped at the end; fails if a process of it stays."""
    with used_var_folder() as var:
        server = Running(var, free_port(), **environment)
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.stop()
        assert processes_of(var) == []
