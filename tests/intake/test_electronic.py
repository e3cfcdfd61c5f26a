"""A raw 271 at the desk: what was understood and what was not, whom it is about, and what each failure means."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from intake.insurance.answer_form import LONGEST, NONE_SENT, TOO_LONG, TWO_SENT
from intake.insurance.compare import OTHER_PERSON, compared
from intake.insurance.electronic import ElectronicAnswer
from intake.insurance.failures import NO_ADDICTION_BENEFITS, NOTHING, ROWS, Kind, failures_of, meaning_of
from intake.insurance.from_271 import days_of, status_of, understood
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.insurance.x12.answer import Rejection
from intake.insurance.x12.read271 import read_271
from intake.leads.drafts import Draft
from tests.factories import make_coverage, make_lead, make_level, make_payer, make_user, page_of, sign_in
from tests.intake.test_x12 import BODY, interchange

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

What, Network, Part = BenefitLine.What, BenefitLine.Network, BenefitLine.Part
PLAN = ("EB*1**30*PR*EXAMPLE GOLD", "EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***29*0*****Y")


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


@pytest.fixture
def coverage(db) -> Coverage:
    """Of the person whom the example answer is about."""
    payer = make_payer(name="Example Health Plan")
    return make_coverage(lead=make_lead(name="Sam Example"), payer=payer, patient_born_on="1980-01-02")


def address(coverage: Coverage) -> str:
    return reverse("desk:enter_answer", args=[coverage.lead_id, coverage.pk])


def paste(client, coverage: Coverage, text: str, **more):
    return client.post(address(coverage), {"text": text, **more})


def record(client, coverage: Coverage, *lines: str):
    return paste(client, coverage, interchange(*lines), confirmed="on")


def lines_of(*lines: str, levels=(), **more) -> list[tuple]:
    found = understood(read_271(interchange(*lines)), levels, **more).lines
    return [(line.level, line.network, line.what, line.part, line.unit, line.period, line.value) for line in found]


def nothing_is_kept() -> bool:
    return not (VerificationOfBenefits.objects.exists() or ElectronicAnswer.objects.exists() or Draft.objects.exists())


# --- From the answer to lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("EB*C*IND*30***23*1500*****Y", ("in", "deductible", "total", "", "", Decimal(1500))),
        ("EB*C*IND*30***29*0*****Y", ("in", "deductible", "remaining", "", "", Decimal(0))),
        ("EB*C*FAM*30***24*600*****N", ("out", "deductible", "met", "", "", Decimal(600))),
        ("EB*G*IND****23*6500*****W", ("both", "out_of_pocket", "total", "", "", Decimal(6500))),
        ("EB*B**30***27*30*****Y", ("in", "copay", "", "visit", "", Decimal(30))),
        ("EB*A**30*****.2****Y", ("in", "coinsurance", "", "", "", Decimal(20))),
        ("EB*F**30***23***DY*60**W", ("both", "limit", "", "day", "year", Decimal(60))),
        ("EB*F**30***29***DY*47", ("", "limit", "remaining", "day", "year", Decimal(47))),
    ],
)
def test_line_of_the_plan_becomes_a_line_of_the_grid(line, said):
    assert lines_of(line) == [(None, *said)]


def test_line_of_a_code_is_said_of_each_level_that_has_it():
    levels = [
        make_level(service_types=["CI", "AI"]),
        make_level(service_types=["AI"]),
        make_level(service_types=["RT"]),
    ]

    found = lines_of("EB*1**AI", levels=levels)

    assert [(line[0], line[2], line[-1]) for line in found] == [
        (levels[0], "covered", "yes"),
        (levels[1], "covered", "yes"),
    ]


def test_authorization_and_what_is_not_covered_are_said():
    level = make_level(service_types=["CI"])

    found = lines_of("EB*A**CI*****.3***Y*Y", "EB*I**CI", levels=[level])

    assert [(line[2], line[-1]) for line in found] == [
        ("coinsurance", Decimal(30)),
        ("authorization", "yes"),
        ("covered", "no"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "EB*G*IND*30***23*999999.99",
        "EB*C*IND*30***23*",
        "EB*C*IND*30***23*-5",
        "EB*C*EMP*30***23*5",
        "EB*C*IND*30***32*5",
        "EB*F**30***23***VS",
        "EB*A**30*****",
        "EB*C*IND*33***23*5",
        "EB*D**30",
    ],
)
def test_what_has_no_place_stays_as_it_came_and_is_no_zero(line):
    answer = read_271(interchange(line))

    found = understood(answer, [])

    assert (found.lines, found.left) == ([], answer.benefits)


def test_share_of_the_plan_becomes_that_of_the_patient_where_the_payer_is_known_for_it():
    [(*_, share)] = lines_of("EB*A**30*****.8", is_share_of_plan=True)

    assert share == 20


def test_messages_stand_beside_their_line():
    [line] = understood(read_271(interchange("EB*A**30*****.2", "MSG*TIER 1 ONLY")), []).lines

    assert line.words == "TIER 1 ONLY"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["EB*1**30"], "active"),
        (["EB*6**30"], "inactive"),
        (["AAA*N**75*C"], "not_found"),
        (["AAA*N**72*C"], "not_found"),
        (["AAA*Y**42*R"], "undetermined"),
        (["EB*1**MH"], "undetermined"),
        (["EB*1**30", "AAA*Y**42*R"], "active"),
        ([], "undetermined"),
    ],
)
def test_status_is_what_the_answer_says_of_the_plan(lines, status):
    body = BODY + "".join(f"{line}~" for line in lines if line.startswith("AAA"))

    answer = read_271(interchange(*(line for line in lines if not line.startswith("AAA")), body=body))

    assert status_of(answer) == status


def test_days_of_the_plan_are_read_and_the_last_day_of_the_calendar_is_no_end():
    never = read_271(interchange("EB*1**30", body=BODY.replace("20260101-20261231", "20260101-99991231")))

    found = [days_of(answer) for answer in (read_271(interchange("EB*1**30")), never)]

    assert found == [
        {"effective_on": date(2026, 1, 1), "terminates_on": date(2026, 12, 31)},
        {"effective_on": date(2026, 1, 1), "terminates_on": None},
    ]


# --- What a failure means -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "loop", "follow_up", "kind"),
    [
        ("75", "2100C", "C", Kind.WRONG_PAYER),
        ("72", "2100C", "C", Kind.FIX_INPUT),
        ("71", "2100D", "C", Kind.FIX_INPUT),
        ("77", "2100D", "C", Kind.FIX_INPUT),
        ("42", "2000A", "R", Kind.PAYER_DOWN),
        ("42", "2100C", "P", Kind.PAYER_DOWN),
        ("79", "2100A", "", Kind.WRONG_PAYER),
        ("79", "2100B", "", Kind.FIX_SETUP),
        ("51", "2100B", "C", Kind.FIX_SETUP),
        ("76", "2100C", "", Kind.CALL),
        ("72", "2100C", "W", Kind.CALL),
        ("42", "2100A", "S", Kind.PAYER_DOWN),
        ("ZZ", "2100C", "", Kind.UNKNOWN),
        ("", "", "", Kind.UNKNOWN),
    ],
)
def test_reason_is_of_its_kind_by_code_loop_and_what_the_payer_wants_next(code, loop, follow_up, kind):
    assert meaning_of(Rejection(loop, code, follow_up, None)).kind == kind


def test_every_row_of_the_table_has_a_sentence_an_action_and_a_rule():
    for _, _, failure in ROWS:
        assert failure.words.endswith(".")
        assert failure.action.endswith(".")
        assert failure.retry


def test_unlisted_code_is_shown_as_it_came():
    assert "Q9" in meaning_of(Rejection("2110C", "Q9", "", None)).words


def test_several_reasons_stand_together_what_can_be_corrected_first():
    answer = read_271(interchange("EB*1**AI", "AAA*Y**42*R", "AAA*N**72*C", "AAA*N**72*C"))

    kinds = [failure.kind for failure in failures_of(answer)]

    assert kinds == [Kind.FIX_INPUT, Kind.PAYER_DOWN]


def test_plan_that_is_down_and_refuses_is_down():
    body = BODY.replace("HL*1**20*1~", "HL*1**20*1~AAA*Y**42*R~AAA*Y**79*R~")

    assert [failure.kind for failure in failures_of(read_271(interchange(body=body)))] == [Kind.PAYER_DOWN]


def test_answer_without_the_codes_of_addiction_says_to_call():
    assert [failures_of(read_271(interchange(*lines))) for lines in (["EB*1**30"], ["EB*1**AI"], [])] == [
        [NO_ADDICTION_BENEFITS],
        [],
        [NOTHING],
    ]


# --- Whom it is about -----------------------------------------------------------------------------------------------


def test_theirs_and_ours_stand_side_by_side(coverage):
    rows = compared(read_271(interchange("EB*1**30")), coverage)

    assert {row.name: row.is_same for row in rows} == {
        "Name": True,
        "Date of birth": True,
        "Member ID": True,
        "Payer": True,
    }


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"member_id": "OTHER1"}, "Member ID"),
        ({"patient_born_on": "1980-02-01"}, "Date of birth"),
        ({"payer": "another"}, "Payer"),
    ],
)
def test_difference_is_marked_and_a_person_decides(client, consultant, coverage, changes, name):
    Coverage.objects.filter(pk=coverage.pk).delete()
    changes = changes | ({"payer": make_payer(name="Sagebrush Mutual")} if "payer" in changes else {})
    values = {"lead": coverage.lead, "payer": coverage.payer, "patient_born_on": "1980-01-02"}
    other = make_coverage(**values | changes)

    shown = paste(client, other, interchange(*PLAN))
    recorded = record(client, other, *PLAN)

    assert [row.name for row in shown.context["rows"] if not row.is_same] == [name]
    assert (shown.status_code, recorded.status_code, other.verifications.count()) == (200, 302, 1)


def test_what_we_do_not_know_cannot_be_compared(coverage):
    coverage.lead.name = ""
    coverage.patient_born_on = coverage.subscriber_born_on = ""

    rows = compared(read_271(interchange("EB*1**30")), coverage)

    assert [row.is_same for row in rows] == [None, None, True, True]


def test_answer_about_somebody_else_is_refused_and_nothing_of_it_is_kept(client, consultant):
    other = make_coverage(lead=make_lead(name="Robin"), patient_born_on="1971-05-05", member_id="ZZZ1")

    response = record(client, other, *PLAN)

    assert (response.status_code, response.context["form"].non_field_errors()) == (422, [OTHER_PERSON])
    assert nothing_is_kept()


# --- At the desk ----------------------------------------------------------------------------------------------------


def test_nothing_is_kept_before_somebody_confirms(client, consultant, coverage):
    response = paste(client, coverage, interchange(*PLAN))

    assert (response.status_code, nothing_is_kept()) == (200, True)
    assert [row.level for row in response.context["grid"]] == [None]


def test_confirmed_answer_is_kept_sealed_with_its_digest_and_its_lines(client, consultant, coverage):
    text = interchange(*PLAN)

    response = record(client, coverage, *PLAN)

    answer = coverage.verifications.get()
    assert response.status_code == 302
    assert (answer.source, answer.status, answer.call_reference) == ("271", "active", "TRACE-1")
    assert sorted(line.value for line in answer.benefit_lines.all()) == [0, 1500]
    assert (answer.electronic.text, answer.electronic.digest) == (text, hashlib.sha256(text.encode()).hexdigest())
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM intake_electronicanswer")
        assert b"EXAMPLE" not in bytes(cursor.fetchone()[0])


def test_page_shows_zero_dollars_remaining_from_a_271(client, consultant, coverage):
    record(client, coverage, *PLAN)

    assert "$0.00" in client.get(f"{page_of(coverage.lead)}insurance/").text


def test_same_answer_a_second_time_is_not_kept_twice(client, consultant, coverage):
    for _ in range(2):
        record(client, coverage, *PLAN)

    assert ElectronicAnswer.objects.count() == 1


def test_answer_comes_as_a_file_too(client, consultant, coverage):
    file = SimpleUploadedFile("answer.271", b"\xef\xbb\xbf" + interchange(*PLAN).encode())

    response = client.post(address(coverage), {"file": file})

    assert (response.status_code, response.context["raw"]) == (200, interchange(*PLAN))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", NONE_SENT),
        ("   ", NONE_SENT),
        ("x" * (LONGEST + 1), TOO_LONG),
    ],
)
def test_nothing_and_too_much_are_named(client, consultant, coverage, sent, said):
    response = paste(client, coverage, sent)

    assert (response.status_code, response.context["form"].non_field_errors()) == (422, [said])


@pytest.mark.parametrize(
    "sent",
    [
        b"%PDF-1.7 a letter",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0 a photo",
        bytes(range(256)) * 200,
        interchange("EB*1**30").replace("ST*271", "ST*999").encode(),
        interchange("EB*1**30").replace("ST*271", "ST*270").encode(),
        (interchange("EB*1**30") + interchange("EB*1**30")).encode(),
        b"ISA*00*cut",
    ],
    ids=["PDF", "PNG", "JPEG", "noise", "999", "270", "two", "cut"],
)
def test_what_is_no_answer_is_named_with_what_to_do_and_the_policy_stays(client, consultant, coverage, sent):
    response = client.post(address(coverage), {"file": SimpleUploadedFile("file", sent)})

    assert (response.status_code, len(response.context["form"].non_field_errors())) == (422, 1)
    assert response.context["failures"][0].action in response.text
    assert (nothing_is_kept(), client.get(f"{page_of(coverage.lead)}insurance/").status_code) == (True, 200)


def test_a_megabyte_of_noise_is_refused_at_the_door_and_nothing_is_kept(client, consultant, coverage):
    file = SimpleUploadedFile("noise", bytes(1_000_000))

    response = client.post(address(coverage), {"file": file})

    assert (response.status_code, nothing_is_kept()) == (413, True)


def test_text_and_file_at_once_are_refused(client, consultant, coverage):
    response = paste(client, coverage, interchange(*PLAN), file=SimpleUploadedFile("a", b"ISA"))

    assert response.context["form"].non_field_errors() == [TWO_SENT]


def test_answer_that_is_dated_in_the_future_is_refused(client, consultant, coverage):
    next_year = (timezone.localdate() + timedelta(days=366)).strftime("%Y%m%d")

    response = paste(client, coverage, interchange(*PLAN, body=BODY.replace("*20261125*1200", f"*{next_year}*1200")))

    assert (response.status_code, nothing_is_kept()) == (422, True)


def test_benefits_beside_a_rejection_are_both_shown_and_recorded(client, consultant, coverage):
    lines = (*PLAN, "EB*1**AI", "AAA*Y**42*R")

    shown = paste(client, coverage, interchange(*lines))
    record(client, coverage, *lines)

    assert [failure.kind for failure in shown.context["failures"]] == [Kind.PAYER_DOWN]
    assert (coverage.verifications.get().status, BenefitLine.objects.exists()) == ("active", True)


def test_whom_to_ask_instead_and_what_has_no_place_stay_as_a_note(client, consultant, coverage):
    carve_out = ("EB*U**AI", "LS*2120", "NM1*VN*2*EXAMPLE CARVE OUT", "PER*IC**TE*7025550101", "LE*2120")

    record(client, coverage, *PLAN, *carve_out, "EB*G*IND*30***23*999999.99*****Y")

    note = coverage.verifications.get().note
    assert [words in note for words in ("EXAMPLE CARVE OUT 7025550101", "999999.99 (a placeholder")] == [True, True]


def test_second_member_in_one_answer_is_left_out_and_named(client, consultant, coverage):
    second = "HL*4*2*22*0~NM1*IL*1*OTHER*PAT****MI*B2~EB*C*IND*30***23*9"

    shown = paste(client, coverage, interchange(*PLAN, second))

    [row] = shown.context["grid"]
    assert (len(shown.context["answer"].warnings), len(row.columns[0].cells)) == (1, 2)


def test_rejection_is_a_state_of_the_policy_that_hides_no_earlier_answer(client, consultant, coverage):
    record(client, coverage, *PLAN)
    paste(client, coverage, interchange("AAA*Y**42*R"), confirmed="on")

    coverage = Coverage.objects.get()
    assert (coverage.verifications.count(), coverage.state) == (2, "Active")


def test_electronic_answer_without_a_consent_is_not_recorded(client, consultant):
    coverage = make_coverage(is_agreed=False, lead=make_lead(name="Sam Example"))

    response = record(client, coverage, *PLAN)

    assert (response.status_code, nothing_is_kept()) == (409, True)


def test_nobody_enters_by_hand_what_an_electronic_answer_says(client, consultant, coverage):
    form = client.get(reverse("desk:verify_benefits", args=[coverage.lead_id, coverage.pk])).context["form"]

    assert "271" not in dict(form.fields["source"].choices)
