"""Reception: an opened request becomes a lead, or joins the one that the same answers made before."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection

from intake.callbacks.answers import TimeZone
from intake.callbacks.calling_hours import number_zones
from intake.callbacks.models import CallbackMessage
from intake.callbacks.opening import Contents
from intake.leads.activity import Activity
from intake.leads.models import Lead, LeadMessage
from intake.leads.tokens import LookupToken
from intake.privacy import lookup

SAME_REQUEST_WITHIN = timedelta(days=1)
ANSWERS = (
    "phone", "name", "about", "times", "time_zone", "voicemail", "text", "if_other_answers", "language", "note",
    "website",
)  # fmt: skip


def receive_request(message: CallbackMessage, contents: Contents) -> None:
    """Runs inside the transaction that opens the message.

    Raises KeyError, ValueError or ValidationError if the contents are not a request.
    """
    answers_token = _answers_token(contents)
    _wait_for_twins(answers_token)
    lead = _open_twin(answers_token, message.received_at)
    if lead is None:
        lead = _create_lead(message, contents, answers_token)
        kind = Activity.Kind.RECEIVED
    else:
        kind = Activity.Kind.SENT_AGAIN
        message.public_status = lead.public_status
    LeadMessage.objects.create(lead=lead, message=message)
    # The reference may be a new one for an old lead; what is there already stays.
    LookupToken.objects.bulk_create(_lookup_tokens(lead, contents), ignore_conflicts=True)
    Activity.objects.create(lead=lead, kind=kind, at=message.received_at)


def _answers_token(contents: Contents) -> bytes:
    return lookup.token("answers", repr([contents[name] for name in ANSWERS]))


def _wait_for_twins(answers_token: bytes) -> None:
    """Hold back another worker that opens the same answers, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(answers_token[:8], signed=True)])


def _open_twin(answers_token: bytes, received_at: datetime) -> Lead | None:
    near = (received_at - SAME_REQUEST_WITHIN, received_at + SAME_REQUEST_WITHIN)
    twins = Lead.objects.filter(answers_token=answers_token, received_at__range=near, closed_at=None)
    return twins.order_by("received_at").first()


def _create_lead(message: CallbackMessage, contents: Contents, answers_token: bytes) -> Lead:
    # Where a field may be empty, the model lets every empty thing through, also {}.
    if contents["time_zone"] != "":
        TimeZone(contents["time_zone"])
    if not isinstance(contents["times"], list):
        raise ValidationError("The times are no list.")
    lead = Lead(
        reference=contents["reference"],
        received_at=message.received_at,
        source=contents["source"],
        about=contents["about"],
        name=contents["name"],
        phone=contents["phone"],
        note=contents["note"],
        language=contents["language"],
        consent_version=contents["consent_version"],
        times=contents["times"],
        time_zone=contents["time_zone"],
        number_zones=number_zones(contents["phone"]),
        voicemail=contents["voicemail"],
        text=contents["text"],
        if_other_answers=contents["if_other_answers"],
        answers_token=answers_token,
        is_quarantined=contents["website"],
    )
    # Whoever can insert a message can seal one: what it says is checked again before the desk relies on it.
    lead.clean_fields(exclude=["name", "phone", "note", "answers_token"])
    if not lookup.phone_in_e164(contents["phone"]):
        raise ValidationError("There is no number to call.")
    lead.save(force_insert=True)
    return lead


def _lookup_tokens(lead: Lead, contents: Contents) -> list[LookupToken]:
    phone = lookup.phone_in_e164(contents["phone"])
    values = [
        (LookupToken.Kind.REFERENCE, contents["reference"]),
        (LookupToken.Kind.PHONE, phone),
        (LookupToken.Kind.LAST_FOUR, phone[-4:]),
        (LookupToken.Kind.LAST_SEVEN, phone[-7:]),
        (LookupToken.Kind.REFERENCE_DIGITS, contents["reference"][-4:]),
    ]
    values += [(LookupToken.Kind.NAME_WORD, word) for word in lookup.name_words(contents["name"])]
    return [LookupToken(lead=lead, kind=kind, token=lookup.token(kind, value)) for kind, value in values]
