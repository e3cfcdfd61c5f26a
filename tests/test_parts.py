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
            own, free_port(), ROLE="site", DATABASE_URL=address, DEMO="on", **(given if where == "environment" else {})
        )
        server.wait_until_ready()
        held = [found_in_memory(process, needles) for process in ours(own)]
        status = status_of(server.port, "/request-a-call/")
        server.stop()

    assert status == 200
    assert len(held) >= 3  # the one that started the others, and these
    assert set.union(*held) == set(HELD["site"])


def test_parts_share_a_folder_and_serve_without_a_right_on_roles_and_the_worker_needs_no_port(whole):
    var, postgres = whole
    with var_folder() as own:
        keys.write(own / keys.WHOLE, keys.read(var / keys.WHOLE))
        site = Running(own, free_port(), ROLE="site", DATABASE_URL=address_for(postgres, "site"))
        site.wait_until_ready()
        said = site.output  # the next start writes into the same file
        worker = Running(own, site.port, ROLE="worker", DATABASE_URL=address_for(postgres, "worker"))
        worker.wait_until_ready()
        served, said = status_of(site.port, "/readyz"), said + worker.output
        second = Running(own, free_port(), ROLE="site", DATABASE_URL=address_for(postgres, "site"))
        refused = second.process.wait(20)
        stopped = worker.stop(), status_of(site.port, "/healthz"), site.stop()

    assert (served, refused, stopped) == (200, 1, (0, 200, 0))
    assert "roles: loaded" not in said


def test_part_does_not_prepare_even_with_the_rights_of_the_owner_and_needs_an_address(whole):
    var, postgres = whole
    with var_folder() as own:
        keys.write(own / keys.WHOLE, keys.read(var / keys.WHOLE))
        without = Running(own, free_port(), ROLE="site")
        refused, reason = without.process.wait(20), without.output
        server = Running(own, free_port(), ROLE="desk", DATABASE_URL=postgres.url("quietline"))
        server.wait_until_ready()
        said = server.output
        server.stop()

    assert (refused, "DATABASE_URL is not set, and ROLE=site has no database" in reason) == (1, True)
    assert "roles: loaded" not in said


def test_database_is_prepared_by_its_owner_and_by_nobody_else(whole):
    var, postgres = whole

    done = manage(var, "prepare", DATABASE_URL=postgres.url("quietline", user=SUPERUSER), DEMO="off")
    refused = manage(var, "prepare", DATABASE_URL=address_for(postgres, "cms"), DEMO="off")

    assert (done.returncode, "roles: loaded" in done.stdout) == (0, True), done.stderr
    assert (refused.returncode, "Only the owner of the database prepares it" in refused.stderr) == (1, True)
