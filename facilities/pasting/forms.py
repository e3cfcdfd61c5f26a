"""What is asked about a pasted text: one form for each source, citation, picture and call to action."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.images.widgets import AdminImageChooser

from facilities.directory.models import PhoneLine
from facilities.pages.insurance import InsurancePage
from facilities.pages.models import SUMMARY_LENGTH
from facilities.pages.site_settings import SiteSettings
from facilities.pasting.found import Found
from facilities.pasting.lines import Place, Table
from facilities.pasting.marks import Mark
from facilities.pasting.models import LONGEST
from facilities.pasting.references import Reference
from facilities.pasting.sections import LONGEST_TITLE
from facilities.pictures.models import Picture
from facilities.sources.models import Source
from facilities.sources.snippets import NewSourceForm

NEW = "new"
TOO_LONG = "This is longer than a book. Paste one article, without its pictures: they are asked for afterwards."


class PasteForm(forms.Form):
    """`html` is what the clipboard holds beside the plain words, sent by static/pasting.js."""

    words = forms.CharField(
        label="The text",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16, "data-paste": "html"}),
        error_messages={"required": "Paste the text first. Nothing was made yet.", "max_length": TOO_LONG},
    )
    html = forms.CharField(
        max_length=LONGEST, required=False, widget=forms.HiddenInput, error_messages={"max_length": TOO_LONG}
    )

    @property
    def pasted(self) -> str:
        return self.cleaned_data["html"] or self.cleaned_data["words"]


class PageForm(forms.Form):
    title = forms.CharField(max_length=LONGEST_TITLE, help_text="A question or an action, as people say it.")
    summary = forms.CharField(
        max_length=SUMMARY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The plain answer first, in 40 words or fewer.",
    )


class ReferenceForm(forms.Form):
    """One line of the list of sources: one of ours, a new one, or left in the text for now."""

    use = forms.ChoiceField(label="Take it as", required=False)
    confirmed = forms.BooleanField(label="This is right", required=False)

    def __init__(self, data: Any, *, reference: Reference, found: Found | None, may_add: bool) -> None:
        prefix = f"source-{reference.number}"
        super().__init__(data, prefix=prefix)
        self.reference, self.found = reference, found
        choices = [(str(found.source.pk), f"Ours already: {found.source.label}")] if found else []
        choices += [(NEW, "A new source, as below")] if may_add else []
        self.fields["use"].choices = [*choices, ("", "Not now: keep its words at the end of the draft")]
        self.initial["use"] = choices[0][0] if choices else ""
        self.new = NewSourceForm(data if self.is_new else None, prefix=prefix, initial=_proposal(reference))
        self.new.instance.note = f"It was cited in a pasted text as: {reference.words}"

    @property
    def is_new(self) -> bool:
        """Chosen and confirmed, so that its fields are to be right."""
        return self.is_bound and self["use"].value() == NEW and bool(self["confirmed"].value())

    def is_valid(self) -> bool:
        return super().is_valid() and (not self.is_new or self.new.is_valid())

    def source(self) -> Source | None:
        """The row that it stands for, entered now if it is new; None for what nobody confirmed. Raises nothing."""
        if not self.cleaned_data["confirmed"] or not self.cleaned_data["use"]:
            return None
        if not self.is_new:
            return Source.objects.get(pk=self.cleaned_data["use"])
        same = self.new.instance.url and Source.objects.filter(url=self.new.instance.url).first()
        return same or self.new.save()  # two lines of one list may have one link


def _proposal(reference: Reference) -> dict[str, Any]:
    """Who confirms it has opened it: today, unless the line says when it was read."""
    return {
        "title": reference.title,
        "authors": reference.authors,
        "publisher": reference.publisher,
        "year": reference.year,
        "url": reference.url,
        "kind": Source.Kind.WEB_PAGE if reference.url and not reference.authors else Source.Kind.ARTICLE,
        "accessed_on": reference.accessed_on or timezone.localdate(),
    }


class MarkForm(forms.Form):
    confirmed = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, mark: Mark, references: list[Reference]) -> None:
        super().__init__(data, prefix=f"mark-{mark.number}")
        self.mark, self.references = mark, references


class PictureForm(forms.Form):
    """A picture is chosen from ours or uploaded: what was pasted is never fetched."""

    image = forms.ModelChoiceField(Picture.objects.all(), required=False, widget=AdminImageChooser, label="Picture")
    alt_text = forms.CharField(
        required=False, label="Alt text", help_text="What it shows, in a sentence. Publishing checks it."
    )

    def __init__(self, data: Any, *, number: int, place: Place) -> None:
        super().__init__(data, prefix=f"picture-{number}", initial={"alt_text": place.alt})
        self.number, self.place = number, place


class TableForm(forms.Form):
    caption = forms.CharField(
        required=False, label="What the table shows", help_text="Its caption. Publishing asks for one."
    )

    def __init__(self, data: Any, *, number: int, table: Table) -> None:
        super().__init__(data, prefix=f"table-{number}", initial={"caption": table.caption})
        self.number, self.headings = number, [" ".join(line.text for line in cell) for cell in table.rows[0]]


class CallForm(forms.Form):
    """One of the two places where a page asks: after half of its sections, and at its end."""

    wanted = forms.BooleanField(required=False)
    heading = forms.CharField(max_length=80, required=False)
    sentence = forms.CharField(max_length=200, required=False)
    phone_line = forms.ModelChoiceField(PhoneLine.objects.none(), required=False, label="Number")

    def __init__(self, data: Any, *, name: str, where: str, page: InsurancePage | None = None, **initial: Any) -> None:
        super().__init__(data, prefix=f"call-{name}", initial=initial)
        self.where, self.page = where, page
        self.fields["phone_line"].queryset = PhoneLine.objects.live()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("heading", "sentence", "phone_line") if cleaned.get("wanted") else ():
            if not cleaned.get(name):
                self.add_error(name, "A call to action needs this. Fill it in, or take out the tick.")
        return cleaned


def call_forms(data: Any) -> list[CallForm]:
    header = SiteSettings.objects.exclude(phone_line=None).values_list("phone_line", flat=True).first()
    treatment = {"heading": "Talk about what could help you", "sentence": "We tell you which treatments there are."}
    paying = {"heading": "Ask what your plan pays", "sentence": "We look at your insurance with you."}
    page = InsurancePage.objects.live().first()
    return [
        CallForm(data, name="treatment", where="In the middle: treatment", phone_line=header, **treatment),
        CallForm(
            data, name="paying", where="At the end: insurance and payment", page=page, phone_line=header, **paying
        ),
    ]
