"""Calls that were made in spite of what spoke against them: how many, and why."""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from intake.leads.activity import Activity, Doubt

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


class Overridden(NamedTuple):
    """How often `reason` was overridden in the last week and in the last 30 days."""

    reason: str
    week: int
    month: int


def overrides(now: datetime) -> QuerySet[Activity]:
    """The looks of the last 30 days that somebody had to give a reason for, newest first."""
    rows = Activity.objects.filter(kind=Activity.Kind.REVEALED, detail__has_key="in_spite_of")
    return rows.filter(at__gt=now - MONTH, at__lte=now).order_by("-at")


def count_overrides(now: datetime) -> list[Overridden]:
    """One row for each thing that can speak against a call, also where it never happened. One look may count in two."""
    week, month = Counter(), Counter()
    for at, doubts in overrides(now).values_list("at", "detail__in_spite_of"):
        month.update(doubts)
        week.update(doubts if at > now - WEEK else ())
    return [Overridden(doubt.label, week[doubt], month[doubt]) for doubt in Doubt]
