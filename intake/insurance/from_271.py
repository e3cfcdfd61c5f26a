"""An electronic answer as benefit lines: what it says of the plan, and of each level of care under whose codes.

Nothing is inferred: a line of the answer that has no place in the grid is shown as it came. A placeholder is no amount.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from facilities.directory.levels import LevelOfCare
from intake.insurance.failures import Kind, failures_of
from intake.insurance.forms import NO_END, NOTE_LENGTH
from intake.insurance.lines import Answer as Said
from intake.insurance.lines import BenefitLine
from intake.insurance.verification import VerificationOfBenefits
from intake.insurance.x12 import codes
from intake.insurance.x12.answer import Answer, Benefit

What, Part, Network, Unit, Period = (
    BenefitLine.What,
    BenefitLine.Part,
    BenefitLine.Network,
    BenefitLine.Unit,
    BenefitLine.Period,
)
OF_PLAN = "30"
NETWORKS = {"Y": Network.IN, "N": Network.OUT, "W": Network.BOTH}
WHOSE = {"IND": BenefitLine.Whose.INDIVIDUAL, "FAM": BenefitLine.Whose.FAMILY, "": ""}
TOTALS = {"C": What.DEDUCTIBLE, "G": What.OUT_OF_POCKET}
PARTS = {"": Part.TOTAL, "22": Part.TOTAL, "23": Part.TOTAL, "25": Part.TOTAL, "24": Part.MET, "29": Part.REMAINING}
UNITS = {"7": Unit.DAY, "13": Unit.DAY, "27": Unit.VISIT, "36": Unit.ADMISSION, "": ""}
COUNTED = {"DY": Unit.DAY, "VS": Unit.VISIT}
PERIODS = {"22": Period.YEAR, "23": Period.YEAR, "25": Period.YEAR, "32": Period.LIFETIME, "36": Period.ADMISSION}
REMAINING = {"29": Period.YEAR, "33": Period.LIFETIME}
AUTHORIZATION = {"Y": Said.YES, "N": Said.NO, "U": Said.UNKNOWN}
LARGEST = Decimal(10**9)
SMALLEST = Decimal("0.0001")  # of what a line holds
LONGEST = 1000  # characters of what stands beside a line
BEGINS, ENDS, SPANS = ("356", "346"), ("357", "347"), ("307", "346", "291")


class Understood(NamedTuple):
    """What becomes a line, and what stays as it came."""

    lines: list[BenefitLine]
    left: list[Benefit]


def understood(answer: Answer, levels: Iterable[LevelOfCare], *, is_share_of_plan: bool = False) -> Understood:
    """`is_share_of_plan`: this payer gives co-insurance as its own share (Payer.is_coinsurance_of_plan)."""
    levels, lines, left = list(levels), {}, []
    for benefit in answer.benefits:
        found = list(_lines(benefit, levels, is_share_of_plan=is_share_of_plan))
        lines |= {(line.facts, line.network, line.value, line.service_type, line.words): line for line in found}
        if not found:
            left.append(benefit)
    return Understood(list(lines.values()), left)


def _lines(benefit: Benefit, levels: list[LevelOfCare], *, is_share_of_plan: bool) -> Iterator[BenefitLine]:
    values = [*_values(benefit, is_share_of_plan=is_share_of_plan)]
    words = " ".join(benefit.messages)[:LONGEST]
    for code in benefit.service_types or [""]:
        of_plan = code in ("", OF_PLAN)
        about = [None] if of_plan else [level for level in levels if code in level.service_types]
        for level in about:
            for value in values:
                if of_plan and value["what"] == What.COVERED:
                    continue  # of the plan as a whole, the status says it
                said = {"network": NETWORKS.get(benefit.network, Network.UNSAID), "service_type": code}
                yield BenefitLine(level=level, **{"words": words} | said | value)


def _values(benefit: Benefit, *, is_share_of_plan: bool) -> Iterator[dict[str, Any]]:
    """What a line says, without of whom."""
    if benefit.code in {*codes.ACTIVE, *codes.INACTIVE, "I"}:
        yield {"what": What.COVERED, "answer": Said.YES if benefit.code in codes.ACTIVE else Said.NO}
    elif benefit.code == "A" and _fits(benefit.percent) and benefit.percent <= 100:
        yield {"what": What.COINSURANCE, "number": 100 - benefit.percent if is_share_of_plan else benefit.percent}
    elif benefit.code == "E" and benefit.messages:
        yield {"what": What.EXCLUSION}
    elif benefit.code == "F":
        yield from _limit(benefit)
    elif _fits(benefit.amount) and not benefit.is_placeholder:
        yield from _money(benefit)
    if benefit.authorization in AUTHORIZATION:
        yield {"what": What.AUTHORIZATION, "answer": AUTHORIZATION[benefit.authorization]}


def _money(benefit: Benefit) -> Iterator[dict[str, Any]]:
    if benefit.code in TOTALS and benefit.period in PARTS and benefit.level in WHOSE:
        yield {
            "what": TOTALS[benefit.code],
            "whose": WHOSE[benefit.level],
            "part": PARTS[benefit.period],
            "number": benefit.amount,
        }
    elif benefit.code == "B" and benefit.period in UNITS:
        yield {"what": What.COPAY, "unit": UNITS[benefit.period], "number": benefit.amount}


def _limit(benefit: Benefit) -> Iterator[dict[str, Any]]:
    unit = COUNTED.get(benefit.quantity_kind)
    period = PERIODS.get(benefit.period) or REMAINING.get(benefit.period)
    if unit and period and _fits(benefit.quantity):
        part = Part.REMAINING if benefit.period in REMAINING else ""
        yield {"what": What.LIMIT, "unit": unit, "period": period, "part": part, "number": benefit.quantity}


def _fits(number: Decimal | None) -> bool:
    """Whether a line can hold it as it is."""
    return number is not None and 0 <= number < LARGEST and number == number.quantize(SMALLEST)


def in_words(benefit: Benefit) -> str:
    """A line of the answer as it came, with whom to ask about it. A placeholder is named, and is no amount."""
    amount = "" if benefit.amount is None else f": ${benefit.amount}"
    placeholder = "(a placeholder, no amount)" if benefit.is_placeholder else ""
    about = [*benefit.messages, *(" ".join([entity.name, *entity.contacts]) for entity in benefit.entities)]
    return " ".join(filter(None, [f"{benefit.in_words}{amount}", placeholder, "; ".join(filter(None, about))]))


def note_of(answer: Answer, left: Iterable[Benefit]) -> str:
    """What the grid does not hold: why something was not answered, and the lines that have no place in it."""
    reasons = [f"{failure.words} {failure.action}" for failure in failures_of(answer)]
    return "\n".join([*reasons, *dict.fromkeys(map(in_words, left))])[:NOTE_LENGTH]


def status_of(answer: Answer) -> str:
    status = VerificationOfBenefits.Status
    if answer.is_active is not None:
        return status.ACTIVE if answer.is_active else status.INACTIVE
    kinds = {failure.kind for failure in failures_of(answer)} if answer.rejections else set()
    return status.NOT_FOUND if kinds & {Kind.FIX_INPUT, Kind.WRONG_PAYER} else status.UNDETERMINED


def days_of(answer: Answer) -> dict[str, date | None]:
    """Of the plan, as the answer says them of the patient, or else of the subscriber."""
    dates = [each for person in (answer.dependent, answer.subscriber) if person for each in person.dates]
    begins = {each.kind: each.begins_on for each in reversed(dates) if each.begins_on}
    ends = {each.kind: each.ends_on for each in reversed(dates) if each.ends_on}

    def first(days: dict[str, date], kinds: Iterable[str]) -> date | None:
        return next((days[kind] for kind in kinds if kind in days), None)

    ended = first(begins, ENDS) or first(ends, SPANS)  # the end of a plan is a day of its own, or that of a span
    return {
        "effective_on": first(begins, BEGINS),
        "terminates_on": None if ended and ended.year == NO_END else ended,
    }
