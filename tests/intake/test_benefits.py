"""Benefits: each line with its source and age, what counts where they differ, and when to ask again."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.directory.claims import Claim
from facilities.directory.levels import LevelOfCare, matches
from facilities.directory.models import Facility
from intake.insurance.grid import cells_of, grid_of, lines_of
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits, year_end
from intake.leads.models import Lead
from tests.factories import (
    make_coverage,
    make_lead,
    make_level,
    make_line,
    make_payer,
    make_user,
    make_verification,
    page_of,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

What, Network, Part, Whose = BenefitLine.What, BenefitLine.Network, BenefitLine.Part, BenefitLine.Whose
REMAINING = {"what": What.DEDUCTIBLE, "whose": Whose.INDIVIDUAL, "part": Part.REMAINING}


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


@pytest.fixture
def coverage(db) -> Coverage:
    return make_coverage(lead=make_lead())


def insurance(lead: Lead) -> str:
    return f"{page_of(lead)}insurance/"


def said(coverage: Coverage, source: str, *, hours_ago: float = 0, **line) -> BenefitLine:
    """A line of an answer that came so long before today's noon, by that way."""
    at = timezone.localtime().replace(hour=12) - timedelta(hours=hours_ago)
    verification = make_verification(coverage=coverage, source=source, verified_at=at)
    return make_line(verification=verification, **{**REMAINING, "number": Decimal(0), **line})


def cell(coverage: Coverage, network: str = Network.IN):
    [found] = cells_of(lines_of(coverage.verifications.all()))[None, network].values()
    return found


# --- Lines ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        {"what": What.DEDUCTIBLE},
        {"what": What.DEDUCTIBLE, "answer": "yes"},
        {"what": What.DEDUCTIBLE, "number": Decimal(-1)},
        {"what": What.COVERED},
        {"what": What.COVERED, "number": Decimal(1)},
        {"what": What.EXCLUSION, "number": Decimal(1)},
        {"what": What.LIMIT, "answer": "yes"},
    ],
)
def test_line_has_the_value_of_its_kind_and_no_other(coverage, value):
    verification = make_verification(coverage=coverage)

    with pytest.raises(IntegrityError, match="benefitline_has_the_value"), transaction.atomic():
        make_line(verification=verification, **value)


def test_words_of_a_line_are_not_readable_at_rest(coverage):
    make_line(verification=make_verification(coverage=coverage), words="Zebulon excluded")

    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM intake_benefitline")
        stored = bytes(cursor.fetchone()[0])

    assert b"Zebulon" not in stored
    assert BenefitLine.objects.get().words == "Zebulon excluded"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({**REMAINING, "number": Decimal(0)}, "$0.00"),
        ({"what": What.COPAY, "unit": "day", "number": Decimal("25.5")}, "$25.50 per day"),
        ({"what": What.COINSURANCE, "number": Decimal("12.5")}, "12.5 %"),
        ({"what": What.COINSURANCE, "number": Decimal(100)}, "100 %"),
        ({"what": What.LIMIT, "unit": "day", "period": "year", "number": Decimal(60)}, "60 days a year"),
        ({"what": What.LIMIT, "answer": "no"}, "No limit"),
        ({"what": What.COVERED, "answer": "unknown"}, "Not known"),
    ],
)
def test_value_is_said_in_full_and_zero_is_an_amount(line, words):
    assert BenefitLine(verification=VerificationOfBenefits(), **line).value_in_words == words


def test_answer_of_the_short_form_is_read_as_lines_of_our_network(coverage):
    made = make_verification(
        coverage=coverage,
        in_network="no",
        deductible=Decimal(1500),
        deductible_met=Decimal(0),
        coinsurance=30,
        prior_authorization="yes",
    )

    lines = [(line.what, line.network, line.part, line.value) for line in made.said]

    assert lines == [
        (What.DEDUCTIBLE, Network.OUT, Part.TOTAL, Decimal(1500)),
        (What.DEDUCTIBLE, Network.OUT, Part.MET, Decimal(0)),
        (What.COINSURANCE, Network.OUT, "", Decimal(30)),
        (What.AUTHORIZATION, Network.OUT, "", "yes"),
    ]


def test_what_nobody_said_makes_no_line(coverage):
    assert make_verification(coverage=coverage).said == []


# --- What counts ----------------------------------------------------------------------------------------------------


def test_phone_counts_more_than_a_later_271_and_that_stands_beside(coverage):
    phone = said(coverage, "phone", hours_ago=0.02, number=Decimal(900))
    later = said(coverage, "271", number=Decimal(400))

    found = cell(coverage)

    assert (found.shown, found.differing) == ([phone], [later])


@pytest.mark.parametrize(("more", "less"), [("phone", "271"), ("271", "portal"), ("portal", "card"), ("phone", "card")])
def test_sources_count_in_their_order(coverage, more, less):
    said(coverage, less, number=Decimal(1))
    said(coverage, more, number=Decimal(2), hours_ago=0.02)

    assert [line.value for line in cell(coverage).shown] == [2]


def test_of_one_source_the_newest_counts(coverage):
    said(coverage, "phone", number=Decimal(1), hours_ago=0.02)
    said(coverage, "phone", number=Decimal(2))

    found = cell(coverage)

    assert ([line.value for line in found.shown], [line.value for line in found.differing]) == ([2], [1])


def test_what_still_holds_counts_more_than_an_older_call(coverage):
    said(coverage, "phone", hours_ago=24 * 70, number=Decimal(1))
    said(coverage, "271", number=Decimal(2))

    assert [line.value for line in cell(coverage).shown] == [2]


def test_the_same_said_twice_does_not_differ(coverage):
    for source in ("phone", "271"):
        said(coverage, source, number=Decimal("900.00"))

    assert cell(coverage).differing == []


def test_one_answer_that_says_two_things_is_shown_as_both_and_none_is_chosen(coverage):
    first = said(coverage, "271", number=Decimal(20))
    make_line(verification=first.verification, **REMAINING, number=Decimal(40))

    found = cell(coverage)

    assert (found.is_contested, sorted(line.value for line in found.shown)) == (True, [20, 40])


def test_line_of_both_networks_fills_gaps_and_yields_to_that_of_one(coverage):
    both = said(coverage, "271", network=Network.BOTH, number=Decimal(0))
    own = make_line(verification=both.verification, **REMAINING, number=Decimal(500))

    assert [cell(coverage, network).shown for network in (Network.IN, Network.OUT)] == [[own], [both]]


def test_nothing_is_overwritten(coverage):
    for number in range(3):
        said(coverage, "phone", number=Decimal(number))

    assert BenefitLine.objects.count() == 3


def test_grid_has_the_plan_first_and_then_the_levels_of_which_anything_was_said(coverage):
    level, other = make_level(sort_order=1), make_level(sort_order=2)
    answer = make_verification(coverage=coverage)
    make_line(verification=answer, level=level, what=What.COVERED, answer="yes", network=Network.OUT)
    make_line(verification=answer, **REMAINING, number=Decimal(0))

    rows = grid_of(lines_of(coverage.verifications.all()), [level, other])

    assert [(row.level, [column.network for column in row.columns]) for row in rows] == [
        (None, [Network.IN]),
        (level, [Network.OUT]),
    ]


# --- Five states, and when to ask again -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ([], "Not checked"),
        (["active"], "Active"),
        (["inactive"], "Inactive"),
        (["not_found"], VerificationOfBenefits.Status.NOT_FOUND.label),
        (["undetermined"], VerificationOfBenefits.Status.UNDETERMINED.label),
        (["active", "undetermined"], "Active"),
        (["active", "inactive"], "Inactive"),
    ],
)
def test_policy_is_in_one_of_five_states_and_a_failed_check_hides_none(coverage, statuses, state):
    for number, status in enumerate(statuses):
        at = timezone.localtime().replace(hour=12, minute=number)
        make_verification(coverage=coverage, status=status, verified_at=at)

    assert coverage.state == state


@pytest.mark.parametrize(
    ("said_on", "plan_year", "until"),
    [
        (date(2026, 11, 12), None, date(2026, 11, 30)),
        (date(2026, 12, 1), None, date(2026, 12, 31)),
        (date(2026, 10, 1), None, date(2026, 10, 31)),
        (date(2026, 12, 30), None, date(2026, 12, 31)),
        (date(2026, 2, 3), None, date(2026, 2, 28)),
        (date(2026, 6, 10), date(2025, 6, 15), date(2026, 6, 14)),
        (date(2026, 6, 20), date(2026, 6, 15), date(2026, 6, 30)),
    ],
)
def test_answer_holds_to_the_end_of_the_month_of_thirty_days_and_of_the_plan_year(said_on, plan_year, until):
    at = datetime.combine(said_on, time(12), timezone.get_current_timezone())
    answer = VerificationOfBenefits(source="phone", verified_at=at, plan_year_begins_on=plan_year)

    assert answer.holds_until == until


@pytest.mark.parametrize(
    ("begins", "day", "ends"),
    [
        (date(2026, 1, 1), date(2026, 11, 3), date(2026, 12, 31)),
        (date(2024, 7, 1), date(2026, 6, 30), date(2026, 6, 30)),
        (date(2024, 7, 1), date(2026, 7, 1), date(2027, 6, 30)),
    ],
)
def test_plan_year_ends_a_day_before_it_begins_again(begins, day, ends):
    assert year_end(begins, day) == ends


def test_page_says_to_verify_again_and_why(client, consultant, coverage):
    make_verification(coverage=coverage, verified_at=timezone.now() - timedelta(days=70))

    pages = [client.get(page).text for page in (insurance(coverage.lead), page_of(coverage.lead))]

    assert ["Verify again: " in page for page in pages] == [True, True]


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_page_shows_zero_dollars_with_source_and_what_differs(client, consultant, coverage):
    said(coverage, "phone", number=Decimal(0))
    said(coverage, "271", number=Decimal(750))

    text = client.get(insurance(coverage.lead)).text

    assert text.index("$0.00") < text.index("Differs") < text.index("$750.00")


def test_pages_ask_as_much_for_many_lines_as_for_one(client, consultant, coverage):
    level, counts = make_level(), []
    answer = make_verification(coverage=coverage)
    for number in range(9):
        make_line(verification=answer, level=level, what=What.COPAY, unit="day", number=Decimal(number))
        if number == 0:  # the first look is written down
            client.get(insurance(coverage.lead))
        if number in (0, 8):
            with CaptureQueriesContext(connection) as queries:
                client.get(insurance(coverage.lead))
                client.get(page_of(coverage.lead))
            counts.append(len(queries))

    assert counts[0] == counts[1]


# --- Levels of care and places --------------------------------------------------------------------------------------


def make_facility(**fields) -> Facility:
    values = {
        "street": "1 Test St", "city": "Reno", "state": "NV", "postal_code": "89501", "licence": "L", "owner": "O",
    }  # fmt: skip
    return Facility.objects.create(**values | fields)


def test_places_match_by_level_and_by_what_proves_the_network():
    payer = make_payer()
    near = make_facility(name="Near", slug="near", levels=["detox"])
    proved = make_facility(name="Proved", slug="proved", levels=["detox", "partial"])
    make_facility(name="Other", slug="other", levels=["outpatient"])
    claim = Claim.objects.create(
        kind=Claim.Kind.IN_NETWORK,
        wording="In network.",
        evidence="A contract.",
        owner=make_user("manager"),
        expires_on=timezone.localdate(),
        facility=proved,
        payer=payer,
    )
    detox, partial = make_level(care="detox"), make_level(care="partial")

    found = matches([payer], [detox, partial])[payer.pk]

    assert [(match.facility, match.levels, match.claim) for match in found] == [
        (proved, [detox, partial], claim),
        (near, [detox], None),
    ]


def test_first_levels_are_there_with_their_codes():
    level = LevelOfCare.objects.get(edition="asam3", code="3.7-WM")

    assert (level.care, level.service_types) == ("detox", ["CI", "48", "AI"])


def test_manager_edits_levels_of_care(client):
    sign_in(client, make_user("manager"))
    level = make_level()

    response = client.get(f"/cms/snippets/facilities/levelofcare/edit/{level.pk}/")

    assert (response.status_code, level.code in response.text) == (200, True)
