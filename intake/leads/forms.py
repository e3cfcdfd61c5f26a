"""What a consultant enters on a lead's page. Forms check; the lead decides."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from intake.leads.activity import CallOutcome
from intake.leads.models import FURTHEST_FOLLOW_UP, TOO_FAR, Lead

NOTE_LENGTH = 4000


class RevealForm(forms.Form):
    reason = forms.CharField(
        max_length=400, required=False, error_messages={"max_length": "Use 400 characters or fewer for the reason."}
    )


class ActForm(forms.Form):
    """An act with the note that was being written when it was done."""

    text = forms.CharField(
        max_length=NOTE_LENGTH,
        required=False,
        error_messages={"max_length": f"Use {NOTE_LENGTH} characters or fewer for one note."},
    )


class OutcomeForm(ActForm):
    outcome = forms.ChoiceField(
        choices=CallOutcome.choices, error_messages={"required": "Choose what came of the call."}
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=NOTE_LENGTH,
        widget=forms.Textarea,
        error_messages={
            "required": "Write the note first.",
            "max_length": f"Use {NOTE_LENGTH} characters or fewer for one note.",
        },
    )


class ClockField(forms.DateTimeField):
    """A date and time on the clock of the desk, which skips one hour a year and has another twice."""

    def to_python(self, value: object) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code == "ambiguous_timezone":
                raise ValidationError("The clocks change in that hour. Choose an hour earlier or later.") from error
            raise


class FollowUpForm(ActForm):
    at = ClockField(error_messages={"required": "Choose when to call again.", "invalid": "Enter a date and a time."})

    asked_for = forms.BooleanField(required=False)

    def clean_at(self) -> datetime:
        at = self.cleaned_data["at"]
        if at > timezone.now() + FURTHEST_FOLLOW_UP:
            raise ValidationError(TOO_FAR)
        return at


class CloseForm(ActForm):
    reason = forms.ChoiceField(
        choices=[choice for choice in Lead.CloseReason.choices if choice[0] != Lead.CloseReason.ASKED_TO_STOP],
        error_messages={"required": "Choose why this is closed."},
    )


class QuarantineForm(forms.Form):
    decision = forms.ChoiceField(choices=[("person", "A person"), ("spam", "Spam")])


class SearchForm(forms.Form):
    text = forms.CharField(max_length=100, error_messages={"required": "Enter a number, a name or a reference."})
