"""The environment of a start: what is set wins over .env, and .env over what we would choose."""

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ

from config.edge.held_keys import GIVEN, HELD, IS_READ, SECRETS, put_away
from config.edge.reach import why_public
from config.launch.processes import BASE_DIR, MARK, CannotStart
from config.launch.words import say

# What `make run` takes where nothing is set; .env.example shows the same.
DEFAULTS = {
    "ROLE": "all",
    "HTTPS": "off",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "HOST": "127.0.0.1",
    "PORT": "8000",
}
ELSEWHERE = "database-elsewhere"  # a file in VAR_DIR: what DATABASE_URL the last start had, if any
ON, OFF = environ.Env.BOOLEAN_TRUE_STRINGS, ("off", "no", "n", "false", "0")
SWITCHES = ("DEMO", "HTTPS", "HSTS_PRELOAD", "PAYER_BLIND", "CHECK_LINKS", "DUMP_BEFORE_MIGRATIONS")
NUMBERS = ("TRUSTED_PROXY_COUNT", "REQUESTS_AN_HOUR")
OTHERS_MAY = 0o077  # bits of a file's mode


def read_environment() -> tuple[dict[str, str], Path, int]:
    """The environment for the children, the folder of all that is written, and the port. Raises CannotStart."""
    read_file()
    environment = DEFAULTS | {name: value for name, value in os.environ.items() if value or name not in DEFAULTS}
    put_away(environment, environment["ROLE"])
    check_values(environment)
    environment["DEMO"] = demo_of(environment)
    environment.pop("DEBUG", None)
    text = environment["PORT"]
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise CannotStart(f"PORT is {text!r}. Set it to a number from 1 to 65535, for example PORT=8001 make run.")
    var = Path(environment.get("VAR_DIR") or BASE_DIR / "var").absolute()
    environment |= {"VAR_DIR": str(var), MARK: f"{var}/{environment['ROLE']}", "PYTHONUNBUFFERED": "1"}
    return environment, var, int(text)


def check_values(environment: Mapping[str, str]) -> None:
    """Raises CannotStart for a value that would be taken for another one, or for none."""
    if environment["ROLE"] not in HELD:
        raise CannotStart(f"ROLE is {environment['ROLE']!r}. Set it to one of {', '.join(HELD)}, or leave it out.")
    for name in SWITCHES:
        if (value := environment.get(name, "").strip().lower()) and value not in (*ON, *OFF):
            raise CannotStart(f"{name} is {value!r}. Set it to on or off.")
    for name in NUMBERS:
        if (value := environment.get(name, "").strip()) and not (value.isascii() and value.isdecimal()):
            raise CannotStart(f"{name} is {value!r}. Set it to a number, 0 or more.")
    if (zone := environment.get("TIME_ZONE", "")) and zone not in available_timezones():
        raise CannotStart(f"TIME_ZONE is {zone!r}. Set it to a name such as America/Denver.")


def read_file() -> None:
    """Put .env into our own environment, once; the processes that we start get it from there, without other roles'."""
    file = BASE_DIR / ".env"
    if file.is_file() and IS_READ not in os.environ:
        before = {name for name in (*SECRETS, *GIVEN) if name in os.environ}
        environ.Env.read_env(str(file))
        if before != {name for name in (*SECRETS, *GIVEN) if name in os.environ}:
            warn_if_wide(file)
    os.environ[IS_READ] = "yes"


def warn_if_wide(file: Path, *, is_ours: bool = False) -> None:
    """Of a file with secrets, which others than its owner may read or write. What is ours is set back by the caller."""
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & OTHERS_MAY and is_ours:
        say(
            f"keys: warning: others could read {file} (mode {mode:04o}); now only its owner can. If others use this "
            "machine, take the keys for known to them (docs/operations.md, “Keys”)"
        )
    elif mode & OTHERS_MAY:
        say(f"keys: warning: others may read {file} (mode {mode:04o}). Do: chmod 600 '{file}'")


def forget_keys_of_others() -> None:
    """Begin anew, as the same process, if we were given secrets of other roles.

    The kernel shows the environment that a process was started with for as long as it lives (/proc/PID/environ), and
    what was read from .env stays in its memory.
    """
    read_file()
    role = os.environ.get("ROLE") or DEFAULTS["ROLE"]
    if others := put_away(os.environ, role):
        say(f"keys: ROLE={role} must not have {', '.join(others)}, and goes on without. Part them: make keys")
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves, as we were called


def demo_of(environment: dict[str, str]) -> str:
    """On or off. A database of somebody's own may hold real people: a demo is made there only where it is asked for."""
    is_wanted = is_on(environment.get("DEMO") or ("off" if environment.get("DATABASE_URL") else "on"))
    why = why_public(
        https=is_on(environment["HTTPS"]),
        listens_at=environment["HOST"],
        names=environment["ALLOWED_HOSTS"].split(","),
    )
    if why and is_on(environment.get("DEMO", "")):
        say(f"demo: off, because {why}, and its password is known to all; it is for this machine alone")
    return "on" if is_wanted and not why else "off"


def remember_database(environment: dict[str, str], var: Path) -> None:
    """Which database this folder is served from, without its password: a command must not write into another."""
    file = var / ELSEWHERE
    if address := environment.get("DATABASE_URL"):
        parts = urlsplit(address)
        file.write_text(f"{parts.path.lstrip('/')} at {parts.hostname or 'a socket of this machine'}\n")
    elif file.exists():
        say(f"database: the one in {var}; the last start used {file.read_text().strip()}")
        file.unlink()


def check_database(environment: dict[str, str], var: Path) -> None:
    """Raises CannotStart where a command without DATABASE_URL would work on another database than the server."""
    file = var / ELSEWHERE
    if file.exists() and not environment.get("DATABASE_URL"):
        raise CannotStart(
            f"The server of {var} uses the database {file.read_text().strip()}, and DATABASE_URL is not set here. "
            "Set it as it is set for the server, for example in .env, so that this reaches the same database."
        )


def is_on(text: str) -> bool:
    return text.strip().lower() in ON
