"""Other places that help: to whom the desk refers somebody whom we cannot admit."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel
from wagtail.models import RevisionMixin
from wagtail.snippets.models import register_snippet

from facilities.widgets import DayInput

VERIFIED_FOR = timedelta(days=180)  # beds, payers and numbers change


class ReferralPlace(RevisionMixin, models.Model):
    """One place or service, with what a caller must know before they are sent there."""

    class Kind(models.TextChoices):
        FINDER = "finder", "Finder of treatment"
        WITHDRAWAL = "withdrawal", "Withdrawal management"
        RESIDENTIAL = "residential", "Residential treatment"
        OUTPATIENT = "outpatient", "Outpatient treatment"
        MEDICATION = "medication", "Medication for opioid use disorder"
        HARM_REDUCTION = "harm_reduction", "Harm reduction"
        OTHER = "other", "Other help"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    phone = PhoneNumberField(blank=True)
    url = models.URLField(blank=True)
    takes = models.CharField(max_length=200, blank=True, help_text="Which payers, and whether people without one.")
    verified_on = models.DateField(help_text="When somebody of ours last called there and asked.")

    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("phone"),
        FieldPanel("url"),
        FieldPanel("takes"),
        FieldPanel("verified_on", widget=DayInput),
    ]

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = "place to refer to"
        verbose_name_plural = "places to refer to"

    def __str__(self) -> str:
        return self.name

    @property
    def is_stale(self) -> bool:
        return self.verified_on < timezone.localdate() - VERIFIED_FOR

    @property
    def in_words(self) -> str:
        """For a list to choose from."""
        on = f"{self.verified_on:%b %-d, %Y}"
        known = f"verify again, last on {on}" if self.is_stale else f"verified {on}"
        number = self.phone.as_national if self.phone else ""
        return ", ".join(filter(None, [self.name, number, self.takes, known]))


register_snippet("facilities.directory.snippets.ReferralPlaceViewSet")
