"""The call sheet: the questions that are still open, each with the one key or field that answers it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html

from facilities.directory.levels import LevelOfCare
from intake.insurance.amounts import AmountField, PercentField
from intake.insurance.forms import VerificationForm, use_our_sentences
from intake.insurance.grid import Cells
from intake.insurance.lines import Answer, BenefitLine
from intake.insurance.questions import ANSWER, COUNT, MONEY, NETWORKS, PERCENT, Question, Section, questions_of
from intake.insurance.verification import VerificationOfBenefits
from intake.leads.forms import ClockField

What = BenefitLine.What
NO_LIMIT = "no"
OF_LIMIT = (
    ("day-year", "days a year", "1"),
    ("visit-year", "visits a year", "2"),
    ("day-admission", "days an admission", "3"),
    ("day-lifetime", "days in a lifetime", "4"),
    ("visit-lifetime", "visits in a lifetime", "5"),
    (NO_LIMIT, "no limit", "n"),
)
KEYS = {
    "yes": "y", "no": "n", "unknown": "u", "day": "d", "visit": "v", "admission": "a",
    "active": "a", "inactive": "i", "not_found": "f", "undetermined": "u",
}  # fmt: skip
WHICH_UNIT = "Say what the co-pay is paid for: a day, a visit, or an admission."
WHICH_LIMIT = "Say what the limit counts, or that there is none."
WHOLE = "Enter a whole number, such as 60. Leave it empty if nobody said."
ASKED_OF = re.compile(r"level(\d+)-(in|out)-")
AT = "%Y-%m-%dT%H:%M"


class OneKey(forms.RadioSelect):
    """A choice that one key makes (static/desk/call_sheet.js)."""

    def create_option(self, name: str, value: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        keys = KEYS | {limit: key for limit, _, key in OF_LIMIT} if name.endswith("-of") else KEYS
        if key := keys.get(str(value)):
            option["attrs"]["data-key"] = key
            option["label"] = format_html('{} <kbd aria-hidden="true">{}</kbd>', option["label"], key)
        return option


class CountField(forms.IntegerField):
    """Days or visits, or None for nothing."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        said = {"invalid": WHOLE, "min_value": WHOLE, "max_value": WHOLE}
        super().__init__(required=False, min_value=0, max_value=99_999, error_messages=said, **kwargs)


def _one_of(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False, widget=OneKey, **kwargs)


class Asked(NamedTuple):
    """A question on the page, with its field, and with the one that says what the number counts."""

    question: Question
    field: BoundField
    of: BoundField | None


class AskedSection(NamedTuple):
    heading: str
    asked: list[Asked]


class CallSheetForm(VerificationForm):
    """What one call said. `data` or `kept` says which levels and networks are in question."""

    deductible = deductible_met = out_of_pocket_maximum = out_of_pocket_met = coinsurance = None
    levels = forms.ModelMultipleChoiceField(
        LevelOfCare.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label="Levels of care"
    )
    networks = forms.MultipleChoiceField(
        choices=[(each.value, each.label) for each in NETWORKS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Benefits",
    )
    ask_all = forms.BooleanField(required=False, label="Ask again what is known")
    status = forms.ChoiceField(
        choices=VerificationOfBenefits.Status,
        widget=OneKey,
        label="Is the coverage active today?",
        error_messages={"required": "Choose what the payer said about the coverage."},
    )
    in_network = _one_of(Answer.choices, label="Is our facility in the plan's network?")
    call_began_at = ClockField(
        label="Call began",
        error_messages={"required": "Enter when the call began.", "invalid": "Enter a date and a time."},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=AT),
    )

    class Meta(VerificationForm.Meta):
        fields = [
            "representative", "call_reference", "call_began_at", "verified_at", "status", "in_network",
            "effective_on", "terminates_on", "plan_year_begins_on", "note",
        ]  # fmt: skip
        labels = {
            "effective_on": "From which day is the coverage effective?",
            "terminates_on": "On which day does it end?",
            "plan_year_begins_on": "On which day did the present plan year begin?",
        }
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("effective_on", "terminates_on", "plan_year_begins_on")
        }
        help_texts = {"plan_year_begins_on": "", "verified_at": ""}

    def __init__(self, data: QueryDict | None = None, *, known: Cells, kept: Mapping | None = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.instance.source = VerificationOfBenefits.Source.PHONE
        self.fields["representative"].label = "Who is speaking?"
        self.fields["verified_at"].label = "Call ended"
        chosen = data if data is not None else kept
        self.sections = self._sections(chosen, known)
        self.questions = [question for section in self.sections for question in section.questions]
        for question in self.questions:
            self._add(question)
        use_our_sentences({question.name: self.fields[question.name] for question in self.questions})
        self.amounts = [question.name for question in self.questions if question.kind == MONEY]
        self.of_a_total = [(name, met) for name in self.amounts if (met := re.sub("-total$", "-met", name)) != name]

    def _sections(self, chosen: Any, known: Cells) -> list[Section]:
        """What was typed for a level stays on the page, also if the level is no longer chosen."""
        if not chosen:
            levels, networks = {str(level.pk) for level in self.initial["levels"]}, NETWORKS
            return questions_of(self._levels(levels), networks, known)
        typed = [found for name in chosen if (found := ASKED_OF.match(name)) and any(chosen.getlist(name))]
        levels = {*chosen.getlist("levels"), *(match[1] for match in typed)}
        named = {*chosen.getlist("networks"), *(match[2] for match in typed)}
        networks = [network for network in NETWORKS if network in named]
        return questions_of(self._levels(levels), networks, known, ask_all=bool(chosen.get("ask_all")))

    def _levels(self, keys: set[str]) -> list[LevelOfCare]:
        return [level for level in self.fields["levels"].queryset if str(level.pk) in keys]

    def _add(self, question: Question) -> None:
        name, label = question.name, question.words
        if question.kind == ANSWER:
            self.fields[name] = _one_of(Answer.choices, label=label)
        elif question.kind == PERCENT:
            self.fields[name] = PercentField(label=label)
        elif question.kind == COUNT:
            self.fields[name] = CountField(label=label)
            choices = [(value, words) for value, words, _ in OF_LIMIT]
            self.fields[f"{name}-of"] = _one_of(choices, label="That is")
        elif question.kind == MONEY:
            self.fields[name] = AmountField(label=label)
            if question.what == What.COPAY:
                self.fields[f"{name}-of"] = _one_of(BenefitLine.Unit.choices, label="For each")
        else:
            self.fields[name] = forms.CharField(label=label, required=False, max_length=400)

    @property
    def has_levels(self) -> bool:
        """Whether any level of care is in question."""
        return any(question.level for question in self.questions)

    def asked(self) -> Iterator[AskedSection]:
        for section in self.sections:
            fields = [Asked(each, self[each.name], self._of(each)) for each in section.questions]
            yield AskedSection(section.heading, fields)

    def _of(self, question: Question) -> BoundField | None:
        name = f"{question.name}-of"
        return self[name] if name in self.fields else None

    def clean_in_network(self) -> str:
        return self.cleaned_data["in_network"] or Answer.UNKNOWN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        began, ended = cleaned.get("call_began_at"), cleaned.get("verified_at")
        if began and ended and ended < began:
            self.add_error("verified_at", "The call ends before it begins. Check both times.")
        for question in self.questions:
            value, of = cleaned.get(question.name), cleaned.get(f"{question.name}-of")
            if question.what == What.COPAY and value and not of:
                self.add_error(f"{question.name}-of", WHICH_UNIT)
            elif question.what == What.LIMIT and question.name not in self.errors:
                self._check_limit(question, value, of)
        return cleaned

    def _check_limit(self, question: Question, value: int | None, of: str) -> None:
        """A number needs what it counts; “no limit” and nothing need none."""
        if (value is None) != (of in (NO_LIMIT, "")):
            self.add_error(f"{question.name}-of", WHICH_LIMIT)

    def lines(self) -> list[BenefitLine]:
        """One for each question that was answered. What nobody said makes none."""
        return [line for question in self.questions if (line := self._line(question))]

    def _line(self, question: Question) -> BenefitLine | None:
        value, of = self.cleaned_data.get(question.name), self.cleaned_data.get(f"{question.name}-of", "")
        facts = {name: getattr(question, name) for name in ("level", "network", "what", "whose", "part")}
        if question.what == What.LIMIT and of == NO_LIMIT:
            return BenefitLine(**facts, answer=Answer.NO)
        if value in (None, ""):
            return None
        if question.kind == ANSWER:
            return BenefitLine(**facts, answer=value)
        if question.what == What.EXCLUSION:
            return BenefitLine(**facts, words=value)
        unit, _, period = of.partition("-")
        return BenefitLine(**facts, number=Decimal(value), unit=unit, period=period)
