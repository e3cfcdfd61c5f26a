"""Triggers that let rows only be added, in the database itself, whatever the code above does."""

from collections.abc import Collection

import pgtrigger


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
