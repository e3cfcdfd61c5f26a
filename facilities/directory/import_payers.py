"""Takes payers in from a table: one row for each identifier, or one for a payer without any."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.models import model_to_dict

from facilities.directory.payers import Payer, PayerAlias, PayerIdentifier

FLAGS = ("is_coinsurance_of_plan", "is_enrolment_needed")
OF_IDENTIFIER = ("network", "purpose", "value", "valid_from", "valid_to", "evidence")
YES_NO = "Write yes or no."
SEPARATOR = ";"  # between two aliases


class Problem(NamedTuple):
    """What is wrong with one row; the first after the heading is row 2, as a spreadsheet counts."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.sentence}" if self.column else f"Row {self.row}: {self.sentence}"


class WrongColumns(Exception):
    """The table has no name column, or one that nobody knows. The message is a sentence."""


def _flag_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        coerce=lambda value: value == "yes",
        empty_value=False,
        required=False,
        error_messages={"invalid_choice": YES_NO},
    )


class PayerRow(forms.ModelForm):
    is_coinsurance_of_plan = _flag_field()
    is_enrolment_needed = _flag_field()

    class Meta:
        model = Payer
        fields = (
            "name", "member_phone", "provider_phone", "behavioural_phone", "precertification_phone", "id_form", *FLAGS,
        )  # fmt: skip


class AliasRow(forms.ModelForm):
    class Meta:
        model = PayerAlias
        fields = ("name",)


class IdentifierRow(forms.ModelForm):
    class Meta:
        model = PayerIdentifier
        fields = OF_IDENTIFIER


COLUMNS = (*PayerRow.Meta.fields, "aliases", *OF_IDENTIFIER)


def import_payers(lines: Iterable[str]) -> tuple[Counter, list[Problem]]:
    """Add what a table (CSV) has and we lack, and change what it says otherwise; an empty cell says nothing.

    How many payers, aliases and identifiers are new, and what is wrong. The caller rolls back if something is. Raises
    WrongColumns, and csv.Error for what is no table.
    """
    table = csv.DictReader(lines, strict=True)
    _check_columns(table.fieldnames or [])
    added, problems = Counter(), []
    for number, row in enumerate(table, 2):
        if None in row or None in row.values():
            problems.append(Problem(number, "", "It has more or fewer cells than the heading."))
            continue
        cells = {name: cell.strip() for name, cell in row.items()}
        problems += [Problem(number, *found) for found in _take_in(cells, added)]
    return added, problems


def _check_columns(names: Iterable[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or "name" not in names:
        wrong = f"There is no column {unknown[0]!r}." if unknown else "The column name is missing."
        raise WrongColumns(f"{wrong} The first row names the columns: {', '.join(COLUMNS)}.")


def _take_in(cells: dict[str, str], added: Counter) -> Iterator[tuple[str, str]]:
    """What is wrong with the row, by column."""
    known = Payer.objects.filter(name__iexact=cells["name"]).first() if cells["name"] else None
    said = {name: cell for name, cell in cells.items() if cell and name in PayerRow.Meta.fields}
    form = PayerRow(_as_typed(known) | said | ({"name": known.name} if known else {}), instance=known)
    if not form.is_valid():
        yield from _sentences(form)
        return
    payer = form.save()
    added["payers"] += known is None
    names = {alias.name.casefold() for alias in PayerAlias.objects.filter(payer=payer)}
    for alias in filter(None, map(str.strip, cells.get("aliases", "").split(SEPARATOR))):
        if alias.casefold() not in names:
            yield from _add(AliasRow({"name": alias}, instance=PayerAlias(payer=payer)), "aliases", added)
    yield from _take_in_identifier(payer, {name: cells.get(name, "") for name in OF_IDENTIFIER}, added)


def _as_typed(known: Payer | None) -> dict[str, Any]:
    """What the form of a payer would show."""
    if known is None:
        return {}
    values = model_to_dict(known, fields=PayerRow.Meta.fields)
    return {name: {True: "yes", False: "no"}[value] if name in FLAGS else value for name, value in values.items()}


def _take_in_identifier(payer: Payer, cells: dict[str, str], added: Counter) -> Iterator[tuple[str, str]]:
    if not any(cells.values()):
        return
    key = {name: cells[name] for name in ("network", "purpose", "value")}
    known = PayerIdentifier.objects.filter(payer=payer, **key).first()
    said = model_to_dict(known, fields=OF_IDENTIFIER) if known else {}
    form = IdentifierRow(
        said | {name: cell for name, cell in cells.items() if cell}, instance=known or PayerIdentifier(payer=payer)
    )
    yield from _add(form, "identifiers", added)


def _add(form: forms.ModelForm, what: str, added: Counter) -> Iterator[tuple[str, str]]:
    is_new = form.instance.pk is None
    if form.is_valid():
        form.save()
        added[what] += is_new
    else:
        yield from _sentences(form, "aliases" if what == "aliases" else "")


def _sentences(form: forms.ModelForm, column: str = "") -> Iterator[tuple[str, str]]:
    for name, errors in form.errors.items():
        for sentence in errors:
            yield column or ("" if name == "__all__" else name), str(sentence)
