"""What the unknown may be: each world decides every unknown at one of its two ends, and all of them are gone through.

The person's part never falls when one amount rises and the others stay (or never rises: the balance). So its lowest and
its highest are found where each unknown stands at one of its ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, TypeVar

from intake.insurance.estimate.terms import (
    ZERO,
    Accumulator,
    Accumulators,
    CannotEstimate,
    CopayPer,
    Cover,
    LimitPer,
    Line,
    Plan,
)

NO_LIMIT = Decimal("Infinity")
PER_CENT = Decimal(100)
MANY = 256  # of eight unknowns; a range made of more says nothing, and the plan is to be asked first
T = TypeVar("T")


class Note(NamedTuple):
    """Something that nobody said. `kind` names its sentence, `level` the level of care that it is of, or nothing."""

    kind: str
    level: str = ""


@dataclass(frozen=True)
class KnownPlan:
    """The plan in one world. The amounts `of_year` are those that a new year of the plan begins with."""

    deductible: Decimal
    maximum: Decimal
    deductible_of_year: Decimal
    maximum_of_year: Decimal
    maximum_includes_deductible: bool
    renews_on: date
    in_network: bool
    bills_balance: bool


@dataclass(frozen=True)
class KnownLine:
    """A part of the stay in one world; `share` is 0.2 for 20 %, `units_of_year` None if a new year brings none."""

    level: str
    days: tuple[date, ...]
    deductible_applies: bool = False
    share: Decimal = ZERO
    copay: Decimal = ZERO
    copay_per: CopayPer = CopayPer.DAY
    units_left: Decimal = ZERO
    units_of_year: Decimal | None = None
    allowed: Decimal = ZERO
    billed: Decimal | None = None
    self_pay: Decimal | None = None


class World(NamedTuple):
    plan: KnownPlan
    lines: tuple[KnownLine, ...]


@dataclass
class Choices:
    """Which end each unknown stands at: those `given`, and the low one for each that is met after them."""

    given: tuple[bool, ...] = ()
    made: list[bool] = field(default_factory=list)
    unknown: list[Note] = field(default_factory=list)
    supposed: list[Note] = field(default_factory=list)

    def is_so(self, kind: str, level: str = "") -> bool:
        """Whether the unknown of this kind is true in this world: at its low end it is not."""
        is_high = self.given[len(self.made)] if len(self.made) < len(self.given) else False
        self.made.append(is_high)
        self.unknown.append(Note(kind, level))
        return is_high

    def between(self, low: T, high: T, kind: str, level: str = "") -> T:
        """One of the two; `kind` names what nobody said."""
        return high if self.is_so(kind, level) else low

    def suppose(self, value: T, kind: str, level: str = "") -> T:
        """What is taken for granted, and said so."""
        self.supposed.append(Note(kind, level))
        return value


def all_worlds(plan: Plan, lines: tuple[Line, ...]) -> Iterator[tuple[World, Choices]]:
    """Each world with the choices that made it; the first is that of the low ends.

    Raises CannotEstimate if more is unknown than a range can hold.
    """
    pending: list[tuple[bool, ...]] = [()]
    met = 0
    while pending:
        choices = Choices(pending.pop())
        world = World(_plan(plan, lines, choices), tuple(_line(plan, line, choices) for line in lines))
        met += 1
        pending += [(*choices.made[:at], True) for at in range(len(choices.given), len(choices.made))]
        if met + len(pending) > MANY:
            raise CannotEstimate("too_little_known")
        yield world, choices


def _plan(plan: Plan, lines: tuple[Line, ...], choices: Choices) -> KnownPlan:
    first, last = min(line.begins_on for line in lines), max(chain.from_iterable(line.days() for line in lines))
    renews_on = _renewal(plan.renews_on, first, choices, last)
    cover = _cover(plan, choices)
    crosses = last >= renews_on
    deductible, deductible_of_year = _amounts(
        _governing(plan.deductible, cover), "deductible", choices, crosses=crosses
    )
    # A cap of each member's own inside the family's is owed in network whatever the deductible is: 45 CFR 156.130(c).
    of_maximum = Cover.EMBEDDED if plan.in_network and cover != Cover.INDIVIDUAL else cover
    maximum, maximum_of_year = _amounts(_governing(plan.out_of_pocket, of_maximum), "maximum", choices, crosses=crosses)
    return KnownPlan(
        deductible=deductible,
        maximum=maximum,
        deductible_of_year=deductible_of_year,
        maximum_of_year=maximum_of_year,
        maximum_includes_deductible=_includes_deductible(plan, choices),
        renews_on=renews_on,
        in_network=plan.in_network,
        bills_balance=plan.bills_balance and not plan.in_network,
    )


def _renewal(said: date | None, first: date, choices: Choices, last: date) -> date:
    """The first renewal after the stay begins."""
    if said is None:
        new_year = date(first.year + 1, 1, 1)
        return choices.suppose(new_year, "calendar_year") if last >= new_year else new_year
    while said <= first:
        said = a_year_after(said)
    return said


def a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def _cover(plan: Plan, choices: Choices) -> Cover:
    if plan.cover is not None:
        return plan.cover
    if not (plan.deductible.family.is_said or plan.out_of_pocket.family.is_said):
        return choices.suppose(Cover.INDIVIDUAL, "individual_cover")
    return choices.between(Cover.EMBEDDED, Cover.AGGREGATE, "cover")


def _includes_deductible(plan: Plan, choices: Choices) -> bool:
    if plan.maximum_includes_deductible is not None:
        return plan.maximum_includes_deductible
    if plan.in_network:  # cost sharing that counts to it has the deductible in it: 42 USC 18022(c)(3)
        choices.suppose(plan, "maximum_includes_deductible")
        return True
    return not choices.is_so("maximum_includes_deductible")


def _amounts(governing: list[Accumulator], kind: str, choices: Choices, *, crosses: bool) -> tuple[Decimal, Decimal]:
    """What is left of it, and what a new year begins with (the same again in a stay that sees none)."""
    totals = [each.total for each in governing if each.total is not None]
    # A maximum that nobody named may not be there, and of a deductible nobody knows how large it is.
    most = min(totals, default=NO_LIMIT)
    known = [each.left for each in governing if each.left is not None]
    left = min([*known, most]) if known else choices.between(ZERO, most, f"{kind}_left")
    if known and any(each.is_said and each.left is None for each in governing):
        choices.suppose(left, f"{kind}_of_the_other")
    if not crosses:
        return left, left
    return left, min(totals) if totals else choices.between(ZERO, NO_LIMIT, f"{kind}_of_year")


def _governing(both: Accumulators, cover: Cover) -> list[Accumulator]:
    """Those of the member, of the family, or whichever is met first."""
    if cover == Cover.INDIVIDUAL:
        return [both.individual]
    return [both.family] if cover == Cover.AGGREGATE else [both.individual, both.family]


def _line(plan: Plan, line: Line, choices: Choices) -> KnownLine:
    terms, level = line.terms, line.level
    is_covered = terms.covered if terms.covered is not None else not choices.is_so("covered", level)
    if not is_covered:
        return _uncovered(line)
    units_left, units_of_year = _units(line, choices)
    if units_left < line.units:
        _need_self_pay(line)
    applies = terms.deductible_applies
    return KnownLine(
        level=level,
        days=tuple(line.days()),
        deductible_applies=choices.is_so("deductible_applies", level) if applies is None else applies,
        share=_share(line, choices),
        copay=terms.copay if terms.copay is not None else ZERO,
        copay_per=terms.copay_per,
        units_left=units_left,
        units_of_year=units_of_year,
        allowed=_allowed(plan, line, choices),
        billed=line.rate.billed,
        self_pay=line.rate.self_pay,
    )


def _uncovered(line: Line) -> KnownLine:
    _need_self_pay(line)
    return KnownLine(line.level, tuple(line.days()), self_pay=line.rate.self_pay)


def _need_self_pay(line: Line) -> None:
    if line.rate.self_pay is None:
        raise CannotEstimate("no_self_pay_rate", line.level)


def _units(line: Line, choices: Choices) -> tuple[Decimal, Decimal | None]:
    """How many days or visits the plan pays for, and with how many a new year begins."""
    limit = line.terms.limit
    if limit is None:
        return choices.suppose(NO_LIMIT, "no_limit", line.level), NO_LIMIT
    of_year = Decimal(limit.units) if limit.per == LimitPer.YEAR else None
    if limit.per == LimitPer.ADMISSION:
        return Decimal(limit.units), None
    if limit.used is None:
        return choices.between(Decimal(limit.units), ZERO, "days_used", line.level), of_year
    return Decimal(max(limit.units - limit.used, 0)), of_year


def _share(line: Line, choices: Choices) -> Decimal:
    terms = line.terms
    if terms.coinsurance is not None:
        return terms.coinsurance / PER_CENT
    if terms.copay is not None:
        return choices.suppose(ZERO, "copay_alone", line.level)
    return choices.between(ZERO, Decimal(1), "coinsurance", line.level)


def _allowed(plan: Plan, line: Line, choices: Choices) -> Decimal:
    """What the plan allows for a unit: nothing to all that is billed, if nobody said."""
    rate = line.rate
    if rate.billed is None and (rate.allowed is None or (plan.bills_balance and not plan.in_network)):
        raise CannotEstimate("no_rate", line.level)
    if rate.allowed is None:
        return choices.between(ZERO, rate.billed or ZERO, "allowed", line.level)
    return rate.allowed
