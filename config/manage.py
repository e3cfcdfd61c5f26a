"""A management command with the keys and the database of `make run`, whether that is running or not."""

import os
import sys
from contextlib import ExitStack

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, ManagementUtility
from django.db import DatabaseError, connection

from config.launch.catalogues import make_catalogues
from config.launch.environment import check_database, read_environment
from config.launch.prepare import prepare_database, wait_until_prepared
from config.launch.processes import CannotStart
from config.launch.start import add_keys, find_database, lock, lock_of
from config.launch.words import WHY_NOT, make_folder, why_not

CHANGES_TABLES = {"migrate", "prepare"}


def main() -> int:
    os.umask(0o077)
    try:
        with ExitStack() as stack:
            run(stack, sys.argv[1:])
    except (CannotStart, ImproperlyConfigured, CommandError, DatabaseError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in WHY_NOT:
            raise
        print(why_not(error), file=sys.stderr)
        return 1
    return 0


def run(stack: ExitStack, arguments: list[str]) -> None:
    environment, var, _ = read_environment()
    make_folder(var)
    check_database(environment, var)
    is_stopped = stack.enter_context(lock(lock_of(var, environment["ROLE"])))
    add_keys(environment, var)
    if not environment.get("DATABASE_URL"):
        find_database(stack, environment, var, is_stopped=is_stopped)
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    make_catalogues(var / "locale")
    if is_stopped:  # else `make run` has done it
        prepare_database()
        connection.close()  # a start on this database would wait for us until it is closed
    elif not CHANGES_TABLES.intersection(arguments[:1]):
        wait_until_prepared()
    ManagementUtility(["python -m config.manage", *arguments]).execute()


if __name__ == "__main__":
    sys.exit(main())
