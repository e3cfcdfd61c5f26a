"""What pays for treatment: a person's coverage, as the card or the person says it."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from facilities.directory.payers import Payer
from intake.insurance.to_ask import hints_about_id, to_ask_about
from intake.leads.activity import Activity
from intake.leads.acts.changes import OF_INSURANCE, check_not_erased, check_unchanged, locked, record
from intake.leads.birth_years import keep_birth_years
from intake.leads.models import Lead
from intake.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from intake.insurance.verification import VerificationOfBenefits


# Once a payer has answered, a change of one of these makes a new coverage.
VERIFIED_FIELDS = {"payer", "member_id", "subscriber_relation", "subscriber_name", "subscriber_born_on"}


class CoverageQuerySet(models.QuerySet):
    def current(self) -> "CoverageQuerySet":
        return self.filter(ended_at=None)

    def earlier(self) -> "CoverageQuerySet":
        return self.exclude(ended_at=None).order_by("-ended_at")

    def unlisted(self) -> "CoverageQuerySet":
        """Those whose payer is not in the directory, as staff recorded it; without people who were erased."""
        return self.current().filter(has_unlisted_payer=True).exclude(payer_as_written=b"")


class Coverage(models.Model):
    """One insurance of a lead, as the card or the person says it."""

    class Rank(models.IntegerChoices):
        PRIMARY = 1, "Primary"
        SECONDARY = 2, "Secondary"
        TERTIARY = 3, "Tertiary"

    class PlanType(models.TextChoices):
        PPO = "ppo", "PPO"
        HMO = "hmo", "HMO"
        EPO = "epo", "EPO"
        POS = "pos", "POS"
        HDHP = "hdhp", "HDHP"
        INDEMNITY = "indemnity", "Indemnity"
        MEDICAID = "medicaid", "Medicaid, fee for service"
        MEDICAID_MCO = "medicaid_mco", "Medicaid managed care"
        MEDICARE = "medicare", "Medicare"
        MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
        TRICARE = "tricare", "TRICARE"
        VA = "va", "VA"
        FEHB = "fehb", "Federal employees (FEHB)"
        MARKETPLACE = "marketplace", "Marketplace"
        EAP = "eap", "Employee assistance (EAP)"
        UNKNOWN = "unknown", "Not known yet"

    class Relation(models.TextChoices):
        """The patient's relation to the subscriber; X12 270/271 element INS02 in the comments."""

        SELF = "self", "Self"  # 18
        SPOUSE = "spouse", "Spouse"  # 01
        CHILD = "child", "Child"  # 19
        LIFE_PARTNER = "life_partner", "Life partner"  # 53
        OTHER = "other", "Other"  # G8

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="coverages")
    rank = models.PositiveSmallIntegerField(choices=Rank, default=Rank.PRIMARY)
    payer = models.ForeignKey(Payer, null=True, on_delete=models.PROTECT, related_name="+")
    payer_as_written = EncryptedTextField(
        label="intake_coverage.payer_as_written",
        help_text="By the person on the receipt, or by staff from the card, if the directory lacks it.",
    )
    has_unlisted_payer = models.BooleanField(
        default=False, help_text="Staff wrote its name, because the directory lacks it."
    )
    plan_type = models.CharField(max_length=20, choices=PlanType, default=PlanType.UNKNOWN)
    member_id = EncryptedTextField(label="intake_coverage.member_id")
    group_number = EncryptedTextField(label="intake_coverage.group_number")
    subscriber_relation = models.CharField(max_length=20, choices=Relation, default=Relation.SELF)
    subscriber_name = EncryptedTextField(
        label="intake_coverage.subscriber_name", help_text="Only if the subscriber is somebody else."
    )
    subscriber_born_on = EncryptedTextField(label="intake_coverage.subscriber_born_on", help_text="As 1980-03-27.")
    patient_born_on = EncryptedTextField(label="intake_coverage.patient_born_on", help_text="As 1980-03-27.")
    cobra_begins_on = EncryptedTextField(label="intake_coverage.cobra_begins_on", help_text="As 2026-03-27.")
    cobra_ends_on = EncryptedTextField(label="intake_coverage.cobra_ends_on", help_text="As 2026-03-27.")
    premium_paid_to = EncryptedTextField(label="intake_coverage.premium_paid_to", help_text="As 2026-03-27.")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody: it is as the person sent it, and nobody has checked it.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CoverageQuerySet.as_manager()
    subject = "lead"

    class Meta:
        default_permissions = ("view", "change")
        permissions = [("name_payer", "Can say which payer of the directory a written one is")]
        ordering = ["rank", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "rank"], name="coverage_one_of_each_rank", condition=models.Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="coverage_of_staff_names_a_payer",
                condition=models.Q(payer__isnull=False, has_unlisted_payer=False)
                | models.Q(payer__isnull=True, has_unlisted_payer=True)
                | models.Q(recorded_by__isnull=True),
            ),
            models.CheckConstraint(
                name="coverage_ended_all_or_nothing",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rank_display()} coverage {self.pk}"

    @property
    def is_unchecked(self) -> bool:
        """Whether it is as the person sent it."""
        return self.recorded_by_id is None

    @property
    def payer_in_words(self) -> str:
        if self.payer:
            return str(self.payer)
        if not self.payer_as_written:
            return "a payer whose name is not kept"
        known = "as they wrote it" if self.is_unchecked else "not in the directory yet"
        return f"“{self.payer_as_written}”, {known}"

    @property
    def born_on(self) -> str:
        """The patient's date of birth, as 1980-03-27. Of a patient who is the subscriber it may stand there."""
        is_subscriber = self.subscriber_relation == self.Relation.SELF
        return self.patient_born_on or (self.subscriber_born_on if is_subscriber else "")

    @property
    def hints(self) -> list[str]:
        return hints_about_id(self)

    @property
    def to_ask(self) -> list[str]:
        return to_ask_about(self)

    @property
    def masked_member_id(self) -> str:
        """Its end, and never more than half of it."""
        shown = min(4, len(self.member_id) // 2)
        return f"•••• {self.member_id[len(self.member_id) - shown :]}".strip() if self.member_id else "not recorded"

    @transaction.atomic
    def record(self, *, by: "User", changed: Collection[str] = (), seen: int | None = None) -> None:
        """Save the coverage and write it into the lead's timeline, with the names of the fields that `changed`.

        If the payer's answers are about something else now, the old row ends with them and this becomes a new one.
        Raises IntegrityError if another coverage took the rank meanwhile, DoesNotExist if this one has ended, and
        NotAllowed for an erased person, or if others recorded more than the `seen` things.
        """
        check_recordable(self.lead, seen, by=by)
        detail = {"rank": self.rank, "changed": sorted(changed)} if changed else {"rank": self.rank}
        if not self._state.adding:
            # Locked, so that no answer of a payer arrives between the look and the save.
            old = self.lead.coverages.current().select_for_update().get(pk=self.pk)
            if self._is_another_than(old, changed) and old.verifications.exists():
                old._end(by)
                self._become_new()
        self.has_unlisted_payer = self.payer is None
        self.recorded_by, self.recorded_at = by, timezone.now()
        self.save()
        keep_birth_years(self.lead)
        record(self.lead, Activity.Kind.COVERAGE, by=by, detail=detail)

    def _is_another_than(self, old: "Coverage", changed: Collection[str]) -> bool:
        """Whether what a payer said of `old` is not said of this. A date of birth where none was is no other one."""
        about = set(VERIFIED_FIELDS)
        if old.payer is None:
            about.add("payer_as_written")
        if old.born_on:
            about.add("patient_born_on")
        return not about.isdisjoint(changed)

    @transaction.atomic
    def end(self, *, by: "User") -> None:
        """For a coverage that is not theirs. Who comes second ends nothing: raises DoesNotExist."""
        Coverage.objects.current().select_for_update().get(pk=self.pk)._end(by)
        keep_birth_years(self.lead)
        detail = {"rank": self.rank, "ended": True}
        record(self.lead, Activity.Kind.COVERAGE, by=by, detail=detail)

    def _end(self, by: "User") -> None:
        self.ended_at, self.ended_by = timezone.now(), by
        self.save(update_fields=["ended_at", "ended_by"])

    def _become_new(self) -> None:
        """Take a new key. What is encrypted is bound to its row, so it is encrypted anew."""
        sealed = [field.name for field in self._meta.fields if isinstance(field, EncryptedTextField)]
        texts = {name: getattr(self, name) for name in sealed}
        self.pk, self._state.adding = uuid.uuid4(), True
        for name, text in texts.items():
            setattr(self, name, text)

    @property
    def is_of_a_dependent(self) -> bool:
        """Whether the plan may write to somebody else about the patient's treatment."""
        return self.subscriber_relation != self.Relation.SELF

    @property
    def subscriber_in_words(self) -> str:
        """Who the subscriber is, without a name."""
        if self.subscriber_relation == self.Relation.SELF:
            return "the patient"
        return f"somebody else; the patient's relation to them: {self.get_subscriber_relation_display().lower()}"

    @property
    def real_verifications(self) -> "list[VerificationOfBenefits]":
        """Without answers of a test or a demo, which count nowhere."""
        return [each for each in self.verifications.all() if not each.is_test]

    @property
    def latest_verification(self) -> "VerificationOfBenefits | None":
        return next(iter(self.real_verifications), None)

    @property
    def telling_verification(self) -> "VerificationOfBenefits | None":
        """The one that says the state of the policy. A check that failed hides nothing that a payer said before."""
        every = self.real_verifications
        telling = [each for each in every if each.status != each.Status.UNDETERMINED]
        return max(telling or every, key=lambda each: each.weight, default=None)

    @property
    def state(self) -> str:
        """One of five: what the payer said, that it could not be determined, or that nobody asked."""
        telling = self.telling_verification
        return telling.get_status_display() if telling else "Not checked"


def coverages_of(lead: Lead) -> CoverageQuerySet:
    """Those of the lead, and of leads that were merged into it."""
    return Coverage.objects.filter(lead__in=lead.with_merged.values("pk")).select_related("lead")


def birth_years(lead: Lead) -> set[str]:
    """Of the patient."""
    return {year for coverage in lead.coverages.current() if (year := coverage.born_on[:4]).isdecimal()}


def check_recordable(lead: Lead, seen: int | None, *, by: "User") -> None:
    """Lock the lead, and raise NotAllowed if the person was erased or others recorded more than the `seen` things."""
    lead = locked(lead)
    check_not_erased(lead)
    check_unchanged(lead, seen, by=by, kinds=OF_INSURANCE)
