"""One world worked out, day by day: the deductible first, then a co-pay, then the share, until the maximum is met."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from intake.insurance.estimate.terms import ZERO, CopayPer
from intake.insurance.estimate.worlds import NO_LIMIT, KnownLine, KnownPlan, World, a_year_after

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Day:
    """A unit of the stay, in dollars. `share` is what the person owes of what the plan allows, after the maximum."""

    on: date
    line: int
    allowed: Decimal = ZERO
    deductible: Decimal = ZERO
    copay: Decimal = ZERO
    coinsurance: Decimal = ZERO
    share: Decimal = ZERO
    uncovered: Decimal = ZERO
    balance: Decimal = ZERO

    @property
    def plan(self) -> Decimal:
        return self.allowed - self.share

    @property
    def person(self) -> Decimal:
        return self.share + self.uncovered + self.balance


class Account:
    """What is left of the year's amounts as the days go by."""

    def __init__(self, world: World) -> None:
        self.plan: KnownPlan = world.plan
        self.deductible = world.plan.deductible
        self.maximum = world.plan.maximum
        self.renews_on = world.plan.renews_on
        self.units = [line.units_left for line in world.lines]
        self.admission = next((line.copay for line in world.lines if line.copay_per == CopayPer.ADMISSION), ZERO)

    def turn_to(self, day: date, lines: tuple[KnownLine, ...]) -> None:
        """Begins the year of the plan that the day is in."""
        while day >= self.renews_on:
            self.renews_on = a_year_after(self.renews_on)
            self.deductible, self.maximum = self.plan.deductible_of_year, self.plan.maximum_of_year
            for at, line in enumerate(lines):
                if line.units_of_year is not None:
                    self.units[at] = line.units_of_year

    def pay(self, on: date, at: int, line: KnownLine) -> Day:
        if self.units[at] < 1:
            return Day(on, at, uncovered=line.self_pay or ZERO)
        self.units[at] -= 1 if self.units[at] != NO_LIMIT else 0
        deductible = min(self.deductible, line.allowed) if line.deductible_applies else ZERO
        copay = min(self._copay(line), line.allowed - deductible)
        coinsurance = _cents((line.allowed - deductible - copay) * line.share)
        if self.plan.maximum_includes_deductible:
            share = counted = min(deductible + copay + coinsurance, self.maximum)
        else:
            counted = min(copay + coinsurance, self.maximum)
            share = deductible + counted
        self.deductible -= deductible
        self.maximum -= counted
        if line.copay_per == CopayPer.ADMISSION:
            self.admission -= copay
        balance = max((line.billed or ZERO) - line.allowed, ZERO) if self.plan.bills_balance else ZERO
        return Day(on, at, line.allowed, deductible, copay, coinsurance, share, balance=balance)

    def _copay(self, line: KnownLine) -> Decimal:
        """Of an admission it is asked once for the whole stay, and what the first day does not hold, of the next."""
        return self.admission if line.copay_per == CopayPer.ADMISSION else line.copay


def work_out(world: World) -> tuple[Day, ...]:
    """The days of the stay in their order. `Day.line` is the number of the line in the world."""
    account = Account(world)
    due = sorted((day, at) for at, line in enumerate(world.lines) for day in line.days)
    days = []
    for day, at in due:
        account.turn_to(day, world.lines)
        days.append(account.pay(day, at, world.lines[at]))
    return tuple(days)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
