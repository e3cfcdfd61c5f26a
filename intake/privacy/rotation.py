"""Rotation of the data keys: the newest encrypts anew what older ones encrypted, so that they can go."""

from typing import NamedTuple

from django.db import models

from intake.privacy import keys
from intake.privacy.encryption import is_encrypted_with
from intake.privacy.fields import EncryptedTextField, UnreadableText, encrypted_fields, models_with_encrypted_fields


class Rotated(NamedTuple):
    """How many values were encrypted anew, and which fields of which rows no key opens: these stay as they are."""

    count: int
    unreadable: list[str]


def reencrypt() -> Rotated:
    """Go through every encrypted value there is. Staff may work meanwhile: what they change in between stays theirs."""
    count, unreadable = 0, []
    for model in models_with_encrypted_fields():
        for row in model._base_manager.iterator():
            for field in _of_older_keys(row):
                if isinstance(getattr(row, field.attname), UnreadableText):
                    unreadable.append(f"{field.label} of {row.pk}")
                else:
                    count += _encrypt_anew(row, field)
    return Rotated(count, unreadable)


def _of_older_keys(row: models.Model) -> list[EncryptedTextField]:
    newest = next(iter(keys.data_keys()))
    envelopes = {field: field.pre_save(row, add=False) for field in encrypted_fields(type(row))}
    return [field for field, envelope in envelopes.items() if envelope and not is_encrypted_with(newest, envelope)]


def _encrypt_anew(row: models.Model, field: EncryptedTextField) -> int:
    """One conditional UPDATE, so that a text which somebody wrote since this row was read is not lost."""
    unchanged = type(row)._base_manager.filter(pk=row.pk, **{field.name: field.pre_save(row, add=False)})
    return unchanged.update(**{field.name: field.encrypt(getattr(row, field.attname), row)})
