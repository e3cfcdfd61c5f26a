"""Taking what a person sends: it is sealed, one row is inserted, here or in the spool, and nothing else happens."""

import logging
import uuid
from collections.abc import Collection

from django.db import Error
from django.utils import timezone
from django.utils.translation import get_language

from intake.callbacks import spool
from intake.callbacks.answers import CONSENT_VERSION, Suspicion
from intake.callbacks.contract import Answers, CallbackRequest, Change, Insurance, Photo, Wish
from intake.callbacks.crisis import means_danger
from intake.callbacks.models import CallbackMessage, message_info
from intake.callbacks.receipts import Entry, Rules, encrypt_entry, new_token, token_hash
from intake.callbacks.references import new_reference
from intake.phone import zones_of
from intake.privacy import keys, sealing

logger = logging.getLogger(__name__)

Kind = CallbackMessage.Kind


def submit_request(
    answers: Answers,
    *,
    source: str = "",
    of_number: Collection[str] | None = None,
    suspicions: Collection[Suspicion] = (),
) -> str:
    """Seal and store a request; returns the receipt's token.

    `source` is the address of the page that led here ("/learn/…/"), `of_number` the time zones of the number, for who
    has found them already, `suspicions` why a person should look at it first. Raises NotKept if it is nowhere on a
    disk. One of a crowd is opened after those of others.
    """
    is_danger = means_danger(answers.name, answers.note)
    request = CallbackRequest(
        **vars(answers),
        reference=new_reference(),
        token=new_token(),
        source=source,
        consent_version=f"{CONSENT_VERSION}/{get_language()}",  # the words that were read and agreed to
        suspicions=list(suspicions),
    )
    is_crowd = Suspicion.CROWD in suspicions
    rules = Rules.of(answers, zones_of(answers.phone) if of_number is None else of_number)
    entry = Entry(
        kind=Kind.REQUEST,
        at=timezone.now(),
        reference=request.reference,
        rules=rules,
        is_danger=is_danger,
        is_held=request.is_suspected and not is_danger,
    )
    _send(request, entry, from_crowd=is_crowd)
    return request.token


def submit_wish(kind: Kind, token: str, *, from_crowd: bool = False) -> None:
    """Pause, stop or erase, for the request of this receipt. Raises NotKept."""
    _send(Wish(token=token), Entry(kind=kind, at=timezone.now()), from_crowd=from_crowd)


def submit_change(change: Change, rules: Rules, *, from_crowd: bool = False) -> None:
    """`rules` are those that hold from now on. Raises NotKept."""
    is_danger = means_danger(change.name)
    entry = Entry(kind=Kind.CHANGE, at=timezone.now(), rules=rules, is_danger=is_danger)
    _send(change, entry, from_crowd=from_crowd)


def submit_insurance(insurance: Insurance, *, from_crowd: bool = False) -> None:
    """Raises NotKept."""
    _send(insurance, Entry(kind=Kind.INSURANCE, at=timezone.now()), from_crowd=from_crowd)


def submit_photo(kind: Kind, photo: Photo) -> None:
    """Raises NotKept."""
    _send(photo, Entry(kind=kind, at=timezone.now()))


def sealed_message(contents: CallbackRequest | Wish, entry: Entry) -> CallbackMessage:
    """A new message, as yet stored nowhere."""
    message_id = uuid.uuid4()
    return CallbackMessage(
        id=message_id,
        kind=entry.kind,
        received_at=entry.at,
        sealed=sealing.seal(contents.to_json(), to=keys.public_key(), info=message_info(message_id, entry.kind)),
        token_hash=token_hash(contents.token),
        receipt=encrypt_entry(entry, contents.token),
    )


def _send(contents: CallbackRequest | Wish, entry: Entry, *, from_crowd: bool = False) -> None:
    message = sealed_message(contents, entry)
    message.from_crowd = from_crowd
    try:
        message.send()
    except Error as error:
        logger.error("message %s goes into the spool: %s", message.pk, type(error).__name__)
        spool.keep(message)
