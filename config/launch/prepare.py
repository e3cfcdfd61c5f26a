"""Make all ready in one process: check, migrate, static files, catalogues of translations, roles, demo."""

import hashlib
import os
import sys
import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import django
from babel.messages.pofile import PoFileError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from config.edge.schema import migrations_ahead, migrations_waiting
from config.launch.backup import make_before_migrations
from config.launch.catalogues import make_catalogues
from config.launch.processes import CannotStart

FIRST_ACCOUNT = "make staff NAME=maria ROLE=manager"
PREPARING = 2026_11  # any number that is always the same


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        prepare()
    except ImproperlyConfigured as error:
        sys.exit(f"The settings do not hold together. {error}")
    except SystemCheckError as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(
            f"The database cannot be used: {str(error).strip()}\nIs it running, and is DATABASE_URL its address, with "
            "the right user and password? Start again once it answers."
        )
    except (CommandError, DatabaseError, PoFileError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


def wait_for_others() -> None:
    """Several roles may start at once on one database: one prepares it, the others wait, until this process ends.

    A migration, and the wait for one, may take longer than a visitor's statement.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])


def wait_until_prepared() -> None:
    """For a command beside a start, which may be at its first migrations. Raises CannotStart before they began."""
    wait_for_others()
    connection.close()  # or the next start would wait for us
    if migrations_waiting():
        raise CannotStart("The database is not ready yet. Wait until `make run` says that it is, then do this again.")


def prepare_database() -> None:
    """Raises CommandError where migrations are waiting that this process may not apply, or a newer release was here."""
    wait_for_others()
    if ahead := migrations_ahead():
        raise CommandError(
            f"This database was brought up to date by a newer release ({ahead[-1]}), and this one would not know what "
            "it reads there. Start the newer release again, or restore the dump that was made before the upgrade "
            "(docs/operations.md, “Going back”)."
        )
    call_command("check", databases=["default"], fail_level="ERROR", stdout=StringIO(), stderr=StringIO())
    waiting = migrations_waiting()
    if not is_prepared_here():
        if waiting:
            raise CommandError(
                f"{waiting} migrations are waiting, and this start may not apply them. Run `make prepare` once, with "
                "the DATABASE_URL of the database's owner, and then start again."
            )
        report("database: up to date; used with the rights of its role")
        return
    if waiting:
        dump_first()
        call_command("migrate", interactive=False, verbosity=0)
    report(f"database: {waiting} migrations applied" if waiting else "database: up to date")
    call_command("createcachetable", verbosity=0)
    call_command("load_roles", verbosity=0, stdout=StringIO())
    call_command("import_payers", first=True, write=True, verbosity=0, stdout=StringIO())
    report("roles: loaded")


def dump_first() -> None:
    """Before the tables change, unless there are none yet. Raises CommandError where it cannot be done."""
    address = os.environ.get("DATABASE_URL", "")
    if not settings.DUMP_BEFORE_MIGRATIONS or not MigrationRecorder(connection).has_table():
        return
    try:
        made = make_before_migrations(address, settings.VAR_DIR)
    except (CannotStart, OSError) as problem:
        raise CommandError(
            f"Migrations are waiting, and no dump could be made before them. {problem} If you have a backup of your "
            "own, go on with DUMP_BEFORE_MIGRATIONS=off."
        ) from problem
    report(f"database: dumped into {made}, to go back to")


def is_prepared_here() -> bool:
    """A start of one part only serves, whatever it may do: `make prepare` is apart from it."""
    return settings.ROLE == "all" and owns_database()


def owns_database() -> bool:
    """Whether this process may change tables, and so prepares what the others only use (see grants.toml)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
        return cursor.fetchone()[0]


def prepare() -> None:
    prepare_database()
    report("static files: " + ("collected" if collect_static_files() else "unchanged"))
    prepare_catalogues()
    if settings.DEMO and settings.SERVES_STAFF:
        check_demo_is_at_home()
    if is_prepared_here():
        prepare_accounts()
    if settings.OPENS_REQUESTS:
        check_data_keys()
    if settings.SERVES_STAFF:
        tell_of_a_new_secret_key()


def prepare_catalogues() -> None:
    report("translations: " + ("made" if make_catalogues(settings.LOCALE_PATHS[0]) else "unchanged"))


def check_demo_is_at_home() -> None:
    """Raises CommandError before a demo's password and invented requests come to where real people are served."""
    from config.accounts.demo import is_of_others  # needs Django set up

    if is_of_others():
        raise CommandError(
            "This database has accounts that are not the demo's, so it is a real site's, and DEMO is on, as it is "
            "where nothing says otherwise. No demo was put into it. Write DEMO=off into .env, and start again."
        )


def prepare_accounts() -> None:
    from config.accounts.demo import shut_demo_accounts  # needs Django set up

    if settings.DEMO:
        call_command("load_demo", verbosity=0, stdout=StringIO())
        report("demo: loaded")
    elif count := shut_demo_accounts():
        report(f"demo: {count} accounts shut, because DEMO is off and their password is known to all")
    if not has_staff():
        report(f"staff: nobody has an account yet. Make the first: {FIRST_ACCOUNT}")
    if not settings.DEMO and shows_the_demo():
        report(
            "site: shut to visitors, because it is still the made-up facility of the demo. For a real one, begin with "
            "an empty database: docs/operations.md, “From the demo to a site”"
        )
    if not has_pages():
        report(
            "site: not there yet. The first manager who signs in is asked for it; until then nobody can ask for a call"
        )


def check_data_keys() -> None:
    """Raises CommandError if something stored cannot be read: wrong keys would write what the right ones cannot."""
    from intake.privacy.needed_keys import keys_that_are_missing, keys_that_are_others

    if missing := keys_that_are_missing():
        raise CommandError(
            f"DATA_KEYS lacks {', '.join(missing)}, and rows of this database are encrypted with it. Put it back, "
            "behind the newest. To be rid of it, run `reencrypt` first (docs/operations.md, “A new data key”)."
        )
    if others := keys_that_are_others():
        raise CommandError(
            f"DATA_KEYS do not open what is stored in this database: it was written with another key of the name "
            f"{', '.join(others)}. Set the one that it was written with."
        )


def tell_of_a_new_secret_key() -> None:
    from config.accounts.second_factor import shut_factors  # needs Django set up

    if people := {factor.user_id for factor in shut_factors()}:
        report(
            f"sign-in: SECRET_KEY is not the one that {len(people)} accounts set up their second factor with. All "
            "sessions have ended, and these set it up anew when they sign in. If that was not meant, put it back first."
        )


def has_staff() -> bool:
    from django.contrib.auth.models import User  # needs Django set up

    return User.objects.filter(is_active=True).exists()


def has_pages() -> bool:
    from facilities.pages.models import HomePage  # needs Django set up

    return HomePage.objects.exists()


def shows_the_demo() -> bool:
    from facilities.facts import MADE_UP  # needs Django set up
    from facilities.pages.site_settings import SiteSettings

    return SiteSettings.objects.filter(facility__name=MADE_UP).exists()


def report(line: str) -> None:
    """One line of progress; whoever started us adds the time."""
    print(line, flush=True)


def collect_static_files() -> bool:
    """Whether they had to be collected: compressing them all takes longer than the rest of a start.

    Those of an earlier release stay: another role may serve them from this folder, and pages that are open use them.
    """
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".sources"
    found = fingerprint()
    if stamp.exists() and stamp.read_text() == found:
        return False
    stamp.unlink(missing_ok=True)
    root.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(found)
    return True


def fingerprint() -> str:
    """A hash of the name, size and time of every static source, and of what is done to them."""
    lines = sorted(_source_lines())
    lines.append(str(settings.STORAGES["staticfiles"]))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _source_lines() -> Iterator[str]:
    from django.contrib.staticfiles.finders import get_finders  # needs Django set up

    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=["CVS", ".*", "*~"]):
            facts = Path(storage.path(name)).stat()
            yield f"{name} {facts.st_size} {facts.st_mtime_ns}"


if __name__ == "__main__":
    main()
