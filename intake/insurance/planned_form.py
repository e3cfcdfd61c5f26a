"""What is planned: where, in which network, and which levels of care for how long."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from facilities.directory.levels import LevelOfCare
from facilities.directory.models import Facility
from facilities.widgets import DayInput
from intake.insurance.estimate.estimate import LONGEST
from intake.insurance.estimate.terms import WEEK, Cover
from intake.insurance.planned import Planned, PlannedLine
from intake.insurance.questions import NETWORKS

LINES = 4
NOT_SAID = ("", "Nobody said")
SAID = {"yes": True, "no": False}
YES_OR_NO = (NOT_SAID, ("yes", "Yes"), ("no", "No"))
HOW_LONG = f"Enter a whole number of days or visits, from 1 to {LONGEST}."
HOW_OFTEN = f"Enter how many days a week, from 1 to {WEEK}."
WHOLE_LINE = "Say the level of care, the first day, and how many days or visits, or leave the line empty."
NOTHING = "Plan one level of care at least: which, from which day on, and for how many days or visits."


def _count(most: int, words: str, **kwargs: Any) -> forms.IntegerField:
    said = dict.fromkeys(("invalid", "min_value", "max_value"), words)
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4})
    return forms.IntegerField(required=False, min_value=1, max_value=most, error_messages=said, widget=widget, **kwargs)


class LineForm(forms.Form):
    """One level of care of the stay; an empty one is none."""

    level = forms.ModelChoiceField(LevelOfCare.objects.all(), required=False, label="Level of care", empty_label="–")
    begins_on = forms.DateField(required=False, widget=DayInput, label="First day")
    units = _count(LONGEST, HOW_LONG, label="Days or visits")
    a_week = _count(WEEK, HOW_OFTEN, label="Days a week", initial=WEEK)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        named = [said.get(name) for name in ("level", "begins_on", "units")]
        if not self.errors and any(named) and not all(named):
            raise ValidationError(WHOLE_LINE)
        return said

    def line(self) -> PlannedLine | None:
        said = self.cleaned_data
        if not said.get("level"):
            return None
        return PlannedLine(said["level"], said["begins_on"], said["units"], said["a_week"] or WEEK)


class PlannedForm(forms.Form):
    """The stay as a whole, and what no sheet asks yet of the plan."""

    facility = forms.ModelChoiceField(Facility.objects.live(), label="Where", empty_label=None)
    network = forms.ChoiceField(choices=[(each.value, each.label) for each in NETWORKS], label="Our place is")
    cover = forms.ChoiceField(
        required=False,
        label="The family's deductible",
        choices=(
            NOT_SAID,
            (Cover.INDIVIDUAL.value, "There is no family on the plan"),
            (Cover.EMBEDDED.value, "Each member has their own inside it (embedded)"),
            (Cover.AGGREGATE.value, "The family meets it together (aggregate)"),
        ),
    )
    maximum_includes_deductible = forms.ChoiceField(
        required=False, choices=YES_OR_NO, label="The deductible counts to the out-of-pocket maximum"
    )
    deductible_applies = forms.ChoiceField(
        required=False, choices=YES_OR_NO, label="The deductible is paid first for these levels of care"
    )
    bills_balance = forms.BooleanField(
        required=False, label="Out of network, we bill what the plan does not allow (only where the law lets us)"
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.lines = LineFormSet(data, prefix="line")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lines.is_valid()])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.lines.is_valid() and not any(form.line() for form in self.lines):
            raise ValidationError(NOTHING)
        return said

    def planned(self) -> Planned:
        said = self.cleaned_data
        lines: Iterable[PlannedLine | None] = (form.line() for form in self.lines)
        return Planned(
            facility=said["facility"],
            network=said["network"],
            lines=tuple(line for line in lines if line),
            cover=Cover(said["cover"]) if said["cover"] else None,
            maximum_includes_deductible=SAID.get(said["maximum_includes_deductible"]),
            deductible_applies=SAID.get(said["deductible_applies"]),
            bills_balance=said["bills_balance"],
        )


LineFormSet = forms.formset_factory(LineForm, extra=LINES, max_num=LINES, validate_max=True)
