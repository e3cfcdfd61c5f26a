"""Who reads what people told us: each reader stands in the timeline, and who reads very many is named."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.models import Lead

ONE_LOOK = timedelta(minutes=15)  # a page that is loaded again meanwhile is the same look
MANY = 40  # people in an hour: more than anybody can call
HOUR = timedelta(hours=1)
Kind = Activity.Kind


class Reader(NamedTuple):
    """Somebody who read of `leads` people within the last hour."""

    user: User
    leads: int


def may_read(lead: Lead, user: User) -> bool:
    """Name and note are for who has the lead in hand. In danger, in quarantine and closed, for whoever opens it.

    Of a merged lead they are for who may read the one that counts.
    """
    lead = lead.that_counts
    is_open_to_all = lead.is_crisis or lead.is_closed or lead.is_quarantined
    return lead.holder == user or is_open_to_all or lead.calls.owes_outcome(user)


def note_look(lead: Lead, user: User) -> None:
    """Write down that `user` reads name and note, once in ONE_LOOK. Of who has it in hand, the claim says so."""
    lately = lead.activities.filter(kind=Kind.READ, by=user, at__gt=timezone.now() - ONE_LOOK)
    if lead.that_counts.holder != user and not lead.is_erased and not lately.exists():
        Activity.objects.create(lead=lead, kind=Kind.READ, by=user)


def note_looks_at_suspected(leads: Sequence[Lead], user: User) -> None:
    """The same for a page of the quarantine, whose rows show name and note."""
    keys = [lead.pk for lead in leads]
    lately = Activity.objects.filter(lead__in=keys, kind=Kind.READ, by=user, at__gt=timezone.now() - ONE_LOOK)
    read = {*lately.values_list("lead", flat=True)} if keys else set()
    Activity.objects.bulk_create(Activity(lead_id=key, kind=Kind.READ, by=user) for key in keys if key not in read)


def readers_of_many(now: datetime) -> list[Reader]:
    """Who read of more than MANY people in the hour before `now`, most first. A list of suspected spam is no alarm."""
    looks = Activity.objects.filter(kind__in=(Kind.READ, Kind.CLAIMED), at__gt=now - HOUR, at__lte=now)
    looks = looks.filter(lead__is_quarantined=False)
    counted = looks.order_by().values("by").annotate(leads=Count("lead", distinct=True)).filter(leads__gt=MANY)
    leads = {row["by"]: row["leads"] for row in counted}
    users = User.objects.in_bulk(leads)
    return sorted((Reader(users[pk], count) for pk, count in leads.items()), key=lambda reader: -reader.leads)
