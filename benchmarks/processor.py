"""Processor time: what a measured side used, and what other programs on the machine used meanwhile."""

import os
from collections.abc import Iterable
from pathlib import Path

import psutil


def used_by(*pids: int) -> float:
    """Seconds that these processes used, with all that they started, the ended ones included."""
    return sum(_used(process) for pid in pids for process in family(pid))


def family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def named(pid: int, word: str) -> list[int]:
    """The direct children of a process whose command line holds `word`."""
    return [child.pid for child in psutil.Process(pid).children() if word in _words(child)]


def machine() -> str:
    return f"{os.cpu_count()} cores{_model()}, {psutil.virtual_memory().total / 2**30:.0f} GB"


class Others:
    """The share of the whole machine that programs other than ours used since this was made, from 0 to 1."""

    def __init__(self) -> None:
        self.before = self._now()

    def share(self) -> float:
        busy, everything, ours = (after - before for after, before in zip(self._now(), self.before, strict=True))
        return max(0.0, (busy - ours) / everything) if everything else 0.0

    def _now(self) -> tuple[float, float, float]:
        times = psutil.cpu_times()
        everything = sum(times) - getattr(times, "guest", 0) - getattr(times, "guest_nice", 0)
        idle = times.idle + getattr(times, "iowait", 0)
        return everything - idle, everything, used_by(os.getpid())


def _used(process: psutil.Process) -> float:
    try:
        times: Iterable[float] = process.cpu_times()[:4]  # user, system, and those of children that ended
    except psutil.Error:
        return 0.0
    return sum(times)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f" ({names[0]})" if names else ""
