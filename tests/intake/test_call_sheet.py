"""The call sheet: what is still open is asked in order, answered with one key or field, and never inferred."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.directory.levels import LevelOfCare
from intake.insurance.call_sheet import WHICH_LIMIT, WHICH_UNIT
from intake.insurance.grid import cells_of, lines_of
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.questions import questions_of
from intake.leads.drafts import Draft
from tests.factories import make_coverage, make_level, make_line, make_user, make_verification, page_of, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

What, Part, Whose = BenefitLine.What, BenefitLine.Part, BenefitLine.Whose
CALL = {
    "representative": "Pat of Provider Services",
    "call_reference": "REF-5519",
    "call_began_at": "2026-03-02T10:10",
    "verified_at": "2026-03-02T10:30",
    "status": "active",
    "networks": ["in"],
}


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


@pytest.fixture
def coverage(db) -> Coverage:
    return make_coverage()


def address(coverage: Coverage) -> str:
    return reverse("desk:call_sheet", args=[coverage.lead_id, coverage.pk])


def send(client, coverage: Coverage, **answers):
    return client.post(address(coverage), CALL | answers)


def said(coverage: Coverage) -> list[tuple]:
    """What the one answer said, without what nobody said."""
    lines = coverage.verifications.get().benefit_lines.all()
    return sorted(
        (line.network, line.what, line.whose, line.part, line.unit, line.period, line.value) for line in lines
    )


def names(sections) -> list[str]:
    return [question.name for section in sections for question in section.questions]


# --- What is asked --------------------------------------------------------------------------------------------------


def test_plan_is_asked_before_the_levels_and_deductible_before_out_of_pocket():
    level = make_level()

    asked = [question.what for section in questions_of([level], ["in"], {}) for question in section.questions]

    assert list(dict.fromkeys(asked)) == [
        What.DEDUCTIBLE,
        What.OUT_OF_POCKET,
        What.COVERED,
        What.AUTHORIZATION,
        What.COINSURANCE,
        What.COPAY,
        What.LIMIT,
        What.EXCLUSION,
    ]


def test_what_is_known_is_not_asked_again_until_it_is_wanted(coverage):
    answer = make_verification(coverage=coverage)
    part = {"whose": Whose.INDIVIDUAL, "part": Part.REMAINING}
    make_line(verification=answer, what=What.DEDUCTIBLE, number=Decimal(0), **part)
    known, name = cells_of(lines_of(coverage.verifications.all())), "plan-in-deductible-individual-remaining"

    asked = [names(questions_of([], ["in"], known, ask_all=ask_all)) for ask_all in (False, True)]

    assert [name in each for each in asked] == [False, True]


def test_what_they_did_not_know_and_what_is_out_of_date_is_asked_again(coverage):
    level, long_ago = make_level(), timezone.now() - timedelta(days=70)
    unsure, old = make_verification(coverage=coverage), make_verification(coverage=coverage, verified_at=long_ago)
    make_line(verification=unsure, level=level, what=What.COVERED, answer="unknown")
    make_line(verification=old, level=level, what=What.COINSURANCE, number=Decimal(20))

    asked = names(questions_of([level], ["in"], cells_of(lines_of(coverage.verifications.all()))))

    assert {f"level{level.pk}-in-covered", f"level{level.pk}-in-coinsurance"} <= {*asked}


def test_levels_are_chosen_and_then_asked_about(client, consultant, coverage):
    level = make_level()
    sent = {"draft": f"sheet-{coverage.pk}"}

    client.post(address(coverage), sent | CALL | {"levels": [level.pk], "quick": "questions"})
    page = client.get(address(coverage))

    assert f'name="level{level.pk}-in-covered"' in page.text
    assert page.context["form"]["representative"].value() == CALL["representative"]


def test_what_was_typed_for_a_level_stays_when_the_level_is_no_longer_chosen(client, consultant, coverage):
    level = make_level()
    name = f"level{level.pk}-out-covered"

    client.post(address(coverage), CALL | {"draft": f"sheet-{coverage.pk}", name: "yes", "quick": "questions"})

    assert client.get(address(coverage)).context["form"][name].value() == "yes"


# --- What is answered -----------------------------------------------------------------------------------------------


def test_answers_become_lines_of_the_call_and_nothing_is_inferred(client, consultant, coverage):
    level = make_level()
    of = f"level{level.pk}-in-"
    answers = {
        "plan-in-deductible-individual-total": "1,500",
        "plan-in-deductible-individual-met": "1,500",
        f"{of}covered": "yes",
        f"{of}authorization": "unknown",
        f"{of}coinsurance": "20 %",
        f"{of}copay": "250",
        f"{of}copay-of": "admission",
        f"{of}limit": "60",
        f"{of}limit-of": "day-year",
        f"{of}exclusion": "Facilities without accreditation",
    }

    response = send(client, coverage, levels=[level.pk], **answers)

    assert response.status_code == 302, response.context["form"].errors
    assert said(coverage) == sorted([
        ("in", "deductible", "individual", "total", "", "", Decimal(1500)),
        ("in", "deductible", "individual", "met", "", "", Decimal(1500)),
        ("in", "covered", "", "", "", "", "yes"),
        ("in", "authorization", "", "", "", "", "unknown"),
        ("in", "coinsurance", "", "", "", "", Decimal(20)),
        ("in", "copay", "", "", "admission", "", Decimal(250)),
        ("in", "limit", "", "", "day", "year", Decimal(60)),
        ("in", "exclusion", "", "", "", "", "Facilities without accreditation"),
    ])  # fmt: skip


def test_call_keeps_who_spoke_the_reference_and_both_times(client, consultant, coverage):
    send(client, coverage)

    answer = coverage.verifications.get()
    assert (answer.source, answer.representative, answer.call_reference) == (
        "phone",
        CALL["representative"],
        "REF-5519",
    )
    assert answer.verified_at - answer.call_began_at == timedelta(minutes=20)


def test_zero_is_an_answer_and_nothing_is_none(client, consultant, coverage):
    name = "plan-in-deductible-individual-remaining"

    send(client, coverage, **{name: "0", "plan-in-deductible-individual-total": ""})

    assert said(coverage) == [("in", "deductible", "individual", "remaining", "", "", Decimal(0))]


def test_no_limit_is_an_answer(client, consultant, coverage):
    level = make_level()

    send(client, coverage, levels=[level.pk], **{f"level{level.pk}-in-limit-of": "no"})

    assert said(coverage) == [("in", "limit", "", "", "", "", "no")]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"representative": ""}, "representative"),
        ({"call_reference": ""}, "call_reference"),
        ({"call_began_at": ""}, "call_began_at"),
        ({"call_began_at": "2026-03-02T10:31"}, "verified_at"),
        ({"status": ""}, "status"),
        ({"plan-in-deductible-individual-total": "1e"}, "plan-in-deductible-individual-total"),
        (
            {"plan-in-deductible-individual-total": "5", "plan-in-deductible-individual-met": "6"},
            "plan-in-deductible-individual-met",
        ),
    ],
)
def test_wrong_answer_is_refused_and_all_that_was_typed_is_kept(client, consultant, coverage, changes, wrong):
    response = send(client, coverage, note="Call the carve-out too.", **changes)

    form = response.context["form"]
    assert (response.status_code, [*form.errors]) == (422, [wrong])
    assert (form["note"].value(), coverage.verifications.count()) == ("Call the carve-out too.", 0)


@pytest.mark.parametrize(
    ("end", "answers", "words"),
    [
        ("copay-of", {"copay": "25"}, WHICH_UNIT),
        ("limit-of", {"limit": "60"}, WHICH_LIMIT),
        ("limit-of", {"limit": "60", "limit-of": "no"}, WHICH_LIMIT),
        ("limit-of", {"limit-of": "day-year"}, WHICH_LIMIT),
    ],
)
def test_number_says_what_it_counts(client, consultant, coverage, end, answers, words):
    level = make_level()
    of = f"level{level.pk}-in-"

    response = send(client, coverage, levels=[level.pk], **{of + name: value for name, value in answers.items()})

    assert dict(response.context["form"].errors) == {of + end: [words]}


def test_sheet_without_a_consent_says_so_and_records_nothing(client, consultant):
    coverage = make_coverage(is_agreed=False)

    response = send(client, coverage, draft=f"sheet-{coverage.pk}")

    assert (response.status_code, coverage.verifications.count()) == (409, 0)
    assert Draft.objects.get().data["representative"] == CALL["representative"]


def test_sheet_of_a_dependent_warns_that_the_plan_may_write_to_somebody_else(client, consultant):
    mine, of_spouse = make_coverage(), make_coverage(subscriber_relation="spouse")

    warned = [client.get(address(each)).context["for_a_dependent"] for each in (mine, of_spouse)]

    assert [bool(words) for words in warned] == [False, True]


def test_sheet_that_is_sent_twice_is_one_answer_and_other_lines_make_another(client, consultant, coverage):
    for total in ("5", "5", "6"):
        send(client, coverage, **{"plan-in-deductible-individual-total": total})

    assert coverage.verifications.count() == 2


# --- Later, and by somebody else ------------------------------------------------------------------------------------


def begin(client, coverage: Coverage) -> None:
    keep = reverse("desk:keep_draft", args=[coverage.lead_id])
    client.post(keep, CALL | {"draft": f"sheet-{coverage.pk}", "note": "Half done."})


def test_half_done_sheet_goes_to_a_colleague_who_goes_on(client, consultant, coverage):
    colleague = make_user()
    begin(client, coverage)

    client.post(reverse("desk:pass_sheet", args=[coverage.lead_id, coverage.pk]), {"to": colleague.pk})
    mine = client.get(address(coverage)).context["form"]["note"].value()
    sign_in(client, colleague)
    theirs = client.get(address(coverage)).context["form"]["note"].value()

    assert (mine or "", theirs) == ("", "Half done.")
    assert coverage.lead.activities.filter(kind="draft_passed").count() == 1


def test_sheet_is_not_passed_to_whom_has_begun_one(client, consultant, coverage):
    colleague = make_user()
    sign_in(client, colleague)
    begin(client, coverage)
    sign_in(client, consultant)
    begin(client, coverage)

    client.post(reverse("desk:pass_sheet", args=[coverage.lead_id, coverage.pk]), {"to": colleague.pk})

    assert Draft.objects.filter(user=consultant).exists()


def test_sheet_that_is_filled_to_the_brim_is_kept(client, consultant, coverage):
    levels = list(LevelOfCare.objects.all())
    asked = names(questions_of(levels, ["in", "out"], {}))
    answers = {name: "x" * 400 if name.endswith("exclusion") else "1,234,567.89" for name in asked}
    units = {f"{name}-of": "visit-lifetime" for name in asked if name.endswith(("copay", "limit"))}
    typed = {"representative": "x" * 120, "call_reference": "x" * 80, "note": "x" * 4000, "levels": [1] * len(levels)}
    keep = reverse("desk:keep_draft", args=[coverage.lead_id])

    response = client.post(keep, CALL | typed | answers | units | {"draft": f"sheet-{coverage.pk}"})

    assert (len(levels) > 7, response.status_code) == (True, 204)


def test_page_of_insurance_says_that_a_sheet_is_half_done(client, consultant, coverage):
    begin(client, coverage)

    page = client.get(f"{page_of(coverage.lead)}insurance/")

    assert ([each.has_sheet for each in page.context["benefits"]], address(coverage) in page.text) == ([True], True)


def test_ended_coverage_is_asked_about_no_more(client, consultant, coverage):
    coverage.end(by=consultant)

    assert client.get(address(coverage))["Location"] == f"{page_of(coverage.lead)}insurance/"
