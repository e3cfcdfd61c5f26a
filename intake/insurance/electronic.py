"""Electronic answers as they came: the text of a 271, from which its lines can be read again at any time."""

import hashlib
import uuid

from django.db import models

from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.privacy.append_only import append_only
from intake.privacy.fields import EncryptedTextField


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


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def came_before(coverage: Coverage, text: str) -> VerificationOfBenefits | None:
    """What was made of the same text, of the same coverage."""
    return coverage.verifications.filter(electronic__digest=digest_of(text)).first()
