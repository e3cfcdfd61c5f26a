"""Levels of care as payers are asked about them: rows that staff edit, each with what it is called elsewhere."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from facilities.directory.care import Level
from facilities.directory.claims import Claim
from facilities.directory.models import Facility
from facilities.directory.payers import Payer

check_code = RegexValidator(r"^[A-Z0-9]{1,3}$", "Write codes of up to three capitals and digits, such as CI, 48, AI.")


class LevelOfCare(models.Model):
    """One level of care, by the criteria that number it and by the codes under which payers answer for it."""

    class Edition(models.TextChoices):
        ASAM_3 = "asam3", "ASAM criteria, 3rd edition"
        ASAM_4 = "asam4", "ASAM criteria, 4th edition"
        OTHER = "other", "Another list"

    name = models.CharField(max_length=80, help_text="As it is read out to a payer, such as “partial hospitalization”.")
    edition = models.CharField(max_length=10, choices=Edition, default=Edition.ASAM_3)
    code = models.CharField(max_length=12, help_text="As in that edition: 3.7-WM, 2.5.")
    care = models.CharField(
        max_length=20,
        choices=Level,
        blank=True,
        verbose_name="offered as",
        help_text="Under which of these our centers say that they offer it.",
    )
    service_types = ArrayField(
        models.CharField(max_length=3, validators=[check_code]),
        default=list,
        blank=True,
        help_text="Codes under which an electronic answer speaks of it, with commas: CI, 48, AI.",
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    panels = [
        FieldPanel("name"),
        FieldPanel("edition"),
        FieldPanel("code"),
        FieldPanel("care"),
        FieldPanel("service_types"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        ordering = ["sort_order", "edition", "code"]
        verbose_name_plural = "levels of care"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="levelofcare_code_stands_once",
                violation_error_message="This edition has a level of this code already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Match(NamedTuple):
    """One place of ours, which of the levels it offers, and what proves that it is in network with the payer."""

    facility: Facility
    levels: list[LevelOfCare]
    claim: Claim | None


def matches(payers: Iterable[Payer], levels: Iterable[LevelOfCare]) -> dict[int, list[Match]]:
    """Of each payer, by its key: the places that offer one of `levels`, those in network with it first."""
    levels, keys = list(levels), {payer.pk for payer in payers}
    places = list(Facility.objects.live())
    claims = Claim.objects.current().filter(kind=Claim.Kind.IN_NETWORK, payer__in=keys, facility__isnull=False)
    proofs = {(claim.payer_id, claim.facility_id): claim for claim in claims}
    found = {}
    for key in keys:
        each = [Match(place, offered(place, levels), proofs.get((key, place.pk))) for place in places]
        found[key] = sorted((match for match in each if match.levels), key=lambda match: match.claim is None)
    return found


def offered(place: Facility, levels: Iterable[LevelOfCare]) -> list[LevelOfCare]:
    return [level for level in levels if level.care and level.care in place.levels]


register_snippet("facilities.directory.snippets.LevelOfCareViewSet")
