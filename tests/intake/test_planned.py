"""An estimate at the desk: what the grid says and what the center charges, in the terms of the formula."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.directory.models import Facility
from facilities.directory.rates import Amounts, Rate
from intake.insurance import estimate_words
from intake.insurance.estimate.estimate import Between
from intake.insurance.estimate.terms import CannotEstimate, Cover, Limit
from intake.insurance.grid import Said, cells_of, lines_of
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.planned import Planned, PlannedLine, _limit, estimate_of, outdated
from intake.insurance.planned_form import LINES, PlannedForm
from tests.factories import make_coverage, make_lead, make_level, make_line, make_user, make_verification, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

What, Network, Part, Whose = BenefitLine.What, BenefitLine.Network, BenefitLine.Part, BenefitLine.Whose
FIRST = date(2026, 3, 1)


@pytest.fixture
def facility(db) -> Facility:
    return Facility.objects.create(name="A center of the tests", slug="a-center", live=True)


@pytest.fixture
def level(db):
    return make_level()


@pytest.fixture
def coverage(facility, level) -> Coverage:
    """A plan that said all there is to say of one level, and a center with its rates."""
    found = make_coverage(lead=make_lead())
    verification = make_verification(coverage=found)
    for line in (
        {"what": What.DEDUCTIBLE, "whose": Whose.INDIVIDUAL, "part": Part.REMAINING, "number": Decimal(900)},
        {"what": What.OUT_OF_POCKET, "whose": Whose.INDIVIDUAL, "part": Part.REMAINING, "number": Decimal(5900)},
        {"what": What.COVERED, "answer": "yes", "level": level},
        {"what": What.AUTHORIZATION, "answer": "no", "level": level},
        {"what": What.COINSURANCE, "number": Decimal(20), "level": level},
        {"what": What.LIMIT, "answer": "no", "level": level},
    ):
        make_line(verification=verification, **line)
    Rate.objects.create(facility=facility, level=level, payer=found.payer, allowed=1000, valid_from=FIRST)
    Rate.objects.create(facility=facility, level=level, billed=1800, self_pay=550, valid_from=FIRST)
    return found


def planned(facility: Facility, level, **more) -> Planned:
    said = {"cover": Cover.INDIVIDUAL, "maximum_includes_deductible": True, "deductible_applies": True}
    return Planned(facility, Network.IN, (PlannedLine(level, FIRST, 5),), **(said | more))


def owed(coverage: Coverage, plan: Planned) -> Between:
    return estimate_of(coverage, plan).total.person


def exactly(amount: int) -> Between:
    return Between(Decimal(amount), Decimal(amount))


def test_estimate_rests_on_what_the_grid_says_and_on_our_rates(coverage, facility, level):
    result = estimate_of(coverage, planned(facility, level))

    assert result.total.person == exactly(1720)
    assert result.unknown == ()
    assert result.if_not_authorized == 0


def test_what_is_contested_is_not_known(coverage, facility, level):
    line = {"what": What.COINSURANCE, "level": level}
    make_line(verification=coverage.verifications.get(), **line, number=Decimal(40))

    assert "coinsurance" in [note.kind for note in estimate_of(coverage, planned(facility, level)).unknown]


def test_what_is_used_of_a_limit_follows_from_what_is_left(coverage, facility, level):
    told = make_verification(coverage=coverage)
    limit = {"what": What.LIMIT, "unit": "day", "period": "year", "level": level}
    make_line(verification=told, **limit, number=Decimal(30))
    make_line(verification=told, **limit, part=Part.REMAINING, number=Decimal(2))

    found = Said(cells_of(lines_of([told])), level, Network.IN)

    assert _limit(found) == Limit(30, 28)


def test_what_a_system_shows_where_there_is_no_amount_is_not_taken_for_one(coverage, facility, level):
    told = make_verification(coverage=coverage)
    number = {"what": What.OUT_OF_POCKET, "whose": Whose.INDIVIDUAL, "part": Part.REMAINING}
    make_line(verification=told, **number, number=Decimal("999999.99"))

    assert "maximum_left" in [note.kind for note in estimate_of(coverage, planned(facility, level)).unknown]


def test_out_of_network_the_contract_says_nothing(coverage, facility, level):
    result = estimate_of(coverage, planned(facility, level)._replace(network=Network.OUT))

    assert {"allowed", "coinsurance", "deductible_left"} <= {note.kind for note in result.unknown}


def test_second_plan_and_medicaid_have_a_reason_and_no_number(coverage, facility, level):
    for field, value, reason in (("rank", 2, "another_pays_first"), ("plan_type", "medicaid_mco", "medicaid")):
        changed = Coverage.objects.get(pk=coverage.pk)
        setattr(changed, field, value)
        with pytest.raises(CannotEstimate) as refused:
            estimate_of(changed, planned(facility, level))
        assert refused.value.reason == reason


def test_old_answers_are_used_and_named(coverage, facility, level):
    assert not outdated(coverage, planned(facility, level))

    coverage.verifications.get()
    told = make_verification(coverage=coverage, verified_at="2020-01-01T12:00:00Z")
    make_line(verification=told, what=What.COPAY, number=Decimal(10), unit="day", level=level)

    assert outdated(Coverage.objects.get(pk=coverage.pk), planned(facility, level))


# --- Rates ----------------------------------------------------------------------------------------------------------


def test_rate_of_the_day_is_the_one_that_counts(coverage, facility, level):
    Rate.objects.create(facility=facility, level=level, billed=2000, self_pay=600, valid_from=date(2027, 1, 1))

    assert Rate.objects.amounts(facility, level, coverage.payer, FIRST) == Amounts(1800, 550, 1000)
    assert Rate.objects.amounts(facility, level, None, date(2027, 1, 1)) == Amounts(2000, 600, None)
    assert Rate.objects.amounts(facility, level, None, date(2026, 2, 28)) == Amounts()


@pytest.mark.parametrize(
    "wrong",
    [
        {"allowed": 5},
        {"billed": 5, "valid_from": FIRST},
        {"billed": 5, "valid_from": date(2026, 5, 2), "valid_to": date(2026, 5, 1)},
    ],
)
def test_rate_that_contradicts_itself_or_another_is_refused(coverage, facility, level, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.create(**{"facility": facility, "level": level, "valid_from": date(2026, 5, 1)} | wrong)


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(client, coverage) -> str:
    sign_in(client, make_user())
    return reverse("desk:estimate", args=[coverage.lead_id, coverage.pk])


def typed(place: Facility, level, **more: str) -> dict[str, str]:
    counts = {"line-TOTAL_FORMS": str(LINES), "line-INITIAL_FORMS": "0"}
    line = {"line-0-level": str(level.pk), "line-0-begins_on": "2026-03-01", "line-0-units": "5"}
    said = {"cover": "individual", "maximum_includes_deductible": "yes", "deductible_applies": "yes"}
    return {"facility": str(place.pk), "network": "in", **counts, **line, **said, **more}


def test_page_says_what_may_be_owed_and_that_it_is_no_promise(client, page, facility, level):
    assert client.get(page).status_code == 200
    response = client.post(page, typed(facility, level))

    assert response.status_code == 200
    assert "$1,720.00" in response.text
    assert str(response.context["not_a_promise"]) in response.text
    assert level.name in response.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"line-0-units": ""},
        {"line-0-units": "many"},
        {"line-0-units": "0"},
        {"line-0-a_week": "8"},
        {"line-0-begins_on": "tomorrow"},
        {"line-0-level": "", "line-0-begins_on": "", "line-0-units": ""},
        {"facility": "0"},
        {"line-TOTAL_FORMS": "no"},
    ],
)
def test_what_cannot_be_planned_is_named_and_kept(client, page, facility, level, wrong):
    response = client.post(page, typed(facility, level, **wrong))

    assert response.status_code == 422
    assert "result" not in response.context
    assert response.context["form"]["cover"].value() == "individual"


def test_where_there_is_no_number_the_page_says_why(client, page, facility, level):
    response = client.post(
        page,
        typed(
            facility,
            level,
            **{"line-0-units": "366", "line-1-level": str(level.pk)}
            | {"line-1-begins_on": "2026-03-01", "line-1-units": "3"},
        ),
    )

    assert response.status_code == 200
    assert response.context["reason"] == estimate_words.REASONS["too_long"]


def test_form_says_as_many_lines_as_may_be_planned():
    assert len(PlannedForm().lines.forms) == LINES
