"""Insurance: what covers a person, what the payer said and who said so, and nothing of it readable at rest."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from intake.insurance.models import Coverage, VerificationOfBenefits
from intake.leads.models import Lead
from tests.factories import make_coverage, make_lead, make_payer, make_user, make_verification, sign_in

pytestmark = pytest.mark.django_db

CARD = {
    "rank": "1",
    "plan_type": "ppo",
    "member_id": "XEA900000017",
    "group_number": "GRP-77812",
    "subscriber_relation": "spouse",
    "subscriber_name": "Zebulon Quux",
}
ANSWER = {
    "source": "phone",
    "representative": "Pat of Provider Services",
    "call_reference": "REF-5519",
    "verified_at": "2026-03-02T10:30",
    "status": "active",
    "in_network": "no",
    "effective_on": "2026-01-01",
    "terminates_on": "2026-12-31",
    "deductible": "1500.00",
    "deductible_met": "0",
    "out_of_pocket_maximum": "6000",
    "out_of_pocket_met": "250.50",
    "coinsurance": "30",
    "prior_authorization": "yes",
    "note": "Call again after the first of the month.",
}


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


@pytest.fixture
def lead(db) -> Lead:
    return make_lead()


def address(lead: Lead, end: str = "") -> str:
    return f"/desk/intake/coverage/lead/{lead.pk}/{end}"


def record_card(client, lead: Lead, **changes):
    return client.post(address(lead, "add/"), {"payer": str(make_payer().pk), **CARD, **changes})


def record_answer(client, coverage: Coverage, **changes):
    return client.post(address(coverage.lead, f"{coverage.pk}/verify/"), ANSWER | changes)


def values_of(row, *without: str) -> dict:
    names = [field.name for field in row._meta.fields if field.name not in ("id", *without)]
    return {name: getattr(row, name) for name in names}


def timeline(lead: Lead) -> list[tuple]:
    return [(row.kind, row.detail, row.by) for row in lead.activities.order_by("at")]


def raw(table: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        parts = [part for row in cursor.fetchall() for part in row]
    return b"\n".join(bytes(part) if isinstance(part, memoryview) else str(part).encode() for part in parts)


# --- Coverage -------------------------------------------------------------------------------------------------------


def test_coverage_is_recorded_as_on_the_card(client, consultant, lead):
    payer = make_payer(name="Sagebrush Mutual")

    response = record_card(client, lead, payer=str(payer.pk))

    coverage = Coverage.objects.get()
    assert (response.status_code, response["Location"]) == (302, address(lead))
    assert values_of(coverage, "recorded_at") == {
        "lead": lead,
        "rank": 1,
        "payer": payer,
        "plan_type": "ppo",
        "member_id": "XEA900000017",
        "group_number": "GRP-77812",
        "subscriber_relation": "spouse",
        "subscriber_name": "Zebulon Quux",
        "recorded_by": consultant,
    }
    assert timezone.now() - coverage.recorded_at < timedelta(seconds=5)


def test_coverage_is_an_event_in_the_timeline(client, consultant, lead):
    record_card(client, lead, rank="2")

    assert timeline(lead) == [("coverage", {"rank": 2}, consultant)]


def test_changed_coverage_is_an_event_too_and_stays_one_row(client, consultant, lead):
    record_card(client, lead)
    coverage = Coverage.objects.get()

    response = client.post(address(lead, f"{coverage.pk}/"), {"payer": coverage.payer_id, **CARD, "member_id": "NEW1"})

    coverage.refresh_from_db()
    assert (response.status_code, coverage.member_id, coverage.group_number) == (302, "NEW1", "GRP-77812")
    assert timeline(lead) == [("coverage", {"rank": 1}, consultant)] * 2


def test_nothing_of_a_coverage_is_readable_at_rest(client, consultant, lead):
    record_card(client, lead)

    stored = raw("intake_coverage")

    canaries = (b"XEA9", b"900000017", b"GRP-77812", b"Zebulon", b"Quux")
    assert [canary for canary in canaries if canary in stored] == []


def test_form_to_change_a_coverage_shows_what_is_recorded(client, consultant, lead):
    coverage = make_coverage(lead=lead, member_id="XEA900000017", group_number="GRP-77812")

    text = client.get(address(lead, f"{coverage.pk}/")).text

    assert [shown for shown in ('value="XEA900000017"', 'value="GRP-77812"') if shown not in text] == []


def test_new_coverage_starts_with_the_first_free_rank(client, consultant, lead):
    make_coverage(lead=lead, rank=1)

    form = client.get(address(lead, "add/")).context["form"]

    assert (form["rank"].value(), form["member_id"].value() or "") == (2, "")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"rank": "4"}, {"rank": ["Select a valid choice. 4 is not one of the available choices."]}),
        ({"payer": ""}, {"payer": ["Choose the payer. If it is not listed, ask your manager to add it."]}),
        ({"payer": "0"}, {"payer": ["Select a valid choice. That choice is not one of the available choices."]}),
        ({"plan_type": "gold"}, {"plan_type": ["Select a valid choice. gold is not one of the available choices."]}),
        (
            {"subscriber_name": ""},
            {"subscriber_name": ["Enter the subscriber's name, because it is somebody else."]},
        ),
        (
            {"member_id": "x" * 81},
            {"member_id": ["Ensure this value has at most 80 characters (it has 81)."]},
        ),
    ],
)
def test_wrong_coverage_is_refused_and_what_was_typed_is_kept(client, consultant, lead, changes, errors):
    response = record_card(client, lead, **changes)

    typed = CARD | changes
    kept = {name: response.context["form"][name].value() for name in typed}
    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)
    assert kept == typed
    assert (Coverage.objects.count(), timeline(lead)) == (0, [])


def test_second_coverage_of_a_rank_is_refused(client, consultant, lead):
    make_coverage(lead=lead, rank=1)

    response = record_card(client, lead, rank="1")

    problem = "There is a coverage of this rank already. Change that one, or choose another rank."
    assert (response.status_code, dict(response.context["form"].errors)) == (422, {"rank": [problem]})
    assert Coverage.objects.count() == 1


def test_second_coverage_of_a_rank_is_refused_by_the_database(lead):
    make_coverage(lead=lead, rank=1)

    with pytest.raises(IntegrityError, match="coverage_one_of_each_rank"), transaction.atomic():
        make_coverage(lead=lead, rank=1)

    assert Coverage.objects.count() == 1


def test_own_insurance_needs_no_subscriber_name(client, consultant, lead):
    response = record_card(client, lead, subscriber_relation="self", subscriber_name="")

    assert (response.status_code, Coverage.objects.get().subscriber_name) == (302, "")


def test_coverage_of_another_lead_is_not_found(client, consultant, lead):
    coverage = make_coverage()

    responses = [client.get(address(lead, end)) for end in (f"{coverage.pk}/", f"{coverage.pk}/verify/")]

    assert [response.status_code for response in responses] == [404, 404]


@pytest.mark.parametrize("end", ["", "change/"])
def test_member_id_is_masked_on_the_pages(client, consultant, lead, end):
    make_coverage(lead=lead, member_id="XEA900000017")

    response = client.get(address(lead) if not end else lead.get_absolute_url())

    assert ("•••• 0017" in response.text, "XEA9" in response.text) == (True, False)


@pytest.mark.parametrize(
    ("member_id", "masked"),
    [("XEA900000017", "•••• 0017"), ("", "not recorded"), ("17", "•••• 17"), ("1234", "•••• 1234")],
)
def test_masked_member_id_shows_at_most_four_characters(member_id, masked):
    assert make_coverage(member_id=member_id).masked_member_id == masked


def test_changing_a_coverage_keeps_what_cannot_be_read(client, consultant, lead):
    coverage = make_coverage(lead=lead)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_coverage SET member_id = 'tampered'")
    page = client.get(address(lead, f"{coverage.pk}/"))
    shown = {name: page.context["form"][name].value() for name in CARD}

    response = client.post(address(lead, f"{coverage.pk}/"), {**shown, "payer": coverage.payer_id, "plan_type": "hmo"})

    coverage.refresh_from_db()
    assert (response.status_code, coverage.plan_type) == (302, "hmo")
    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id FROM intake_coverage")
        assert bytes(cursor.fetchone()[0]) == b"tampered"


# --- Verification of benefits ---------------------------------------------------------------------------------------


def test_answer_of_the_payer_is_recorded_with_its_source(client, consultant, lead, settings):
    coverage = make_coverage(lead=lead)

    response = record_answer(client, coverage)

    answer = VerificationOfBenefits.objects.get()
    assert (response.status_code, response["Location"]) == (302, address(lead))
    assert values_of(answer, "entered_at") == {
        "coverage": coverage,
        "source": "phone",
        "representative": "Pat of Provider Services",
        "call_reference": "REF-5519",
        "verified_at": datetime.fromisoformat("2026-03-02T18:30Z"),  # the desk's clock is Pacific
        "entered_by": consultant,
        "status": "active",
        "in_network": "no",
        "effective_on": date(2026, 1, 1),
        "terminates_on": date(2026, 12, 31),
        "deductible": Decimal("1500.00"),
        "deductible_met": Decimal("0.00"),
        "out_of_pocket_maximum": Decimal("6000.00"),
        "out_of_pocket_met": Decimal("250.50"),
        "coinsurance": 30,
        "prior_authorization": "yes",
        "note": "Call again after the first of the month.",
    }
    assert timezone.now() - answer.entered_at < timedelta(seconds=5)


def test_answer_is_an_event_in_the_timeline(client, consultant, lead):
    record_answer(client, make_coverage(lead=lead))

    assert timeline(lead) == [("verified", {"status": "active", "source": "phone"}, consultant)]


def test_what_nobody_said_stays_unsaid_and_is_no_zero(client, consultant, lead):
    amounts = ["deductible", "deductible_met", "out_of_pocket_maximum", "out_of_pocket_met", "coinsurance"]
    unsaid = dict.fromkeys(["effective_on", "terminates_on", *amounts], "")

    response = record_answer(client, make_coverage(lead=lead), **unsaid)

    answer = VerificationOfBenefits.objects.get()
    assert response.status_code == 302
    assert {getattr(answer, name) for name in unsaid} == {None}
    assert "not said" in client.get(address(lead)).text


def test_nothing_of_an_answer_is_readable_at_rest(client, consultant, lead):
    record_answer(client, make_coverage(lead=lead))

    stored = raw("intake_verificationofbenefits") + raw("intake_activity")

    assert [canary for canary in (b"Pat of", b"Provider", b"REF-5519", b"Call again") if canary in stored] == []


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"representative": " "},
            {"representative": ["Enter who said it. An answer on the phone without a name proves nothing."]},
        ),
        (
            {"call_reference": ""},
            {"call_reference": ["Enter the call's reference number. If they gave none, write “none given”."]},
        ),
        (
            {"verified_at": "2040-01-01T10:00"},
            {"verified_at": ["This time has not come yet. Enter when they said it."]},
        ),
        ({"verified_at": "yesterday"}, {"verified_at": ["Enter a date and a time."]}),
        ({"deductible_met": "1500.01"}, {"deductible_met": ["More is met than there is in all. Check both amounts."]}),
        (
            {"out_of_pocket_met": "6000.01"},
            {"out_of_pocket_met": ["More is met than there is in all. Check both amounts."]},
        ),
        ({"terminates_on": "2025-12-31"}, {"terminates_on": ["The plan ends before it begins. Check both dates."]}),
        ({"coinsurance": "101"}, {"coinsurance": ["Ensure this value is less than or equal to 100."]}),
        ({"coinsurance": "-1"}, {"coinsurance": ["Ensure this value is greater than or equal to 0."]}),
        ({"deductible": "NaN"}, {"deductible": ["Enter a number."]}),
        ({"status": ""}, {"status": ["Choose what the payer said about the coverage."]}),
        ({"source": "rumour"}, {"source": ["Select a valid choice. rumour is not one of the available choices."]}),
    ],
)
def test_wrong_answer_is_refused_and_what_was_typed_is_kept(client, consultant, lead, changes, errors):
    response = record_answer(client, make_coverage(lead=lead), **changes)

    typed = ANSWER | changes
    kept = {name: response.context["form"][name].value() for name in typed}
    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)
    assert kept == typed
    assert (VerificationOfBenefits.objects.count(), timeline(lead)) == (0, [])


def test_negative_amount_is_refused(client, consultant, lead):
    response = record_answer(client, make_coverage(lead=lead), deductible="-5", deductible_met="-6")

    problem = ["No amount is below zero. Check it."]
    assert response.status_code == 422
    assert dict(response.context["form"].errors) == {"deductible": problem, "deductible_met": problem}
    assert VerificationOfBenefits.objects.count() == 0


@pytest.mark.parametrize("source", ["portal", "card"])
def test_portal_and_card_need_no_name(client, consultant, lead, source):
    response = record_answer(client, make_coverage(lead=lead), source=source, representative="", call_reference="")

    answer = VerificationOfBenefits.objects.get()
    assert (response.status_code, answer.source, answer.representative, answer.call_reference) == (302, source, "", "")


def test_empty_form_shows_empty_fields_and_the_present_time(client, consultant, lead):
    coverage = make_coverage(lead=lead)

    form = client.get(address(lead, f"{coverage.pk}/verify/")).context["form"]

    shown = {name: form[name].value() for name in ("representative", "call_reference", "note")}
    assert shown == {"representative": "", "call_reference": "", "note": ""}
    assert timedelta(0) <= timezone.now() - form["verified_at"].initial < timedelta(minutes=2)


def test_second_answer_does_not_replace_the_first(client, consultant, lead):
    coverage = make_coverage(lead=lead)
    record_answer(client, coverage)
    record_answer(client, coverage, status="inactive", verified_at="2026-03-03T10:30")

    page = client.get(address(lead)).text

    assert [answer.status for answer in coverage.verifications.all()] == ["inactive", "active"]
    assert coverage.latest_verification.status == "inactive"
    assert page.index("Inactive, ") < page.index("Active, ")


def test_page_shows_who_said_what_and_when(client, consultant, lead):
    record_answer(client, make_coverage(lead=lead))

    text = client.get(address(lead)).text

    words = [
        "Phone call to the payer",
        "Pat of Provider Services",
        "REF-5519",
        "1,500.00",
        "250.50",
        "Call again after",
    ]
    assert [word for word in words if word not in text] == []


def test_page_of_a_lead_without_insurance_says_so(client, consultant, lead):
    response = client.get(address(lead))

    assert response.status_code == 200
    assert "No coverage is recorded." in response.text


# --- Who may --------------------------------------------------------------------------------------------------------


def test_manager_reads_insurance_and_enters_none(client, lead):
    coverage = make_verification(coverage=make_coverage(lead=lead), representative="Pat").coverage
    sign_in(client, make_user("manager"))

    page = client.get(address(lead))
    refused = [record_card(client, lead), record_answer(client, coverage), client.get(address(lead, "add/"))]

    assert (page.status_code, "Pat" in page.text) == (200, True)
    assert [response.status_code for response in refused] == [403, 403, 403]
    assert (Coverage.objects.count(), VerificationOfBenefits.objects.count(), timeline(lead)) == (1, 1, [])


def test_editor_sees_no_insurance(client, lead):
    make_coverage(lead=lead)
    sign_in(client, make_user("editor"))

    response = client.get(address(lead), follow=True)

    assert (response.status_code, "0017" in response.text) == (403, False)
