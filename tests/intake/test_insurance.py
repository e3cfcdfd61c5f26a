"""Insurance: what covers a person, what the payer said and who said so, and nothing of it readable at rest."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from intake.insurance.amounts import (
    AMOUNT,
    IS_IT_MEANT,
    NEGATIVE,
    ONE_AMOUNT,
    ONE_SHARE,
    PERCENT,
    TOO_LARGE,
    AmountField,
    PercentField,
    is_placeholder,
    read_as,
)  # fmt: skip
from intake.insurance.forms import (
    AMOUNTS,
    NOTE_LENGTH,
    RANK_TAKEN,
    WHICH_PAYER,
    WHICH_YEAR,
    CoverageForm,
    VerificationForm,
)
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.leads.forms import NO_SUCH_HOUR
from intake.leads.models import Lead
from tests.factories import make_coverage, make_lead, make_payer, make_user, make_verification, page_of, sign_in
from tests.intake.at_once import at_once
from tests.intake.form_page import FormPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

CHOICE = "Choose one of the listed answers."
CARD = {
    "rank": "1",
    "plan_type": "ppo",
    "member_id": "XEA900000017",
    "group_number": "GRP-77812",
    "subscriber_relation": "spouse",
    "subscriber_name": "Zebulon Quux",
    "subscriber_born_on": "1961-04-02",
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
    return f"{page_of(lead)}insurance/{end}"


def record_card(client, lead: Lead, **changes):
    return client.post(address(lead, "add/"), {"payer": str(make_payer().pk), **CARD, **changes})


def record_answer(client, coverage: Coverage, **changes):
    return client.post(address(coverage.lead, f"{coverage.pk}/verify/"), ANSWER | changes)


def values_of(row, *without: str) -> dict:
    names = [field.name for field in row._meta.fields if field.name not in ("id", *without)]
    return {name: getattr(row, name) for name in names}


AROUND = ("read", "consented", "disclosed")  # test_consent.py


def timeline(lead: Lead) -> list[tuple]:
    return [(row.kind, row.detail, row.by) for row in lead.activities.exclude(kind__in=AROUND).order_by("at")]


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
        "payer_as_written": "",
        "subscriber_born_on": "1961-04-02",
        "plan_type": "ppo",
        "member_id": "XEA900000017",
        "group_number": "GRP-77812",
        "subscriber_relation": "spouse",
        "subscriber_name": "Zebulon Quux",
        "has_unlisted_payer": False,
        "patient_born_on": "",
        "cobra_begins_on": "",
        "cobra_ends_on": "",
        "premium_paid_to": "",
        "recorded_by": consultant,
        "ended_at": None,
        "ended_by": None,
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
    changed = {"rank": 1, "changed": ["member_id"]}
    assert timeline(lead) == [("coverage", {"rank": 1}, consultant), ("coverage", changed, consultant)]
    assert "member id changed" in client.get(page_of(lead)).text


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
        ({"rank": "4"}, {"rank": [CHOICE]}),
        ({"payer": ""}, {"payer": [WHICH_PAYER]}),
        ({"payer": "0"}, {"payer": [CHOICE]}),
        ({"plan_type": "gold"}, {"plan_type": [CHOICE]}),
        (
            {"subscriber_name": ""},
            {"subscriber_name": ["Enter the subscriber's name, because it is somebody else."]},
        ),
        (
            {"member_id": "x" * 81},
            {"member_id": ["Use 80 characters or fewer."]},
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

    response = client.get(address(lead) if not end else page_of(lead))

    assert ("•••• 0017" in response.text, "XEA9" in response.text) == (True, False)


@pytest.mark.parametrize(
    ("member_id", "masked"),
    [("XEA900000017", "•••• 0017"), ("", "not recorded"), ("17", "•••• 7"), ("1234", "•••• 34")],
)
def test_masked_member_id_shows_at_most_four_characters_and_half_of_it(member_id, masked):
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


# --- Earlier coverage -----------------------------------------------------------------------------------------------


def change_card(client, coverage: Coverage, **changes):
    return client.post(address(coverage.lead, f"{coverage.pk}/"), {"payer": coverage.payer_id, **CARD, **changes})


def make_verified(lead: Lead) -> Coverage:
    card = {name: value for name, value in CARD.items() if name != "rank"}
    return make_verification(coverage=make_coverage(lead=lead, **card), representative="Pat").coverage


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"payer": "new"}, ["payer"]),
        ({"member_id": "NEW1"}, ["member_id"]),
        ({"subscriber_name": "Ann Other", "plan_type": "hmo"}, ["plan_type", "subscriber_name"]),
        ({"subscriber_relation": "self"}, ["subscriber_relation"]),
    ],
)
def test_answer_of_a_payer_does_not_survive_a_change_of_what_it_was_about(client, consultant, lead, changes, changed):
    old = make_verified(lead)
    if "payer" in changes:
        changes = {"payer": make_payer(name="Sagebrush Mutual").pk}

    response = change_card(client, old, **changes)

    new, before = lead.coverages.current().get(), lead.coverages.earlier().get()
    old.refresh_from_db()
    assert response.status_code == 302
    assert (before.pk, before.ended_by, before.verifications.count()) == (old.pk, consultant, 1)
    assert (old.payer == before.payer, old.member_id, old.subscriber_name) == (True, CARD["member_id"], "Zebulon Quux")
    assert (new.member_id, new.group_number) == (changes.get("member_id", CARD["member_id"]), CARD["group_number"])
    assert (new.latest_verification, new.recorded_by) == (None, consultant)
    assert timeline(lead) == [("coverage", {"rank": 1, "changed": changed}, consultant)]


def test_change_that_the_answer_was_not_about_keeps_it(client, consultant, lead):
    coverage = make_verified(lead)

    change_card(client, coverage, plan_type="hmo", group_number="NEW")

    assert [(row.pk, row.verifications.count()) for row in lead.coverages.all()] == [(coverage.pk, 1)]


def test_earlier_coverage_is_listed_with_what_the_payer_said(client, consultant, lead):
    change_card(client, make_verified(lead), member_id="NEW1")

    text = client.get(address(lead)).text

    assert text.index("Nothing yet.") < text.index("Earlier coverage") < text.index("said by Pat")


def test_lead_shows_no_earlier_coverage(client, consultant, lead):
    make_coverage(lead=lead, ended_at=timezone.now(), ended_by=consultant)

    assert "No coverage is recorded." in client.get(page_of(lead)).text


def test_coverage_that_is_not_theirs_can_be_ended_and_frees_its_rank(client, consultant, lead):
    coverage = make_coverage(lead=lead)

    responses = [client.post(address(lead, f"{coverage.pk}/end/")) for _ in range(2)]
    record_card(client, lead)

    assert [response["Location"] for response in responses] == [address(lead)] * 2
    assert [row.rank for row in lead.coverages.current()] == [1]
    assert [row.pk for row in lead.coverages.earlier()] == [coverage.pk]
    assert timeline(lead)[0] == ("coverage", {"rank": 1, "ended": True}, consultant)
    assert len(timeline(lead)) == 2


@pytest.mark.parametrize("end", ["", "verify/"])
def test_ended_coverage_is_not_changed_and_leads_back(client, consultant, lead, end):
    coverage = make_coverage(lead=lead, ended_at=timezone.now(), ended_by=consultant)

    response = client.post(address(lead, f"{coverage.pk}/{end}"), ANSWER | CARD)

    assert (response.status_code, response["Location"], timeline(lead)) == (302, address(lead), [])


def test_end_of_a_coverage_names_who_ended_it(lead):
    with pytest.raises(IntegrityError, match="coverage_ended_all_or_nothing"), transaction.atomic():
        make_coverage(lead=lead, ended_at=timezone.now())


def test_with_three_coverages_no_other_is_offered(client, consultant, lead):
    for rank in Coverage.Rank:
        assert address(lead, "add/") in client.get(address(lead)).text
        make_coverage(lead=lead, rank=rank)

    assert address(lead, "add/") not in client.get(address(lead)).text


def test_coverage_recorded_by_several_at_once_is_one_row(committed):
    lead, payer, users = make_lead(), make_payer(), [make_user("") for _ in range(4)]
    rows = [Coverage(lead=lead, payer=payer) for _ in users]

    said = at_once(*(lambda row=row, by=by: row.record(by=by) for row, by in zip(rows, users, strict=True)))

    assert sorted(type(answer).__name__ for answer in said) == ["IntegrityError"] * 3 + ["NoneType"]


def test_rank_that_was_taken_meanwhile_is_an_error_of_the_form(client, consultant, lead, monkeypatch):
    def lose_the_race(*args, **kwargs):
        make_coverage(lead=lead, rank=1)

    monkeypatch.setattr(Coverage, "record", lose_the_race)
    record_card(client, lead)
    monkeypatch.undo()
    monkeypatch.setattr(CoverageForm, "clean_rank", lambda form: form.cleaned_data["rank"])

    response = record_card(client, lead)

    assert (response.status_code, dict(response.context["form"].errors)) == (422, {"rank": [RANK_TAKEN]})


def test_pages_of_insurance_ask_as_much_for_three_coverages_as_for_one(client, consultant, lead):
    for one in (lead, busy := make_lead()):
        make_verification(coverage=make_coverage(lead=one))
        make_verification(coverage=make_coverage(lead=one, ended_at=timezone.now(), ended_by=consultant))
    make_verification(coverage=make_coverage(lead=busy, rank=2))
    make_verification(coverage=make_coverage(lead=busy, rank=3, ended_at=timezone.now(), ended_by=make_user()))

    counts = []
    for one in (lead, busy):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(one))
        counts.append(len(queries))

    assert counts[0] == counts[1]


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
        "is_test": False,
        "status": "active",
        "in_network": "no",
        "call_began_at": None,
        "plan_year_begins_on": None,
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
        ({"coinsurance": "101"}, {"coinsurance": [PERCENT]}),
        ({"coinsurance": "-1"}, {"coinsurance": [PERCENT]}),
        ({"coinsurance": "80/20"}, {"coinsurance": [ONE_SHARE]}),
        ({"coinsurance": "80% / 20 %"}, {"coinsurance": [ONE_SHARE]}),
        ({"deductible": "NaN"}, {"deductible": [AMOUNT]}),
        ({"deductible": "1e"}, {"deductible": [AMOUNT]}),
        ({"deductible": "999,999.99"}, {"deductible": [IS_IT_MEANT]}),
        ({"verified_at": "2026-03-08T02:30"}, {"verified_at": [NO_SUCH_HOUR]}),
        ({"verified_at": "2025-11-02T01:30"}, {"verified_at": [NO_SUCH_HOUR]}),
        ({"deductible": "0.005"}, {"deductible": [AMOUNT]}),
        ({"deductible": "9.000,5"}, {"deductible": [read_as(Decimal("9000.5"))]}),
        ({"deductible": "999,999,999"}, {"deductible": [TOO_LARGE]}),
        ({"effective_on": "soon"}, {"effective_on": ["Enter a date, such as 2026-03-31."]}),
        ({"effective_on": "0202-01-01"}, {"effective_on": [WHICH_YEAR]}),
        ({"effective_on": "1900-01-01"}, {"effective_on": [WHICH_YEAR]}),
        ({"terminates_on": "2206-12-31"}, {"terminates_on": [WHICH_YEAR]}),
        ({"verified_at": "1999-12-31T10:00"}, {"verified_at": ["This is long ago. Check the year."]}),
        ({"status": ""}, {"status": ["Choose what the payer said about the coverage."]}),
        ({"source": "rumour"}, {"source": [CHOICE]}),
    ],
)
def test_wrong_answer_is_refused_and_what_was_typed_is_kept(client, consultant, lead, changes, errors):
    response = record_answer(client, make_coverage(lead=lead), **changes)

    typed = ANSWER | changes
    kept = {name: response.context["form"][name].value() for name in typed}
    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)
    assert kept == typed
    assert (VerificationOfBenefits.objects.count(), timeline(lead)) == (0, [])


def test_last_day_of_the_calendar_is_no_end_of_the_plan(client, consultant, lead):
    response = record_answer(client, make_coverage(lead=lead), terminates_on="9999-12-31")

    assert (response.status_code, VerificationOfBenefits.objects.get().terminates_on) == (302, None)


def test_negative_amount_is_refused(client, consultant, lead):
    response = record_answer(client, make_coverage(lead=lead), deductible="-5", deductible_met="-6")

    problem = [NEGATIVE]
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


def test_answer_that_is_sent_twice_is_one_row(client, consultant, lead):
    coverage = make_coverage(lead=lead)

    responses = [record_answer(client, coverage) for _ in range(2)]

    assert [response.status_code for response in responses] == [302, 302]
    assert (VerificationOfBenefits.objects.count(), len(timeline(lead))) == (1, 1)


def test_other_answer_within_the_minute_is_another_row(client, consultant, lead):
    coverage = make_coverage(lead=lead)

    for changes in ({}, {"note": ""}):
        record_answer(client, coverage, **changes)

    assert VerificationOfBenefits.objects.count() == 2


def test_correction_back_to_an_earlier_answer_within_the_minute_is_the_newest_row(client, consultant, lead):
    coverage = make_coverage(lead=lead)

    for deductible in ("2000", "200", "2000"):
        record_answer(client, coverage, deductible=deductible)

    assert [answer.deductible for answer in coverage.verifications.all()] == [2000, 200, 2000]


def test_same_answer_after_the_minute_is_another_row(lead):
    first = make_verification(coverage=make_coverage(lead=lead), entered_at=timezone.now() - timedelta(minutes=2))
    again = VerificationOfBenefits(**values_of(first, "entered_at"))

    again.record(by=first.entered_by)

    assert VerificationOfBenefits.objects.count() == 2


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


@pytest.mark.parametrize(
    ("relation", "said"),
    [("self", "the patient"), ("spouse", "somebody else; the patient's relation to them: spouse")],
)
def test_pages_say_in_words_who_the_subscriber_is(client, consultant, lead, relation, said):
    coverage = make_coverage(lead=lead, subscriber_relation=relation)

    pages = [client.get(address(lead, end)).text for end in ("", f"{coverage.pk}/verify/")]

    assert [f"<dt>Subscriber</dt><dd>{escape(said)}</dd>" in page for page in pages] == [True, True]


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


# --- Amounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500", "1500"),
        ("1500.5", "1500.5"),
        ("$1,500.00", "1500.00"),
        (" $ 1,500 ", "1500"),
        ("1,234,567.89", "1234567.89"),
        ("1500 dollars", "1500"),
        ("1500$", "1500"),
        ("1,500.50 $", "1500.50"),
        ("USD 1500", "1500"),
        ("１５００", "1500"),
        ("0", "0"),
        (".50", "0.50"),
        ("$.5", "0.5"),
        ("1 500", "1500"),
        ("1\xa0500", "1500"),
        ("1\u202f500.50", "1500.50"),
        ("1 234 567", "1234567"),
        ("1'500", "1500"),
        ("1500.", "1500"),
    ],
)
def test_amount_is_read_as_people_write_it(typed, amount):
    assert AmountField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    [
        "1e", "1e3", "e", "1.50,00", "15,00.00", "0.005", "1 50", "1,500,00", ".", "$",
        ".505", "1.5.0", "(1,500)", "1500-", "NaN", "n/a", "+5",
    ],
)  # fmt: skip
def test_amount_that_cannot_be_read_is_an_error(typed):
    with pytest.raises(ValidationError, match="Enter dollars"):
        AmountField().clean(typed)


@pytest.mark.parametrize("typed", ["10000000", "12345678", "12 345 678", "$999,999,999.00", "1,234,567,890", "9" * 20])
def test_amount_that_is_too_large_is_said_to_be(typed):
    with pytest.raises(ValidationError, match=TOO_LARGE):
        AmountField().clean(typed)


@pytest.mark.parametrize("typed", ["1500/3000", "$1,500 / $3,000", "1500 and 3000", "1500-3000", "1500.00/3000.00"])
def test_two_amounts_are_said_to_be_two(typed):
    with pytest.raises(ValidationError, match=ONE_AMOUNT):
        AmountField().clean(typed)


@given(st.decimals(0, 9_999_999, places=2))
def test_every_amount_is_read_back_however_it_is_written(amount):
    assert [AmountField().clean(written) for written in (f"{amount}", f"${amount:,.2f}")] == [amount, amount]


@given(st.text(max_size=30))
def test_what_is_typed_is_an_amount_or_an_error_and_only_nothing_is_unsaid(typed):
    for field in (AmountField(), PercentField()):
        try:
            value = field.clean(typed)
        except ValidationError:
            continue
        assert value is None or value >= 0
        assert value is not None or not any(character.isdigit() for character in typed)


@pytest.mark.parametrize(
    ("typed", "share"), [("30", 30), ("30%", 30), (" 30 % ", 30), ("30 percent", 30), ("30.0", 30)]
)
def test_per_cent_is_read_as_people_write_it(typed, share):
    assert PercentField().clean(typed) == share


@pytest.mark.parametrize("typed", ["1e", "1e1", "0.3", "101", "-1", "thirty", "3O"])
def test_per_cent_that_cannot_be_read_is_an_error(typed):
    with pytest.raises(ValidationError) as refused:
        PercentField().clean(typed)

    assert refused.value.messages == [PERCENT]


def test_no_field_for_an_amount_changes_under_the_wheel_of_a_mouse(client, consultant, lead):
    page = client.get(address(lead, f"{make_coverage(lead=lead).pk}/verify/")).text

    assert 'type="number"' not in page
    assert [page.count(f'inputmode="{mode}"') for mode in ("decimal", "numeric")] == [4, 1]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1.500,00", "1500"), ("1.500", "1500"), ("1,50", "1.5"), ("1500,5", "1500.5"), ("1 500,00", "1500"),
     ("1'500,00", "1500"), ("1.234.567,89", "1234567.89"), ("2.005", "2005")],
)  # fmt: skip
def test_amount_that_may_mean_another_is_taken_as_it_was_read_once_it_is_sent_again(
    client, consultant, lead, typed, read
):
    coverage = make_coverage(lead=lead)

    asked = record_answer(client, coverage, out_of_pocket_maximum=typed, out_of_pocket_met="")
    again = FormPage(asked.text).fields
    taken = client.post(address(lead, f"{coverage.pk}/verify/"), again)

    assert dict(asked.context["form"].errors) == {"out_of_pocket_maximum": [read_as(Decimal(read))]}
    assert again["out_of_pocket_maximum"] == [typed]
    assert (taken.status_code, VerificationOfBenefits.objects.get().out_of_pocket_maximum) == (302, Decimal(read))


@pytest.mark.parametrize("field", AMOUNTS)
@pytest.mark.parametrize("typed", ["88888.88", "8,888.88", "11111", "77,777.77", "2222.00", "333.33", "6666.66"])
def test_amount_of_one_digit_is_asked_about_in_every_field_and_taken_once_it_is_sent_again(
    client, consultant, lead, field, typed
):
    coverage = make_coverage(lead=lead)
    unsaid = dict.fromkeys(AMOUNTS, "")

    asked = record_answer(client, coverage, **unsaid | {field: typed})
    taken = client.post(address(lead, f"{coverage.pk}/verify/"), FormPage(asked.text).fields)

    assert dict(asked.context["form"].errors) == {field: [IS_IT_MEANT]}
    assert (taken.status_code, VerificationOfBenefits.objects.count()) == (302, 1)


@pytest.mark.parametrize("amount", ["0", "1", "111", "999", "1110", "1112.11", "8888.80", "99999.98", "5500.55"])
def test_other_amount_is_no_placeholder(amount):
    assert not is_placeholder(Decimal(amount))


@pytest.mark.parametrize("typed", ["9999", "99999.9", "9,999.99", "99999.99", "999,999.99", "9999999.99", "250000"])
def test_placeholder_is_taken_only_if_it_is_said_to_be_meant(client, consultant, lead, typed):
    coverage = make_coverage(lead=lead)

    asked = record_answer(client, coverage, out_of_pocket_maximum=typed)
    not_said = record_answer(client, coverage, out_of_pocket_maximum=typed, amounts_are_meant="on")
    meant = FormPage(asked.text).fields["amounts_are_meant"]
    taken = record_answer(client, coverage, out_of_pocket_maximum=typed, amounts_are_meant=meant)

    assert not_said.status_code == 422
    assert dict(asked.context["form"].errors) == {"out_of_pocket_maximum": [IS_IT_MEANT]}
    assert 'name="amounts_are_meant"' in asked.text
    assert (taken.status_code, VerificationOfBenefits.objects.count()) == (302, 1)


@pytest.mark.parametrize("typed", ["999,999.99", "3,5", "88,888.88"])
def test_amount_that_is_typed_after_the_question_about_another_is_asked_about_too(client, consultant, lead, typed):
    coverage = make_coverage(lead=lead)
    asked = record_answer(client, coverage, out_of_pocket_maximum="2.500", out_of_pocket_met="")

    again = client.post(
        address(lead, f"{coverage.pk}/verify/"), FormPage(asked.text).fields | {"out_of_pocket_maximum": typed}
    )
    taken = client.post(address(lead, f"{coverage.pk}/verify/"), FormPage(again.text).fields)

    assert list(again.context["form"].errors) == ["out_of_pocket_maximum"]
    assert (taken.status_code, VerificationOfBenefits.objects.count()) == (302, 1)


# --- What is no longer true -----------------------------------------------------------------------------------------


def test_plan_that_has_ended_is_shown_as_ended_wherever_coverage_is_shown(client, consultant, lead):
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = make_verification(coverage=make_coverage(lead=lead), terminates_on=yesterday)

    pages = [client.get(path).text for path in (page_of(lead), address(lead))]

    assert answer.standing.startswith("Ended on ")
    assert [answer.standing in page for page in pages] == [True, True]
    assert "Active, said" not in pages[0] + pages[1]


@pytest.mark.parametrize(("days", "has_ended"), [(-1, True), (0, False), (1, False)])
def test_plan_holds_through_its_last_day(days, has_ended):
    answer = VerificationOfBenefits(status="active", terminates_on=timezone.localdate() + timedelta(days=days))

    assert (answer.has_ended, answer.standing == "Active") == (has_ended, not has_ended)


def test_plan_that_has_not_begun_is_not_shown_as_active():
    answer = VerificationOfBenefits(status="active", effective_on=timezone.localdate() + timedelta(days=1))

    assert answer.standing.startswith("Begins on ")


@pytest.mark.parametrize("status", ["inactive", "not_found", "undetermined"])
@pytest.mark.parametrize("dates", [{"effective_on": 1}, {"terminates_on": -1}])
def test_what_the_payer_denied_is_never_hidden_by_the_dates_of_the_plan(status, dates):
    days = {name: timezone.localdate() + timedelta(days) for name, days in dates.items()}
    answer = VerificationOfBenefits(status=status, **days)

    assert answer.standing == answer.get_status_display()


def test_dates_of_another_year_show_their_year(client, consultant, lead):
    before = timezone.now() - timedelta(days=800)
    coverage = make_coverage(lead=lead, recorded_at=before)
    make_verification(coverage=coverage, verified_at=before, entered_at=before)

    texts = [client.get(path).text for path in (page_of(lead), address(lead))]

    assert f", {before.year}" in texts[0].partition("Insurance</a>")[2].partition("</section>")[0]
    assert texts[1].count(f", {before.year}") == 4


def test_note_of_exactly_the_limit_is_taken_with_its_line_breaks(client, consultant, lead):
    note = "line\r\n" * (NOTE_LENGTH // 5)

    form = VerificationForm(ANSWER | {"note": note[:-2] + "x"})
    too_long = VerificationForm(ANSWER | {"note": note + "xx"})

    assert form.is_valid(), form.errors
    assert list(too_long.errors) == ["note"]
