"""Eligibility answers (271) are read whatever became of them on the way; requests (270) say what is asked, no more."""

import ast
import json
import re
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from intake.insurance import x12
from intake.insurance.x12.answer import Answer, Benefit, Dated
from intake.insurance.x12.read271 import read_271
from intake.insurance.x12.segments import NotReadable, read_segments
from intake.insurance.x12.write270 import Question, Who, write_270

HEAD = (
    "ISA*00*          *00*          *ZZ*EXAMPLE        *ZZ*QUIETLINE      *261125*1200*^*00501*000000001*0*T*:~"
    "GS*HB*EXAMPLE*QUIETLINE*20261125*1200*1*X*005010X279A1~"
)
BODY = (
    "ST*271*0001*005010X279A1~BHT*0022*11*1*20261125*1200~HL*1**20*1~NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*00000~"
    "PER*IC**TE*7025550100~HL*2*1*21*1~NM1*1P*2*DESERT WILLOW*****XX*1999999984~HL*3*2*22*0~TRN*2*TRACE-1*9199999998~"
    "NM1*IL*1*EXAMPLE*SAM****MI*XEA900000017~REF*6P*G-77*GROUP NAME~N3*1 EXAMPLE ST~N4*LAS VEGAS*NV*89101~"
    "DMG*D8*19800102*F~DTP*346*D8*20260101~DTP*291*RD8*20260101-20261231~"
)
FOOT = "GE*1*1~IEA*1*000000001~"


def interchange(*lines: str, head: str = HEAD, body: str = BODY) -> str:
    """A whole answer with these lines of benefits, and the right count."""
    inside = body + "".join(f"{line}~" for line in lines)
    return f"{head}{inside}SE*{inside.count('~') + 1}*0001~{FOOT}"


def benefits(*lines: str) -> list[Benefit]:
    answer = read_271(interchange(*lines))
    assert answer.unread == []
    return answer.benefits


def facts(benefit: Benefit) -> dict:
    """What differs from a line that says nothing."""
    nothing = asdict(Benefit(loop="2110C", code=""))
    return {name: value for name, value in asdict(benefit).items() if value != nothing[name]}


INDIVIDUAL = {"level": "IND", "service_types": ["30"], "network": "Y"}


# --- What is said ----------------------------------------------------------------------------------------------------


def test_people_plan_and_trace_are_read():
    answer = read_271(interchange("EB*1**30*PR*EXAMPLE GOLD"))

    person = answer.subscriber
    assert (answer.payer.name, answer.payer.id, answer.payer.contacts) == (
        "EXAMPLE HEALTH PLAN",
        "00000",
        ["7025550100"],
    )
    assert (person.name, person.id, person.born_on, person.sex) == (
        "SAM EXAMPLE",
        "XEA900000017",
        date(1980, 1, 2),
        "F",
    )
    assert (person.address, person.references) == (
        ["1 EXAMPLE ST", "LAS VEGAS", "NV", "89101"],
        {"6P": "G-77 GROUP NAME"},
    )
    assert person.dates == [
        Dated("346", date(2026, 1, 1)),
        Dated("291", date(2026, 1, 1), date(2026, 12, 31)),
    ]
    assert (answer.traces, answer.version, answer.patient) == (["TRACE-1"], "005010X279A1", person)
    assert answer.plan == {"name": "EXAMPLE GOLD", "insurance_type": "PR", "in_words": "PPO"}
    assert (answer.is_active, answer.warnings, answer.unread) == (True, [], [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("EB*C*IND*30***23*1500*****Y", {**INDIVIDUAL, "code": "C", "period": "23", "amount": Decimal(1500)}),
        ("EB*C*IND*30***29*0*****Y", {**INDIVIDUAL, "code": "C", "period": "29", "amount": Decimal(0)}),
        ("EB*A*IND*30*****.2***Y*Y", {**INDIVIDUAL, "code": "A", "percent": Decimal(20), "authorization": "Y"}),
        ("EB*A**AI*****0***U", {"code": "A", "service_types": ["AI"], "percent": Decimal(0), "authorization": "U"}),
        ("EB*A**AI*****1", {"code": "A", "service_types": ["AI"], "percent": Decimal(100)}),
        ("EB*A**AI*****20", {"code": "A", "service_types": ["AI"], "percent": Decimal(20)}),
        ("EB*F**CI******DY*60", {"code": "F", "service_types": ["CI"], "quantity_kind": "DY", "quantity": Decimal(60)}),
        ("EB*I**RT", {"code": "I", "service_types": ["RT"]}),
        ("EB*D**AD^AE", {"code": "D", "service_types": ["AD", "AE"]}),
        ("EB*C*FAM*30***23*", {"code": "C", "level": "FAM", "service_types": ["30"], "period": "23"}),
    ],
)
def test_line_of_benefits_says_what_stands_in_it_and_no_more(line, said):
    [benefit] = benefits(line)

    assert facts(benefit) == said


def test_what_stands_under_a_line_belongs_to_it():
    first, second = benefits(
        "EB*U**AI", "HSD*VS*30***22", "REF*9F*AUTH-1", "DTP*348*D8*20260601", "MSG*CALL FIRST", "III*ZZ*55", "LS*2120",
        "NM1*VN*2*EXAMPLE CARVE OUT", "PER*IC**TE*7025550101", "LE*2120", "EB*1**MH",
    )  # fmt: skip

    assert (first.deliveries, first.references, first.messages) == (["VS 30 22"], {"9F": "AUTH-1"}, ["CALL FIRST"])
    assert (first.dates, first.places_of_service) == ([Dated("348", date(2026, 6, 1))], ["55"])
    assert [(each.name, each.contacts) for each in first.entities] == [("EXAMPLE CARVE OUT", ["7025550101"])]
    assert facts(second) == {"code": "1", "service_types": ["MH"]}


def test_rows_that_differ_only_in_their_message_both_stay():
    rows = benefits("EB*A*IND*30*****.2****Y", "MSG*TIER 1", "EB*A*IND*30*****.4****Y", "MSG*TIER 2")

    assert [(row.percent, row.messages) for row in rows] == [(Decimal(20), ["TIER 1"]), (Decimal(40), ["TIER 2"])]


def test_dependent_is_the_patient_and_the_benefits_are_theirs():
    dependent = (
        BODY.replace("HL*3*2*22*0", "HL*3*2*22*1") + "HL*4*3*23*0~NM1*03*1*EXAMPLE*KIM~DMG*D8*20100203*M~INS*N*19~"
    )
    answer = read_271(interchange("EB*1**30", body=dependent))

    assert (answer.patient.name, answer.patient.relation, answer.subscriber.name) == (
        "KIM EXAMPLE",
        "19",
        "SAM EXAMPLE",
    )
    assert [benefit.loop for benefit in answer.benefits] == ["2110D"]


def test_benefits_of_a_second_person_are_never_taken_for_the_first():
    second = "HL*4*2*22*0~NM1*IL*1*OTHER*PAT****MI*B2~EB*C*IND*30***23*9~"
    answer = read_271(interchange("EB*C*IND*30***23*1500", second.rstrip("~")))

    assert [benefit.amount for benefit in answer.benefits] == [Decimal(1500)]
    assert (answer.subscriber.name, len(answer.warnings)) == ("SAM EXAMPLE", 1)


@pytest.mark.parametrize(
    ("lines", "is_active"),
    [
        (["EB*1**30"], True),
        (["EB*6**30"], False),
        (["EB*1"], True),
        (["EB*1**MH"], None),
        (["EB*1**30", "EB*6**30"], None),
        (["EB*C*IND*30***23*5"], None),
    ],
)
def test_plan_is_active_only_where_the_answer_says_so_of_the_plan(lines, is_active):
    assert read_271(interchange(*lines)).is_active is is_active


@pytest.mark.parametrize("amount", ["999999.99", "999999", "1000000", "99999.99"])
def test_placeholder_is_named_and_no_amount_of_money(amount):
    answer = read_271(interchange(f"EB*G*IND*30***23*{amount}"))

    assert ([benefit.is_placeholder for benefit in answer.benefits], len(answer.warnings)) == ([True], 1)


@pytest.mark.parametrize("amount", ["abc", "1e", "NaN", "Infinity", "1,500", "$5"])
def test_amount_that_cannot_be_read_is_nothing_and_never_zero(amount):
    answer = read_271(interchange(f"EB*C*IND*30***23*{amount}"))

    assert ([benefit.amount for benefit in answer.benefits], len(answer.warnings)) == ([None], 1)


# --- Rejections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "loop"),
    [
        ("HL*1**20*1~", "2000A"),
        ("PER*IC**TE*7025550100~", "2100A"),
        ("NM1*1P*2*DESERT WILLOW*****XX*1999999984~", "2100B"),
        ("DMG*D8*19800102*F~", "2100C"),
    ],
)
def test_rejection_says_at_which_loop(after, loop):
    answer = read_271(interchange(body=BODY.replace(after, f"{after}AAA*N**72*C~")))

    [rejection] = answer.rejections
    assert (rejection.loop, rejection.code, rejection.follow_up, rejection.is_our_request_valid) == (
        loop,
        "72",
        "C",
        False,
    )
    assert (answer.warnings, answer.is_active) == ([], None)


def test_rejection_beside_benefits_keeps_both():
    answer = read_271(interchange("EB*1**30", "AAA*Y**42*R"))

    assert ([benefit.code for benefit in answer.benefits], [each.loop for each in answer.rejections]) == (
        ["1"],
        ["2110C"],
    )


def test_unknown_codes_are_shown_as_they_came():
    answer = read_271(interchange("EB*ZZ*QQ*X9*??**99", "AAA*Q**Q1*?", "ZZZ*1"))

    assert answer.benefits[0].in_words == "ZZ; QQ; X9; 99"
    assert answer.rejections[0].in_words == "Q1: ?"
    assert len(answer.unread) == 1 and answer.unread[0].startswith("ZZZ")


# --- Whatever became of it on the way --------------------------------------------------------------------------------

WHOLE = interchange("EB*1**30*PR*EXAMPLE GOLD", "EB*C*IND*30^MH***23*1500*****Y", "MSG*CALL FIRST")
SAID = read_271(WHOLE)


@pytest.mark.parametrize(
    "passed_on",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("~", "~\n"),
        lambda text: text.replace("~", "~\r\n   "),
        lambda text: text.replace("~", "\n"),
        lambda text: text.replace("~", "\r\n"),
        lambda text: f"Dear Sam,\n\n{text}\n\nRegards",
        lambda text: text.replace("*", "|"),
        lambda text: text.replace("*", "\x1d").replace("~", "\x1c"),
        lambda text: text.replace("^", "!"),
        lambda text: text.replace("*:~", "*>~"),
        lambda text: text.replace(" " * 10, ""),
        lambda text: text.replace("EXAMPLE        ", "EXAMPLE").replace("QUIETLINE      ", "QUIETLINE"),
    ],
)
def test_answer_says_the_same_however_it_was_passed_on(passed_on):
    answer = read_271(passed_on(WHOLE))

    answer.unread = []  # a letter around it
    assert answer == SAID


def test_name_in_an_old_encoding_is_read():
    answer = read_271(WHOLE.replace("*SAM*", "*LUZ MAR\u00cdA*").encode("latin-1"))

    assert answer.subscriber.first_name == "LUZ MARÍA"


def test_answer_of_the_old_version_is_read_without_repetitions():
    old = WHOLE.replace("*^*00501*", "*U*00401*").replace("005010X279A1", "004010X092A1").replace("30^MH", "30")

    answer = read_271(old)

    assert (answer.version, [benefit.service_types for benefit in answer.benefits]) == (
        "004010X092A1",
        [["30"], ["30"]],
    )


def test_wrong_count_and_number_are_said_and_the_rest_is_used():
    answer = read_271(re.sub(r"SE\*\d+\*0001", "SE*7*0002", WHOLE))

    assert (len(answer.warnings), answer.benefits) == (2, SAID.benefits)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "hello", "ISA", "ISA*", "ISAISAISA", "ISA*00*", HEAD, HEAD + FOOT,
        WHOLE * 2, WHOLE.replace("ST*271", "ST*270"), WHOLE.replace("ST*271", "ST*999"),
        WHOLE.replace("ST*271", "ST*835"),
        HEAD + "TA1*000000001*261125*1200*A*000~" + FOOT,
        WHOLE.replace("GE*1*1", f"{BODY}SE*1*1~GE*1*1"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named_in_a_sentence(text):
    with pytest.raises(NotReadable) as problem:
        read_271(text)

    assert str(problem.value).endswith(".")
    assert "SAM" not in str(problem.value)


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7 ISA*", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"\x00" * 1_000_000]
)
def test_other_files_are_named(raw):
    with pytest.raises(NotReadable):
        read_271(raw)


def test_answer_that_is_cut_off_anywhere_is_read_or_refused():
    amounts = set()
    for at in range(len(WHOLE)):
        with suppress(NotReadable):
            amounts |= {benefit.amount for benefit in read_271(WHOLE[:at]).benefits}

    assert amounts == {None, *map(Decimal, ("1", "15", "150", "1500"))}


@given(raw=st.binary(max_size=400))
@example(raw=HEAD.encode() + b"ST*271~EB~")
@example(raw=HEAD.encode() + b"ST*271~HL~NM1~DMG*D8*99999999~DTP~AAA~TRN~PER~REF~III~MSG~HSD~INS~LE~SE~")
def test_noise_is_read_or_refused(raw):
    for text in (raw, HEAD.encode() + b"ST*271*1~" + raw):
        with suppress(NotReadable):
            assert isinstance(read_271(text), Answer)


@given(element=st.sampled_from("*|!\x1d#"), segment=st.sampled_from("~\n'\x1c"), repetition=st.sampled_from("^\x1f`"))
def test_any_delimiters_are_read(element, segment, repetition):
    text = WHOLE.replace("^", repetition).replace("*", element).replace("~", segment)

    assert read_271(text) == SAID


def test_ten_thousand_segments_are_all_read():
    answer = read_271(interchange(*["EB*C*IND*30***23*1500*****Y", "MSG*X"] * 5000))

    assert (len(answer.benefits), answer.warnings) == (5000, [])


# --- Requests --------------------------------------------------------------------------------------------------------

SAM = Who(first_name="SAM", last_name="EXAMPLE", born_on=date(1980, 1, 2), member_id="XEA900000017")
KIM = Who(first_name="KIM", last_name="EXAMPLE", born_on=date(2010, 2, 3), sex="M")
AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def question(**changes) -> Question:
    values = {
        "sender": "QUIETLINE", "receiver": "EXAMPLE", "payer_name": "EXAMPLE HEALTH PLAN", "payer_id": "00000",
        "facility_name": "DESERT WILLOW", "npi": "1999999984", "subscriber": SAM, "on": date(2026, 11, 25),
        "trace": "TRACE-1", "control_number": 7,
    }  # fmt: skip
    return Question(**values | changes)


def test_request_about_a_subscriber_says_what_is_asked_and_nothing_else():
    [isa, *lines] = write_270(question(service_types=["30", "AI"]), at=AT).split("~")

    assert (len(isa) + 1, isa[-1]) == (106, ":")
    assert lines == [
        "GS*HS*QUIETLINE*EXAMPLE*20261125*1200*1*X*005010X279A1", "ST*270*0001*005010X279A1",
        "BHT*0022*13*TRACE-1*20261125*1200", "HL*1**20*1", "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*00000", "HL*2*1*21*1",
        "NM1*1P*2*DESERT WILLOW*****XX*1999999984", "HL*3*2*22*0", "TRN*1*TRACE-1*9199999998",
        "NM1*IL*1*EXAMPLE*SAM****MI*XEA900000017", "DMG*D8*19800102", "DTP*291*D8*20261125", "EQ*30", "EQ*AI",
        "SE*14*0001",         "GE*1*1", "IEA*1*000000007", "",
    ]  # fmt: skip


def test_request_about_a_dependent_asks_under_the_subscriber():
    lines = write_270(question(dependent=KIM), at=AT).split("~")

    assert lines[8:15] == [
        "HL*3*2*22*1", "NM1*IL*1*EXAMPLE*SAM****MI*XEA900000017", "HL*4*3*23*0", "TRN*1*TRACE-1*9199999998",
        "NM1*03*1*EXAMPLE*KIM", "DMG*D8*20100203*M", "DTP*291*D8*20261125",
    ]  # fmt: skip


@given(name=st.text(max_size=30))
@example(name="O*NEIL~EQ*30^:")
@example(name="\r\nSE*1*1~")
def test_no_name_can_end_a_segment(name):
    odd = Who(first_name=name, last_name=name, born_on=SAM.born_on, member_id=name)

    _, segments = read_segments(write_270(question(subscriber=odd, trace=name or "T"), at=AT))

    names = [segment.name for segment in segments]
    assert names == "ISA GS ST BHT HL NM1 HL NM1 HL TRN NM1 DMG DTP EQ SE GE IEA".split()


# --- By hand and by rule ---------------------------------------------------------------------------------------------


def test_command_prints_one_object_a_file_and_fails_for_what_it_cannot_read(tmp_path, capsys):
    good, bad = tmp_path / "good.271", tmp_path / "bad.271"
    good.write_text(WHOLE)
    bad.write_bytes(b"%PDF")

    with pytest.raises(CommandError):
        call_command("read271", str(good), str(bad), str(tmp_path / "none"))

    read, refused, missing = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert {"payer", "subscriber", "plan", "benefits", "rejections", "warnings", "unread"} <= read.keys()
    assert (read["benefits"][1]["amount"], read["benefits"][0]["amount"]) == ("1500", None)
    assert ("error" in refused, "error" in missing) == (True, True)


def test_x12_imports_the_standard_library_alone():
    folder = Path(x12.__file__).parent
    modules = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            modules |= {node.module} if isinstance(node, ast.ImportFrom) else set()

    foreign = {name for name in modules if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("intake.insurance.x12")} == set()
