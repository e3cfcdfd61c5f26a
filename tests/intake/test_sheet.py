"""The benefits sheet: plain words in two languages, what is not known said so, and nothing of the person."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from facilities.directory.levels import LevelOfCare
from facilities.pages.reading import read
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.sheet import sheet_of
from tests.factories import make_coverage, make_lead, make_line, make_user, make_verification, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

What, Network, Part, Whose = BenefitLine.What, BenefitLine.Network, BenefitLine.Part, BenefitLine.Whose
MEMBER, NAME = "XEA900000017", "Robin of the sheet"


@pytest.fixture
def detox(db) -> LevelOfCare:
    return LevelOfCare.objects.get(code="3.7-WM")


@pytest.fixture
def coverage(detox) -> Coverage:
    found = make_coverage(lead=make_lead(name=NAME), member_id=MEMBER)
    told = make_verification(coverage=found, in_network="yes")
    of_plan = {"what": What.DEDUCTIBLE, "whose": Whose.INDIVIDUAL}
    for line in (
        {**of_plan, "part": Part.TOTAL, "number": Decimal(1500)},
        {**of_plan, "part": Part.REMAINING, "number": Decimal(0)},
        {"what": What.COVERED, "answer": "yes", "level": detox},
        {"what": What.COINSURANCE, "number": Decimal(20), "level": detox},
    ):
        make_line(verification=told, **line)
    return found


def levels_of(coverage: Coverage, network: str = Network.IN):
    return sheet_of(coverage, network, LevelOfCare.objects.all()).levels


def test_sheet_says_what_was_said_and_names_what_was_not(coverage):
    sheet = sheet_of(coverage, Network.IN, LevelOfCare.objects.all())

    assert any("$1,500" in words for words in sheet.plan)
    assert any("$0" in words for words in sheet.plan), "Nothing left is an amount."
    [detox] = sheet.levels
    assert len(detox.said) == 2
    assert len(detox.unknown) == 2


def test_answer_of_a_test_is_not_on_the_sheet(coverage, detox):
    made_up = make_verification(coverage=coverage, is_test=True, status="inactive")
    make_line(verification=made_up, what=What.COPAY, unit="day", number=Decimal(77), level=detox)

    sheet = sheet_of(Coverage.objects.get(pk=coverage.pk), Network.IN, LevelOfCare.objects.all())

    assert not any("77" in words for words in sheet.levels[0].said)
    assert sheet.source == sheet_of(coverage, Network.IN, LevelOfCare.objects.all()).source


def test_old_answers_are_on_the_sheet_and_it_says_that_they_are(coverage):
    fresh = sheet_of(coverage, Network.IN, LevelOfCare.objects.all())
    old = make_coverage(lead=make_lead())
    told = make_verification(coverage=old, in_network="yes", verified_at="2020-01-01T12:00:00Z")
    make_line(verification=told, what=What.COVERED, answer="yes", level=LevelOfCare.objects.get(code="3.7-WM"))

    sheet = sheet_of(old, Network.IN, LevelOfCare.objects.all())

    assert sheet.levels[0].said == fresh.levels[0].said[:1]
    assert len(sheet.source) == len(fresh.source) + 1


def test_what_is_of_the_other_network_is_not_on_the_sheet(coverage):
    assert levels_of(coverage, Network.OUT) == []


def test_what_was_said_in_two_ways_is_not_known(coverage, detox):
    line = {"what": What.COINSURANCE, "level": detox, "number": Decimal(40)}
    make_line(verification=coverage.verifications.get(), **line)

    [level] = levels_of(coverage)
    assert not any("20" in words or "40" in words for words in level.said)


def test_amount_that_stands_for_none_is_not_on_the_sheet(coverage, detox):
    make_line(
        verification=coverage.verifications.get(), what=What.COPAY, unit="day", number=Decimal("999999.99"), level=detox
    )

    assert not any("999" in words for level in levels_of(coverage) for words in level.said)


@pytest.mark.parametrize("language", ["en", "es"])
def test_sheet_names_nothing_of_the_person(client, coverage, language):
    sign_in(client, make_user())
    page = client.get(
        reverse("desk:sheet", args=[coverage.lead_id, coverage.pk]), {"language": language, "network": "in"}
    )

    assert page.status_code == 200
    shown = page.text.partition('<section class="sheet-of-plan"')[2]
    assert MEMBER not in page.text
    assert NAME not in shown
    assert MEMBER[-4:] not in shown
    assert f'lang="{language}"' in page.text


def test_sheet_is_in_spanish_where_that_is_asked_for(client, coverage):
    sign_in(client, make_user())
    address = reverse("desk:sheet", args=[coverage.lead_id, coverage.pk])

    sheets = [client.get(address, {"language": language}).context["sheet"] for language in ("en", "es")]

    assert not set(sheets[0].plan) & set(sheets[1].plan)
    assert not set(sheets[0].levels[0].said) & set(sheets[1].levels[0].said)


@pytest.mark.parametrize("asked", [{"language": "xx"}, {"network": "both"}, {"language": ""}])
def test_unknown_choice_of_the_address_gives_the_usual_sheet(client, coverage, asked):
    sign_in(client, make_user())

    page = client.get(reverse("desk:sheet", args=[coverage.lead_id, coverage.pk]), asked)

    assert page.status_code == 200
    assert page.context["language"] == "en"


def test_sheet_is_plain_to_read(client, coverage):
    sheet = sheet_of(coverage, Network.IN, LevelOfCare.objects.all())
    reading = read([*sheet.source, *sheet.plan, *sheet.levels[0].said])

    assert reading.grade <= 8


def test_plan_that_nobody_asked_has_a_sheet_that_says_so(client):
    coverage = make_coverage(lead=make_lead())
    sign_in(client, make_user())

    page = client.get(reverse("desk:sheet", args=[coverage.lead_id, coverage.pk]))

    assert page.status_code == 200
    assert not page.context["sheet"].says_anything


def test_every_kind_of_level_has_a_name_in_spanish(coverage):
    told = coverage.verifications.get()
    for level in LevelOfCare.objects.all():
        make_line(verification=told, what=What.AUTHORIZATION, answer="yes", level=level)
    with override("es"):
        spanish = [level.name for level in levels_of(coverage)]

    assert len(spanish) == len(LevelOfCare.objects.all())
    assert not set(spanish) & {level.name for level in levels_of(coverage)}
