"""Who reads what people told us: each reader stands in the timeline, and who reads very many is named."""

from collections.abc import Iterable
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


def note_looks(leads: Iterable[Lead], user: User, *, at: str = "") -> None:
    """Write down that `user` reads of each of `leads`, once in ONE_LOOK: name and note, or what `at` names.

    Of who has it in hand, the claim says so; but no claim says so of a lead that was merged into the one in hand.
    """
    keys = [lead.pk for lead in leads if lead.holder != user and not lead.is_erased]
    if not keys:
        return
    detail = {"of": at} if at else {}
    lately = Activity.objects.filter(lead__in=keys, kind=Kind.READ, by=user, at__gt=timezone.now() - ONE_LOOK)
    read = {*lately.filter(detail=detail).values_list("lead", flat=True)}
    rows = [Activity(lead_id=key, kind=Kind.READ, by=user, detail=detail) for key in keys if key not in read]
    Activity.objects.bulk_create(rows)


def readers_of_many(now: datetime) -> list[Reader]:
    """Who read of more than MANY people in the hour before `now`, most first. A list of suspected spam is no alarm."""
    looks = Activity.objects.filter(kind__in=(Kind.READ, Kind.CLAIMED), at__gt=now - HOUR, at__lte=now)
    looks = looks.filter(lead__is_quarantined=False)
    counted = looks.order_by().values("by").annotate(leads=Count("lead", distinct=True)).filter(leads__gt=MANY)
    leads = {row["by"]: row["leads"] for row in counted}
    users = User.objects.in_bulk(leads)
    return sorted((Reader(users[pk], count) for pk, count in leads.items()), key=lambda reader: -reader.leads)
