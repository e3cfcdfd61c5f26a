"""The form that takes a raw 271: pasted or as a file, and confirmed by whoever compared it with the person."""

from typing import Any

from django import forms
from django.utils import timezone

from intake.insurance.x12.answer import Answer
from intake.insurance.x12.read271 import read_271
from intake.insurance.x12.segments import NotReadable

LONGEST = 90_000  # bytes; an answer of 129 segments has 7,000
TOO_LONG = "This is longer than any answer about one person. Copy one answer, from ISA to IEA, or call the plan."
NONE_SENT = "Paste the answer, or choose its file."
TWO_SENT = "Here are a text and a file. Clear one of them."
STILL_TO_COME = "This answer is dated {}, which is still to come. Check that it is the right file, or call the plan."


class AnswerForm(forms.Form):
    text = forms.CharField(
        required=False,
        strip=False,
        label="The answer, as text",
        help_text="All of it, from ISA to IEA.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(required=False, label="Or its file", allow_empty_file=True)
    confirmed = forms.BooleanField(required=False, label="I compared them: this answer is about this person.")

    answer: Answer  # what was read, of a valid form
    raw: str

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text, file = cleaned.get("text", ""), cleaned.get("file")
        if text.strip() and file:
            raise forms.ValidationError(TWO_SENT)
        raw = file.read(LONGEST + 1) if file else text
        if not raw.strip():
            raise forms.ValidationError(NONE_SENT)
        if len(raw) > LONGEST:
            raise forms.ValidationError(TOO_LONG)
        try:
            self.answer = read_271(raw)
        except NotReadable as problem:
            raise forms.ValidationError(str(problem), code="not_read") from problem
        made_on = self.answer.made_on
        if made_on and made_on > timezone.localdate():
            raise forms.ValidationError(STILL_TO_COME.format(f"{made_on:%b %-d, %Y}"))
        self.raw = raw if isinstance(raw, str) else _as_text(raw)
        return cleaned


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
