"""A payer that could not be reached three times within ten minutes is left alone for ten. The rows of checks say so."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from facilities.directory.payers import Payer
from intake.insurance.checks import Check

FAILURES = 3
WITHIN = timedelta(minutes=10)
PAUSE = timedelta(minutes=10)
AT_ONCE = 2  # of one payer


def paused_since(payer: Payer | None, now: datetime | None = None) -> datetime | None:
    """When the pause began that holds now; None where there is none."""
    now = now or timezone.now()
    lately = now - WITHIN - PAUSE
    rows = Check.objects.filter(Q(ended_at=None) | Q(ended_at__gte=lately), coverage__payer=payer)
    times = sorted(at for failed in rows.values_list("failures", flat=True) for at in failed if lately < at <= now)
    for first, last in zip(times, times[FAILURES - 1 :], strict=False):
        if last - first <= WITHIN and now < last + PAUSE:
            return last
    return None


def is_free(payer: Payer | None) -> bool:
    """Whether one more may be asked of this payer now."""
    asked = Check.objects.asked().filter(coverage__payer=payer).count()
    return asked < AT_ONCE and paused_since(payer) is None
