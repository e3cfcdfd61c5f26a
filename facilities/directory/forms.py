"""The forms in which staff keep the facts."""

from datetime import time
from itertools import pairwise
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from facilities.directory.care import Language, Level, Medicine
from facilities.directory.opening import stretch


class GuardedForm(WagtailAdminModelForm):
    """What the person may not change stays as it was last written, also where an earlier version is brought back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = set(self._meta.field_permissions or {}) - set(self.fields)
        if closed and self.instance.pk:
            stored = self._meta.model.objects.get(pk=self.instance.pk).get_latest_revision_as_object()
            for name in closed:
                attribute = self._meta.model._meta.get_field(name).attname
                setattr(self.instance, attribute, getattr(stored, attribute))


class PhoneLineForm(GuardedForm):
    languages = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = self._meta.model.Language.choices

    def clean(self) -> dict:
        rows = [row for row in self.formsets["hours"].forms if _is_whole(row)]
        rows.sort(key=_stretch)
        for before, after in pairwise(rows):
            if _stretch(after)[0] < _stretch(before)[1]:
                after.add_error("opens", f"On that day it is already open {_words(before)}. Make these rows one.")
        return super().clean()


class FacilityForm(GuardedForm):
    """Its address stays: it is in links, in what people printed, and no redirect would lead from the old one."""

    levels = forms.MultipleChoiceField(choices=Level, widget=forms.CheckboxSelectMultiple, required=False)
    medicines = forms.MultipleChoiceField(
        choices=Medicine,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Medicines for opioid use disorder",
    )
    languages = forms.MultipleChoiceField(choices=Language, widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = "Part of the page's address, which stays as it is."


def _is_whole(row: forms.ModelForm) -> bool:
    return row.is_valid() and not row.cleaned_data.get("DELETE") and row.cleaned_data.get("opens") is not None


def _stretch(row: forms.ModelForm) -> tuple:
    return stretch(*(row.cleaned_data[name] for name in ("weekday", "opens", "closes")))


def _words(row: forms.ModelForm) -> str:
    opens, closes = row.cleaned_data["opens"], row.cleaned_data["closes"]
    return f"from {opens:%H:%M} to {'midnight' if closes == time.min else f'{closes:%H:%M}'}"
