"""The tokens by which a lead is found, without anything of it being readable."""

import uuid

from django.db import models


class LookupToken(models.Model):
    """One way to find a lead: the HMAC of a phone number, its last digits, a name word or a reference."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone number"
        LAST_FOUR = "last_four", "Last four digits"
        LAST_SEVEN = "last_seven", "Number without the area code"
        NAME_WORD = "name_word", "Word of the name"
        REFERENCE = "reference", "Reference"
        REFERENCE_DIGITS = "reference_digits", "Digits of the reference"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey("intake.Lead", on_delete=models.CASCADE, related_name="lookup_tokens")
    kind = models.CharField(max_length=20, choices=Kind)
    token = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "token", "lead"], name="lookuptoken_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.lead_id}"
