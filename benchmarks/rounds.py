"""One round of one side: its load, and what it cost the machine."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from benchmarks.processor import Others, used_by
from config.launch.processes import BASE_DIR


class NotMeasured(Exception):
    """A figure would not mean what it says; the message tells why."""


@dataclass
class Outcome:
    """What a load reports: how many were served, in how many seconds, and the processor seconds of the load itself."""

    served: int
    seconds: float
    load_seconds: float = 0.0
    delay: tuple[float, float, float] | None = None  # seconds: of half of the answers at most, of 99 in 100, and of all


@dataclass
class Round:
    """An outcome with the processor seconds of the serving side, and the share of the machine that others took."""

    outcome: Outcome
    server_seconds: float
    others: float

    @property
    def rate(self) -> float:
        return self.outcome.served / self.outcome.seconds


class Side(Protocol):
    """One of two things that are compared."""

    name: str

    def measure(self, seconds: int) -> Round: ...


def measured(work: Callable[[], Outcome], *, pids: list[int]) -> Round:
    """Do the work and weigh it; `pids` are the processes that serve it."""
    others, before = Others(), used_by(*pids)
    outcome = work()
    return Round(outcome, server_seconds=used_by(*pids) - before, others=others.share())


def put_load(what: str, port: int, *, clients: int, seconds: int, wanted: int, body_size: int | None = None) -> Outcome:
    """Run `benchmarks.load`. Raises NotMeasured unless every answer had the wanted status and body size."""
    command = [sys.executable, "-m", "benchmarks.load", what, port, "--clients", clients, "--seconds", seconds]
    if body_size is not None:
        command += ["--body-size", body_size]
    done = run(command)
    load = json.loads(done)
    if set(load["answered"]) != {str(wanted)} or load["wrong_sizes"]:
        raise NotMeasured(
            f"Every answer of {what} must be {wanted}. Answers by status: {load['answered']}; "
            f"bodies of a wrong size: {load['wrong_sizes']}."
        )
    return Outcome(load["answered"][str(wanted)], load["seconds"], load["processor_seconds"], tuple(load["delay"]))


def run(command: list[object], environment: Mapping[str, str] | None = None) -> str:
    """What a program printed; raises NotMeasured with its complaint if it failed."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=BASE_DIR, env=environment
    )
    if done.returncode:
        raise NotMeasured(f"A program failed, exit {done.returncode}: {done.stderr.strip()}")
    return done.stdout
