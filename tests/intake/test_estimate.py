"""What a person may owe for a stay: the worked examples of the formula, each pitfall, and a range that holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intake.insurance import estimate_words
from intake.insurance.estimate.estimate import Between, Estimate, estimate
from intake.insurance.estimate.terms import (
    Accumulator,
    Accumulators,
    CannotEstimate,
    CopayPer,
    Cover,
    Limit,
    LimitPer,
    Line,
    Plan,
    Rate,
    Terms,
)

MARCH = date(2026, 3, 1)
NEW_YEAR = date(2027, 1, 1)


def exactly(amount: int | str) -> Between:
    return Between(Decimal(amount), Decimal(amount))


def left(amount: int | None) -> Accumulator:
    return Accumulator(remaining=None if amount is None else Decimal(amount))


def amounts(individual: int | None, family: int | None = None) -> Accumulators:
    return Accumulators(left(individual), left(family))


def a_line(level: str, begins_on: date, units: int, allowed: int | None, share: int | None = 20, **terms) -> Line:
    billed = None if allowed is not None else Decimal(2000)
    rate = Rate(None if allowed is None else Decimal(allowed), billed, Decimal(550))
    said = {"covered": True, "deductible_applies": True, "limit": Limit(1000, 0)} | terms
    return Line(level, begins_on, units, rate, Terms(coinsurance=None if share is None else Decimal(share), **said))


def a_plan(**said) -> Plan:
    known = {
        "in_network": True,
        "cover": Cover.INDIVIDUAL,
        "deductible": amounts(0),
        "out_of_pocket": amounts(5900),
        "maximum_includes_deductible": True,
        "renews_on": NEW_YEAR,
    }
    return Plan(**(known | said))


STAY = (
    a_line("3.7-WM", date(2026, 3, 1), 5, 1000),
    a_line("3.5", date(2026, 3, 6), 25, 700),
    a_line("2.5", date(2026, 3, 31), 20, 400),
)
FAMILY = {"deductible": amounts(900, 2400), "out_of_pocket": amounts(5900, 5900)}


def persons(result: Estimate) -> list[Between]:
    return [line.person for line in result.lines]


def test_a_cap_of_one_member_inside_the_familys_is_met_first():
    result = estimate(a_plan(cover=Cover.EMBEDDED, **FAMILY), STAY)

    assert persons(result) == [exactly(1720), exactly(3500), exactly(680)]
    assert [line.deductible for line in result.lines] == [exactly(900), exactly(0), exactly(0)]
    assert [line.coinsurance for line in result.lines] == [exactly(820), exactly(3500), exactly(1600)]
    assert (result.total.allowed, result.total.person, result.total.plan) == (
        exactly(30500),
        exactly(5900),
        exactly(24600),
    )


def test_a_family_that_meets_its_deductible_together_pays_more_at_admission():
    result = estimate(a_plan(cover=Cover.AGGREGATE, **FAMILY), STAY)

    assert persons(result) == [exactly(2920), exactly(2980), exactly(0)]
    assert result.total.person == exactly(5900)


def test_out_of_network_the_balance_stands_beside_the_share():
    line = replace(a_line("3.5", MARCH, 30, 600, 50), rate=Rate(Decimal(600), Decimal(2000), Decimal(550)))
    plan = a_plan(in_network=False, bills_balance=True, deductible=amounts(4000), out_of_pocket=amounts(15000))

    result = estimate(plan, [line])

    assert result.total.share == exactly(11000)
    assert result.total.balance == exactly(42000)
    assert result.total.person == exactly(53000)


def test_days_beyond_the_limit_are_paid_by_oneself():
    line = a_line("3.5", MARCH, 30, 700, limit=Limit(20, 0))

    result = estimate(a_plan(deductible=amounts(900)), [line])

    assert (result.total.share, result.total.uncovered) == (exactly(3520), exactly(5500))


def test_in_network_nothing_is_billed_beyond_what_is_allowed():
    line = replace(a_line("3.5", MARCH, 2, 600), rate=Rate(Decimal(600), Decimal(2000)))

    assert estimate(a_plan(bills_balance=True), [line]).total.balance == exactly(0)


def test_a_copay_of_an_admission_is_asked_once():
    lines = [
        a_line("3.7-WM", date(2026, 3, 1), 5, 1000, 0, copay=Decimal(250), copay_per=CopayPer.ADMISSION),
        a_line("3.5", date(2026, 3, 6), 5, 1000, 0, copay=Decimal(250), copay_per=CopayPer.ADMISSION),
    ]

    assert estimate(a_plan(), lines).total.copay == exactly(250)


def test_a_copay_that_the_deductible_left_no_room_for_is_asked_on_the_next_day():
    line = a_line("3.5", MARCH, 3, 1000, 0, copay=Decimal(250), copay_per=CopayPer.ADMISSION)

    result = estimate(a_plan(deductible=amounts(1000)), [line])

    assert [day.copay for day in result.most] == [0, 250, 0]


def test_a_copay_of_a_day_is_asked_each_day():
    line = a_line("2.1", MARCH, 4, 300, None, copay=Decimal(30), copay_per=CopayPer.VISIT, deductible_applies=False)

    result = estimate(a_plan(), [line])

    assert result.total.person == exactly(120)
    assert ("copay_alone", "2.1") in result.supposed


def test_a_new_year_of_the_plan_begins_anew():
    deductible = Accumulators(Accumulator(total=Decimal(1500), remaining=Decimal(0)))
    maximum = Accumulators(Accumulator(total=Decimal(6000), remaining=Decimal(0)))
    line = a_line("3.5", date(2026, 12, 30), 4, 1000, limit=Limit(30, 28))

    result = estimate(a_plan(deductible=deductible, out_of_pocket=maximum), [line])

    assert [day.share for day in result.most] == [0, 0, 1000, 600]
    assert result.total.uncovered == exactly(0), "The days of the limit begin anew as well."


def test_days_of_a_lifetime_do_not_begin_anew():
    line = a_line("3.5", date(2026, 12, 30), 4, 1000, limit=Limit(30, 28, LimitPer.LIFETIME))

    assert estimate(a_plan(), [line]).total.uncovered == exactly(1100)


def test_a_maximum_that_leaves_the_deductible_out_caps_the_rest():
    plan = a_plan(deductible=amounts(900), out_of_pocket=amounts(100), maximum_includes_deductible=False)

    assert estimate(plan, [a_line("3.5", MARCH, 5, 1000)]).total.share == exactly(1000)


def test_what_is_left_is_worked_out_of_the_total_and_what_is_met():
    assert Accumulator(total=Decimal(1500), met=Decimal(600)).left == 900
    assert Accumulator(total=Decimal(1500), met=Decimal(1600)).left == 0
    assert Accumulator(total=Decimal(1500)).left is None
    assert Accumulator(total=Decimal(1500), met=Decimal(0), remaining=Decimal(0)).left == 0, "What they said counts."


def test_a_deductible_of_which_nobody_said_what_is_left_makes_a_range():
    plan = a_plan(deductible=Accumulators(Accumulator(total=Decimal(1000))))

    result = estimate(plan, [a_line("3.5", MARCH, 5, 1000)])

    assert result.total.person == Between(Decimal(1000), Decimal(1800))
    assert [note.kind for note in result.unknown] == ["deductible_left"]


def test_whether_a_family_meets_it_together_makes_a_range():
    result = estimate(a_plan(cover=None, **FAMILY), STAY)

    assert result.lines[0].person == Between(Decimal(1720), Decimal(2920))
    assert result.lines[2].person == Between(Decimal(0), Decimal(680))
    assert result.total.person == exactly(5900)


def test_nothing_said_of_the_share_is_nothing_to_all_of_it():
    result = estimate(a_plan(out_of_pocket=amounts(100000)), [a_line("3.5", MARCH, 5, 1000, None)])

    assert result.total.person == Between(Decimal(0), Decimal(5000))


def test_what_is_left_for_one_is_supposed_to_be_all_that_is_left_where_nobody_spoke_of_the_family():
    deductible = Accumulators(left(900), Accumulator(total=Decimal(3000)))

    result = estimate(a_plan(cover=Cover.EMBEDDED, deductible=deductible), [a_line("3.5", MARCH, 5, 1000)])

    assert result.total.deductible == exactly(900)
    assert "deductible_of_the_other" in [note.kind for note in result.supposed]


def test_a_zero_is_an_amount():
    result = estimate(a_plan(out_of_pocket=amounts(0)), [a_line("3.5", MARCH, 5, 1000)])

    assert result.total.person == exactly(0)
    assert result.unknown == ()


def test_no_limit_is_supposed_and_said():
    result = estimate(a_plan(), [a_line("3.5", MARCH, 5, 1000, limit=None)])

    assert [note.kind for note in result.supposed] == ["no_limit"]


def test_what_a_refused_authorization_costs_stands_apart():
    lines = [a_line("3.5", MARCH, 5, 1000, needs_authorization=True)]
    without = estimate(a_plan(), lines)

    assert without.if_not_authorized == 5 * 550
    assert without.total.person == exactly(1000)
    assert estimate(a_plan(), [a_line("3.5", MARCH, 5, 1000, needs_authorization=False)]).if_not_authorized == 0


def test_a_program_of_some_days_a_week_knows_its_days():
    line = replace(a_line("2.1", date(2026, 3, 2), 5, 300), a_week=3)

    assert [day.day for day in line.days()] == [2, 3, 4, 9, 10]


@pytest.mark.parametrize(
    ("reason", "plan", "lines"),
    [
        ("nothing_planned", a_plan(), []),
        ("nothing_planned", a_plan(), [a_line("3.5", MARCH, 0, 700)]),
        ("too_long", a_plan(), [a_line("3.5", MARCH, 367, 700)]),
        ("medicaid", a_plan(is_medicaid=True), STAY),
        ("another_pays_first", a_plan(is_first_to_pay=False), STAY),
        ("two_levels_on_a_day", a_plan(), [a_line("3.5", MARCH, 5, 700), a_line("2.5", MARCH, 1, 700)]),
        ("no_rate", a_plan(), [replace(a_line("3.5", MARCH, 5, 700), rate=Rate())]),
        (
            "no_self_pay_rate",
            a_plan(),
            [replace(a_line("3.5", MARCH, 5, 700, covered=False), rate=Rate(Decimal(700)))],
        ),
    ],
)
def test_where_there_is_no_honest_number_there_is_a_reason(reason, plan, lines):
    with pytest.raises(CannotEstimate) as refused:
        estimate(plan, lines)

    assert refused.value.reason == reason
    assert estimate_words.reason(refused.value)


def test_of_a_plan_that_nobody_asked_there_is_no_number():
    lines = [replace(line, terms=Terms(), rate=Rate(None, Decimal(900), Decimal(550))) for line in STAY]

    with pytest.raises(CannotEstimate) as refused:
        estimate(Plan(in_network=False), lines)

    assert refused.value.reason == "too_little_known"


money = st.integers(0, 8000).map(Decimal)
accumulators = st.builds(
    Accumulators,
    st.builds(Accumulator, total=money, remaining=st.none() | money),
    st.builds(Accumulator, total=st.none() | money, remaining=st.none() | money),
)
terms = st.builds(
    Terms,
    covered=st.sampled_from([True, True, None]),
    deductible_applies=st.sampled_from([True, False, None]),
    coinsurance=st.none() | st.integers(0, 100).map(Decimal),
    copay=st.none() | st.integers(0, 500).map(Decimal),
    copay_per=st.sampled_from(CopayPer),
    limit=st.none() | st.builds(Limit, units=st.integers(0, 30), used=st.none() | st.integers(0, 10)),
)
lines_of_any_stay = st.builds(
    Line,
    level=st.just("3.5"),
    begins_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    units=st.integers(1, 12),
    rate=st.builds(Rate, allowed=st.none() | money, billed=money, self_pay=money),
    terms=terms,
)
plans = st.builds(
    Plan,
    in_network=st.booleans(),
    cover=st.none() | st.sampled_from(Cover),
    deductible=accumulators,
    out_of_pocket=accumulators,
    maximum_includes_deductible=st.none() | st.booleans(),
    renews_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    bills_balance=st.booleans(),
)


def estimated(plan: Plan, line: Line) -> Estimate:
    try:
        return estimate(plan, [line])
    except CannotEstimate:
        assume(False)
        raise


@settings(deadline=None)
@given(plans, lines_of_any_stay)
def test_every_cent_is_paid_by_somebody_and_only_once(plan, line):
    result = estimated(plan, line)

    assert all(estimate_words.unknown_in_words(note) for note in result.unknown)
    assert all(estimate_words.supposed_in_words(note) for note in result.supposed)
    for day in (*result.least, *result.most):
        assert min(day.share, day.plan, day.uncovered, day.balance) >= 0
        assert day.share + day.plan == day.allowed
        assert day.uncovered == 0 or day.allowed == 0
    assert sum(day.person for day in result.least) == result.total.person.low
    assert sum(day.person for day in result.most) == result.total.person.high


def between(choose: st.DataObject, low: int | Decimal, high: int | Decimal) -> Decimal:
    return Decimal(choose.draw(st.integers(int(low), int(high))))


@settings(deadline=None)
@given(plans, lines_of_any_stay, st.data())
def test_whatever_the_unknown_turns_out_to_be_is_in_the_range(plan, line, choose):
    said, rate, of = line.terms, line.rate, plan.deductible
    result = estimated(plan, line)
    own = of.individual
    turned_out = Accumulator(own.total, own.met, own.left if own.left is not None else between(choose, 0, own.total))
    known = replace(
        said,
        coinsurance=between(choose, 0, 100) if said.coinsurance is None and said.copay is None else said.coinsurance,
        deductible_applies=choose.draw(st.booleans()) if said.deductible_applies is None else said.deductible_applies,
        covered=choose.draw(st.booleans()) if said.covered is None else said.covered,
    )
    allowed = between(choose, 0, rate.billed) if rate.allowed is None else rate.allowed
    assume(of.family.left is None or plan.cover is not None)
    now_known = replace(plan, deductible=Accumulators(turned_out, of.family))

    then = estimated(now_known, replace(line, terms=known, rate=replace(rate, allowed=allowed)))

    assert result.total.person.low - 1 <= then.total.person.low
    assert then.total.person.high <= result.total.person.high + 1
