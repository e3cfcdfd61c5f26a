"""Erasure: what a person told us in confidence is blanked, and the rows that say what was done stay.

A model with encrypted fields says in `subject` how its rows lead to the one whom they are about ("coverage__lead").
"""

from django.db import models

from intake.privacy.fields import encrypted_fields, models_with_encrypted_fields


def blank_rows_about(subject: models.Model) -> None:
    """Blank every encrypted field of every row about `subject`."""
    for model in models_with_encrypted_fields():
        blanks = {field.name: b"" for field in encrypted_fields(model)}
        model._base_manager.filter(**{model.subject: subject.pk}).update(**blanks)
