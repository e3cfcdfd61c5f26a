"""What a consultant enters on a lead's page. Forms check, and their answers are the arguments of the acts."""

from contextlib import nullcontext
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from facilities.directory.referral import ReferralPlace
from intake.callbacks.answers import IfOtherAnswers, TimeOfDay
from intake.leads.activity import CallOutcome, HandOver
from intake.leads.acts.follow_up import FURTHEST, TOO_FAR
from intake.leads.acts.pass_on import who_can_take
from intake.leads.drafts import typed
from intake.leads.models import Lead
from intake.leads.search import named

NOTE_LENGTH = 4000
TOO_LONG = f"Use {NOTE_LENGTH} characters or fewer for one note."


NO_OTHER = "Choose the other request, or enter its reference."
NONE_NAMED = "No request that is open, or was closed lately, has this reference. Check the digits."
SEVERAL = "Several requests have this reference. Find the one that you mean, and merge it from its page."


class NoteField(forms.CharField):
    """Lines of text. A browser counts a line break as one character and sends two."""

    def to_python(self, value: object) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class RevealForm(forms.Form):
    why = forms.CharField(
        max_length=400, required=False, error_messages={"max_length": "Use 400 characters or fewer for the reason."}
    )


class ActForm(forms.Form):
    """An act with the note that was being written when it was done."""

    note = NoteField(max_length=NOTE_LENGTH, required=False, error_messages={"max_length": TOO_LONG})


class NoteForm(forms.Form):
    note = NoteField(
        max_length=NOTE_LENGTH, error_messages={"required": "Write the note first.", "max_length": TOO_LONG}
    )


class OutcomeForm(ActForm):
    outcome = forms.TypedChoiceField(
        choices=CallOutcome.choices, coerce=CallOutcome, error_messages={"required": "Choose what came of the call."}
    )
    they_called = forms.BooleanField(required=False)


NO_SUCH_HOUR = "The clocks change in that hour, so it comes twice or not at all. Choose an hour earlier or later."


class ClockField(forms.DateTimeField):
    """A date and time on the clock of the desk, which skips one hour a year and has another twice."""

    def to_python(self, value: object) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code == "ambiguous_timezone":
                raise ValidationError(NO_SUCH_HOUR) from error
            raise


class FollowUpForm(ActForm):
    """`at` as it was typed, on our clock or on theirs (`zone`), or the time of the button that was pressed."""

    on_their_clock = forms.BooleanField(required=False)
    at = ClockField(required=False, error_messages={"invalid": "Enter a date and a time."})
    quick = forms.DateTimeField(required=False)
    is_asked_for = forms.BooleanField(required=False)
    seen = forms.IntegerField(required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        with timezone.override(self.zone) if "on_their_clock" in self.data else nullcontext():
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        at = cleaned.pop("quick", None) or cleaned.get("at")
        cleaned.pop("on_their_clock", None)
        if at is None and not self.errors:
            raise ValidationError("Choose when to call again.")
        if at and at > timezone.now() + FURTHEST:
            raise ValidationError(TOO_FAR)
        return cleaned | {"at": at}


class RulesForm(forms.ModelForm):
    """How and when to call, as the person says it on the phone."""

    times = forms.MultipleChoiceField(
        label="Good times", choices=TimeOfDay.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Lead
        fields = ("voicemail", "text", "if_other_answers", "times", "time_zone")
        labels = {
            "voicemail": "If nobody answers",
            "text": "Text messages",
            "if_other_answers": "If someone else answers",
        }

    def clean_times(self) -> list[str]:
        return [value for value in TimeOfDay.values if value in self.cleaned_data["times"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("if_other_answers") == IfOtherAnswers.ASK_FOR_ME and not self.instance.name:
            self.add_error("if_other_answers", "They gave no name to ask for. Choose to hang up.")
        return cleaned


class HandOverForm(forms.Form):
    """`at` may be left empty for now."""

    to = forms.TypedChoiceField(
        choices=HandOver.choices, coerce=HandOver, error_messages={"required": "Choose to whom you handed over."}
    )
    at = ClockField(required=False, error_messages={"invalid": "Enter a date and a time."})
    agreed = NoteField(
        max_length=NOTE_LENGTH, error_messages={"required": "Say what was agreed.", "max_length": TOO_LONG}
    )

    def clean_at(self) -> datetime:
        return self.cleaned_data["at"] or timezone.now()


class CloseForm(ActForm):
    reason = forms.TypedChoiceField(
        choices=[choice for choice in Lead.CloseReason.choices if choice[0] not in Lead.NOT_CHOSEN],
        coerce=Lead.CloseReason,
        error_messages={"required": "Choose why this is closed."},
    )
    referred_to = forms.ModelChoiceField(
        ReferralPlace.objects.all(),
        required=False,
        error_messages={"invalid_choice": "That place is no longer in the list. Choose another."},
    )
    declined_referral = forms.BooleanField(required=False)


class OtherForm(forms.Form):
    """Another lead, which is the same person's or is not."""

    other = forms.ModelChoiceField(
        Lead.objects.all(), error_messages={"required": NO_OTHER, "invalid_choice": "That lead is not there any more."}
    )


class MergeForm(OtherForm):
    """`other` is one that the page proposes, or is named by its `reference`, as somebody says it on the phone."""

    reference = forms.CharField(max_length=40, required=False)
    keeps_other = forms.BooleanField(required=False)
    seen = forms.IntegerField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        reference = cleaned.pop("reference", "")
        if not (cleaned.get("other") or self.errors):
            cleaned["other"] = self._named(reference)
        return cleaned

    def _named(self, reference: str) -> Lead:
        found = named(reference)
        if len(found) > 1:
            raise ValidationError(SEVERAL)
        if not found:
            raise ValidationError(NONE_NAMED if reference else NO_OTHER)
        return found[0]


class PassOnForm(ActForm):
    to = forms.ModelChoiceField(
        who_can_take(),
        error_messages={"required": "Choose who takes it.", "invalid_choice": "They work no leads. Choose another."},
    )


class QuarantineForm(forms.Form):
    is_spam = forms.TypedChoiceField(choices=[("no", "A person"), ("yes", "Spam")], coerce=lambda value: value == "yes")


class DraftForm(forms.Form):
    """Any form of a lead, while somebody types: `draft` is its name, and all that it sends is kept."""

    LONGEST = 20_000  # characters: the longest form, filled to the brim

    draft = forms.RegexField(r"^[a-z0-9-]{1,60}\Z")
    window = forms.RegexField(r"^[a-f0-9]{1,32}\Z", required=False)
    knew = forms.DateTimeField(required=False)

    def clean(self) -> dict[str, Any]:
        answers = typed(self.data)
        if sum(len(name) + sum(map(len, values)) for name, values in answers.items()) > self.LONGEST:
            raise ValidationError("Too long to be kept.")
        told = {name: self.cleaned_data.get(name) for name in ("window", "knew")}
        return {"form": self.cleaned_data.get("draft"), "answers": answers, **told}


class VersionForm(forms.Form):
    """What others had done when the page was made that sends this."""

    seen = forms.IntegerField(required=False)


class SearchForm(forms.Form):
    query = forms.CharField(max_length=100, error_messages={"required": "Enter a number, a name or a reference."})
