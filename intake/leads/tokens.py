"""The tokens by which a lead is found, without anything of it being readable."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce

from intake.phone import abroad, number_alone
from intake.privacy import lookup

if TYPE_CHECKING:
    from intake.leads.models import Lead

THAT_COUNTS = Coalesce("lead__merged_into", "lead")  # of the lead of a token


class LookupToken(models.Model):
    """One way to find a lead: the HMAC of a phone number, its last digits, a name word or a reference."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone number"
        ABROAD = "abroad", "Number as people in its country write it"
        LAST_FOUR = "last_four", "Last four digits"
        LAST_SEVEN = "last_seven", "Number without the area code"
        NAME_WORD = "name_word", "Word of the name"
        NAME_START = "name_start", "Start of a word of the name"
        REFERENCE = "reference", "Reference"
        REFERENCE_DIGITS = "reference_digits", "Digits of the reference"
        PERSON = "person", "Word of the name, with the year of birth"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey("intake.Lead", on_delete=models.CASCADE, related_name="lookup_tokens")
    kind = models.CharField(max_length=20, choices=Kind)
    token = models.BinaryField()
    received_at = models.DateTimeField(
        help_text="That of its lead, so that the newest are found without reading leads."
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "token", "received_at", "lead"], name="lookuptoken_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.lead_id}"


def tokens_of(lead: "Lead", *, reference: str, phone: str, name: str) -> list[LookupToken]:
    """Every way to find a lead, not saved yet; each part may be empty."""
    kind, number = LookupToken.Kind, number_alone(phone)
    values = {(kind.REFERENCE, reference), (kind.REFERENCE_DIGITS, reference[-4:])}
    if number:
        values |= {(kind.PHONE, number), (kind.LAST_FOUR, number[-4:]), (kind.LAST_SEVEN, number[-7:])}
        values |= {(kind.ABROAD, digits) for digits in abroad(phone)}
    words = lookup.joined_words(lookup.name_words(name))
    values |= {(kind.NAME_WORD, part) for ways in words for word in ways for part in (word, *lookup.parts(word))}
    values |= {(kind.NAME_START, start) for ways in words for word in ways for start in lookup.starts(word)}
    return [_token(lead, kind, value) for kind, value in sorted(values)]


def person_tokens(lead: "Lead", *, name: str, years: Iterable[str]) -> list[LookupToken]:
    """Each word of the name with each year in which the person may be born; one without the other tells of too many."""
    values = {f"{word} {year}" for word in lookup.name_words(name) for year in years}
    return [_token(lead, LookupToken.Kind.PERSON, value) for value in sorted(values)]


def _token(lead: "Lead", kind: LookupToken.Kind, value: str) -> LookupToken:
    token = lookup.token(kind, value)
    return LookupToken(lead_id=lead.pk, received_at=lead.received_at, kind=kind, token=token)
