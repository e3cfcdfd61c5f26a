"""The canary: a test message of ours goes the way that a request goes, so that /readyz knows whether that way is open.

The part that serves the form seals and stores one when it is asked whether it is ready; the worker opens it and takes
it out. It is nobody's: no lead, no queue and no count has it (`MessageQuerySet.unopened` leaves it out).
"""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error
from django.db.models import Q
from django.utils import timezone

from intake.callbacks.contract import Wish
from intake.callbacks.heartbeat import is_beating
from intake.callbacks.inbox import BATCH, FROM_OUTSIDE, RETRY_AFTER, read, register
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import Entry, new_token, token_hash
from intake.callbacks.submission import sealed_message
from intake.privacy import sealing

logger = logging.getLogger(__name__)

EVERY = 10  # seconds; whoever asks more often is told what the last one found
LIMIT = 20  # seconds until it must be opened; the worker does so first of all, each second
KEPT = timedelta(days=1)  # then one goes that nobody could open
CANARY = CallbackMessage.Kind.CANARY


@dataclass
class Sent:
    """What this process knows of its own test messages. Times are on the monotonic clock."""

    token: bytes = b""  # its hash; "" while none is on its way
    at: float = 0.0
    next_at: float = 0.0
    is_stored: bool = False
    is_opened: bool = False  # the last one whose end is known


_sent, _turn = Sent(), threading.Lock()


def is_stored() -> bool:
    """Whether what is sent now gets into the database, as a request would. Sends one if it is time to."""
    with _turn:
        if time.monotonic() >= _sent.next_at and not _is_on_its_way():
            _send()
        return _sent.is_stored


def is_opened() -> bool:
    """Whether what this process seals is opened within the limit.

    Where no worker beats, nobody opens anything, whatever key it is sealed to: that is no fault of this process, which
    goes on taking requests. Raises django.db.Error.
    """
    with _turn:
        if _is_on_its_way() and time.monotonic() - _sent.at > LIMIT:
            _sent.is_opened = False
        return _sent.is_opened or not is_beating()


def forget() -> None:
    """As in a process that has just started: for tests."""
    global _sent
    _sent = Sent()


def open_canaries() -> int:
    """Open the test messages that wait and take them out; returns how many. Raises django.db.Error.

    One that no key of ours opens stays for a day, so that whoever sent it sees that.
    """
    ours, now = CallbackMessage.objects.filter(kind=CANARY), timezone.now()
    ours.filter(received_at__lt=now - KEPT).delete()
    due = Q(open_failed_at=None) | Q(open_failed_at__lt=now - RETRY_AFTER)
    waiting = list(ours.filter(due).order_by("received_at")[:BATCH])
    opened = [message.pk for message in waiting if _opens(message)]
    ours.filter(pk__in=opened).delete()
    shut = [message.pk for message in waiting if message.pk not in opened]
    ours.filter(pk__in=shut).update(open_failed_at=now, is_unreadable=True)
    return len(opened)


def _opens(message: CallbackMessage) -> bool:
    try:
        read(message)
    except FROM_OUTSIDE:
        key = sealing.key_id_of(bytes(message.sealed)).hex()
        logger.error("a test message is sealed to key %s and does not open: INTAKE_PUBLIC_KEY of a site is wrong", key)
        return False
    return True


def _send() -> None:
    """Not by way of the spool: what is asked is whether the database takes it."""
    token = new_token()
    _sent.next_at = time.monotonic() + EVERY
    try:
        sealed_message(Wish(token=token), Entry(kind=CANARY, at=timezone.now())).send()
    except Error as error:
        logger.error("a test message was not stored: %s", type(error.__cause__ or error).__name__)
        _sent.is_stored = False
    else:
        _sent.token, _sent.at, _sent.is_stored = token_hash(token), time.monotonic(), True


def _is_on_its_way() -> bool:
    """Whether the last one still waits. Once it is gone, it was opened, or waited for longer than one is kept."""
    if _sent.token and not CallbackMessage.objects.filter(token_hash=_sent.token).exists():
        _sent.is_opened = _sent.is_opened or time.monotonic() - _sent.at < KEPT.total_seconds()
        _sent.token = b""
    return bool(_sent.token)


def _taken(messages: list[tuple[CallbackMessage, Wish]]) -> None:
    """Nothing comes of one, whichever way it is opened."""


register(CANARY, Wish, _taken)
