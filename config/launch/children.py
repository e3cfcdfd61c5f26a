"""The processes that a start keeps alive: each is started again when it ends, and when it hangs."""

import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from config.edge.pulse import Pulses
from config.launch.processes import CannotStart, end_group, start, stop
from config.launch.words import say

DEATHS_ALLOWED, DEATHS_WITHIN = 5, 60  # seconds; after so many of one child, it is tried again more slowly
REST_IF_NEEDED, REST_IF_NOT = 5, 30  # seconds
# A server in a flood answers late or never, and starting it anew would only make that worse: whether it lives is seen
# by its pulses, which no stranger can keep from coming.
SILENCE_ALLOWED = 40  # seconds without any pulse: by then each that hung was ended alone, and had time to come back
FIRST_HEARD_AFTER = 30  # seconds; a start on a busy machine takes as long


@dataclass
class Child:
    """One of the processes we keep alive: how it is started, and when it last died."""

    name: str
    launch: Callable[[], subprocess.Popen]
    process: subprocess.Popen
    is_needed: bool = True  # whether nobody can be served without it
    pulses: Pulses | None = None  # of its own processes
    silence_allowed: float = SILENCE_ALLOWED
    rests_until: float = 0.0  # on the monotonic clock, as the next
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))

    def look_after(self) -> None:
        """Start it again if it ended. The others go on taking requests in, and stopping them would lose those."""
        if time.monotonic() < self.rests_until:
            return
        if self.process.poll() is None:
            self.listen()
            return
        if self.rests_until:
            self.begin_again()
            return
        say(f"{self.name} ended by itself (exit {self.process.returncode}); starting it again")
        end_group(self.process)
        self.died()

    def begin_again(self) -> None:
        self.rests_until = 0.0
        try:
            self.process = self.launch()
        except CannotStart as problem:  # it ended while it started, as when it is killed twice
            say(str(problem))
            self.died()
        if self.pulses:
            self.pulses.heard = time.monotonic() + FIRST_HEARD_AFTER

    def died(self) -> None:
        self.deaths.append(time.monotonic())
        self.rests_until = time.monotonic() + self.rest()

    def rest(self) -> float:
        """Seconds until the next try. None is the last: a site that gave up would stay down until somebody looks."""
        if len(self.deaths) < DEATHS_ALLOWED or self.deaths[-1] - self.deaths[0] >= DEATHS_WITHIN:
            return 0.2 * len(self.deaths)
        rest = REST_IF_NEEDED if self.is_needed else REST_IF_NOT
        say(f"{self.name} ended {DEATHS_ALLOWED} times within {DEATHS_WITHIN} seconds; the next try is in {rest} s")
        return rest

    def listen(self) -> None:
        """End those of its processes that hang, and all of it if none shows a pulse; the next look starts it again."""
        if not self.pulses:
            return
        if self.pulses.end_silent(self.process.pid):
            say(f"a process of {self.name} hung; it was ended")
        if self.pulses.silence > self.silence_allowed:
            say(f"no process of {self.name} shows a pulse; ending it")
            end_group(self.process)


def start_child(stack: ExitStack, environment: dict[str, str], name: str, arguments: list[str]) -> Child:
    """A child that runs our Python; `stack` stops it."""

    def launch() -> subprocess.Popen:
        return start([sys.executable, *arguments], environment=environment)

    child = Child(name, launch, launch())
    stack.callback(lambda: stop(child.process))
    return child


def watch(children: list[Child]) -> None:
    while True:
        for child in children:
            child.look_after()
        time.sleep(0.2)
