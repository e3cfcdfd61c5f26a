"""What a payer said of a coverage, with the one who said so: each verification of its benefits is one answer."""

import uuid
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from intake.insurance.consent import checked_consent, log_disclosure
from intake.insurance.lines import Answer, BenefitLine
from intake.insurance.models import Coverage, check_recordable
from intake.leads.activity import Activity
from intake.leads.acts.changes import record
from intake.privacy.append_only import append_only
from intake.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SENT_TWICE_WITHIN = timedelta(minutes=1)
HOLDS_FOR = timedelta(days=30)  # after that, what a payer said is asked again


class VerificationOfBenefits(models.Model):
    """One answer of a payer about a coverage. It is never edited: a later answer is a new row, and both stay."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        NOT_FOUND = "not_found", "Not found, needs correction"
        UNDETERMINED = "undetermined", "Could not be determined"

    class Source(models.TextChoices):
        PHONE = "phone", "Phone call to the payer"
        EDI = "271", "Electronic answer (271)"
        PORTAL = "portal", "Payer's portal"
        CARD = "card", "Card or letter"

    DISCLOSING = (Source.PHONE, Source.EDI, Source.PORTAL)  # whoever is asked learns that the person is with us
    # What counts more stands first, where two answers that still hold differ.
    BY_RANK = (Source.PHONE, Source.EDI, Source.PORTAL, Source.CARD)

    Answer = Answer

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="verifications")

    source = models.CharField(max_length=20, choices=Source)
    representative = EncryptedTextField(
        label="intake_verificationofbenefits.representative", help_text="Who said it, as they gave their name."
    )
    call_reference = EncryptedTextField(
        label="intake_verificationofbenefits.call_reference", help_text="The payer's reference number of the call."
    )
    call_began_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(help_text="When the payer said it; of a call, when it ended.")
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    status = models.CharField(max_length=20, choices=Status)
    in_network = models.CharField(max_length=10, choices=Answer, default=Answer.UNKNOWN)
    effective_on = models.DateField(null=True, blank=True)
    terminates_on = models.DateField(null=True, blank=True)
    plan_year_begins_on = models.DateField(null=True, blank=True, help_text="The first day of the present plan year.")
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
    is_test = models.BooleanField(
        default=False, help_text="A made-up answer, of a test key or a demo. It verifies nothing, and no report has it."
    )

    subject = "coverage__lead"

    class Meta:
        default_permissions = ("view", "add")
        permissions = [("approve_verificationofbenefits", "Can approve what others verified")]
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

    @property
    def said(self) -> list[BenefitLine]:
        """All of it, also what the short form keeps in columns: that is of the plan, in our network."""
        return [*self.benefit_lines.all(), *self._in_columns()]

    def _in_columns(self) -> list[BenefitLine]:
        network, what, part = BenefitLine.Network, BenefitLine.What, BenefitLine.Part
        of_ours = {Answer.YES: network.IN, Answer.NO: network.OUT}.get(self.in_network, network.UNSAID)
        amounts = [
            (what.DEDUCTIBLE, part.TOTAL, self.deductible),
            (what.DEDUCTIBLE, part.MET, self.deductible_met),
            (what.OUT_OF_POCKET, part.TOTAL, self.out_of_pocket_maximum),
            (what.OUT_OF_POCKET, part.MET, self.out_of_pocket_met),
            (what.COINSURANCE, "", None if self.coinsurance is None else Decimal(self.coinsurance)),
        ]
        values = [(what, part, {"number": number}) for what, part, number in amounts if number is not None]
        if self.prior_authorization != Answer.UNKNOWN:
            values.append((what.AUTHORIZATION, "", {"answer": self.prior_authorization}))
        return [
            BenefitLine(verification=self, network=of_ours, what=what, part=part, **value)
            for what, part, value in values
        ]

    @property
    def short_source(self) -> str:
        """For a line of its own among many."""
        return {self.Source.PHONE: "phone", self.Source.EDI: "271", self.Source.PORTAL: "portal"}.get(
            self.source, "card"
        )

    @property
    def is_of_today(self) -> bool:
        return self.said_on == timezone.localdate()

    @property
    def said_on(self) -> date:
        """On the clock of the desk."""
        return timezone.localdate(self.verified_at)

    @property
    def holds_until(self) -> date:
        """The last day on which nobody need ask again: the end of the month, of 30 days, or of the plan year."""
        return min(day for day, _ in self._ends())

    @property
    def is_outdated(self) -> bool:
        return self.holds_until < timezone.localdate()

    @property
    def why_again(self) -> str:
        """Why to ask again, in words; nothing while it holds."""
        return min(self._ends())[1] if self.is_outdated else ""

    def _ends(self) -> list[tuple[date, str]]:
        said = self.said_on
        ends = [
            (said.replace(day=monthrange(said.year, said.month)[1]), "a new month has begun"),
            (said + HOLDS_FOR, f"{HOLDS_FOR.days} days are over"),
        ]
        if self.plan_year_begins_on:
            ends.append((year_end(self.plan_year_begins_on, said), "a new plan year has begun"))
        if self.terminates_on and self.terminates_on >= said:
            ends.append((self.terminates_on, "the plan has ended"))
        return ends

    @property
    def weight(self) -> tuple[bool, bool, int, datetime, datetime]:
        """What counts more is larger: what is no test, what still holds, then the source, then what was said last."""
        rank = len(self.BY_RANK) - self.BY_RANK.index(self.source)
        return not self.is_test, not self.is_outdated, rank, self.verified_at, self.entered_at

    @transaction.atomic
    def record(self, *, by: "User", seen: int | None = None, lines: Sequence[BenefitLine] = ()) -> None:
        """Save the answer with its lines, and write it into the timeline. A form that was sent twice makes one row.

        It is compared with the newest answer alone: one like an older answer corrects what came between.
        Raises Coverage.DoesNotExist if the coverage has ended meanwhile, and NotAllowed for an erased person, if others
        recorded more than the `seen` things, and without a consent where the payer was asked, which is a disclosure.
        """
        check_recordable(self.coverage.lead, seen, by=by)
        consent = checked_consent(self.coverage.lead) if self.source in self.DISCLOSING else None
        self.coverage = Coverage.objects.current().select_for_update().get(pk=self.coverage_id)
        self.entered_by = by
        newest = self.coverage.verifications.order_by("-entered_at").first()
        is_new = newest is None or newest.entered_at <= timezone.now() - SENT_TWICE_WITHIN
        if not is_new and self._says_the_same(newest, lines):
            return
        if consent:
            log_disclosure(self.coverage, consent, by=by, channel=self.source)
        self.keep(by=by, lines=lines)

    @transaction.atomic
    def keep(self, *, by: "User", lines: Sequence[BenefitLine]) -> None:
        """Save it with its lines, for who has looked whether it may be. A test is no verification in the timeline."""
        self.entered_by = by
        self.save(force_insert=True)
        for line in lines:
            line.verification = self
        self.benefit_lines.bulk_create(lines)
        if not self.is_test:
            detail = {"status": self.status, "source": self.source}
            record(self.coverage.lead, Activity.Kind.VERIFIED, by=by, detail=detail)

    def _says_the_same(self, other: "VerificationOfBenefits", lines: Sequence[BenefitLine]) -> bool:
        names = [field.name for field in self._meta.fields if field.name not in ("id", "entered_at")]
        if not all(getattr(self, name) == getattr(other, name) for name in names):
            return False
        said = [{(*line.facts, line.network, line.value) for line in of} for of in (lines, other.benefit_lines.all())]
        return said[0] == said[1]


def year_end(begins_on: date, day: date) -> date:
    """The last day of the plan year that `day` is in, of plan years that begin as `begins_on` does."""
    month, first = begins_on.month, min(begins_on.day, 28)  # of a year that began on Feb 29, a day early at most
    begins = date(day.year, month, first)
    following = begins if begins > day else date(day.year + 1, month, first)
    return following - timedelta(days=1)
