"""Opening sealed messages: each goes, by its kind, to the room that registered for it.

Opening is idempotent and safe in parallel: messages are locked, handed over and marked in one transaction. Many are
opened together, which costs a sixth of opening each by itself; only if one of them cannot be opened is each tried
alone. The worker does it all the time; the queue does it too, so that no worker is needed to see who waits.
"""

import hmac
import json
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import token_hash
from intake.privacy import keys, sealing

logger = logging.getLogger(__name__)

Contents = dict[str, Any]
Handler = Callable[[list[tuple[CallbackMessage, Contents]]], None]

RETRY_AFTER = timedelta(minutes=1)
BATCH = 100
# One forged or broken message must not hold up the others.
NOT_A_MESSAGE = (
    sealing.CannotOpen, ValidationError, KeyError, TypeError, ValueError, DataError, IntegrityError,
    AttributeError,  # a token that is no text
    RecursionError,  # a hundred thousand brackets
)  # fmt: skip

_handlers: dict[str, Handler] = {}


def register(kind: CallbackMessage.Kind, handler: Handler) -> None:
    """Let `handler` take the opened messages of a kind, oldest first.

    It runs inside the transaction that marks them opened. What it raises, of NOT_A_MESSAGE, undoes all that it did;
    then it gets each message alone.
    """
    _handlers[kind] = handler


def open_messages() -> int:
    """Open what waits, oldest first; returns how many were opened. What cannot be opened stays and is marked."""
    due = Q(open_failed_at=None) | Q(open_failed_at__lt=timezone.now() - RETRY_AFTER)
    waiting = CallbackMessage.objects.unopened().filter(due).order_by("received_at").values_list("pk", flat=True)
    together = list(waiting[:BATCH])
    if not together:
        return 0
    try:
        return _open(together)
    except NOT_A_MESSAGE:
        return sum(_open_alone(pk) for pk in together)


def goes_on(opened: int) -> bool:
    """Whether the next round should follow at once, after one that opened so many: in a flood it should not.

    Who asks now waits for an answer, and the work would slow it; who has asked waits for a call.
    """
    just_now = timezone.now() - timedelta(seconds=1)
    return opened == BATCH and not CallbackMessage.objects.unopened().filter(received_at__gt=just_now).exists()


def unopenable() -> list[CallbackMessage]:
    """Messages that were tried and did not open, without their contents."""
    return list(CallbackMessage.objects.unopened().exclude(open_failed_at=None).only("kind", "received_at", "sealed"))


def _open(pks: list[uuid.UUID]) -> int:
    with transaction.atomic():
        free = CallbackMessage.objects.unopened().select_for_update(skip_locked=True).filter(pk__in=pks)
        messages = list(free.order_by("received_at"))
        for kind, some in groupby(messages, key=lambda message: message.kind):
            _handlers[kind]([(message, read(message)) for message in some])
        opened = CallbackMessage.objects.filter(pk__in=[message.pk for message in messages])
        opened.update(opened_at=timezone.now(), open_failed_at=None)
    return len(messages)


def _open_alone(pk: uuid.UUID) -> int:
    try:
        return _open([pk])
    except NOT_A_MESSAGE as error:
        logger.error("message %s cannot be opened: %s", pk, type(error).__name__)
        CallbackMessage.objects.filter(pk=pk).update(open_failed_at=timezone.now())
        return 0


def read(message: CallbackMessage) -> Contents:
    """The contents of a sealed message; raises CannotOpen, also if its token is not the one of its receipt."""
    plaintext = sealing.open_sealed(bytes(message.sealed), keys=keys.private_keys(), place=message.place)
    contents = json.loads(plaintext)
    if not hmac.compare_digest(token_hash(contents["token"]), bytes(message.token_hash)):
        raise sealing.CannotOpen("the token is not the receipt's")
    return contents
