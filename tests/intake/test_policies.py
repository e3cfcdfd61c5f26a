"""Policies: a payer that the directory lacks stops nobody, and what a plan is asked by is recorded, hidden at rest."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake.callbacks.insurance_form import LIVED, NO_SUCH_DAY, WHICH_DAY, WHICH_YEAR
from intake.insurance import member_ids, to_ask, unlisted
from intake.insurance.forms import SEALED_DAYS, TWO_BIRTHS
from intake.insurance.forms import WHICH_YEAR as WHICH_YEAR_OF_PLAN
from intake.insurance.models import Coverage, birth_years
from intake.leads import acts
from intake.leads.models import Lead
from tests.factories import WHY, make_coverage, make_lead, make_payer, make_user, make_verification, page_of, sign_in
from tests.intake.form_page import FormPage
from tests.intake.test_insurance import raw, timeline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

OF_CHILD = {
    "rank": "2",
    "payer": "",
    "payer_as_written": "Zebulon Mutual",
    "plan_type": "fehb",
    "member_id": "XEA900000017",
    "group_number": "GRP-77812",
    "subscriber_relation": "child",
    "patient_born_on": "3/27/2004",
    "subscriber_name": "Quux Zappa",
    "subscriber_born_on": "4/2/1961",
    "cobra_begins_on": "1/2/2026",
    "cobra_ends_on": "July 2, 2027",
    "premium_paid_to": "2026-03-31",
}
DAYS = {
    "patient_born_on": "2004-03-27",
    "subscriber_born_on": "1961-04-02",
    "cobra_begins_on": "2026-01-02",
    "cobra_ends_on": "2027-07-02",
    "premium_paid_to": "2026-03-31",
}
PAGE = "/desk/payers/"


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


def record(client, lead: Lead, **changes):
    return client.post(address(lead, "add/"), OF_CHILD | changes)


def change(client, coverage: Coverage, **changes):
    return client.post(address(coverage.lead, f"{coverage.pk}/"), OF_CHILD | changes)


def make_unlisted(words: str = "Zebulon Mutual", **fields) -> Coverage:
    coverage = make_coverage(**fields)
    coverage.payer, coverage.has_unlisted_payer, coverage.payer_as_written = None, True, words
    coverage.save()
    return coverage


# --- A payer that the directory lacks -------------------------------------------------------------------------------


def test_payer_that_is_not_in_the_directory_stops_no_entry(client, consultant, lead):
    response = record(client, lead)

    coverage = Coverage.objects.get()
    assert (response.status_code, coverage.payer, coverage.has_unlisted_payer) == (302, None, True)
    assert (coverage.payer_as_written, coverage.recorded_by) == ("Zebulon Mutual", consultant)
    pages = [client.get(path).text for path in (page_of(lead), address(lead), address(lead, f"{coverage.pk}/verify/"))]
    assert ["Zebulon Mutual" in page for page in pages] == [True] * 3


def test_written_name_that_the_directory_knows_is_that_payer(client, consultant, lead):
    payer = make_payer(name="Zebulon Mutual")

    record(client, lead, payer_as_written=" zebulon  MUTUAL ")

    coverage = Coverage.objects.get()
    assert (coverage.payer, coverage.has_unlisted_payer) == (payer, False)


def test_chosen_payer_counts_and_the_written_name_stays_beside_it(client, consultant, lead):
    payer = make_payer(name="Sagebrush Mutual")

    record(client, lead, payer=payer.pk)

    coverage = Coverage.objects.get()
    assert (coverage.payer, coverage.payer_as_written) == (payer, "Zebulon Mutual")


def test_database_refuses_a_coverage_of_staff_with_a_payer_and_without_one_at_once():
    for wrong in ({"has_unlisted_payer": True}, {"payer": None}):
        with pytest.raises(IntegrityError, match="names_a_payer"), transaction.atomic():
            Coverage.objects.filter(pk=make_coverage().pk).update(**wrong)


def test_answer_does_not_survive_another_written_name(client, consultant, lead):
    record(client, lead)
    old = make_verification(coverage=Coverage.objects.get()).coverage

    change(client, old, payer_as_written="Another Mutual")

    assert [row.pk for row in lead.coverages.earlier()] == [old.pk]
    assert lead.coverages.current().get().latest_verification is None


def test_answer_survives_that_the_directory_learns_the_written_name(client, consultant, lead):
    record(client, lead)
    old = make_verification(coverage=Coverage.objects.get()).coverage
    payer = make_payer(name="Zebulon Mutual")

    change(client, old)

    coverage = lead.coverages.get()
    assert (coverage.pk, coverage.payer, coverage.verifications.count()) == (old.pk, payer, 1)


# --- The page where a manager names it ------------------------------------------------------------------------------


def test_manager_names_a_written_payer_on_every_coverage_that_has_it(client):
    coverages = [make_unlisted(words) for words in ("Zebulon Mutual", "zebulon  mutual", "Other")]
    make_verification(coverage=coverages[0])
    payer, manager = make_payer(), make_user("manager")
    sign_in(client, manager)

    page = client.get(PAGE)
    first = [each for each in page.context["found"] if each.words.casefold() != "other"]
    of = [coverage.pk for each in first for coverage in each.coverages]
    response = client.post(PAGE, {"payer": payer.pk, "coverage": of})

    named = Coverage.objects.filter(payer=payer)
    assert (response.status_code, len(first), {*of}) == (302, 1, {coverage.pk for coverage in coverages[:2]})
    assert {coverage.pk for coverage in named} == {*of}
    assert (named.filter(has_unlisted_payer=True).count(), coverages[0].verifications.count()) == (0, 1)
    assert timeline(coverages[0].lead) == [("coverage", {"rank": 1, "changed": ["payer"]}, manager)]
    assert [each.words for each in unlisted.unlisted_payers()] == ["Other"]


def test_page_of_written_payers_tells_of_nobody(client):
    coverage = make_unlisted(lead=make_lead(name="Quux Zappa"), member_id="XEA900000017")
    sign_in(client, make_user("manager"))

    text = client.get(PAGE).text

    told = ("Quux", "Zappa", "0017", coverage.lead.reference, str(coverage.lead.pk))
    assert "Zebulon Mutual" in text
    assert [each for each in told if each in text] == []


def test_without_a_payer_nothing_is_named_and_the_page_says_so(client):
    coverage = make_unlisted()
    sign_in(client, make_user("manager"))

    response = client.post(PAGE, {"payer": "", "coverage": [coverage.pk]})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["payer"])
    assert Coverage.objects.unlisted().get() == coverage


def test_payer_that_somebody_named_meanwhile_stays_as_it_was_named():
    coverage, payer = make_unlisted(), make_payer()
    unlisted.name_payer(payer, of=[coverage.pk], by=make_user("manager"))

    named = unlisted.name_payer(make_payer(), of=[coverage.pk], by=make_user("manager"))

    coverage.refresh_from_db()
    assert (named, coverage.payer) == (0, payer)


def test_erased_people_leave_no_name_to_be_found():
    coverage = make_unlisted()
    acts.claim(coverage.lead, by=(user := make_user()))
    acts.close(coverage.lead, by=user, reason=Lead.CloseReason.DECLINED, note=WHY)

    acts.erase(coverage.lead, by=None)

    coverage.refresh_from_db()
    assert (unlisted.unlisted_payers(), coverage.payer_as_written, coverage.has_unlisted_payer) == ([], "", True)


@pytest.mark.parametrize("role", ["consultant", "lead", "editor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_manager_names_payers(client, role, method):
    make_unlisted()
    sign_in(client, make_user(role))

    response = getattr(client, method)(PAGE)

    assert response.status_code in (302, 403)
    assert "Zebulon" not in response.text
    assert PAGE not in client.get("/desk/queue/", follow=True).text


def test_page_of_written_payers_asks_as_much_for_three_as_for_one(client):
    sign_in(client, make_user("manager"))
    make_unlisted()
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for words in ("Other", "Another"):
        make_unlisted(words)

    with CaptureQueriesContext(connection) as three:
        client.get(PAGE)

    assert len(one) == len(three)


# --- Dates ----------------------------------------------------------------------------------------------------------


def test_dates_are_recorded_as_people_write_them_and_shown_again(client, consultant, lead):
    response = record(client, lead)

    coverage = Coverage.objects.get()
    assert response.status_code == 302
    assert {name: getattr(coverage, name) for name in SEALED_DAYS} == DAYS
    fields = FormPage(client.get(address(lead, f"{coverage.pk}/")).text).fields
    client.post(address(lead, f"{coverage.pk}/"), {name: value[0] for name, value in fields.items()})
    coverage.refresh_from_db()
    assert {name: getattr(coverage, name) for name in SEALED_DAYS} == DAYS
    assert lead.activities.filter(kind="coverage").first().detail == {"rank": 2}


def test_nothing_that_says_who_they_are_is_readable_at_rest(client, consultant, lead):
    record(client, lead)

    stored = raw("intake_coverage")

    planted = [*DAYS.values(), "Zebulon", "Quux", "XEA9", "GRP-77812"]
    assert [canary for canary in planted if canary.encode() in stored] == []


def test_erasure_takes_every_personal_field_of_a_coverage_along(client, consultant, lead):
    record(client, lead)
    acts.claim(lead, by=consultant)
    acts.close(lead, by=consultant, reason=Lead.CloseReason.DECLINED, note=WHY)

    acts.erase(lead, by=None)

    coverage = Coverage.objects.get()
    names = (*SEALED_DAYS, "payer_as_written", "member_id", "group_number", "subscriber_name")
    assert {getattr(coverage, name) for name in names} == {""}


@pytest.mark.parametrize("name", ["patient_born_on", "subscriber_born_on"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("02/30/1980", NO_SUCH_DAY),
        ("4-31-1980", NO_SUCH_DAY),
        ("1981-02-29", NO_SUCH_DAY),
        ("02/30", WHICH_YEAR),
        ("13/27/1980", WHICH_DAY),
        ("soon", WHICH_DAY),
        ("3/27/80", WHICH_YEAR),
        ("tomorrow", None),
        ("too long ago", None),
    ],
)
def test_impossible_date_of_birth_is_explained_and_loses_nothing(client, consultant, lead, name, typed, said):
    today = timezone.localdate()
    days = {
        "tomorrow": (today + timedelta(days=1)).isoformat(),
        "too long ago": date(today.year - LIVED - 1, 1, 1).isoformat(),
    }
    typed, said = days.get(typed, typed), said or WHICH_YEAR

    response = record(client, lead, **{name: typed})

    form = response.context["form"]
    assert (response.status_code, dict(form.errors)) == (422, {name: [str(said)]})
    assert {key: form[key].value() for key in OF_CHILD} == OF_CHILD | {name: typed}


@pytest.mark.parametrize("name", ["cobra_begins_on", "cobra_ends_on", "premium_paid_to"])
@pytest.mark.parametrize("typed", ["02/30/2026", "02/30", "3/31/1926", "3/31/9999", "later"])
def test_impossible_date_of_a_plan_is_explained_and_loses_nothing(client, consultant, lead, name, typed):
    response = record(client, lead, **{name: typed})

    form = response.context["form"]
    assert (response.status_code, list(form.errors), form[name].value()) == (422, [name], typed)
    assert (WHICH_YEAR_OF_PLAN in form.errors[name]) == (typed in ("3/31/1926", "3/31/9999"))


def test_cobra_does_not_end_before_it_begins(client, consultant, lead):
    response = record(client, lead, cobra_ends_on="1/1/2026")

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["cobra_ends_on"])


def test_who_is_insured_by_themselves_has_one_date_of_birth(client, consultant, lead):
    own = {"subscriber_relation": "self", "subscriber_name": ""}
    two = record(client, lead, **own)
    one = record(client, lead, **own, patient_born_on="")

    coverage = Coverage.objects.get()
    assert dict(two.context["form"].errors) == {"subscriber_born_on": [TWO_BIRTHS]}
    assert (one.status_code, coverage.born_on) == (302, "1961-04-02")
    assert (coverage.patient_born_on, coverage.subscriber_born_on) == ("1961-04-02", "")


def test_date_of_birth_that_was_kept_with_the_subscriber_is_shown_as_the_patients(client, consultant, lead):
    coverage = make_coverage(lead=lead, subscriber_born_on="1961-04-02")

    fields = FormPage(client.get(address(lead, f"{coverage.pk}/")).text).fields

    assert (fields["patient_born_on"], fields["subscriber_born_on"]) == (["04/02/1961"], [""])


@pytest.mark.parametrize(("before", "stays"), [("", True), ("2004-03-28", False)])
def test_answer_stays_with_a_date_of_birth_that_is_added_and_not_with_one_that_changes(
    client, consultant, lead, before, stays
):
    record(client, lead, patient_born_on=before)
    make_verification(coverage=Coverage.objects.get())

    change(client, Coverage.objects.get())

    assert lead.coverages.count() == (1 if stays else 2)


def test_changed_member_id_ends_a_coverage_whose_payer_is_not_listed(client, consultant, lead):
    record(client, lead)
    make_verification(coverage=Coverage.objects.get())

    change(client, Coverage.objects.get(), member_id="NEW1")

    new, before = lead.coverages.current().get(), lead.coverages.earlier().get()
    assert (before.member_id, new.member_id, new.payer_as_written) == (OF_CHILD["member_id"], "NEW1", "Zebulon Mutual")
    assert {name: getattr(new, name) for name in SEALED_DAYS} == DAYS


def test_year_of_birth_of_a_dependent_is_the_patients():
    coverage = make_coverage(subscriber_relation="child", patient_born_on="2004-03-27", subscriber_born_on="1961-04-02")

    assert birth_years(coverage.lead) == {"2004"}


# --- What stands beside a coverage ----------------------------------------------------------------------------------


def test_hint_about_a_member_id_stops_nobody_and_stays_beside_the_coverage(client, consultant, lead):
    response = record(client, lead, plan_type="medicare", member_id="1EG4-TE5-MK7O")

    coverage = Coverage.objects.get()
    pages = [client.get(address(lead, end)).text for end in ("", f"{coverage.pk}/", f"{coverage.pk}/verify/")]
    assert (response.status_code, coverage.member_id) == (302, "1EG4-TE5-MK7O")
    assert [member_ids.LETTERS in page for page in pages] == [True] * 3
    assert coverage.member_id not in pages[0]


def test_blue_cross_is_known_by_its_name_also_where_it_is_only_written():
    listed = make_coverage(payer=make_payer(name="Blue Cross of Example"), member_id="900000017")
    written = make_unlisted("BCBS of Example", member_id="900000017")
    other = make_unlisted("Bluebird Health", member_id="900000017")

    assert (listed.hints, written.hints, other.hints) == ([member_ids.NO_PREFIX], [member_ids.NO_PREFIX], [])


def test_member_id_that_no_key_opens_is_not_judged():
    coverage = make_coverage(plan_type="medicare")
    Coverage.objects.update(member_id=b"not an envelope")

    assert Coverage.objects.get(pk=coverage.pk).hints == []


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"patient_born_on": "1980-03-27"}, []),
        ({"subscriber_born_on": "1980-03-27"}, []),
        ({}, [to_ask.BIRTH]),
        ({"subscriber_relation": "child", "subscriber_born_on": "1980-03-27"}, [to_ask.WHOSE_BIRTH]),
        ({"member_id": "", "patient_born_on": "1980-03-27"}, [to_ask.MEMBER_ID]),
    ],
)
def test_page_says_what_no_plan_can_be_asked_without(client, consultant, lead, fields, asked):
    coverage = make_coverage(lead=lead, **fields)

    text = client.get(address(lead)).text

    assert coverage.to_ask == asked
    assert all(sentence in text for sentence in asked)


@pytest.mark.parametrize("name", ["premium_paid_to", "cobra_ends_on"])
@pytest.mark.parametrize(("days", "asked"), [(-1, 1), (0, 0), (1, 0)])
def test_premium_and_cobra_that_ran_out_are_asked_about_from_the_next_day_on(name, days, asked):
    day = timezone.localdate() + timedelta(days=days)
    coverage = make_coverage(patient_born_on="1980-03-27", **{name: day.isoformat()})

    assert len(coverage.to_ask) == asked


def test_draft_of_a_policy_holds_every_field(client, consultant, lead):
    name = "coverage-new"
    client.post(reverse("desk:keep_draft", args=[lead.pk]), OF_CHILD | {"draft": name, "patient_born_on": "02/30"})

    fields = FormPage(client.get(address(lead, "add/")).text).fields

    kept = {key: fields[key] for key in OF_CHILD}
    assert kept == {key: [value] for key, value in (OF_CHILD | {"patient_born_on": "02/30"}).items()}


def test_manager_names_a_payer_with_the_rights_of_the_desk(client, become):
    coverage, payer = make_unlisted(), make_payer()
    sign_in(client, make_user("manager"))
    become("desk")

    answers = [client.get(PAGE), client.post(PAGE, {"payer": payer.pk, "coverage": [coverage.pk]})]

    coverage.refresh_from_db()
    assert ([answer.status_code for answer in answers], coverage.payer) == ([200, 302], payer)
