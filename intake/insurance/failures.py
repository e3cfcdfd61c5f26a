"""What a check that failed means: for each reason of a payer a kind, a sentence, one action and a rule of retry.

The table is failures.toml. The loop says whose fault it is: 42 at 2000A is the clearinghouse's, at 2100C the plan's. A
code that is not listed is shown as it came.
"""

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from intake.insurance.x12 import codes
from intake.insurance.x12.answer import Answer, Rejection


class Kind(StrEnum):
    """In the order in which they are shown: first what a consultant can do."""

    FIX_INPUT = "FIX_INPUT"
    WRONG_PAYER = "WRONG_PAYER"
    CALL = "CALL"
    PAYER_DOWN = "PAYER_DOWN"
    FIX_SETUP = "FIX_SETUP"
    UNKNOWN = "UNKNOWN"


class Retry(StrEnum):
    NEVER = "never"
    BY_HAND = "by_hand"
    LATER = "later"


class Failure(NamedTuple):
    """One row of the table."""

    kind: Kind
    words: str
    action: str
    retry: Retry = Retry.NEVER

    @property
    def retry_in_words(self) -> str:
        words = {Retry.BY_HAND: "Ask again once it is corrected.", Retry.LATER: "Ask again after some minutes."}
        return words.get(self.retry, "")


def _failure(row: dict[str, str]) -> Failure:
    return Failure(Kind(row["kind"]), row["words"], row["action"], Retry(row["retry"]))


TABLE = tomllib.loads(Path(__file__).with_name("failures.toml").read_text())
ROWS = [(row["codes"], row["loops"], _failure(row)) for row in TABLE["reason"]]
FOLLOW_UPS = {code: _failure(row) for code, row in TABLE["follow_up"].items()}
OF_CHECKS = {came: _failure(row) for came, row in TABLE["check"].items()}
UNREADABLE = OF_CHECKS["unreadable"]
NOT_READ, NOTHING, CANNOT, ELSEWHERE, NO_ADDICTION_BENEFITS = (
    _failure(TABLE["other"][name]) for name in ("not_read", "nothing", "cannot", "elsewhere", "no_addiction_benefits")
)
DOWN, REFUSED, GATE = "42", "79", ("2000A", "2100A")  # both together say that the plan is down
ABOUT_ADDICTION = {"AI", "AJ", "AK", "CI", "CJ"}


def meaning_of(rejection: Rejection) -> Failure:
    """By code and loop. What the payer wants done next counts before the code, where it forbids to ask again."""
    if rejection.follow_up in FOLLOW_UPS:
        return FOLLOW_UPS[rejection.follow_up]
    listed = (row for of, loops, row in ROWS if rejection.code in of and (not loops or rejection.loop in loops))
    unlisted = f"The plan answered with code {rejection.code} ({rejection.loop})."
    what_next = codes.word(codes.FOLLOW_UPS, rejection.follow_up) or "it says nothing of what to do"
    return next(listed, Failure(Kind.UNKNOWN, unlisted, f"The plan says of it: {what_next}. Call the plan."))


def failures_of(answer: Answer) -> list[Failure]:
    """All of an answer, what a consultant can correct first. An answer with benefits may have some too."""
    is_down = any(rejection.code == DOWN for rejection in answer.rejections)
    reasons = (each for each in answer.rejections if not (is_down and each.code == REFUSED and each.loop in GATE))
    found = [meaning_of(rejection) for rejection in reasons]
    found += _of_benefits(answer)
    return sorted(dict.fromkeys(found), key=lambda failure: list(Kind).index(failure.kind))


def is_payer_down(rejections: Iterable[Rejection]) -> bool:
    """Whether the payer could not be reached by whoever asked it for us."""
    return any(meaning_of(rejection).kind == Kind.PAYER_DOWN for rejection in rejections)


def _of_benefits(answer: Answer) -> Iterable[Failure]:
    if not answer.benefits and not answer.rejections:
        yield NOTHING
    said = {benefit.code for benefit in answer.benefits}
    if "V" in said:
        yield CANNOT
    if "U" in said:
        yield ELSEWHERE
    named = {code for benefit in answer.benefits for code in benefit.service_types}
    if answer.benefits and not named & ABOUT_ADDICTION:
        yield NO_ADDICTION_BENEFITS
