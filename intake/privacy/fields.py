"""A model field whose column holds an envelope and whose attribute reads as text."""

import base64
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from intake.privacy import encryption, keys
from intake.privacy.encryption import Unreadable

LABEL = re.compile(r"[a-z_]+\.[a-z_]+")


class UnreadableText(str):
    """What an envelope that fails its check reads as. It keeps the envelope, so that saving the row loses nothing."""

    envelope: bytes

    @classmethod
    def of(cls, envelope: bytes) -> "UnreadableText":
        text = cls("(unreadable: integrity check failed)")
        text.envelope = envelope
        return text


class EncryptedAttribute(DeferredAttribute):
    """Decrypts at each read, so that an instance holds clear text no longer than somebody looks at it."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        envelope = super().__get__(instance, cls)
        return self.field.decrypt(envelope, instance)

    def __set__(self, instance: models.Model, value: str | bytes | memoryview) -> None:
        if isinstance(value, UnreadableText):
            value = value.envelope
        elif isinstance(value, str):
            value = self.field.encrypt(value, instance)
        elif not isinstance(value, bytes | memoryview):
            raise TypeError(f"{self.field.name} takes text, or an envelope from the database.")
        instance.__dict__[self.field.attname] = bytes(value)


class EncryptedTextField(models.BinaryField):
    """Text at rest under AES-256-GCM, bound to its label and its row (the row's key must be set first: a UUID).

    The label ("intake_lead.name") is given once and never changed, whatever becomes of the table and the column: under
    another one, nothing that was stored can be read.
    Its model says in `subject` whom a row is about, for erasure (intake/privacy/erasure.py).
    Reading raises nothing: a value that fails its check reads as an UnreadableText.
    Assign str to encrypt; bytes are taken for an envelope, as they come from the database.
    """

    descriptor_class = EncryptedAttribute

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        self.label = label  # not part of what a migration knows: the column is the same under any label
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        problems = super().check(**kwargs)
        if not LABEL.fullmatch(self.label):
            problems.append(checks.Error("An encrypted field needs a label such as “intake_lead.name”.", obj=self))
        if not hasattr(self.model, "subject"):
            problems.append(checks.Error("Its model must say in `subject` whom a row is about.", obj=self))
        return problems

    def associated_data(self, instance: models.Model) -> bytes:
        if instance.pk is None:
            raise ValueError(f"{self.model.__name__} needs its key before {self.name} can be encrypted.")
        # No label and no UUID holds the byte between the parts, so no two rows or fields look alike.
        return b"\x00".join(part.encode() for part in (*self.label.split("."), str(instance.pk)))

    def encrypt(self, text: str, instance: models.Model) -> bytes:
        if not text:
            return b""
        return encryption.encrypt(text, keys=keys.data_keys(), associated_data=self.associated_data(instance))

    def decrypt(self, envelope: bytes, instance: models.Model) -> str:
        if not envelope:
            return ""
        try:
            return encryption.decrypt(envelope, keys=keys.data_keys(), associated_data=self.associated_data(instance))
        except Unreadable:
            return UnreadableText.of(envelope)

    def to_python(self, value: Any) -> Any:
        return value  # not base64, as in BinaryField: text is text

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.CharField(**{"required": False, "label": self.verbose_name.capitalize(), **kwargs})

    def value_to_string(self, obj: models.Model) -> str:
        """For serializers: the envelope, never the text."""
        return base64.b64encode(obj.__dict__[self.attname]).decode()

    def value_from_object(self, obj: models.Model) -> str:
        """For forms: the text."""
        return getattr(obj, self.attname)

    def save_form_data(self, instance: models.Model, data: str) -> None:
        """A form that sends back what it showed for an unreadable value leaves the envelope as it is."""
        current = getattr(instance, self.attname)
        if not (isinstance(current, UnreadableText) and data == current):
            super().save_form_data(instance, data)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:  # noqa: FBT001 - the signature is Django's
        return model_instance.__dict__[self.attname]


def encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]


def models_with_encrypted_fields() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if encrypted_fields(model))
