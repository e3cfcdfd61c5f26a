"""The parts of an installation, started for real: what each holds, and what it needs to start."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest

from config.edge.held_keys import HELD
from config.launch import keys
from config.launch.embedded_postgres import SUPERUSER, EmbeddedPostgres
from tests.running import Running, free_port, processes_of, used_var_folder
from tests.test_start import manage, status_of, var_folder

pytestmark = pytest.mark.start


@pytest.fixture(scope="module")
def whole() -> Iterator[tuple[Path, EmbeddedPostgres]]:
    """A folder and a database that `make run` has prepared, with a database user for each part."""
    with used_var_folder() as var:
        postgres = EmbeddedPostgres(var / "postgres")
        postgres.start()
        superuser = postgres.url("quietline", user=SUPERUSER)
        assert manage(var, "grants", DATABASE_URL=superuser).returncode == 0
        connection = psycopg2.connect(superuser)
        with connection, connection.cursor() as cursor:
            for role in ("site", "cms", "desk"):
                cursor.execute(f"CREATE ROLE {role}_of_tests LOGIN IN ROLE quietline_{role}")
        connection.close()
        yield var, postgres
        postgres.stop()


def address_for(postgres: EmbeddedPostgres, role: str) -> str:
    return postgres.url("quietline", user=f"{'desk' if role == 'worker' else role}_of_tests")


def ours(var: Path) -> list[psutil.Process]:
    return [process for process in processes_of(var) if process.name() != "postgres"]


def found_in_memory(process: psutil.Process, needles: dict[str, bytes]) -> set[str]:
    """The names of those that stand in the memory that a process can write, or in the environment it began with."""
    found = {name for name, needle in needles.items() if needle in Path(f"/proc/{process.pid}/environ").read_bytes()}
    with Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines():
            first, _, last = line.split()[0].partition("-")
            if line.split()[1].startswith("rw"):
                with suppress(OSError, ValueError):  # what the kernel shows nobody
                    memory.seek(int(first, 16))
                    piece = memory.read(int(last, 16) - int(first, 16))
                    found |= {name for name, needle in needles.items() if needle in piece}
    return found


@pytest.mark.parametrize("where", ["environment", "file"])
def test_no_process_of_the_site_has_a_key_of_the_desk_in_its_environment_or_its_memory(whole, where):
    var, postgres = whole
    given = keys.read(var / keys.WHOLE)
    needles = {name: value.partition(":")[2].encode() or value.encode() for name, value in given.items()}
    with var_folder() as own:
        if where == "file":
            keys.write(own / keys.WHOLE, given)
        address = address_for(postgres, "site")
        server = Running(
            own, free_port(), ROLE="site", DATABASE_URL=address, **(given if where == "environment" else {})
        )
        server.wait_until_ready()
        held = [found_in_memory(process, needles) for process in ours(own)]
        status = status_of(server.port, "/request-a-call/")
        server.stop()

    assert status == 200
    assert len(held) >= 3  # the one that started the others, and these
    assert set.union(*held) == set(HELD["site"])
