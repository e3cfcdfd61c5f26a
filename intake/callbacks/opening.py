"""Opening sealed messages: each goes, by its kind, to the room that registered for it.

Opening is idempotent and safe in parallel: a message is locked, handed over and marked in one transaction.
The worker does it all the time; the queue does it too, so that no worker is needed to see who waits.
"""

import hmac
import json
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
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
Handler = Callable[[CallbackMessage, Contents], None]

RETRY_AFTER = timedelta(minutes=1)
BATCH = 500
# One forged or broken message must not hold up the others.
NOT_A_MESSAGE = (
    sealing.CannotOpen, ValidationError, KeyError, TypeError, ValueError, DataError, IntegrityError,
    AttributeError,  # a token that is no text
    RecursionError,  # a hundred thousand brackets
)  # fmt: skip

_handlers: dict[str, Handler] = {}


def register(kind: CallbackMessage.Kind, handler: Handler) -> None:
    """Let `handler` take every opened message of a kind; it runs inside the transaction that marks it opened."""
    _handlers[kind] = handler


def open_messages() -> int:
    """Open what waits, oldest first; returns how many were opened. What cannot be opened stays and is marked."""
    due = Q(open_failed_at=None) | Q(open_failed_at__lt=timezone.now() - RETRY_AFTER)
    waiting = CallbackMessage.objects.unopened().filter(due).order_by("received_at").values_list("pk", flat=True)
    return sum(_open_one(pk) for pk in waiting[:BATCH])


def unopenable() -> list[CallbackMessage]:
    """Messages that were tried and did not open, without their contents."""
    return list(CallbackMessage.objects.unopened().exclude(open_failed_at=None).only("kind", "received_at", "sealed"))


def _open_one(pk: uuid.UUID) -> bool:
    try:
        with transaction.atomic():
            message = CallbackMessage.objects.unopened().select_for_update(skip_locked=True).filter(pk=pk).first()
            if message is None:
                return False
            _handlers[message.kind](message, read(message))
            message.opened_at, message.open_failed_at = timezone.now(), None
            message.save(update_fields=["opened_at", "open_failed_at", "public_status"])
    except NOT_A_MESSAGE as error:
        logger.error("message %s cannot be opened: %s", pk, type(error).__name__)
        CallbackMessage.objects.filter(pk=pk).update(open_failed_at=timezone.now())
        return False
    return True


def read(message: CallbackMessage) -> Contents:
    """The contents of a sealed message; raises CannotOpen, also if its token is not the one of its receipt."""
    plaintext = sealing.open_sealed(bytes(message.sealed), keys=keys.private_keys(), place=message.place)
    contents = json.loads(plaintext)
    if not hmac.compare_digest(token_hash(contents["token"]), bytes(message.token_hash)):
        raise sealing.CannotOpen("the token is not the receipt's")
    return contents
