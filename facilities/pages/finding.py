"""How a visitor narrows the list of places of treatment: a form of the address, without a script."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from facilities.directory.care import Language, Level
from facilities.directory.claims import Claim
from facilities.directory.payers import Payer

ANY = [("", "Any")]


class FindForm(forms.Form):
    level = forms.ChoiceField(label="Kind of care", choices=[*ANY, *Level.choices], required=False)
    payer = forms.ModelChoiceField(label="Paid by", queryset=Payer.objects.none(), required=False, empty_label="Any")
    language = forms.ChoiceField(label="Language", choices=[*ANY, *Language.choices], required=False)
    medicine = forms.BooleanField(label="Medicine for opioid use disorder", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, label_suffix="", **kwargs)
        proved = Claim.objects.current().filter(kind=Claim.Kind.IN_NETWORK)
        self.fields["payer"].queryset = Payer.objects.filter(claims__in=proved).distinct()

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, places: QuerySet) -> QuerySet:
        """What the form cannot read narrows nothing; the page says so."""
        asked = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if asked.get("level"):
            places = places.filter(facility__levels__contains=[asked["level"]])
        if asked.get("language"):
            places = places.filter(facility__languages__contains=[asked["language"]])
        if asked.get("medicine"):
            places = places.exclude(facility__medicines=[])
        if asked.get("payer"):
            proved = Claim.objects.current().filter(kind=Claim.Kind.IN_NETWORK, payer=asked["payer"])
            places = places.filter(facility__in=proved.values("facility"))
        return places
