"""What a payer said of a coverage, with the one who said so: each verification of its benefits is one answer."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from intake.insurance.models import Coverage, check_recordable
from intake.leads.activity import Activity
from intake.leads.acts.changes import record
from intake.privacy.append_only import append_only
from intake.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SENT_TWICE_WITHIN = timedelta(minutes=1)


class VerificationOfBenefits(models.Model):
    """One answer of a payer about a coverage. It is never edited: a later answer is a new row, and both stay."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        NOT_FOUND = "not_found", "Not found, needs correction"
        UNDETERMINED = "undetermined", "Could not be determined"

    class Source(models.TextChoices):
        PHONE = "phone", "Phone call to the payer"
        PORTAL = "portal", "Payer's portal"
        CARD = "card", "Card or letter"

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNKNOWN = "unknown", "Not known"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="verifications")

    source = models.CharField(max_length=20, choices=Source)
    representative = EncryptedTextField(
        label="intake_verificationofbenefits.representative", help_text="Who said it, as they gave their name."
    )
    call_reference = EncryptedTextField(
        label="intake_verificationofbenefits.call_reference", help_text="The payer's reference number of the call."
    )
    verified_at = models.DateTimeField(help_text="When the payer said it.")
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    status = models.CharField(max_length=20, choices=Status)
    in_network = models.CharField(max_length=10, choices=Answer, default=Answer.UNKNOWN)
    effective_on = models.DateField(null=True, blank=True)
    terminates_on = models.DateField(null=True, blank=True)
    # Dollars. None means that nobody said; 0 is an amount.
    deductible = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    deductible_met = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    out_of_pocket_maximum = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    out_of_pocket_met = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    coinsurance = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Patient's share, %.",
    )
    prior_authorization = models.CharField(max_length=10, choices=Answer, default=Answer.UNKNOWN)
    note = EncryptedTextField(label="intake_verificationofbenefits.note")

    subject = "coverage__lead"

    class Meta:
        default_permissions = ("view", "add")
        triggers = append_only(encrypted=["representative", "call_reference", "note"])
        ordering = ["-verified_at", "-entered_at"]
        verbose_name = "verification of benefits"
        verbose_name_plural = "verifications of benefits"

    def __str__(self) -> str:
        return f"Verification {self.pk}"

    @property
    def has_ended(self) -> bool:
        """Whether the plan that the payer spoke of has ended since."""
        return self.terminates_on is not None and self.terminates_on < timezone.localdate()

    @property
    def standing(self) -> str:
        """What is true of it today: the payer's word, and of an active plan also whether it has ended or not begun."""
        if self.status != self.Status.ACTIVE:
            return self.get_status_display()
        if self.has_ended:
            return f"Ended on {date_format(self.terminates_on, 'M j, Y')}, verify again"
        if self.effective_on is not None and self.effective_on > timezone.localdate():
            return f"Begins on {date_format(self.effective_on, 'M j, Y')}, until then not covered"
        return self.get_status_display()

    @transaction.atomic
    def record(self, *, by: "User", seen: int | None = None) -> None:
        """Save the answer and write it into the lead's timeline. A form that was sent twice makes one row.

        It is compared with the newest answer alone: one like an older answer corrects what came between.
        Raises Coverage.DoesNotExist if the coverage has ended meanwhile, and NotAllowed for an erased person, or if
        others recorded more than the `seen` things.
        """
        check_recordable(self.coverage.lead, seen, by=by)
        self.coverage = Coverage.objects.current().select_for_update().get(pk=self.coverage_id)
        self.entered_by = by
        newest = self.coverage.verifications.order_by("-entered_at").first()
        if newest and newest.entered_at > timezone.now() - SENT_TWICE_WITHIN and self._says_the_same(newest):
            return
        self.save(force_insert=True)
        detail = {"status": self.status, "source": self.source}
        record(self.coverage.lead, Activity.Kind.VERIFIED, by=by, detail=detail)

    def _says_the_same(self, other: "VerificationOfBenefits") -> bool:
        names = [field.name for field in self._meta.fields if field.name not in ("id", "entered_at")]
        return all(getattr(self, name) == getattr(other, name) for name in names)
