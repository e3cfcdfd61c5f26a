"""Each process of the server shows that it lives: who started it ends one that hangs while its neighbours answer."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

EVERY = 1  # second
MISSED = 10  # seconds; an event loop on a loaded machine is late by one or two
WORKER_MISSED = 60  # seconds; a round of the worker is far shorter, also in a flood


def folder_of(var: Path, role: str) -> Path:
    """With a file for each process of this role, named by its id."""
    return var / f"pulses-{role}"


def folder_of_worker(var: Path, role: str) -> Path:
    """With the file of the worker that was started for this role."""
    return var / f"pulses-worker-of-{role}"


def touch(folder: Path) -> None:
    """This process lives. A disk that is full or read-only stops nobody."""
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        (folder / str(os.getpid())).touch()


async def beat(folder: Path, is_well: Callable[[], bool]) -> None:
    """Show that this process lives, as long as it is well."""
    while True:
        if is_well():
            touch(folder)
        await asyncio.sleep(EVERY)


class Pulses:
    """Of the processes of one group, as whoever started them sees them."""

    def __init__(self, folder: Path, missed: float = MISSED) -> None:
        self.folder, self.missed = folder, missed
        # The time of a file, and when, on our clock, it was new to us.
        self.seen: dict[Path, tuple[int | None, float]] = {}
        self.heard = time.monotonic()  # the last pulse of any

    @property
    def silence(self) -> float:
        """Seconds since any process showed that it lives; less than none while a start is given time."""
        return time.monotonic() - self.heard

    def end_silent(self, group: int) -> int:
        """Kill those whose pulse has stopped; returns how many. The files of processes that ended go."""
        if not self._can_be_written():
            self.seen.clear()
            self.heard = max(self.heard, time.monotonic())
            return 0
        files = {file for file in self.folder.glob("*") if file.name.isascii() and file.name.isdecimal()}
        return sum(self._ends(file, group) for file in files | self.seen.keys())  # one whose file went is missed too

    def _ends(self, file: Path, group: int) -> bool:
        with suppress(OSError):  # the process ended, or somebody took the file away, at this moment
            if not _is_of(group, int(file.name)):
                self._forget(file)
            elif self._silence_of(file) > self.missed:
                os.kill(int(file.name), signal.SIGKILL)
                self._forget(file)
                return True
        return False

    def _can_be_written(self) -> bool:
        """On a disk that is full or read-only, silence says nothing."""
        try:
            self.folder.mkdir(exist_ok=True)
            (self.folder / "here").touch()
        except OSError:
            return False
        return True

    def _silence_of(self, file: Path) -> float:
        """Seconds, on the monotonic clock, since the file changed: the other clock can be set."""
        changed = file.stat().st_mtime_ns if file.exists() else None
        if file not in self.seen or changed not in (None, self.seen[file][0]):
            self.seen[file] = (changed, time.monotonic())
            self.heard = max(self.heard, time.monotonic())
        return time.monotonic() - self.seen[file][1]

    def _forget(self, file: Path) -> None:
        self.seen.pop(file, None)
        file.unlink(missing_ok=True)


def _is_of(group: int, pid: int) -> bool:
    """The kernel gives a number again that has become free, and it may be anybody's then."""
    try:
        return os.getpgid(pid) == group
    except (ProcessLookupError, PermissionError, OverflowError):
        return False
