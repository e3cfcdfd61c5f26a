"""A database that says "committed" before it is on the disk would let us thank a visitor for nothing."""

from collections.abc import Collection
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

MUST_BE_ON = ("fsync", "full_page_writes")
# "off" answers before the disk has it; every other value waits at least for our own disk.
# postgresql.org/docs/current/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT
NOT_DURABLE = "off"


@register(Tags.database)
def check_durability(databases: Collection[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Asked where the database is named: by `migrate`, and at each start."""
    return [error for alias in databases or () for error in _errors(alias)]


def _errors(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        values = {}
        for name in (*MUST_BE_ON, "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            values[name] = cursor.fetchone()[0]
    return [
        Error(
            f"PostgreSQL runs with {name} = off: a request that was acknowledged can be lost in a power cut.",
            hint=f"Set {name} = on in postgresql.conf, and see that no role or database overrides it.",
            id="quietline.E001",
        )
        for name, value in values.items()
        if value == NOT_DURABLE
    ]
