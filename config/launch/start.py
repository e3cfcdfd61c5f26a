"""What `make run` starts: all that a fresh machine needs, then the server with the worker beside it, until stopped."""

import argparse
import errno
import fcntl
import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from config.edge.addresses import CMS, DESK, HEALTHZ
from config.edge.pulse import WORKER_MISSED, Pulses, folder_of, folder_of_worker
from config.launch import keys
from config.launch.children import Child, start_child, watch
from config.launch.embedded_postgres import EmbeddedPostgres
from config.launch.environment import forget_keys_of_others, is_on, read_environment, remember_database
from config.launch.processes import MARK, CannotStart, end_group, end_left_over, end_with_parent, start
from config.launch.words import WHY_NOT, complain, make_folder, say, why_not

OPEN_FILES = 65536
READY_LIMIT, ANSWER_LIMIT = 60, 5  # seconds
GRANIAN = (
    "--interface rsgi --http 1 --no-ws --no-access-log --log-level error --workers 2 "
    # One address can open some 28,000 connections; one that is silent costs less than a thread, and goes after 10 s.
    "--backlog 2048 --backpressure 16384 --http1-header-read-timeout 10000 --http1-buffer-size 32768 "
    "--workers-kill-timeout 5 --respawn-failed-workers --respawn-interval 1"
).split()
APP = "config.wsgi:front"
WITH_WORKER = ("worker", "all")  # a desk has its worker elsewhere, or starts one with ROLE=worker
SIGN_INS = "consultant, lead, editor, reviewer, manager"


class Stopped(BaseException):
    """Somebody asked us to stop."""


def main() -> int:
    forget_keys_of_others()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--end-with-parent", action="store_true", help="stop when the program that called this ends")
    if parser.parse_args().end_with_parent:
        end_with_parent(signal.SIGTERM, os.getppid())
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _raise_stopped)
    os.umask(0o077)
    allow_open_files()
    try:
        with ExitStack() as stack:
            try:
                serve(stack)
            finally:
                _ignore_further_signals()
    except Stopped:
        say("stopped")
    except CannotStart as problem:
        complain(str(problem))
        return 1
    except OSError as error:
        if error.errno not in WHY_NOT:
            raise
        complain(why_not(error))
        return 1
    return 0


def serve(stack: ExitStack) -> None:
    """Start everything in order; `stack` ends it in the opposite order."""
    environment, var, port = read_environment()
    host, role = environment["HOST"], environment["ROLE"]
    check_proxy(environment)
    make_folder(var)
    locked = stack.enter_context(lock(lock_of(var, role)))
    if locked:
        end_left_over(environment[MARK])
    if role != "worker":
        check_port_free(host, port)
    if not locked:
        raise CannotStart(f"Quietline already runs from {var}. Stop it first, or set VAR_DIR to another folder.")
    var.chmod(0o700)
    add_keys(environment, var)
    remember_database(environment, var)
    children = []
    if not environment.get("DATABASE_URL"):
        if role != "all":
            raise CannotStart(
                f"DATABASE_URL is not set, and ROLE={role} has no database of its own. Set it to the address of the "
                "database, with the user that docs/operations.md makes for this role."
            )
        children.append(start_database(stack, environment, var))
    run_prepare(environment)
    if role != "worker":
        server = ["-m", "granian", *GRANIAN, "--host", host, "--port", str(port), APP]
        children.append(start_child(stack, environment, "the server", server))
        children[-1].pulses = Pulses(folder_of(var, role))
        wait_until_healthy(children, partial(is_healthy, host, port, name_of(environment)))
    if role in WITH_WORKER:
        # After the server, not beside it: on two cores, that takes a second off every start.
        worker = start_child(stack, environment, "the worker", ["manage.py", "run_worker"])
        worker.pulses = Pulses(folder_of_worker(var, role), missed=WORKER_MISSED)
        worker.silence_allowed = 2 * WORKER_MISSED
        worker.is_needed = role == "worker"  # else requests are taken in and opened without it
        children.append(worker)
    greet(environment, port)
    watch(children)


def check_proxy(environment: dict[str, str]) -> None:
    """Only a proxy can say that a visitor came by https: without its word, each answer would redirect for ever."""
    is_https = is_on(environment["HTTPS"]) and environment["ROLE"] != "worker"
    if is_https and environment.get("TRUSTED_PROXY_COUNT", "0").strip() in ("", "0"):
        raise CannotStart(
            "HTTPS is on, and TRUSTED_PROXY_COUNT is 0: this server speaks http, so a proxy in front must speak https "
            "and say so in X-Forwarded-Proto. Set TRUSTED_PROXY_COUNT to the number of your proxies (most often 1), or "
            "HTTPS=off on a machine that nobody else reaches."
        )


def allow_open_files() -> None:
    """As many as the system lets us have: a connection is one, and systems begin with 1,024 for a process."""
    _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if limit == resource.RLIM_INFINITY else min(limit, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, limit))


def lock_of(var: Path, role: str) -> Path:
    """Roles can share a folder; each runs there once."""
    return var / ("lock" if role == "all" else f"lock-{role}")


@contextmanager
def lock(file: Path) -> Iterator[bool]:
    """Whether we are the only one who runs from this folder. The kernel lifts the lock however we end."""
    with file.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def check_port_free(host: str, port: int) -> None:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise CannotStart(f"Port {port} is for the system alone. Try another: PORT=8001 make run") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CannotStart(f"HOST is {host!r}, which is no address of this machine.") from None
        other = 8001 if port != 8001 else 8002
        raise CannotStart(f"Port {port} is taken by another program. Try: PORT={other} make run") from None


def add_keys(environment: dict[str, str], var: Path) -> None:
    file, role = var / keys.WHOLE, environment["ROLE"]
    if role != "all":  # a part of an installation has the keys of its part, or does not start
        keys.part_if_needed(var, role)
        environment |= keys.load(keys.file_of(var, role), given=environment, role=role)
        return
    secrets, made = keys.load_or_make(file, given=environment, data=var / "postgres")
    environment |= secrets
    source = f"read from {file}" if secrets else "from the environment"
    say(f"keys: made, in {file}" if made else f"keys: {source}")


def start_database(stack: ExitStack, environment: dict[str, str], var: Path) -> Child:
    postgres = EmbeddedPostgres(var / "postgres")
    stack.callback(postgres.stop)
    postgres.start()
    postgres.create_database("quietline")
    environment["DATABASE_URL"] = postgres.url("quietline")
    say("PostgreSQL: started")

    def launch() -> subprocess.Popen:
        postgres.start()
        return postgres.process

    return Child("PostgreSQL", launch, postgres.process)


def find_database(stack: ExitStack, environment: dict[str, str], var: Path, *, is_stopped: bool) -> None:
    if is_stopped:
        start_database(stack, environment, var)
        return
    postgres = EmbeddedPostgres(var / "postgres")
    postgres.join()
    environment["DATABASE_URL"] = postgres.url("quietline")


def run_prepare(environment: dict[str, str]) -> None:
    child = start([sys.executable, "-m", "config.launch.prepare"], environment=environment, output=subprocess.PIPE)
    try:
        for line in child.stdout:
            say(line.decode().rstrip())
        if child.wait():
            raise CannotStart("Quietline was not started; the lines above say why.")
    finally:
        end_group(child)


def name_of(environment: dict[str, str]) -> str:
    """By which the server lets itself be asked."""
    return environment["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".*") or environment["HOST"]


def wait_until_healthy(children: list[Child], is_healthy: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_LIMIT
    while time.monotonic() < deadline:
        for child in children:
            if child.process.poll() is not None:
                raise CannotStart(f"{child.name} ended at its start (exit {child.process.returncode}); see above.")
        if is_healthy():
            return
        time.sleep(0.05)
    raise CannotStart(f"The server did not answer within {READY_LIMIT} seconds.")


def is_healthy(host: str, port: int, name: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_LIMIT)
    try:
        connection.request("GET", HEALTHZ, headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greet(environment: dict[str, str], port: int) -> None:
    address = f"http://{environment['HOST']}:{port}"
    say("ready: the worker" if environment["ROLE"] == "worker" else f"ready: {address}/")
    if is_on(environment["DEMO"]):
        say(f"Sign in at {address}{DESK} or {address}{CMS} as {SIGN_INS}; password quietline-demo")
    say("Ctrl-C stops everything.")


def _raise_stopped(*_: object) -> None:
    _ignore_further_signals()
    raise Stopped


def _ignore_further_signals() -> None:
    """A second Ctrl-C must not leave half of the processes behind; what does not end is killed after its limit."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
