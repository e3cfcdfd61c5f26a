"""Payers: insurers and programs that pay for treatment, by every name and number by which they are known."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet

from facilities.widgets import DayInput

TAKEN = "Another payer has this name. A name leads to one payer."


class PayerQuerySet(models.QuerySet):
    def named(self, words: str) -> "Payer | None":
        """The one of this name or alias, however it is capitalised. Names come first."""
        name = " ".join(words.split())
        return self.filter(name__iexact=name).first() or self.filter(aliases__name__iexact=name).first()

    def by_every_name(self) -> list[tuple[int, str]]:
        """To choose from: each payer under every name that it has, with its key."""
        names = []
        for payer in self.prefetch_related("aliases"):
            names += [(payer.pk, payer.name), *((payer.pk, f"{alias} ({payer})") for alias in payer.aliases.all())]
        return sorted(names, key=lambda entry: entry[1].casefold())


class Payer(ClusterableModel):
    """One insurer or program that pays for treatment."""

    class IdForm(models.TextChoices):
        ANY = "", "No rule that we know"
        BLUE = "blue", "Blue Cross: three characters of the plan first"
        MEDICARE = "medicare", "Medicare: eleven characters (MBI)"

    name = models.CharField(max_length=120, unique=True)
    member_phone = PhoneNumberField(blank=True, help_text="The number for members, as on the card.")
    provider_phone = PhoneNumberField(blank=True, help_text="The number for facilities like ours.")
    behavioural_phone = PhoneNumberField(blank=True, help_text="Where facilities ask about behavioural health.")
    precertification_phone = PhoneNumberField(blank=True, help_text="Where facilities ask for authorisation.")
    id_form = models.CharField(
        max_length=10,
        choices=IdForm,
        blank=True,
        default=IdForm.ANY,
        verbose_name="form of its member IDs",
        help_text="What does not look like it is pointed out, and still taken.",
    )
    is_coinsurance_of_plan = models.BooleanField(
        default=False, verbose_name="gives co-insurance as the plan's share", help_text="80, where the patient pays 20."
    )
    is_enrolment_needed = models.BooleanField(
        default=False, verbose_name="answers electronically only to who has enrolled"
    )

    panels = [
        FieldPanel("name"),
        InlinePanel("aliases", label="Other name", heading="Other names"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("member_phone", "provider_phone", "behavioural_phone", "precertification_phone")
            ],
            heading="Phones",
        ),
        FieldPanel("id_form"),
        FieldPanel("is_coinsurance_of_plan"),
        FieldPanel("is_enrolment_needed"),
        InlinePanel("identifiers", label="Identifier", heading="Identifiers"),
    ]

    objects = PayerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if PayerAlias.objects.filter(name__iexact=self.name).exclude(payer=self.pk).exists():
            raise ValidationError({"name": TAKEN})

    def other_names(self) -> str:
        return ", ".join(alias.name for alias in self.aliases.all())


class PayerAlias(models.Model):
    """One more name of a payer, as cards and people write it."""

    payer = ParentalKey(Payer, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    panels = [FieldPanel("name")]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "payer aliases"
        constraints = [
            models.UniqueConstraint(Lower("name"), name="payeralias_of_one_payer", violation_error_message=TAKEN)
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if Payer.objects.filter(name__iexact=self.name).exclude(pk=self.payer_id).exists():
            raise ValidationError({"name": TAKEN})


class PayerIdentifier(models.Model):
    """Under which number a network knows a payer, for one purpose and a time."""

    class Purpose(models.TextChoices):
        ELIGIBILITY = "eligibility", "Eligibility"
        CLAIMS = "claims", "Claims"

    payer = ParentalKey(Payer, on_delete=models.CASCADE, related_name="identifiers")
    network = models.CharField(max_length=60, help_text="The clearinghouse or program that uses it, such as Stedi.")
    purpose = models.CharField(max_length=20, choices=Purpose)
    value = models.CharField(max_length=40, help_text="As it is written, zeros in front too: 00540 is not 540.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.URLField(max_length=300, blank=True, help_text="Where it was read.")

    panels = [
        FieldPanel("network"),
        FieldPanel("purpose"),
        FieldPanel("value"),
        FieldPanel("valid_from", widget=DayInput),
        FieldPanel("valid_to", widget=DayInput),
        FieldPanel("evidence"),
    ]

    class Meta:
        ordering = ["network", "purpose", "-valid_from", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "network", "purpose", "value"],
                name="payeridentifier_stands_once",
                violation_error_message="This identifier is there already.",
            ),
            models.CheckConstraint(
                name="payeridentifier_ends_after_it_begins",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                violation_error_message="It ends before it begins. Check both dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.network}, {self.get_purpose_display().lower()})"


register_snippet("facilities.directory.snippets.PayerViewSet")
