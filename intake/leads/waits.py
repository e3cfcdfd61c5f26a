"""Measures how long people wait for the first call, so that the form can say it."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil, inf

from django.db.models import Min, Q
from django.db.models.functions import Least
from django.utils import timezone

from facilities.directory.models import PhoneLine
from intake.callbacks.waits import publish_wait
from intake.leads.activity import Activity
from intake.leads.models import Lead

EVERY = 600  # seconds
LATELY = timedelta(days=14)
LONGEST = timedelta(hours=3)  # longer waits are no number to promise by, and whoever asked since may still be called
FEWEST, MOST = 20, 500  # people: fewer say little, and the newest 500 say enough
SHARE = 0.75  # of them were called within the time that we name: "most people"
CALLED = Q(activities__kind=Activity.Kind.CALLED)
CALLED_OVER_MERGED = Q(merged_leads__activities__kind=Activity.Kind.CALLED)
_next = 0.0


def measure_wait_when_due(now: float | None = None) -> None:
    """`now` is in monotonic seconds. Raises django.db.Error."""
    global _next
    now = time.monotonic() if now is None else now
    if now >= _next:
        _next = now + EVERY
        publish_wait(measured_wait(timezone.now()))


def measured_wait(now: datetime) -> int | None:
    """The minutes within which most people were called, rounded up; None for too few people or too long a wait.

    Counted are those who asked while somebody answers and while a call was safe by their own rules: for others the
    wait is the night's. Who was not called at all waited for ever.
    """
    lines = list(PhoneLine.objects.live().prefetch_related("hours"))
    asked = (
        Lead.objects.filter(received_at__gt=now - LATELY, received_at__lt=now - LONGEST)
        .filter(is_quarantined=False, paused_until=None, number_zones__isnull=False, merged_into=None)
        .exclude(close_reason__in=(Lead.CloseReason.SPAM, Lead.CloseReason.DUPLICATE))
        .annotate(
            first_call=Least(
                Min("activities__at", filter=CALLED), Min("merged_leads__activities__at", filter=CALLED_OVER_MERGED)
            )
        )
        .exclude(first_call=None, close_reason__in=Lead.BY_THE_PERSON)  # they took it back before we came to it
        .order_by("-received_at")
        .only("received_at", "times", "time_zone", "number_zones", "paused_until")
        .prefetch_related("merged_leads")[:MOST]
    )
    return in_round_minutes(
        (lead.first_call - lead.received_at).total_seconds() / 60 if lead.first_call else inf
        for lead in asked
        if lead.safety_at(lead.received_at).is_safe and any(line.opening_at(lead.received_at).is_open for line in lines)
    )


def in_round_minutes(waits: Iterable[float]) -> int | None:
    """Of waits in minutes, the one that SHARE of them stay within, up to the next 5, or 15 beyond an hour."""
    waits = sorted(waits)
    if len(waits) < FEWEST:
        return None
    within = max(waits[ceil(len(waits) * SHARE) - 1], 1)
    if within > LONGEST.total_seconds() / 60:
        return None
    step = 5 if within <= 60 else 15
    return ceil(within / step) * step
