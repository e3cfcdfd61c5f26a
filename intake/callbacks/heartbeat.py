"""The worker's sign of life. It is a row, so that every machine sees it, and only the database's clock counts."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

ONLY_ROW = 1
LIMIT = timedelta(seconds=30)  # a worker beats after each round; one round may take a while in a flood


class Heartbeat(models.Model):
    """When a worker last finished a round. There is one row for all workers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ROW, editable=False)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="heartbeat_is_one_row", condition=models.Q(id=ONLY_ROW))]

    def __str__(self) -> str:
        return f"Heartbeat {self.beat_at:%Y-%m-%d %H:%M:%S}"


def beat() -> None:
    """Raises django.db.Error."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(beat_at=Now())], update_conflicts=True, unique_fields=["id"], update_fields=["beat_at"]
    )


def is_beating() -> bool:
    """A beat from the future is none: the database's clock was set back, and it would count for as long as that."""
    return Heartbeat.objects.filter(beat_at__gt=Now() - LIMIT, beat_at__lte=Now()).exists()
