"""What a consultant enters on a lead's page. Forms check, and their answers are the arguments of the acts."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from intake.leads.activity import CallOutcome
from intake.leads.acts.follow_up import FURTHEST, TOO_FAR
from intake.leads.drafts import typed
from intake.leads.models import Lead

NOTE_LENGTH = 4000
TOO_LONG = f"Use {NOTE_LENGTH} characters or fewer for one note."


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
    at = ClockField(error_messages={"required": "Choose when to call again.", "invalid": "Enter a date and a time."})
    is_asked_for = forms.BooleanField(required=False)
    seen = forms.IntegerField(required=False)

    def clean_at(self) -> datetime:
        at = self.cleaned_data["at"]
        if at > timezone.now() + FURTHEST:
            raise ValidationError(TOO_FAR)
        return at


class CloseForm(ActForm):
    reason = forms.TypedChoiceField(
        choices=[choice for choice in Lead.CloseReason.choices if choice[0] not in Lead.BY_THE_PERSON],
        coerce=Lead.CloseReason,
        error_messages={"required": "Choose why this is closed."},
    )


class QuarantineForm(forms.Form):
    is_spam = forms.TypedChoiceField(choices=[("no", "A person"), ("yes", "Spam")], coerce=lambda value: value == "yes")


class DraftForm(forms.Form):
    """Any form of a lead, while somebody types: `draft` is its name, and all that it sends is kept."""

    LONGEST = 20_000  # characters: the longest form, filled to the brim

    draft = forms.RegexField(r"^[a-z0-9-]{1,60}\Z")

    def clean(self) -> dict[str, Any]:
        answers = typed(self.data)
        if sum(len(name) + sum(map(len, values)) for name, values in answers.items()) > self.LONGEST:
            raise ValidationError("Too long to be kept.")
        return {"form": self.cleaned_data.get("draft"), "answers": answers}


class VersionForm(forms.Form):
    """What others had done when the page was made that sends this."""

    seen = forms.IntegerField(required=False)


class SearchForm(forms.Form):
    query = forms.CharField(max_length=100, error_messages={"required": "Enter a number, a name or a reference."})
