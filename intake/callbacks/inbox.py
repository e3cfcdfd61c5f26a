"""The inbox: sealed messages are opened, and each goes, by its kind, to the room that registered for it.

Opening is idempotent and safe in parallel: messages are locked, handed over and marked in one transaction. Many are
opened together, which costs a sixth of opening each by itself; only if one of them fails is each tried alone. The
worker does it all the time; the queue does it too, so that no worker is needed to see who waits.
"""

import hmac
import logging
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from intake.callbacks.contract import NotTheContract
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import token_hash
from intake.privacy import keys, sealing

logger = logging.getLogger(__name__)

PHOTOS = CallbackMessage.PHOTOS
RETRY_AFTER = timedelta(minutes=1)
BATCH = 100
FROM_OUTSIDE = (sealing.CannotOpen, NotTheContract)
DATABASE_IS_AWAY = (OperationalError, InterfaceError)


class Contract(Protocol):
    """The contents of one kind of message. `token` is that of the receipt it belongs to."""

    token: str

    @classmethod
    def from_json(cls, plaintext: bytes) -> Any: ...


Receive = Callable[[list[tuple[CallbackMessage, Any]]], None]


class Registered(NamedTuple):
    contract: type[Contract]
    receive: Receive


registered: dict[str, Registered] = {}


def register(kind: CallbackMessage.Kind, contract: type[Contract], receive: Receive) -> None:
    """Let `receive` take the opened messages of a kind with their contents, oldest first.

    It runs inside the transaction that marks them opened, so what it raises undoes all that it did.
    """
    registered[kind] = Registered(contract, receive)


def open_messages() -> int:
    """Open what waits, oldest first, but what came in a crowd last; returns how many were opened.

    So a flood from one network keeps nobody else waiting. Messages of one receipt are opened in their order all the
    same: a wish goes with its request. What fails stays, and is tried again later.

    Raises OperationalError or InterfaceError if the database is away.
    """
    due = Q(open_failed_at=None) | Q(open_failed_at__lt=timezone.now() - RETRY_AFTER)
    waiting = CallbackMessage.objects.unopened().filter(due).order_by("from_crowd", "received_at")
    letters = waiting.exclude(kind__in=PHOTOS)
    receipts = list(letters.values_list("token_hash", flat=True)[:BATCH])
    together = list(letters.filter(token_hash__in=receipts).values_list("pk", flat=True))
    together = together or list(waiting.values_list("pk", flat=True)[:1])  # a photo fills memory
    if not together:
        return 0
    try:
        return _open(together)
    except DATABASE_IS_AWAY:
        raise
    except Exception:  # noqa: BLE001 - whichever message it is, alone it is named, and the others go on
        return sum(_open_alone(pk) for pk in together)


def open_messages_of(tokens: Collection[bytes]) -> bool:
    """Open what waits for these hashes of tokens, before all that came earlier from others.

    What somebody else opens at this moment is waited for, as long as a lock may take. Returns whether they are all
    opened, but for those that are unreadable: these are nobody's. Photos can wait.
    """
    waiting = CallbackMessage.objects.unopened().filter(token_hash__in=tokens).exclude(kind__in=PHOTOS)
    for pk in list(waiting.order_by("received_at").values_list("pk", flat=True)):
        with suppress(OperationalError), transaction.atomic():  # they are still at it
            CallbackMessage.objects.select_for_update().filter(pk=pk).first()
        _open_alone(pk)
    return not waiting.filter(is_unreadable=False).exists()


def goes_on(opened: int) -> bool:
    """Whether the next round should follow at once, after one that opened so many: in a flood it should not.

    Visitors who send now need a fast answer, which this work would slow; stored requests can wait a second.
    """
    just_now = timezone.now() - timedelta(seconds=1)
    return opened >= BATCH and not CallbackMessage.objects.unopened().filter(received_at__gt=just_now).exists()


def failed_messages() -> list[CallbackMessage]:
    """Messages that were tried in vain, oldest first, without their contents."""
    tried = CallbackMessage.objects.unopened().exclude(open_failed_at=None)
    return list(tried.only("kind", "received_at", "sealed", "is_unreadable"))


def _open(pks: list[uuid.UUID]) -> int:
    with transaction.atomic():
        free = CallbackMessage.objects.unopened().select_for_update(skip_locked=True).filter(pk__in=pks)
        messages = list(free.order_by("received_at"))
        for kind, some in groupby(messages, key=lambda message: message.kind):
            opened = [(message, read(message)) for message in some]
            registered[kind].receive(opened)
        done = CallbackMessage.objects.filter(pk__in=[message.pk for message in messages])
        done.update(opened_at=timezone.now(), open_failed_at=None, is_unreadable=False)
    return len(messages)


def _open_alone(pk: uuid.UUID) -> int:
    """A forged message is marked as unreadable. A fault of ours is not the sender's: it is logged with its frames."""
    try:
        return _open([pk])
    except DATABASE_IS_AWAY:
        raise
    except FROM_OUTSIDE as error:
        logger.error("message %s is unreadable: %s", pk, type(error).__name__)
        is_unreadable = True
    except Exception:
        logger.exception("message %s was not taken in", pk)
        is_unreadable = False
    CallbackMessage.objects.filter(pk=pk).update(open_failed_at=timezone.now(), is_unreadable=is_unreadable)
    return 0


def read(message: CallbackMessage) -> Contract:
    """The contents of a sealed message; raises NotTheContract, or CannotOpen, also for a token of another receipt."""
    if message.kind not in registered:
        raise NotTheContract("kind")
    plaintext = sealing.open_sealed(bytes(message.sealed), keys=keys.private_keys(), info=message.info)
    contents = registered[message.kind].contract.from_json(plaintext)
    if not hmac.compare_digest(token_hash(contents.token), bytes(message.token_hash)):
        raise sealing.CannotOpen("the token is not the receipt's")
    return contents
