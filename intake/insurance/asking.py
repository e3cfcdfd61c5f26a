"""How the worker asks: it claims a check, sends it outside of any transaction, and writes down what came of it.

What was claimed and has no outcome is never sent again: a worker that ended in between leaves “maybe charged”.
"""

import logging
from datetime import timedelta
from typing import NamedTuple, Protocol

from django.db import connection, transaction
from django.utils import timezone

from intake.insurance.answered import keep_answer
from intake.insurance.breaker import is_free
from intake.insurance.checks import LOST_AFTER, RETRY_AFTER, Check
from intake.insurance.clearinghouse.client import Kind, Outcome
from intake.insurance.clearinghouse.place import Place
from intake.insurance.consent import consent_of, log_disclosure
from intake.insurance.failures import is_payer_down
from intake.insurance.question import Incomplete, question_of, told_of
from intake.insurance.x12.write270 import Question
from intake.leads.acts.changes import locked

logger = logging.getLogger(__name__)

CLAIMING = 7_318_270  # a lock of the database: two workers do not count the same free places
CHANNEL = "clearinghouse"
Came, State = Check.Came, Check.State
NEVER_RECEIVED = (Kind.UNREACHABLE, Kind.BUSY)
FAILED = (Kind.LOGIN_REFUSED, Kind.UNREADABLE)


class Asked(Protocol):
    """Whoever answers: the clearinghouse, or a sample in a demo."""

    place: Place

    def ask(self, question: Question) -> Outcome: ...


class Claimed(NamedTuple):
    check: Check
    question: Question


def claim(place: Place, *, most: int = 1) -> list[Claimed]:
    """Up to `most` checks that are due and whose payer is free, marked as asked. Whoever claimed one sends it."""
    found = []
    for key in Check.objects.due().values_list("pk", flat=True):
        if len(found) == most:
            break
        if claimed := _claim_one(key, place):
            found.append(claimed)
    return found


@transaction.atomic
def _claim_one(key: object, place: Place) -> Claimed | None:
    """The lead is locked before the check, as everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])
    seen = Check.objects.select_related("coverage__payer").get(pk=key)
    if not is_free(seen.coverage.payer):
        return None
    locked(seen.coverage.lead)
    mine = Check.objects.due().select_related("coverage__payer", "coverage__lead", "asked_by")
    check = mine.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
    if check is None:
        return None
    if came := _why_not(check):
        return _end(check, State.FAILED, came)
    try:
        question = _question(check, place)
    except Incomplete:
        return _end(check, State.FAILED, Came.INCOMPLETE)
    check.state, check.sent_at = State.ASKED, timezone.now()
    check.attempts += 1
    check.save()
    if check.attempts == 1:
        consent = consent_of(check.coverage.lead)
        told = told_of(check.coverage)
        log_disclosure(check.coverage, consent, by=check.asked_by, channel=CHANNEL, told=told)
    return Claimed(check, question)


def _why_not(check: Check) -> Came | None:
    """What changed since somebody asked for it, because of which nothing is sent. Its lead is locked."""
    lead = check.coverage.lead
    reasons = {
        Came.ERASED: lead.is_erased,
        Came.CLOSED: lead.that_counts.is_closed,
        Came.ENDED: check.coverage.ended_at is not None,
        Came.NO_CONSENT: consent_of(lead) is None,
    }
    return next((came for came, is_so in reasons.items() if is_so), None)


def _question(check: Check, place: Place) -> Question:
    return question_of(
        check.coverage,
        place,
        on=check.on,
        service_types=check.service_types,
        trace=check.trace,
        control_number=check.control_number,
    )


@transaction.atomic
def write_down(check: Check, outcome: Outcome) -> None:
    """What came of it. Who was taken for lost may still bring an answer; nothing else changes what has ended."""
    lead = locked(check.coverage.lead)
    check = Check.objects.select_for_update(of=("self",)).select_related("coverage__payer", "asked_by").get(pk=check.pk)
    if check.state != State.ASKED and check.came != Came.LOST:
        return
    check.coverage.lead = lead
    check.is_test = check.is_test or outcome.is_test
    check.may_be_charged = outcome.may_be_charged
    if outcome.answer:
        check.rejections = [[each.loop, each.code, each.follow_up] for each in outcome.answer.rejections]
    if outcome.kind in (Kind.UNREACHABLE, Kind.UNKNOWN) or is_payer_down(check.reasons):
        check.failures.append(timezone.now())
    if outcome.kind in NEVER_RECEIVED:
        _wait_or_give_up(check, outcome.kind)
    elif outcome.kind == Kind.UNKNOWN:
        _end(check, State.UNKNOWN, Came.UNKNOWN)
    else:
        came = keep_answer(check, outcome)
        is_answer = outcome.kind in (Kind.ANSWERED, Kind.REJECTED) and came != Came.OTHER_PERSON
        _end(check, State(outcome.kind) if is_answer and came != Came.UNREADABLE else State.FAILED, came)


def _wait_or_give_up(check: Check, kind: Kind) -> None:
    """It was never received, so a further try buys nothing twice."""
    if check.attempts > len(RETRY_AFTER):
        _end(check, State.FAILED, Came(kind))
        return
    check.state, check.came = State.WAITING, Came(kind)
    check.next_try_at = timezone.now() + RETRY_AFTER[check.attempts - 1]
    check.save()


def _end(check: Check, state: State, came: Came) -> None:
    check.state, check.came, check.ended_at = state, came, timezone.now()
    check.save()
    logger.info("check %s: %s", check.pk, came)


def give_up_lost(after: timedelta = LOST_AFTER) -> int:
    """Those that nobody can be asking any more: they may have been received, and nobody sends them again."""
    lost = Check.objects.asked().filter(sent_at__lt=timezone.now() - after)
    return lost.update(state=State.UNKNOWN, came=Came.LOST, ended_at=timezone.now(), may_be_charged=True)
