"""Taking a request: the answers are sealed, one row is inserted, and the visitor gets a token. Nothing else happens."""

import uuid
from collections.abc import Collection

from django.utils import timezone

from facilities.directory.models import PhoneLine
from intake.callbacks.answers import CONSENT_VERSION
from intake.callbacks.contract import Answers, CallbackRequest
from intake.callbacks.models import CallbackMessage, message_info
from intake.callbacks.promise import promise
from intake.callbacks.receipts import Receipt, encrypt_receipt, new_token, token_hash
from intake.callbacks.references import new_reference
from intake.privacy import keys, sealing


def submit_request(
    answers: Answers,
    *,
    source: str = "",
    line: PhoneLine | None = None,
    of_number: Collection[str] | None = None,
) -> str:
    """Seal and store a request; returns the receipt's token.

    `source` is the address of the page that led here ("/learn/…/"), `line` the one that calls, with its hours
    read already, `of_number` the time zones of the number, if they are known. Raises django.db.Error if nothing
    was stored.
    """
    request = CallbackRequest(
        **vars(answers),
        reference=new_reference(),
        token=new_token(),
        source=source,
        consent_version=CONSENT_VERSION,
    )
    now = timezone.now()
    receipt = Receipt(reference=request.reference, sentences=promise(answers, now, line, of_number))
    message_id, kind = uuid.uuid4(), CallbackMessage.Kind.REQUEST
    CallbackMessage(
        id=message_id,
        kind=kind,
        received_at=now,
        sealed=sealing.seal(request.to_json(), to=keys.public_key(), info=message_info(message_id, kind)),
        token_hash=token_hash(request.token),
        receipt=encrypt_receipt(receipt, request.token),
    ).send()
    return request.token
