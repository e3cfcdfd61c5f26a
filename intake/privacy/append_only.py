"""Triggers that let rows only be added, in the database itself, whatever the code above does."""

from collections.abc import Collection
from typing import Any

import pgtrigger
from django.db import connections

# pgtrigger lets a session name triggers that it ignores (`SET pgtrigger.ignore`), so that whoever can run SQL could
# switch ours off. Each trigger it makes asks this function, which it makes anew with each: ours says no to all.
NOTHING_IS_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE AS 'SELECT FALSE'
"""


def append_only(*, encrypted: Collection[str] = ()) -> list[pgtrigger.Trigger]:
    """For `Meta.triggers`. Fields named in `encrypted` may change: a rotation rewrites them, an erasure blanks them."""
    if encrypted:
        keeps_facts = pgtrigger.ReadOnly(name="keeps_facts", exclude=list(encrypted))
    else:
        keeps_facts = pgtrigger.Protect(name="keeps_facts", operation=pgtrigger.Update)
    return [
        keeps_facts,
        pgtrigger.Protect(name="keeps_rows", operation=pgtrigger.Delete),
        pgtrigger.Trigger(  # pgtrigger.Protect is for rows, and TRUNCATE looks at none
            name="keeps_table",
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'Cannot truncate %', TG_TABLE_NAME;",
        ),
    ]


def ignore_nothing(using: str, **_: Any) -> None:
    """After each round of migrations, the last of which may have made a trigger."""
    with connections[using].cursor() as cursor:
        cursor.execute(NOTHING_IS_IGNORED)
