"""What we say of ourselves, each with its proof, whoever answers for it, and the last day on which pages say it."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet

from facilities.directory.fact import Fact, FactQuerySet
from facilities.directory.models import Facility
from facilities.directory.payers import Payer
from facilities.languages import in_language_of_page
from facilities.widgets import DayInput
from facilities.wording import check_fields

MOST_DAYS = 366  # that a claim may stand before somebody looks at its proof again


class ClaimQuerySet(FactQuerySet):
    def current(self) -> "ClaimQuerySet":
        return self.live().filter(expires_on__gte=timezone.localdate())


class Claim(Fact):
    """One sentence about confidentiality, hours, payers or licences that pages show while it is proved."""

    class Kind(models.TextChoices):
        CONFIDENTIALITY = "confidentiality", "Confidentiality"
        HOURS = "hours", "Hours"
        IN_NETWORK = "in_network", "In network with a payer"
        LICENCE = "licence", "License"
        ACCREDITATION = "accreditation", "Accreditation"
        MEDICINE = "medicine", "Medicine"
        EVIDENCE = "evidence", "Care that was tested in studies"
        FAMILIES = "families", "Families"
        SUPPORT = "support", "Support afterwards"
        OTHER = "other", "Other"

    kind = models.CharField(max_length=20, choices=Kind)
    wording = models.CharField(max_length=200, help_text="The sentence that pages show, with its limits.")
    wording_es = models.CharField(max_length=200, blank=True, verbose_name="wording, in Spanish")
    evidence = models.TextField(help_text="For staff: what proves it, and where that is kept. Nobody else reads this.")
    proof_address = models.URLField(
        blank=True,
        max_length=500,
        verbose_name="proof",
        help_text="Where anybody can check it, if there is such a page.",
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="claims", help_text="Who looks at the proof again in time."
    )
    expires_on = models.DateField(help_text="The last day on which pages show it.")
    facility = models.ForeignKey(
        Facility,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="claims",
        help_text="Whose page shows it. Empty: pages show it where a call to action names it.",
    )
    payer = models.ForeignKey(
        Payer,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        help_text="For “in network”: which one. The page on insurance and the list of centers go by it.",
    )
    in_footer = models.BooleanField(default=False, verbose_name="in the footer", help_text="Of every page.")

    objects = ClaimQuerySet.as_manager()

    panels = [
        FieldPanel("kind"),
        FieldPanel("wording"),
        FieldPanel("wording_es"),
        FieldPanel("evidence"),
        FieldPanel("proof_address"),
        FieldRowPanel([FieldPanel("owner"), FieldPanel("expires_on", widget=DayInput)]),
        FieldPanel("facility"),
        FieldPanel("payer"),
        FieldPanel("in_footer"),
    ]

    class Meta:
        ordering = ["expires_on", "pk"]

    def __str__(self) -> str:
        return self.wording

    @property
    def words(self) -> str:
        return in_language_of_page(self.wording, self.wording_es)

    @property
    def is_current(self) -> bool:
        return self.expires_on >= timezone.localdate()

    @property
    def state(self) -> str:
        """For staff."""
        if not self.is_current:
            return "Expired: no page shows it"
        return "Shown" if self.live else "Waits for a second person"

    def clean(self) -> None:
        check_fields(self, "wording", "wording_es")
        if (self.kind == self.Kind.IN_NETWORK) != bool(self.payer_id):
            raise ValidationError({"payer": "Name the payer if the claim is “in network”, and only then."})
        if self.expires_on and (self.expires_on - timezone.localdate()).days > MOST_DAYS:
            words = "Choose a day within a year: then somebody looks at the proof again."
            raise ValidationError({"expires_on": words})


SIGNS = (
    # Of good treatment (SAMHSA, NIDA and NIAAA: "Finding Quality Treatment for Substance Use Disorders"), as asked.
    ((Claim.Kind.ACCREDITATION, Claim.Kind.LICENCE), "Is it licensed and accredited?"),
    ((Claim.Kind.MEDICINE,), "Does it offer medicine?"),
    ((Claim.Kind.EVIDENCE,), "Was the care tested in studies?"),
    ((Claim.Kind.FAMILIES,), "Are families welcome?"),
    ((Claim.Kind.SUPPORT,), "What support comes after?"),
)


def signs_of(claims: Iterable[Claim]) -> list[tuple[str, list[Claim]]]:
    """Each question, with what we can prove of it: nothing is said where nothing is proved."""
    claims = list(claims)
    return [(question, [claim for claim in claims if claim.kind in kinds]) for kinds, question in SIGNS]


register_snippet("facilities.directory.snippets.ClaimViewSet")
