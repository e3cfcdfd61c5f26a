"""Whether the tables of the database are those of this release: not behind it, and not ahead of it."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def migrations_waiting() -> int:
    """How many this release has that the database lacks. Raises django.db.Error."""
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrations_ahead() -> list[str]:
    """Those that the database has of a newer release, as "intake.0044_…": this one does not know what they changed.

    Later than the last that we know. What is older and unknown was squashed, which does no harm.
    """
    return sorted(_ahead(MigrationLoader(connection)))


def _ahead(loader: MigrationLoader) -> Iterator[str]:
    last: dict[str, str] = {}
    for app, name in loader.disk_migrations:
        last[app] = max(name, last.get(app, ""))
    for app, name in loader.applied_migrations:
        if app in last and name > last[app]:
            yield f"{app}.{name}"
