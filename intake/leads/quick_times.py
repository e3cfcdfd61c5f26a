"""Times for the next call that one key promises: each is safe, on the person's clock."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from intake.leads.models import Lead

NEXT_SAFE = "Next safe hour"


class QuickTime(NamedTuple):
    """`at` is aware, on the person's clock; `key` is pressed for it."""

    key: str
    words: str
    at: datetime

    @property
    def on_their_clock(self) -> str:
        """The hour for them, where it is another than ours; or ""."""
        return "" if self.at.utcoffset() == timezone.localtime(self.at).utcoffset() else date_format(self.at, "H:i T")


def quick_times(lead: Lead, now: datetime) -> list[QuickTime]:
    """In two hours, and tomorrow at the same hour; where that is not safe, the next time that is."""
    here = now.astimezone(ZoneInfo(lead.clock)).replace(second=0, microsecond=0)
    later = (now.replace(second=0, microsecond=0) + timedelta(hours=2)).astimezone(here.tzinfo)
    tomorrow = (here + timedelta(days=1)).astimezone(UTC).astimezone(here.tzinfo)  # an hour may not come tomorrow
    times = [_safe("h", "In two hours", lead, later), _safe("t", "Tomorrow, same hour", lead, tomorrow)]
    return times[1:] if times[0].at == times[1].at else times


def _safe(key: str, words: str, lead: Lead, at: datetime) -> QuickTime:
    safety = lead.safety_at(at)
    return QuickTime(key, words, at) if safety.is_safe else QuickTime(key, NEXT_SAFE, safety.changes_at)
