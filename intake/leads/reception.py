"""Reception: an opened request becomes a lead, or joins the one that the same answers made before."""

from collections import defaultdict
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


def receive_requests(opened: list[tuple[CallbackMessage, Contents]]) -> None:
    """Runs inside the transaction that opens the messages, which come oldest first.

    Raises KeyError, ValueError or ValidationError if the contents of one are not a request.
    """
    answers = [_answers_token(contents) for _, contents in opened]
    _wait_for_twins(answers)
    known = _open_leads(answers)
    new, links, tokens, activities = [], [], [], []
    for (message, contents), answers_token in zip(opened, answers, strict=True):
        lead = _twin(known[answers_token], message.received_at)
        if lead is None:
            lead = _new_lead(message, contents, answers_token)
            known[answers_token].append(lead)
            new.append(lead)
            kind = Activity.Kind.RECEIVED
        else:
            kind = Activity.Kind.SENT_AGAIN
        links.append(LeadMessage(lead=lead, message=message))
        tokens += _lookup_tokens(lead, contents)
        activities.append(Activity(lead=lead, kind=kind, at=message.received_at))
    Lead.objects.bulk_create(new)
    LeadMessage.objects.bulk_create(links)
    # The reference may be a new one for an old lead; what is there already stays.
    LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
    Activity.objects.bulk_create(activities)
    for lead in {link.lead for link in links}.difference(new):
        lead.tell_visitor()


def _answers_token(contents: Contents) -> bytes:
    return lookup.token("answers", repr([contents[name] for name in ANSWERS]))


def _wait_for_twins(answers: list[bytes]) -> None:
    """Hold back another worker that opens the same answers, until this transaction ends.

    Everybody locks in the same order, so that two never wait for each other.
    """
    numbers = sorted({int.from_bytes(token[:8], signed=True) for token in answers})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers])


def _open_leads(answers: list[bytes]) -> defaultdict[bytes, list[Lead]]:
    """The leads that are not closed, by the answers that made them."""
    found = defaultdict(list)
    for lead in Lead.objects.filter(answers_token__in=set(answers), closed_at=None):
        found[bytes(lead.answers_token)].append(lead)
    return found


def _twin(leads: list[Lead], received_at: datetime) -> Lead | None:
    near = [lead for lead in leads if abs(lead.received_at - received_at) <= SAME_REQUEST_WITHIN]
    return min(near, key=lambda lead: lead.received_at, default=None)


def _new_lead(message: CallbackMessage, contents: Contents, answers_token: bytes) -> Lead:
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
