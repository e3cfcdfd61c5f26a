"""Taking a request: the answers are sealed, one row is inserted, and the visitor gets a token. Nothing else happens."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from intake.callbacks.answers import CONSENT_VERSION, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import number_zones, persons_clock, place
from intake.callbacks.models import CallbackMessage, message_place
from intake.callbacks.receipts import Receipt, encrypt_receipt, new_token, token_hash
from intake.callbacks.references import new_reference
from intake.privacy import keys, sealing

Answers = dict[str, Any]


def submit_request(answers: Answers, *, source: str = "") -> str:
    """Seal and store the cleaned answers of a request; returns the receipt's token.

    `source` is the address of the page that led here ("/learn/…/"). Raises django.db.Error if nothing was stored.
    """
    token, reference = new_token(), new_reference()
    received_at = timezone.now()
    receipt = Receipt(reference=reference, sentences=promise(answers, received_at))
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


def promise(answers: Answers, now: datetime) -> list[str]:
    """What we will do, in sentences for the receipt. It repeats the last two digits of the number, never more."""
    ending = answers["phone"].partition(";")[0][-2:]
    sentences = [f"We will call the number ending {ending}{_when(answers, now)}."]
    name = answers.get("name")
    sentences.append(f"We will ask for {name}." if name else "We will not say your name, because you gave none.")
    sentences.append(
        {
            Voicemail.NO: "We will not leave a message.",
            Voicemail.NAME_ONLY: "If nobody answers, we will leave only a first name and a number.",
            Voicemail.YES: "If nobody answers, we may leave a message that says where we are calling from.",
        }[Voicemail(answers["voicemail"])]
    )
    if answers["if_other_answers"] == "hang_up":
        sentences.append("If someone else answers, we will hang up.")
    else:
        sentences.append("If someone else answers, we will ask for you and say nothing else.")
    return sentences


def _when(answers: Answers, now: datetime) -> str:
    parts = [TimeOfDay(value).label.partition(",")[0].lower() for value in answers.get("times", [])]
    clock = place(persons_clock(answers["time_zone"], number_zones(answers["phone"])))
    if not parts or len(parts) == len(TimeOfDay):
        return f" between 8 am and 9 pm, {clock} time"
    return f" in the {' or '.join(parts)}, {clock} time"
