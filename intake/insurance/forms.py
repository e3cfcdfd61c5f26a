"""Forms for a coverage and for a verification of benefits entered by hand."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date

from facilities.directory.payers import Payer
from intake.callbacks.insurance_form import DAYS, WHICH_DAY, BirthDateField
from intake.insurance.amounts import IS_IT_MEANT, AmountField, PercentField, is_placeholder, is_unsure, read_as
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.leads.activity import ConsentHow, ConsentOf
from intake.leads.forms import ClockField, NoteField
from intake.leads.models import Lead
from intake.privacy.fields import UnreadableText

RANK_TAKEN = "There is a coverage of this rank already. Change that one, or choose another rank."
WHICH_PAYER = "Choose the payer. If it is not listed, write its name below."
TWO_BIRTHS = (
    "The patient is the subscriber, so this is one date of birth. Here are two: correct one, or clear this one."
)
SEALED_DAYS = ("patient_born_on", "subscriber_born_on", "cobra_begins_on", "cobra_ends_on", "premium_paid_to")
AS_WRITTEN = "%m/%d/%Y"
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
PLAN_YEARS = (1966, 10)  # from when Medicare began, to so many years ahead
NO_END = 9999  # the year by which payers' systems say that a plan has no end
WHICH_YEAR = "Check the year. If nobody said a date, leave it empty."
CHOICE = "Choose one of the listed answers."
AMOUNTS = ("deductible", "deductible_met", "out_of_pocket_maximum", "out_of_pocket_met")
OURS = (AmountField, PercentField, ClockField)  # they bring their sentences
NOTE_LENGTH = 4000
# What an electronic answer says is read from it, and entered by nobody.
BY_HAND = [choice for choice in VerificationOfBenefits.Source.choices if choice[0] != VerificationOfBenefits.Source.EDI]


def use_our_sentences(fields: dict[str, forms.Field]) -> None:
    """In place of Django's, which speak of values and choices."""
    for field in fields.values():
        if isinstance(field, forms.ChoiceField):
            said = {"invalid_choice": CHOICE}
        elif isinstance(field, BirthDateField):
            said = {}
        elif isinstance(field, PlanDateField):
            said = {"invalid": "There is no such date. Write month, day and year, such as 3/31/2026."}
        elif isinstance(field, forms.DateField):
            said = {"invalid": "Enter a date, such as 2026-03-31."}
        elif isinstance(field, OURS) or not hasattr(field, "max_length"):
            said = {}
        else:
            said = {"max_length": f"Use {field.max_length} characters or fewer."}
        field.error_messages |= said


def _of_a_plan(day: date | None) -> date | None:
    """A date of a plan, in a year in which plans begin or end."""
    first, ahead = PLAN_YEARS
    if day and not first <= day.year <= timezone.localdate().year + ahead:
        raise forms.ValidationError(WHICH_YEAR)
    return day


class PlanDateField(forms.DateField):
    """A day of a plan, as people write it. A browser's field for a date drops what it cannot read, such as 02/30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, input_formats=DAYS, widget=forms.DateInput(format=AS_WRITTEN), **kwargs)

    def clean(self, value: Any) -> date | None:
        return _of_a_plan(super().clean(value))


def _birth_field(label: str, **kwargs: Any) -> BirthDateField:
    widget = forms.DateInput(attrs={"autocomplete": "off"}, format=AS_WRITTEN)
    said = {"invalid": WHICH_DAY}
    return BirthDateField(label=label, required=False, input_formats=DAYS, widget=widget, error_messages=said, **kwargs)


class CoverageForm(forms.ModelForm):
    payer = forms.ModelChoiceField(Payer.objects.all(), required=False)
    payer_as_written = forms.CharField(
        max_length=120,
        required=False,
        label="Its name, if it is not listed",
        help_text="As on the card, and nothing else. A manager finds it in the directory, or adds it.",
    )
    member_id = forms.CharField(
        max_length=80, required=False, label="Member ID", help_text="As on the card, letters too."
    )
    group_number = forms.CharField(max_length=80, required=False)
    patient_born_on = _birth_field("Patient born on", help_text="Such as 3/27/1980.")
    subscriber_name = forms.CharField(max_length=120, required=False, help_text="Only if it is somebody else.")
    subscriber_born_on = _birth_field("Subscriber born on", help_text="Only if it is somebody else.")
    cobra_begins_on = PlanDateField(label="COBRA began on")
    cobra_ends_on = PlanDateField(label="COBRA ends on")
    premium_paid_to = PlanDateField(label="Premium paid to", help_text="Such as 3/31/2026.")

    class Meta:
        model = Coverage
        labels = {"subscriber_relation": "Patient's relation to the subscriber"}
        fields = [
            "rank", "payer", "payer_as_written", "plan_type", "member_id", "group_number", "subscriber_relation",
            "patient_born_on", "subscriber_name", "subscriber_born_on", "cobra_begins_on", "cobra_ends_on",
            "premium_paid_to",
        ]  # fmt: skip
        error_messages = {"rank": {"required": "Choose whether this coverage pays first, second or third."}}

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.lead = lead
        self.initial |= {name: parse_date(getattr(self.instance, name)) or "" for name in SEALED_DAYS}
        self._stand_as_patient()
        self.fields["payer"].choices = [("", "Choose"), *Payer.objects.by_every_name()]
        use_our_sentences(self.fields)

    def _stand_as_patient(self) -> None:
        """Of who is insured by themselves, the date of birth may be kept with the subscriber: the two are one."""
        if self.instance.subscriber_relation == Coverage.Relation.SELF:
            self.initial["patient_born_on"] = parse_date(self.instance.born_on) or ""
            self.initial["subscriber_born_on"] = ""

    def clean_rank(self) -> int:
        rank = self.cleaned_data["rank"]
        if self.instance.lead.coverages.current().exclude(pk=self.instance.pk).filter(rank=rank).exists():
            raise forms.ValidationError(RANK_TAKEN)
        return rank

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._find_payer(cleaned)
        if cleaned.get("subscriber_relation") == Coverage.Relation.SELF:
            self._make_births_one(cleaned)
        elif not cleaned.get("subscriber_name"):
            self.add_error("subscriber_name", "Enter the subscriber's name, because it is somebody else.")
        begins, ends = cleaned.get("cobra_begins_on"), cleaned.get("cobra_ends_on")
        if begins and ends and ends < begins:
            self.add_error("cobra_ends_on", "COBRA ends before it begins. Check both dates.")
        return cleaned | {name: self._as_kept(name, cleaned[name]) for name in SEALED_DAYS if name in cleaned}

    def _find_payer(self, cleaned: dict[str, Any]) -> None:
        """The one of the directory that is written, or the written name alone, which stops nobody."""
        words = cleaned.get("payer_as_written")
        if cleaned.get("payer") or self.errors.keys() & {"payer", "payer_as_written"}:
            return
        if not words:
            self.add_error("payer", WHICH_PAYER)
        else:
            cleaned["payer"] = Payer.objects.named(words)

    def _make_births_one(self, cleaned: dict[str, Any]) -> None:
        of_patient, of_subscriber = cleaned.get("patient_born_on"), cleaned.get("subscriber_born_on")
        if of_patient and of_subscriber and of_patient != of_subscriber:
            self.add_error("subscriber_born_on", TWO_BIRTHS)
        elif "patient_born_on" in cleaned and "subscriber_born_on" in cleaned:
            cleaned |= {"patient_born_on": of_patient or of_subscriber, "subscriber_born_on": None}

    def _as_kept(self, name: str, day: date | None) -> str:
        was = getattr(self.instance, name)
        if isinstance(was, UnreadableText) and not day:
            return was
        return day.isoformat() if day else ""


class ConsentForm(forms.Form):
    """Who agreed that we ask the insurer, how, and on which day."""

    of = forms.ChoiceField(
        choices=ConsentOf, label="Who agrees", error_messages={"required": "Choose who agrees that we ask."}
    )
    how = forms.ChoiceField(
        choices=ConsentHow, label="How", error_messages={"required": "Choose whether it was spoken or signed."}
    )
    on = PlanDateField(label="On", initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_our_sentences(self.fields)

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if day is None:
            raise forms.ValidationError("Enter the day on which they agreed.")
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return day


class NamePayerForm(forms.Form):
    """Which payer of the directory a written one is; `coverage` is each that has it."""

    payer = forms.ModelChoiceField(Payer.objects.all(), error_messages={"required": "Choose the payer first."})
    coverage = forms.ModelMultipleChoiceField(Coverage.objects.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_our_sentences(self.fields)


class VerificationForm(forms.ModelForm):
    representative = forms.CharField(max_length=120, required=False, label="Who said it")
    call_reference = forms.CharField(max_length=80, required=False, label="Reference number of the call")
    note = NoteField(max_length=NOTE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    deductible = AmountField()
    deductible_met = AmountField()
    out_of_pocket_maximum = AmountField(label="Out-of-pocket maximum")
    out_of_pocket_met = AmountField(label="Out-of-pocket met")
    coinsurance = PercentField(help_text="Patient's share, %.")
    # Names the amounts that were asked about: one that is typed after that is another question.
    amounts_are_meant = forms.CharField(required=False, label="They said these amounts, and meant them")
    verified_at = ClockField(
        label="When they said it",
        error_messages={"required": "Enter when they said it.", "invalid": "Enter a date and a time."},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = VerificationOfBenefits
        fields = [
            "source", "representative", "call_reference", "verified_at", "status", "in_network", "effective_on",
            "terminates_on", "deductible", "deductible_met", "out_of_pocket_maximum", "out_of_pocket_met",
            "coinsurance", "prior_authorization", "note",
        ]  # fmt: skip
        error_messages = {
            "source": {"required": "Choose where the answer comes from."},
            "status": {"required": "Choose what the payer said about the coverage."},
        }
        widgets = {
            "effective_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "terminates_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    amounts: Collection[str] = AMOUNTS  # names of fields with dollars, each of which may be asked about
    of_a_total: Collection[tuple[str, str]] = (  # what there is in all, and what is met of it
        ("deductible", "deductible_met"),
        ("out_of_pocket_maximum", "out_of_pocket_met"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amounts_asked_about: list[str] = []  # as amounts_are_meant names them
        if "source" in self.fields:
            self.fields["source"].choices = [("", "Choose"), *BY_HAND]
        use_our_sentences(self.fields)

    def clean_plan_year_begins_on(self) -> date | None:
        return _of_a_plan(self.cleaned_data["plan_year_begins_on"])

    def clean_effective_on(self) -> date | None:
        return _of_a_plan(self.cleaned_data["effective_on"])

    def clean_terminates_on(self) -> date | None:
        day = self.cleaned_data["terminates_on"]
        return None if day and day.year == NO_END else _of_a_plan(day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        by_phone = cleaned.get("source", self.instance.source) == VerificationOfBenefits.Source.PHONE
        if by_phone and not cleaned.get("representative"):
            self.add_error("representative", "Enter who said it. An answer on the phone without a name proves nothing.")
        if by_phone and not cleaned.get("call_reference"):
            self.add_error(
                "call_reference", "Enter the call's reference number. If they gave none, write “none given”."
            )
        if cleaned.get("verified_at") and cleaned["verified_at"] > timezone.now():
            self.add_error("verified_at", "This time has not come yet. Enter when they said it.")
        if cleaned.get("verified_at") and cleaned["verified_at"] < OLDEST:
            self.add_error("verified_at", "This is long ago. Check the year.")
        self._check_amounts(cleaned)
        return cleaned

    def _check_amounts(self, cleaned: dict[str, Any]) -> None:
        for name in self.amounts:
            amount = cleaned.get(name)
            if amount is not None:
                self._ask_about(name, amount)
        for total, met in self.of_a_total:
            if cleaned.get(total) is not None and cleaned.get(met) is not None and cleaned[met] > cleaned[total]:
                self.add_error(met, "More is met than there is in all. Check both amounts.")
        begins, ends = cleaned.get("effective_on"), cleaned.get("terminates_on")
        if begins and ends and ends < begins:
            self.add_error("terminates_on", "The plan ends before it begins. Check both dates.")

    def _ask_about(self, name: str, amount: Decimal) -> None:
        """One that looks like no amount, or like another, until it is said to be meant."""
        typed = self[name].data
        if is_unsure(typed):
            question = read_as(amount)
        elif is_placeholder(amount):
            question = IS_IT_MEANT
        else:
            return
        asked = f"{name}={typed}"
        self.amounts_asked_about.append(asked)
        if asked not in self.data.get("amounts_are_meant", "").split(";"):
            self.add_error(name, question)
