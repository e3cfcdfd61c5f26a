"""Benefit lines: each is one thing that a payer said in one answer, of the plan or of a level of care."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q

from facilities.directory.levels import LevelOfCare
from intake.privacy.append_only import append_only
from intake.privacy.fields import EncryptedTextField

Facts = tuple[int | None, str, str, str, str, str]


class Answer(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class BenefitLine(models.Model):
    """One value that a payer gave. Who said it, when, and until when it holds stands in its verification."""

    class Network(models.TextChoices):
        """Of which tier the benefit is, not whether our place is in the network."""

        IN = "in", "In network"
        OUT = "out", "Out of network"
        BOTH = "both", "In and out of network alike"
        UNSAID = "", "Network not said"

    class What(models.TextChoices):
        COVERED = "covered", "Covered"
        AUTHORIZATION = "authorization", "Authorization needed"
        DEDUCTIBLE = "deductible", "Deductible"
        OUT_OF_POCKET = "out_of_pocket", "Out-of-pocket maximum"
        COINSURANCE = "coinsurance", "Co-insurance, patient's share"
        COPAY = "copay", "Co-pay"
        LIMIT = "limit", "Limit"
        EXCLUSION = "exclusion", "Exclusion"

    class Whose(models.TextChoices):
        INDIVIDUAL = "individual", "individual"
        FAMILY = "family", "family"

    class Part(models.TextChoices):
        TOTAL = "total", "in all"
        MET = "met", "met"
        REMAINING = "remaining", "remaining"

    class Unit(models.TextChoices):
        """What a co-pay is paid for, and what a limit counts."""

        DAY = "day", "day"
        VISIT = "visit", "visit"
        ADMISSION = "admission", "admission"

    class Period(models.TextChoices):
        """For how long a limit counts."""

        YEAR = "year", "a year"
        ADMISSION = "admission", "an admission"
        LIFETIME = "lifetime", "in a lifetime"

    ANSWERS = (What.COVERED, What.AUTHORIZATION)
    MONEY = (What.DEDUCTIBLE, What.OUT_OF_POCKET, What.COPAY)
    NUMBERS = (*MONEY, What.COINSURANCE, What.LIMIT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verification = models.ForeignKey(
        "intake.VerificationOfBenefits", on_delete=models.PROTECT, related_name="benefit_lines"
    )
    level = models.ForeignKey(
        LevelOfCare, null=True, on_delete=models.PROTECT, related_name="+", help_text="None: of the plan as a whole."
    )
    network = models.CharField(max_length=10, choices=Network, blank=True)
    what = models.CharField(max_length=20, choices=What)
    whose = models.CharField(max_length=20, choices=Whose, blank=True)
    part = models.CharField(max_length=20, choices=Part, blank=True)
    unit = models.CharField(max_length=20, choices=Unit, blank=True)
    period = models.CharField(max_length=20, choices=Period, blank=True)
    service_type = models.CharField(
        max_length=3, blank=True, help_text="Under which code an electronic answer said it."
    )
    # One of these three. Dollars, per cent or a count; None is no zero.
    number = models.DecimalField(max_digits=13, decimal_places=4, null=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    words = EncryptedTextField(label="intake_benefitline.words", help_text="An exclusion, or what was said beside it.")

    subject = "verification__coverage__lead"

    class Meta:
        default_permissions = ()
        triggers = append_only(encrypted=["words"])
        constraints = [
            models.CheckConstraint(
                name="benefitline_has_the_value_of_its_kind",
                condition=Q(what__in=("covered", "authorization"), number__isnull=True) & ~Q(answer="")
                | Q(
                    what__in=("deductible", "out_of_pocket", "copay", "coinsurance", "limit"),
                    number__isnull=False,
                    number__gte=0,
                    answer="",
                )
                | Q(what="limit", number__isnull=True, answer="no")
                | Q(what="exclusion", number__isnull=True, answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"

    @property
    def facts(self) -> Facts:
        """What it is about, in a network. Lines with the same facts are answers to one question."""
        unit, period = (self.unit, self.period) if self.what in (self.What.COPAY, self.What.LIMIT) else ("", "")
        return self.level_id, self.what, self.whose, self.part, unit, period

    @property
    def networks(self) -> tuple[str, ...]:
        """Where it holds."""
        return (self.Network.IN, self.Network.OUT) if self.network == self.Network.BOTH else (self.network,)

    @property
    def value(self) -> Decimal | str:
        return self.answer or self.words if self.number is None else self.number

    @property
    def is_known(self) -> bool:
        """Whether it settles anything: “they do not know” leaves the question open."""
        return self.answer != Answer.UNKNOWN

    @property
    def name_in_words(self) -> str:
        of = [self.get_whose_display(), self.get_part_display()]
        return ", ".join([self.get_what_display(), *filter(None, of)])

    @property
    def value_in_words(self) -> str:
        if self.what == self.What.LIMIT and self.answer:
            return "No limit"
        if self.number is None:
            return self.get_answer_display() if self.answer else self.words or "text that is not kept"
        if self.what in self.MONEY:
            per = f" per {self.get_unit_display()}" if self.unit else ""
            return f"${self.number:,.2f}{per}"
        number = f"{self.number.normalize():f}"
        if self.what == self.What.COINSURANCE:
            return f"{number} %"
        counted = f"{self.get_unit_display()}{'' if self.number == 1 else 's'}"
        return " ".join(filter(None, [number, counted, self.get_period_display()]))

    def says_as(self, other: "BenefitLine") -> bool:
        return (self.facts, self.network, self.value) == (other.facts, other.network, other.value)
