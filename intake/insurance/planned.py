"""A planned stay at one of our places, in the terms of an estimate: what is said of it comes from the grid."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from facilities.directory.levels import LevelOfCare
from facilities.directory.models import Facility
from facilities.directory.rates import Rate
from intake.insurance.estimate import terms
from intake.insurance.estimate.estimate import Estimate, estimate
from intake.insurance.grid import Cells, Said, cells_of, lines_of
from intake.insurance.lines import Answer, BenefitLine
from intake.insurance.models import Coverage

What, Part, Whose, Unit = BenefitLine.What, BenefitLine.Part, BenefitLine.Whose, BenefitLine.Unit
ANSWERS = {Answer.YES: True, Answer.NO: False}  # None for what is not known
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


def estimate_of(coverage: Coverage, planned: Planned) -> Estimate:
    """Raises CannotEstimate."""
    cells = cells_of(lines_of(coverage.real_verifications))
    return estimate(_plan(coverage, planned, cells), (_line(coverage, planned, cells, each) for each in planned.lines))


def outdated(coverage: Coverage, planned: Planned) -> bool:
    """Whether anything that the estimate rests on is to be asked again."""
    cells = cells_of(lines_of(coverage.real_verifications))
    levels: Iterable[LevelOfCare | None] = (None, *(line.level for line in planned.lines))
    return any(Said(cells, level, planned.network).is_outdated for level in levels)


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
    needs = ANSWERS.get(said.answer(What.AUTHORIZATION))
    return terms.Line(
        level=line.level.code,
        begins_on=line.begins_on,
        units=line.units,
        a_week=line.a_week,
        rate=terms.Rate(amounts.allowed if is_in else None, amounts.billed, amounts.self_pay),
        terms=terms.Terms(
            covered=ANSWERS.get(said.answer(What.COVERED)),
            deductible_applies=planned.deductible_applies,
            coinsurance=share if share is not None else of_plan.number(What.COINSURANCE),
            copay=said.number(What.COPAY),
            copay_per=terms.CopayPer(copay.unit) if copay and copay.unit else terms.CopayPer.DAY,
            needs_authorization=needs if needs is not None else ANSWERS.get(of_plan.answer(What.AUTHORIZATION)),
            limit=_limit(said),
        ),
    )


def _limit(said: Said) -> terms.Limit | None:
    """An answer that there is none is as many as anybody may plan. What is used follows from what is left."""
    line = said.one(What.LIMIT)
    if line is None:
        return None
    if line.number is None:
        return terms.Limit(units=NO_LIMIT, used=0)
    per = terms.LimitPer(line.period) if line.period else terms.LimitPer.YEAR
    left = said.one(What.LIMIT, part=Part.REMAINING)
    is_of_it = left and (left.unit, left.period) == (line.unit, line.period)
    return terms.Limit(int(line.number), max(int(line.number - left.number), 0) if is_of_it else None, per)
