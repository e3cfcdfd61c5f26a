"""A pytest plugin: the database and the throwaway keys of the tests, before Django reads its settings.

It is loaded by `-p` in pyproject.toml, because pytest-django reads the settings before any conftest.
`DATABASE_URL` in the environment replaces the embedded database.
"""

import atexit
import fcntl
import os
import sys
from pathlib import Path

from config.launch.embedded_postgres import SUPERUSER, EmbeddedPostgres
from config.launch.keys import new_keys
from config.launch.processes import BASE_DIR, CannotStart

VAR_DIR = BASE_DIR / "var"
RUNS_AT_ONCE = 8
# The unit tests' data is thrown away, so it need not survive a power cut. The real server keeps PostgreSQL's defaults.
FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ROLE_AND_MODE = {"ROLE": "all", "DEMO": "off", "HTTPS": "off", "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost"}
ONE_ADDRESS = {"REQUESTS_AN_HOUR": "1000000"}  # for everybody: it is no flood, but where a test says so

_before: dict[str, str] = {}
_lock = None


def environment_before_tests() -> dict[str, str]:
    """What the tests were started with: for programs that must find their own database and keys."""
    ours = {*ROLE_AND_MODE, *new_keys(), "DATABASE_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE", "HOST", "PORT", "DEBUG"}
    return {name: value for name, value in _before.items() if name not in ours} | ONE_ADDRESS


def _prepare_environment() -> None:
    _before.update(os.environ)
    os.environ.pop("DEBUG", None)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _start_postgres()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.update(ROLE_AND_MODE | ONE_ADDRESS | new_keys())


def _start_postgres() -> str:
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    postgres = EmbeddedPostgres(_free_folder(), settings=FAST_AND_UNSAFE)
    atexit.register(postgres.stop)  # also runs where a conftest cannot be imported
    try:
        postgres.start()
        postgres.create_database("quietline")
    except CannotStart as problem:
        sys.exit(f"The tests have no database. {problem}")
    # Tests make databases and roles, and on a busy machine, dropping one takes longer than a visitor would wait.
    return f"{postgres.url('quietline', user=SUPERUSER)}&options=-c%20statement_timeout%3D30000"


def _free_folder() -> Path:
    """A data folder that no other run of the tests uses; the lock goes when this process ends."""
    global _lock
    for number in range(1, RUNS_AT_ONCE + 1):
        folder = VAR_DIR / (f"test-postgres-{number}" if number > 1 else "test-postgres")
        _lock = folder.with_name(f"{folder.name}.lock").open("w")
        try:
            fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
        except BlockingIOError:
            _lock.close()
    sys.exit(f"{RUNS_AT_ONCE} runs of the tests are going on in this folder. Wait for one to end.")


_prepare_environment()
