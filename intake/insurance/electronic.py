"""Electronic answers as they came: the text of a 271, from which its lines can be read again at any time."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import models, transaction

from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.privacy.append_only import append_only
from intake.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ElectronicAnswer(models.Model):
    """The text of one 271, of the verification that was made of it. It is never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verification = models.OneToOneField(VerificationOfBenefits, on_delete=models.PROTECT, related_name="electronic")
    text = EncryptedTextField(label="intake_electronicanswer.text")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text, in hexadecimal.")

    subject = "verification__coverage__lead"

    class Meta:
        default_permissions = ()
        triggers = append_only(encrypted=["text"])

    def __str__(self) -> str:
        return f"Electronic answer {self.pk}"


@transaction.atomic
def record_electronic(
    verification: VerificationOfBenefits, text: str, *, lines: Sequence[BenefitLine], by: "User", seen: int | None
) -> None:
    """The verification with its lines and the text that they come from. Raises as `record` does."""
    verification.record(by=by, seen=seen, lines=lines)
    if not verification._state.adding:  # sent twice within a minute: one row
        ElectronicAnswer.objects.create(verification=verification, text=text, digest=digest_of(text))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def came_before(coverage: Coverage, text: str) -> VerificationOfBenefits | None:
    """What was made of the same text, of the same coverage."""
    return coverage.verifications.filter(electronic__digest=digest_of(text)).first()
