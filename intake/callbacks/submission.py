"""Taking a request: the answers are sealed, one row is inserted, and the visitor gets a token. Nothing else happens."""

import json
import uuid
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from facilities.directory.models import PhoneLine
from intake.callbacks.answers import CONSENT_VERSION
from intake.callbacks.models import CallbackMessage, message_place
from intake.callbacks.promise import promise
from intake.callbacks.receipts import Receipt, encrypt_receipt, new_token, token_hash
from intake.callbacks.references import new_reference
from intake.privacy import keys, sealing

Answers = dict[str, Any]


def submit_request(
    answers: Answers,
    *,
    source: str = "",
    line: PhoneLine | None = None,
    of_number: Collection[str] | None = None,
) -> str:
    """Seal and store the cleaned answers of a request; returns the receipt's token.

    `source` is the address of the page that led here ("/learn/…/"), `line` the one that calls, with its hours
    read already, `of_number` the time zones of the number, if they are known. Raises django.db.Error if nothing
    was stored.
    """
    token, reference = new_token(), new_reference()
    received_at = timezone.now()
    receipt = Receipt(reference=reference, sentences=promise(answers, received_at, line, of_number))
    contents = {
        **answers,
        "reference": reference,
        "token": token,
        "source": source,
        "consent_version": CONSENT_VERSION,
        "received_at": received_at.isoformat(),
    }
    message_id, kind = uuid.uuid4(), CallbackMessage.Kind.REQUEST
    box = sealing.seal(json.dumps(contents).encode(), to=keys.public_key(), place=message_place(message_id, kind))
    CallbackMessage(
        id=message_id,
        kind=kind,
        received_at=received_at,
        sealed=box,
        token_hash=token_hash(token),
        receipt=encrypt_receipt(receipt, token),
    ).send()
    return token
