"""What a consultant enters on a lead's page. Forms check; the lead decides."""

from django import forms

from intake.leads.activity import CallOutcome
from intake.leads.models import Lead

NOTE_LENGTH = 4000


class RevealForm(forms.Form):
    reason = forms.CharField(
        max_length=400, required=False, error_messages={"max_length": "Use 400 characters or fewer for the reason."}
    )


class OutcomeForm(forms.Form):
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


class FollowUpForm(forms.Form):
    at = forms.DateTimeField(
        error_messages={"required": "Choose when to call again.", "invalid": "Enter a date and a time."}
    )


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Lead.CloseReason.choices, error_messages={"required": "Choose why this is closed."}
    )


class QuarantineForm(forms.Form):
    decision = forms.ChoiceField(choices=[("person", "A person"), ("spam", "Spam")])


class SearchForm(forms.Form):
    text = forms.CharField(max_length=100, error_messages={"required": "Enter a number, a name or a reference."})
