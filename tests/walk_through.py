"""Reads the commands of docs/operations.md with what they say, and runs them in a copy of the project."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from config.launch import packages
from tests.arrows import ROOT
from tests.embedded_database import environment_before_tests
from tests.running import event_of

LIMIT = 180  # seconds


class Step(NamedTuple):
    command: str
    says: list[str]


def steps() -> list[Step]:
    """Each command behind a `$`, with the lines below it."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Step(line[2:], []))
            else:
                found[-1].says.append(line)
    return found


def copy_of_project(folder: Path) -> None:
    """What is under version control, with the packages of the tests: tests/test_packages.py installs some for real."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith(("docs/images", "tests/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    stand_in(folder)


def stand_in(folder: Path) -> None:
    described = subprocess.run(
        [sys.executable, "-c", "import pathlib; from config.launch.packages import described as d; "
         "print(d(pathlib.Path('requirements.lock')))"],
        cwd=folder, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(folder)},
    ).stdout.strip()  # fmt: skip
    home = folder / "var" / f"venv-{described[:8]}"
    (home / "bin").mkdir(parents=True)
    (home / packages.STAMP).write_text(described)
    python = home / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)


class Terminal:
    """Runs commands in a folder, and waits for what they say."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.log = folder, folder / "log"
        self.environment = environment_before_tests() | {"PORT": str(port), "PYTHON": sys.executable}
        for name in ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "ARGS"):  # of the make that runs the tests
            self.environment.pop(name, None)
        self.server: subprocess.Popen | None = None
        self.said = ""

    def run(self, step: Step) -> None:
        """A start that says that it is ready goes on in the background; all else is waited for."""
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                ["sh", "-c", step.command],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + LIMIT
        while process.poll() is None and "Ctrl-C stops everything." not in self.log.read_text():
            assert time.monotonic() < deadline, f"{step.command} goes on:\n{self.log.read_text()}"
            time.sleep(0.1)
        self.said = "\n".join(event_of(line) for line in self.log.read_text().splitlines())
        if process.poll() is None:
            self.server = process
        if not step.says:  # of a folder or a file: what fails there says nothing that anybody would wait for
            assert process.poll() == 0, f"{step.command} failed:\n{self.said}"
        for line in step.says:
            pattern = ".*".join(re.escape(part) for part in line.split("…"))
            assert re.search(pattern, self.said), f"{step.command} did not say: {line}\n{self.said}"

    def stop(self) -> None:
        """As Ctrl-C does, which reaches make and all that it began."""
        if not self.server:
            return
        deadline = time.monotonic() + 60
        os.killpg(self.server.pid, signal.SIGINT)
        self.server.wait(60)
        with suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.killpg(self.server.pid, 0)
                time.sleep(0.1)
        self.server = None
