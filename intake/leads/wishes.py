"""What a person wishes on the receipt reaches their lead: a change, a pause, a stop, an erasure.

The inbox has checked that the token inside is that of the receipt, so each comes from who holds the link.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.db.models import Q
from django.utils import timezone

from intake.callbacks.calling_hours import next_morning
from intake.callbacks.contract import Change, NotTheContract, Wish
from intake.callbacks.inbox import open_messages_of
from intake.callbacks.models import CallbackMessage
from intake.leads.acts.by_the_person import change_contact, pause, withdraw
from intake.leads.acts.merge import part_from_strangers
from intake.leads.acts.stop import stop_by_the_person
from intake.leads.models import Lead, LeadMessage

Kind = CallbackMessage.Kind
Obey = Callable[[Lead, CallbackMessage, Wish], None]


def hear(lead: Lead) -> bool:
    """Open what the person, and whoever shares the number, has sent until now; before anybody acts on the lead.

    A stop over a lead that was merged into one of these is theirs too. False if one of these messages could not be
    opened for a fault of ours. It may be a stop, so nobody should call.
    """
    of_number = Lead.objects.filter(contact_point=lead.contact_point_id).values_list("pk", flat=True)
    either = Q(pk__in=[lead.merged_into_id or lead.pk, *of_number])
    either |= Q(merged_into__in=[lead.merged_into_id or lead.pk, *of_number])
    alike = CallbackMessage.objects.filter(leadmessage__lead__in=Lead.objects.filter(either).values("pk"))
    tokens = set(map(bytes, alike.values_list("token_hash", flat=True)))
    return open_messages_of(tokens)


def each_for_its_lead(obey: Obey) -> Callable[[list[tuple[CallbackMessage, Wish]]], None]:
    """Makes a receiver for the inbox: each wish goes to the lead of its receipt. One for an erased person is dropped.

    It raises NotTheContract for a token without a request: the request may come later, and this is tried again.
    """

    @wraps(obey)
    def receive(opened: list[tuple[CallbackMessage, Wish]]) -> None:
        for message, wish in opened:
            of_receipt = LeadMessage.objects.filter(message__kind=Kind.REQUEST, message__token_hash=message.token_hash)
            link = of_receipt.select_related("lead").first()
            if link is None:
                raise NotTheContract("token")
            LeadMessage.objects.create(lead=link.lead, message=message)
            if link.lead.is_erased:
                CallbackMessage.objects.filter(pk=message.pk).update(sealed=b"")
            else:
                obey(link.lead, message, wish)

    return receive


@each_for_its_lead
def receive_changes(lead: Lead, message: CallbackMessage, change: Change) -> None:
    lead = _without_strangers(lead)
    change_contact(lead, change, at=message.received_at)


@each_for_its_lead
def receive_pauses(lead: Lead, message: CallbackMessage, wish: Wish) -> None:
    pause(lead, until=next_morning(sent_at(message), lead.clock))


@each_for_its_lead
def receive_stops(lead: Lead, message: CallbackMessage, wish: Wish) -> None:
    stop_by_the_person(_without_strangers(lead), at=sent_at(message))


@each_for_its_lead
def receive_erasures(lead: Lead, message: CallbackMessage, wish: Wish) -> None:
    withdraw(_without_strangers(lead))


def _without_strangers(lead: Lead) -> Lead:
    part_from_strangers(lead)
    return Lead.objects.get(pk=lead.pk)


def sent_at(message: CallbackMessage) -> datetime:
    """Never later than now, whatever the clock of the web server said."""
    return min(message.received_at, timezone.now())
