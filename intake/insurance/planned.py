"""A planned stay at one of our places, in the terms of an estimate: what is said of it comes from the grid."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from facilities.directory.levels import LevelOfCare
from facilities.directory.models import Facility
from facilities.directory.rates import Rate
from intake.insurance.amounts import is_placeholder
from intake.insurance.estimate import terms
from intake.insurance.estimate.estimate import Estimate, estimate
from intake.insurance.grid import Cell, Cells, cells_of, lines_of
from intake.insurance.lines import Answer, BenefitLine
from intake.insurance.models import Coverage

What, Part, Whose, Unit = BenefitLine.What, BenefitLine.Part, BenefitLine.Whose, BenefitLine.Unit
ANSWERS = {Answer.YES: True, Answer.NO: False}
NO_LIMIT = 10_000  # days: more than anybody plans
MEDICAID = (Coverage.PlanType.MEDICAID, Coverage.PlanType.MEDICAID_MCO)


class PlannedLine(NamedTuple):
    """So many days or visits at a level of care, from a day on."""

    level: LevelOfCare
    begins_on: date
    units: int
    a_week: int = terms.WEEK


class Planned(NamedTuple):
    """A stay, and what only a person can say of the plan: None where nobody did."""

    facility: Facility
    network: str
    lines: tuple[PlannedLine, ...]
    cover: terms.Cover | None = None
    maximum_includes_deductible: bool | None = None
    deductible_applies: bool | None = None
    bills_balance: bool = False


class Said:
    """What holds of a level (or of the plan) in a network. Of what is contested, nothing does."""

    def __init__(self, cells: Cells, level: LevelOfCare | None, network: str) -> None:
        self.cells: dict[tuple, Cell] = cells.get((level.pk if level else None, network), {})

    def lines(self, what: str, whose: str = "", part: str = "") -> list[BenefitLine]:
        found = [cell for facts, cell in self.cells.items() if facts[1:4] == (what, whose, part)]
        return [cell.shown[0] for cell in found if not cell.is_contested and cell.shown[0].is_known]

    def one(self, what: str, whose: str = "", part: str = "") -> BenefitLine | None:
        """None if nobody said it, or if it was said in two units, of which nobody chose."""
        lines = self.lines(what, whose, part)
        return lines[0] if len(lines) == 1 else None

    def number(self, what: str, whose: str = "", part: str = "") -> Decimal | None:
        """What a payer's system shows where there is none is not taken for an amount."""
        line = self.one(what, whose, part)
        if line is None or line.number is None or (what in line.MONEY and is_placeholder(line.number)):
            return None
        return line.number

    def answer(self, what: str) -> bool | None:
        line = self.one(what)
        return ANSWERS.get(line.answer) if line else None


def estimate_of(coverage: Coverage, planned: Planned) -> Estimate:
    """Raises CannotEstimate."""
    cells = cells_of(lines_of(coverage.real_verifications))
    return estimate(_plan(coverage, planned, cells), (_line(coverage, planned, cells, each) for each in planned.lines))


def outdated(coverage: Coverage, planned: Planned) -> bool:
    """Whether anything that the estimate rests on is to be asked again."""
    cells = cells_of(lines_of(coverage.real_verifications))
    levels: Iterable[LevelOfCare | None] = (None, *(line.level for line in planned.lines))
    shown = [cell.shown[0] for level in levels for cell in Said(cells, level, planned.network).cells.values()]
    return any(line.verification.is_outdated for line in shown)


def _plan(coverage: Coverage, planned: Planned, cells: Cells) -> terms.Plan:
    said = Said(cells, None, planned.network)
    years = [each.plan_year_begins_on for each in coverage.real_verifications if each.plan_year_begins_on]
    return terms.Plan(
        in_network=planned.network == BenefitLine.Network.IN,
        cover=planned.cover,
        deductible=_accumulators(said, What.DEDUCTIBLE),
        out_of_pocket=_accumulators(said, What.OUT_OF_POCKET),
        maximum_includes_deductible=planned.maximum_includes_deductible,
        renews_on=years[0] if years else None,
        bills_balance=planned.bills_balance,
        is_medicaid=coverage.plan_type in MEDICAID,
        is_first_to_pay=coverage.rank == Coverage.Rank.PRIMARY,
    )


def _accumulators(said: Said, what: str) -> terms.Accumulators:
    def of(whose: str) -> terms.Accumulator:
        return terms.Accumulator(
            total=said.number(what, whose, Part.TOTAL),
            met=said.number(what, whose, Part.MET),
            remaining=said.number(what, whose, Part.REMAINING),
        )

    family, own = of(Whose.FAMILY), of(Whose.INDIVIDUAL)
    # The short form does not ask whose it is.
    return terms.Accumulators(own if own.is_said else of(""), family)


def _line(coverage: Coverage, planned: Planned, cells: Cells, line: PlannedLine) -> terms.Line:
    said, of_plan = Said(cells, line.level, planned.network), Said(cells, None, planned.network)
    amounts = Rate.objects.amounts(planned.facility, line.level, coverage.payer, line.begins_on)
    is_in = planned.network == BenefitLine.Network.IN
    copay = said.one(What.COPAY)
    share = said.number(What.COINSURANCE)
    needs = said.answer(What.AUTHORIZATION)
    return terms.Line(
        level=line.level.code,
        begins_on=line.begins_on,
        units=line.units,
        a_week=line.a_week,
        rate=terms.Rate(amounts.allowed if is_in else None, amounts.billed, amounts.self_pay),
        terms=terms.Terms(
            covered=said.answer(What.COVERED),
            deductible_applies=planned.deductible_applies,
            coinsurance=share if share is not None else of_plan.number(What.COINSURANCE),
            copay=said.number(What.COPAY),
            copay_per=terms.CopayPer(copay.unit) if copay and copay.unit else terms.CopayPer.DAY,
            needs_authorization=needs if needs is not None else of_plan.answer(What.AUTHORIZATION),
            limit=_limit(said),
        ),
    )


def _limit(said: Said) -> terms.Limit | None:
    """An answer that there is none is as many as anybody may plan."""
    line = said.one(What.LIMIT)
    if line is None:
        return None
    if line.number is None:
        return terms.Limit(units=NO_LIMIT, used=0)
    per = terms.LimitPer(line.period) if line.period else terms.LimitPer.YEAR
    return terms.Limit(units=int(line.number), used=None, per=per)
