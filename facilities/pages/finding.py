"""How a visitor narrows the list of places of treatment: a form of the address, without a script."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from facilities.directory.care import Language, Level
from facilities.directory.claims import Claim
from facilities.directory.gazetteer import Spot, spots
from facilities.directory.models import Facility
from facilities.directory.payers import Payer

UNKNOWN = (
    "We do not know this ZIP code or city, so the list is not sorted by it. Try the ZIP code, or a larger city nearby."
)
ANY = [("", "Any")]


class FindForm(forms.Form):
    level = forms.ChoiceField(label="Kind of care", choices=[*ANY, *Level.choices], required=False)
    payer = forms.ModelChoiceField(label="Paid by", queryset=Payer.objects.none(), required=False, empty_label="Any")
    language = forms.ChoiceField(label="Language", choices=[*ANY, *Language.choices], required=False)
    medicine = forms.BooleanField(label="Medicine for opioid use disorder", required=False)
    near = forms.CharField(label="Near a ZIP code or city", max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, label_suffix="", **kwargs)
        proved = Claim.objects.current().filter(kind=Claim.Kind.IN_NETWORK)
        self.fields["near"].widget.attrs["autocomplete"] = "off"  # so that the browser of a shared phone keeps no list
        self.near_words = ""
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

    def nearest_first(self, places: Iterable[Any]) -> list[Any]:
        """With `miles` on each whose distance is known. Says in `near_words` what it was sorted by, if it was."""
        listed, asked = list(places), getattr(self, "cleaned_data", {}).get("near")
        if not asked:
            return listed
        at = {place: found[0] for place in listed if (found := _spots_of(place.facility))}
        if not (meant := spots(asked)):
            self.near_words = UNKNOWN
            return listed
        here = min(meant, key=lambda spot: min(map(spot.miles_to, at.values()), default=0))
        for place, spot in at.items():
            place.miles = round(here.miles_to(spot))
        self.near_words = f"Nearest to {here.name} first, in a straight line."
        if len(meant) > 1:
            other = next(spot.name for spot in meant if spot != here)
            self.near_words += f" Other states have a place of this name, too: add yours, such as “{other}”."
        return sorted(listed, key=lambda place: getattr(place, "miles", float("inf")))


def _spots_of(facility: Facility) -> list[Spot]:
    """A new ZIP code is in no list for a while; its city is."""
    return spots(facility.postal_code) or spots(f"{facility.city}, {facility.state}")
