"""How long people wait for a call, as measured lately: one number for everybody to read, and nobody's data."""

import time
from datetime import timedelta

from django.db import Error, models
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext

ONLY_ROW = 1
HOLDS = timedelta(hours=6)  # a number that nobody has measured since says nothing
ASK_EVERY = 60  # seconds


class MeasuredWait(models.Model):
    """Within how many minutes most people were called lately. There is one row; it is empty when too few were."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ROW, editable=False)
    minutes = models.PositiveSmallIntegerField(null=True)
    measured_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="measured_wait_is_one_row", condition=models.Q(id=ONLY_ROW))]

    def __str__(self) -> str:
        return f"Measured wait {self.measured_at:%Y-%m-%d %H:%M}"


def publish_wait(minutes: int | None) -> None:
    """Raises django.db.Error."""
    row = MeasuredWait(minutes=minutes, measured_at=timezone.now())
    fields = ["minutes", "measured_at"]
    MeasuredWait.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=fields)


class _LastRead:
    """What was read last, so that a form costs no query for it."""

    minutes: int | None = None
    again_at = 0.0  # on the monotonic clock


def usual_wait() -> int | None:
    """In minutes; None if it is not known. Asked once a minute, and without an error when the database is away."""
    if time.monotonic() >= _LastRead.again_at:
        _LastRead.again_at = time.monotonic() + ASK_EVERY
        try:
            row = MeasuredWait.objects.filter(measured_at__gt=timezone.now() - HOLDS).first()
        except Error:
            row = None
        _LastRead.minutes = row.minutes if row else None
    return _LastRead.minutes


def forget_wait() -> None:
    _LastRead.again_at = 0.0


def wait_in_words(minutes: int | None) -> str:
    """One sentence, or "" for what is not known."""
    if minutes is None:
        return ""
    if minutes <= 90:
        return gettext("Most people are called within {minutes} minutes.").format(minutes=minutes)
    return gettext("Most people are called within {hours} hours.").format(hours=localize(minutes / 60))
