"""Writes a 270 (005010X279A1): the question whether a person is covered, with as little about them as will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

VERSION = "005010X279A1"
ELEMENT, REPETITION, COMPONENT, SEGMENT = "*^:~"
RESERVED = str.maketrans(dict.fromkeys((ELEMENT, REPETITION, COMPONENT, SEGMENT, "\r", "\n"), " "))


@dataclass(frozen=True, kw_only=True)
class Who:
    """A person as the card says it. No number of social security, no diagnosis: the plan needs neither."""

    first_name: str
    last_name: str
    born_on: date
    member_id: str = ""
    sex: str = ""  # F, M, or nothing, which every plan takes


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of whom. `trace` comes back in the answer (TRN02) and finds the question again."""

    sender: str
    receiver: str
    payer_name: str
    payer_id: str
    facility_name: str
    npi: str
    subscriber: Who
    dependent: Who | None = None
    service_types: Sequence[str] = ("30",)
    on: date
    trace: str
    control_number: int  # 1 to 999,999,999, another for each interchange


def write_270(question: Question, *, at: datetime, is_test: bool = False) -> str:
    """The interchange. Characters that X12 uses itself become spaces, so that no name can end a segment."""
    subscriber_is_patient = question.dependent is None
    body = [
        ["ST", "270", "0001", VERSION],
        ["BHT", "0022", "13", question.trace, f"{at:%Y%m%d}", f"{at:%H%M}"],
        ["HL", "1", "", "20", "1"],
        ["NM1", "PR", "2", question.payer_name, "", "", "", "", "PI", question.payer_id],
        ["HL", "2", "1", "21", "1"],
        ["NM1", "1P", "2", question.facility_name, "", "", "", "", "XX", question.npi],
        ["HL", "3", "2", "22", "0" if subscriber_is_patient else "1"],
    ]
    if question.dependent is None:
        body += _asked(question, question.subscriber, "IL")
    else:
        body += [_name("IL", question.subscriber), ["HL", "4", "3", "23", "0"]]
        body += _asked(question, question.dependent, "03")
    body.append(["SE", str(len(body) + 1), "0001"])
    return "".join(_written(each) for each in [*_head(question, at, is_test=is_test), *body, *_foot(question)])


def _asked(question: Question, patient: Who, role: str) -> list[list[str]]:
    return [
        ["TRN", "1", question.trace, f"9{question.npi[:9]}"],
        _name(role, patient),
        ["DMG", "D8", f"{patient.born_on:%Y%m%d}", *([patient.sex] if patient.sex else [])],
        ["DTP", "291", "D8", f"{question.on:%Y%m%d}"],
        *(["EQ", code] for code in question.service_types),
    ]


def _name(role: str, who: Who) -> list[str]:
    name = ["NM1", role, "1", who.last_name, who.first_name]
    return [*name, "", "", "", "MI", who.member_id] if who.member_id else name


def _head(question: Question, at: datetime, *, is_test: bool) -> list[list[str]]:
    sender, receiver = f"{question.sender:<15.15}", f"{question.receiver:<15.15}"
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", sender, "ZZ", receiver, f"{at:%y%m%d}", f"{at:%H%M}"]
    isa += [REPETITION, "00501", f"{question.control_number:09}", "0", "T" if is_test else "P", COMPONENT]
    gs = ["GS", "HS", question.sender, question.receiver, f"{at:%Y%m%d}", f"{at:%H%M}", "1", "X", VERSION]
    return [isa, gs]


def _foot(question: Question) -> list[list[str]]:
    return [["GE", "1", "1"], ["IEA", "1", f"{question.control_number:09}"]]


def _written(elements: list[str]) -> str:
    if elements[0] == "ISA":  # it names the separators, so they stand in it
        return ELEMENT.join(elements) + SEGMENT
    clean = [element.translate(RESERVED) for element in elements]
    while clean[-1] == "":
        clean.pop()
    return ELEMENT.join(clean) + SEGMENT
