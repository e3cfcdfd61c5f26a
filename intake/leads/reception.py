"""Reception: an opened request becomes a lead, or joins the one that the same answers made before."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from intake.callbacks.answers import Suspicion
from intake.callbacks.contract import CallbackRequest
from intake.callbacks.crisis import means_danger
from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity
from intake.leads.acts.changes import tell_visitor
from intake.leads.acts.quarantine import admit
from intake.leads.contact_point import ContactPoint, locked_points
from intake.leads.models import Lead, LeadMessage
from intake.leads.tokens import LookupToken, tokens_of
from intake.phone import zones_of
from intake.privacy import lookup

SAME_REQUEST_WITHIN = timedelta(days=1)
STOPPED = Lead.CloseReason.ASKED_TO_STOP


def receive_requests(opened: list[tuple[CallbackMessage, CallbackRequest]]) -> None:
    """Runs inside the transaction that opens the messages, which come oldest first."""
    answers = [lookup.token("answers", repr(request.in_order())) for _, request in opened]
    _wait_for_twins(answers)
    points = locked_points({request.phone for _, request in opened})
    known = _open_leads(answers)
    new, links, tokens, activities, told, cleared = [], [], [], [], [], {}
    for (message, request), answers_token in zip(opened, answers, strict=True):
        lead = _twin(known[answers_token], message.received_at)
        kind = Activity.Kind.SENT_AGAIN if lead else Activity.Kind.RECEIVED
        if lead and (request.is_suspected or not lead._state.adding):  # else its receipt says what is true already
            told.append(lead)
        if lead and lead.is_quarantined and not request.is_suspected:
            cleared[lead.pk] = (lead, points[request.phone])
        if lead is None:
            lead = _new_lead(message, request, points[request.phone], answers_token)
            new.append(lead)
            if not _obey_stop(lead):
                known[answers_token].append(lead)
        links.append(LeadMessage(lead=lead, message=message))
        tokens += tokens_of(lead, reference=request.reference, phone=request.phone, name=request.name)
        activities.append(Activity(lead=lead, kind=kind, at=message.received_at))
    Lead.objects.bulk_create(new)
    LeadMessage.objects.bulk_create(links)
    # The reference may be a new one for an old lead; what is there already stays.
    LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
    stopped = [lead for lead in new if lead.is_stopped]
    activities += [Activity(lead=lead, kind=Activity.Kind.CLOSED, detail={"reason": STOPPED}) for lead in stopped]
    Activity.objects.bulk_create(activities)
    # The receipt of one that nothing speaks against promises a call.
    for lead, point in cleared.values():
        admit(lead, point, by=None)
    for lead in {*told, *stopped}:
        tell_visitor(lead)


def _obey_stop(lead: Lead) -> bool:
    """Whether this new lead is closed from the start, because the person asked us to stop after they had sent it.

    A request that they sent after the stop lifts it; one that may be spam does so only when somebody clears it.
    """
    point = lead.contact_point
    if not point.is_stopped:
        return False
    if lead.received_at <= point.stopped_at:
        lead.closed_at, lead.close_reason = timezone.now(), STOPPED
        return True
    if not lead.is_quarantined:
        point.lift(lead.received_at)
    return False


def _wait_for_twins(answers: list[bytes]) -> None:
    """Hold back another worker that opens the same answers, until this transaction ends.

    Everybody locks in the same order, so that two never wait for each other.
    """
    numbers = sorted({int.from_bytes(token[:8], signed=True) for token in answers})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers])


def _open_leads(answers: list[bytes]) -> defaultdict[bytes, list[Lead]]:
    """The leads that are not closed, by the answers that made them; and those merged into one that is not."""
    found = defaultdict(list)
    is_open = Q(closed_at=None, merged_into=None) | Q(merged_into__closed_at=None, merged_into__isnull=False)
    for lead in Lead.objects.filter(is_open, answers_token__in=set(answers)).select_related("merged_into"):
        found[bytes(lead.answers_token)].append(lead)
    return found


def _twin(leads: list[Lead], received_at: datetime) -> Lead | None:
    near = [lead for lead in leads if abs(lead.received_at - received_at) <= SAME_REQUEST_WITHIN]
    return min(near, key=lambda lead: lead.received_at, default=None)


def _new_lead(message: CallbackMessage, request: CallbackRequest, point: ContactPoint, answers_token: bytes) -> Lead:
    is_crisis = means_danger(request.name, request.note)
    lead = Lead(
        contact_point=point,
        reference=request.reference,
        received_at=message.received_at,
        source=request.source,
        about=request.about,
        name=request.name,
        phone=request.phone,
        note=request.note,
        language=request.language,
        consent_version=request.consent_version,
        times=request.times,
        time_zone=request.time_zone,
        number_zones=zones_of(request.phone),
        voicemail=request.voicemail,
        text=request.text,
        if_other_answers=request.if_other_answers,
        answers_token=answers_token,
        is_quarantined=request.is_suspected and not is_crisis,
        suspicions=[*([Suspicion.TRAP] if request.website else []), *request.suspicions],
        is_crisis=is_crisis,
    )
    lead.safe_from, lead.safe_until = lead.window_at(timezone.now())
    return lead
