"""What a day or a visit costs: what a center bills, what it asks of who pays it themselves, what a payer allows."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet

from facilities.directory.levels import LevelOfCare
from facilities.directory.models import Facility
from facilities.directory.payers import Payer


class Amounts(NamedTuple):
    """Of a day or a visit, in dollars; None where nobody set it."""

    billed: Decimal | None = None
    self_pay: Decimal | None = None
    allowed: Decimal | None = None


class RateQuerySet(models.QuerySet):
    def on(self, day: date) -> "RateQuerySet":
        """Those that hold on a day, the newest first."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day).order_by("-valid_from")

    def amounts(self, facility: Facility, level: LevelOfCare, payer: Payer | None, day: date) -> Amounts:
        """What is billed and paid by oneself is of the center; what is allowed, of its contract with the payer."""
        held = self.on(day).filter(facility=facility, level=level)
        of_all = held.filter(payer=None).first()
        of_payer = held.filter(payer=payer).first() if payer else None
        return Amounts(
            billed=of_all.billed if of_all else None,
            self_pay=of_all.self_pay if of_all else None,
            allowed=of_payer.allowed if of_payer else None,
        )


def _dollars(**kwargs: object) -> models.DecimalField:
    return models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))], **kwargs
    )


class Rate(models.Model):
    """The rates of one level of care at one center: of everybody, or those of the contract with one payer."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="rates")
    level = models.ForeignKey(LevelOfCare, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(
        Payer,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Only for what a contract with this payer allows. Leave it empty for what you bill everybody.",
    )
    billed = _dollars(help_text="What you bill for a day or a visit, in dollars.")
    self_pay = _dollars(
        verbose_name="asked of who pays themselves", help_text="For a day or a visit, in dollars. 0 if it is free."
    )
    allowed = _dollars(
        verbose_name="allowed by the contract", help_text="For a day or a visit, in dollars, of this payer alone."
    )
    valid_from = models.DateField(verbose_name="from", help_text="The first day on which it counts.")
    valid_to = models.DateField(
        null=True, blank=True, verbose_name="to", help_text="The last day. Leave it empty until you know."
    )

    objects = RateQuerySet.as_manager()

    panels = [
        FieldPanel("facility"),
        FieldPanel("level"),
        FieldPanel("payer"),
        MultiFieldPanel([FieldPanel("billed"), FieldPanel("self_pay"), FieldPanel("allowed")], heading="In dollars"),
        MultiFieldPanel([FieldPanel("valid_from"), FieldPanel("valid_to")], heading="Counts"),
    ]

    class Meta:
        ordering = ["facility", "level", F("payer").asc(nulls_first=True), "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="rate_is_of_everybody_or_of_a_contract",
                condition=Q(payer=None, allowed=None) | Q(payer__isnull=False, billed=None, self_pay=None),
                violation_error_message="With a payer, enter only what the contract allows. Without one, enter what "
                "you bill and what you ask of who pays themselves.",
            ),
            models.CheckConstraint(
                name="rate_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="The last day is before the first. Correct one of them.",
            ),
            models.UniqueConstraint(
                name="rate_begins_once",
                fields=["facility", "level", "payer", "valid_from"],
                nulls_distinct=False,
                violation_error_message="There is a rate from this day on already. Change that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility}, {self.level}, from {self.valid_from}"


register_snippet("facilities.directory.snippets.RateViewSet")
