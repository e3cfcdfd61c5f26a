"""An electronic answer as a verification with its lines: of a pasted 271 and of a check alike."""

import logging
from datetime import datetime, time
from typing import NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from facilities.directory.levels import LevelOfCare
from intake.insurance.checks import Check
from intake.insurance.clearinghouse.client import Kind, Outcome
from intake.insurance.compare import compared, is_somebody_else
from intake.insurance.electronic import ElectronicAnswer, digest_of
from intake.insurance.failures import UNREADABLE
from intake.insurance.forms import NOTE_LENGTH
from intake.insurance.from_271 import days_of, note_of, status_of, understood
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.insurance.x12.answer import Answer, Benefit

logger = logging.getLogger(__name__)

DIFFERS = "{} differs from what we know: compare it with the card."


class Reading(NamedTuple):
    """What an answer becomes, not saved yet; `left` has no place in the grid."""

    verification: VerificationOfBenefits
    lines: list[BenefitLine]
    left: list[Benefit]


def reading_of(answer: Answer, coverage: Coverage, *, is_test: bool = False) -> Reading:
    is_share_of_plan = bool(coverage.payer and coverage.payer.is_coinsurance_of_plan)
    found = understood(answer, LevelOfCare.objects.all(), is_share_of_plan=is_share_of_plan)
    verification = VerificationOfBenefits(
        coverage=coverage,
        source=VerificationOfBenefits.Source.EDI,
        call_reference=next(iter(answer.traces), ""),
        verified_at=_said_at(answer),
        status=status_of(answer),
        note=note_of(answer, found.left),
        is_test=is_test,
        **days_of(answer),
    )
    return Reading(verification, found.lines, found.left)


def _said_at(answer: Answer) -> datetime:
    """The answer says a day; of one that came today, it is now. None comes from a day that is still to come."""
    made_on = answer.made_on
    if made_on is None or made_on >= timezone.localdate():
        return timezone.now()
    return datetime.combine(made_on, time(12), timezone.get_current_timezone())


def keep_answer(check: Check, outcome: Outcome) -> Check.Came:
    """The reply as it came, and what it says as a verification. The lead is locked. Returns what came of the check.

    Of somebody who was erased meanwhile nothing is kept, nor of an answer about somebody else.
    """
    if check.coverage.lead.is_erased:
        return Check.Came.ERASED
    if not outcome.raw or outcome.kind == Kind.LOGIN_REFUSED:  # whose body says nothing of the person
        return Check.Came(outcome.kind)
    if outcome.answer and is_somebody_else(compared(outcome.answer, check.coverage)):
        return Check.Came.OTHER_PERSON
    try:
        with transaction.atomic():
            _keep(check, outcome, outcome.answer)
    except (DataError, IntegrityError, ValueError, ArithmeticError) as error:  # of a reply that nobody foresaw
        logger.error("the answer to check %s could not be kept in lines: %s", check.pk, type(error).__name__)
        _keep(check, outcome, None)
        return Check.Came.UNREADABLE
    return Check.Came(outcome.kind)


def _keep(check: Check, outcome: Outcome, answer: Answer | None) -> None:
    reading = reading_of(answer or Answer(), check.coverage, is_test=check.is_test)
    verification = reading.verification
    verification.verified_at = timezone.now()  # whatever day the payer's clock shows
    if answer is None:
        verification.note = f"{UNREADABLE.words} {UNREADABLE.action}"
    else:
        verification.note = "\n".join([*_doubts(check, outcome, answer), verification.note])[:NOTE_LENGTH]
    verification.keep(by=check.asked_by, lines=reading.lines)
    ElectronicAnswer.objects.create(verification=verification, text=outcome.raw, digest=digest_of(outcome.raw))
    check.verification = verification


def _doubts(check: Check, outcome: Outcome, answer: Answer) -> list[str]:
    """What a person must look at: where it is not like what we know, and where 271 and JSON differ."""
    rows = compared(answer, check.coverage)
    return [*(DIFFERS.format(row.name) for row in rows if row.is_same is False), *outcome.differences]
