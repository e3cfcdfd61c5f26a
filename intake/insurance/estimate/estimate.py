"""The estimate of a stay: what every world says, as a range from the lowest to the highest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from intake.insurance.estimate.formula import Day, work_out
from intake.insurance.estimate.terms import WEEK, ZERO, CannotEstimate, Line, Plan
from intake.insurance.estimate.worlds import Note, all_worlds

LONGEST = 366  # days or visits; a longer stay is planned anew before it is that long


class Between(NamedTuple):
    """Dollars, from the least to the most."""

    low: Decimal
    high: Decimal

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Sums:
    """Of a stay, or of a part of it. `person` is all that the person may owe: its own range, not a sum of ends."""

    allowed: Between
    deductible: Between
    copay: Between
    coinsurance: Between
    share: Between
    uncovered: Between
    balance: Between
    plan: Between
    person: Between


@dataclass(frozen=True)
class Estimate:
    """Never a promise: a plan decides when the bill comes. `least` and `most` are the days of those two worlds.

    `unknown` is what nobody said and made it a range, `supposed` what was taken for granted; `if_not_authorized` what
    the person may owe more than any of this if the plan refuses what needs its authorization (None: no rate is known).
    """

    levels: tuple[str, ...]
    lines: tuple[Sums, ...]
    total: Sums
    least: tuple[Day, ...]
    most: tuple[Day, ...]
    unknown: tuple[Note, ...]
    supposed: tuple[Note, ...]
    if_not_authorized: Decimal | None


def estimate(plan: Plan, lines: Iterable[Line]) -> Estimate:
    """What the person may owe for the lines.

    Raises CannotEstimate if there is no honest number: nothing planned, a day that is in two levels of care, a rate
    that nobody set, a plan that asks for no share or that pays after another, or too little known.
    """
    lines = tuple(lines)
    _refuse(plan, lines)
    worlds = [(work_out(world), choices) for world, choices in all_worlds(plan, lines)]
    stays = [days for days, _choices in worlds]
    by_cost = sorted(stays, key=_person)
    return Estimate(
        levels=tuple(line.level for line in lines),
        lines=tuple(_sums(stays, number) for number in range(len(lines))),
        total=_sums(stays),
        least=by_cost[0],
        most=by_cost[-1],
        unknown=tuple(dict.fromkeys(note for _days, choices in worlds for note in choices.unknown)),
        supposed=tuple(dict.fromkeys(note for _days, choices in worlds for note in choices.supposed)),
        if_not_authorized=_refused(lines),
    )


def _refuse(plan: Plan, lines: tuple[Line, ...]) -> None:
    if not lines or any(line.units < 1 or not 1 <= line.a_week <= WEEK for line in lines):
        raise CannotEstimate("nothing_planned")
    if sum(line.units for line in lines) > LONGEST:
        raise CannotEstimate("too_long")
    if plan.is_medicaid:
        raise CannotEstimate("medicaid")
    if not plan.is_first_to_pay:
        raise CannotEstimate("another_pays_first")
    days = [day for line in lines for day in line.days()]
    if len(set(days)) < len(days):
        raise CannotEstimate("two_levels_on_a_day")


def _person(days: tuple[Day, ...]) -> Decimal:
    return sum((day.person for day in days), ZERO)


def _sums(stays: list[tuple[Day, ...]], line: int | None = None) -> Sums:
    def between(amount: Callable[[Day], Decimal]) -> Between:
        sums = [sum((amount(day) for day in days if line in (None, day.line)), ZERO) for days in stays]
        return Between(min(sums), max(sums))

    return Sums(
        allowed=between(lambda day: day.allowed),
        deductible=between(lambda day: day.deductible),
        copay=between(lambda day: day.copay),
        coinsurance=between(lambda day: day.coinsurance),
        share=between(lambda day: day.share),
        uncovered=between(lambda day: day.uncovered),
        balance=between(lambda day: day.balance),
        plan=between(lambda day: day.plan),
        person=between(lambda day: day.person),
    )


def _refused(lines: tuple[Line, ...]) -> Decimal | None:
    """What the days cost that need an authorization, or may: a plan that refuses it pays none of them."""
    at_risk = [
        line for line in lines if line.terms.covered is not False and line.terms.needs_authorization is not False
    ]
    if any(line.rate.self_pay is None for line in at_risk):
        return None
    return sum((line.units * line.rate.self_pay for line in at_risk if line.rate.self_pay is not None), ZERO)
