"""Which data keys what is stored needs: whoever drops one too early must hear of it before anybody writes."""

from collections.abc import Iterator

from django.db import connection, models
from psycopg2.sql import SQL, Identifier

from intake.privacy import keys
from intake.privacy.encryption import head_of
from intake.privacy.fields import EncryptedTextField, UnreadableText, encrypted_fields, models_with_encrypted_fields

NAMES = SQL(
    "SELECT DISTINCT convert_from(substring(envelope FROM 3 FOR get_byte(envelope, 1)), 'UTF8') "
    "FROM {table} CROSS JOIN LATERAL unnest(ARRAY[{columns}]) AS envelope WHERE octet_length(envelope) > 2"
)
ONE = SQL("SELECT {key} FROM {table} WHERE substring({column} FROM 1 FOR %s) = %s LIMIT 1")


def keys_that_are_missing() -> list[str]:
    """The ids of keys that something stored is encrypted with, and that we do not hold. Reads each row once."""
    return sorted(name for name in _names() if name not in keys.data_keys())


def keys_that_are_others() -> list[str]:
    """The ids of keys that we hold, and that open nothing of what was encrypted under their names."""
    return sorted(name for name in _names() & keys.data_keys().keys() if not any(_tries(name)))


def _names() -> set[str]:
    """The head of an envelope is plain (intake/privacy/encryption.py)."""
    names = set()
    with connection.cursor() as cursor:
        for model in models_with_encrypted_fields():
            columns = SQL(", ").join(Identifier(field.column) for field in encrypted_fields(model))
            cursor.execute(NAMES.format(table=Identifier(model._meta.db_table), columns=columns))
            names |= {name for (name,) in cursor.fetchall()}
    return names


def _tries(name: str) -> Iterator[bool]:
    """For one value of each field that has any under this name, whether it opens."""
    for model in models_with_encrypted_fields():
        for field in encrypted_fields(model):
            if row := _one(model, field, name):
                yield not isinstance(getattr(row, field.attname), UnreadableText)


def _one(model: type[models.Model], field: EncryptedTextField, name: str) -> models.Model | None:
    parts = {"table": model._meta.db_table, "key": model._meta.pk.column, "column": field.column}
    with connection.cursor() as cursor:
        query = ONE.format(**{part: Identifier(text) for part, text in parts.items()})
        cursor.execute(query, [len(head_of(name)), head_of(name)])
        found = cursor.fetchone()
    return model._base_manager.get(pk=found[0]) if found else None
