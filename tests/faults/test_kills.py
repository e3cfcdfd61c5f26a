"""Processes are killed, stopped and started again while visitors ask for calls: nothing they were promised is lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from config.launch.embedded_postgres import EmbeddedPostgres
from tests.faults import AT_LENGTH
from tests.faults.visitors import Seen, asking, look_for
from tests.running import Running, free_port, processes_of, used_var_folder

pytestmark = pytest.mark.start

ROUNDS = 10 if AT_LENGTH else 1  # of each kind of kill
HANG = 10 if AT_LENGTH else 3  # seconds
STARTS = 20 if AT_LENGTH else 2
AGAIN = 60  # seconds within which requests must be taken again, on a machine that does much else


class Site:
    """A running server whose processes can be ended by what they are."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.start()

    def start(self) -> None:
        self.server = Running(self.var, self.port)
        self.server.wait_until_ready()

    @property
    def database(self) -> str:
        postgres = EmbeddedPostgres(self.var / "postgres")
        postgres.join()
        return postgres.url("quietline")

    def processes(self, is_wanted: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
        """Waits for one: after many deaths, the worker rests for half a minute."""
        deadline = time.monotonic() + AGAIN
        while not (found := [process for process in processes_of(self.var) if _is(process, is_wanted)]):
            assert time.monotonic() < deadline, f"there is nothing to kill:\n{self.server.output}"
            time.sleep(0.2)
        return found


def _is(process: psutil.Process, is_wanted: Callable[[psutil.Process], bool]) -> bool:
    try:
        return is_wanted(process)
    except psutil.NoSuchProcess:  # it ended, or its parent did
        return False


def is_granian(process: psutil.Process) -> bool:
    return "granian" in process.cmdline()


def is_its_child(process: psutil.Process) -> bool:
    """One of the processes that Granian answers with."""
    parent = process.parent()
    return parent is not None and is_granian(parent)


def is_worker(process: psutil.Process) -> bool:
    return "run_worker" in process.cmdline()


def is_database(process: psutil.Process) -> bool:
    return process.name() == "postgres" and process.parent().name() != "postgres"


def is_part_of_database(process: psutil.Process) -> bool:
    return process.name() == "postgres"


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def kill_all_and_start(site: Site) -> None:
    site.server.process.kill()
    kill(processes_of(site.var))
    site.server.process.wait()
    site.start()


def hang(site: Site) -> None:
    stopped = site.processes(is_part_of_database)
    for process in stopped:
        process.suspend()
    time.sleep(HANG)
    for process in stopped:
        process.resume()


KILLS: dict[str, Callable[[Site], None]] = {
    "one of the server's processes": lambda site: kill(site.processes(is_its_child)[:1]),
    "the server": lambda site: kill(site.processes(is_granian)),
    "the database": lambda site: kill(site.processes(is_database)),
    "all of the database": lambda site: kill(site.processes(is_part_of_database)),
    "the worker": lambda site: kill(site.processes(is_worker)),
    "everything": kill_all_and_start,
    "a hang of the database": hang,
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with used_var_folder() as var:
        found = Site(var)
        yield found
        found.server.stop()


def test_what_was_acknowledged_is_found_once_whatever_was_killed(site):
    slowest = dict.fromkeys(KILLS, 0.0)
    with asking(site.port, visitors=8, pause=0.05) as seen:
        for name in list(KILLS) * ROUNDS:
            time.sleep(2)
            KILLS[name](site)
            slowest[name] = max(slowest[name], seconds_until_taken(site, seen, after=name))

    found = look_for(seen.tokens, site.database, limit=120 + len(seen.tokens) / 20)

    print(  # noqa: T201 - the figures
        f"{len(KILLS) * ROUNDS} faults: {len(seen.tokens)} acknowledged, {found.lost} lost, {found.doubled} doubled; "
        f"answers {dict(seen.answers)}, the slowest after {seen.slowest:.1f} s; until the next was taken, at most: "
        + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest.items())
    )
    assert (found.lost, found.doubled) == (0, 0)
    assert not {"500", "502", "404"}.intersection(seen.answers)


def seconds_until_taken(site: Site, seen: Seen, *, after: str) -> float:
    moment = time.monotonic()
    while (seconds := seen.seconds_until_taken(moment)) is None:
        said = site.server.output
        assert time.monotonic() - moment < AGAIN, f"after {after}, no request is taken: {seen.answers}\n{said}"
        time.sleep(0.1)
    return seconds


def test_start_comes_up_each_time_after_everything_was_killed_at_once(site):
    took = []
    for _ in range(STARTS):
        began = time.monotonic()
        kill_all_and_start(site)
        took.append(time.monotonic() - began)

    print(f"{STARTS} starts after everything was killed: the slowest took {max(took):.1f} s")  # noqa: T201
    assert site.server.process.poll() is None
