"""What was tried with a lead: looks at the number, and what came of the calls."""

from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from django.utils import timezone

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity, CallOutcome

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from intake.leads.one_person import OnePerson

CALL_KINDS = (Activity.Kind.REVEALED, Activity.Kind.CALLED, Activity.Kind.CHANGED, Activity.Kind.UNDONE)
CALL_LASTS = timedelta(minutes=60)  # from the look at the number
TRIED_LATELY = timedelta(hours=1)
TALKS = {CallOutcome.REACHED, CallOutcome.OTHER_ANSWERED}
DEAD_ENDS = {CallOutcome.LINE_DEAD, CallOutcome.WRONG_NUMBER}
Public = CallbackMessage.PublicStatus


def standing(rows: list[Activity]) -> list[Activity]:
    """Those that nobody has undone, without the undoing itself."""
    undone = {row.detail["row"] for row in rows if row.kind == Activity.Kind.UNDONE}
    return [row for row in rows if row.kind != Activity.Kind.UNDONE and str(row.pk) not in undone]


class Calls:
    """The rows of CALL_KINDS of one lead and of those merged into it, newest first."""

    def __init__(self, rows: list[Activity], lead: "OnePerson") -> None:
        rows = standing(rows)
        self._lead = lead
        self.rows = [row for row in rows if row.kind != Activity.Kind.CHANGED]
        at_its_point = [row for row in rows if row.lead.contact_point_id == lead.contact_point_id]
        self._of_this_number = list(takewhile(lambda row: "phone" not in row.detail.get("changed", ()), at_its_point))

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def tries(self) -> int:
        return sum(row.is_try for row in self.rows)

    @property
    def last(self) -> Activity | None:
        """The last call of the number that holds now."""
        return next((row for row in self._of_this_number if row.is_call), None)

    @property
    def pending_look(self) -> Activity | None:
        """The last look at the number, if nobody has said what came of it."""
        return self._unsettled(self.rows)

    @property
    def is_going_on(self) -> bool:
        """Whether somebody looked at the number lately and may be on the phone. It ends after CALL_LASTS."""
        return self.pending_look is not None and self.pending_look.at > timezone.now() - CALL_LASTS

    @property
    def has_talk(self) -> bool:
        """Whether somebody ever spoke at either end: the person, or who answered for them."""
        return any(row.outcome in TALKS for row in self.rows)

    @property
    def is_dead_end(self) -> bool:
        """Whether the last call found a dead line or somebody else's number."""
        return self.last is not None and self.last.outcome in DEAD_ENDS

    def owes_outcome(self, user: "User") -> bool:
        """Whether the last that `user` did with the number was to look at it."""
        return self._unsettled([row for row in self.rows if row.by_id == user.pk]) is not None

    @property
    def public_status(self) -> CallbackMessage.PublicStatus:
        """What the last call lets the receipt say."""
        if self.last is None:
            return Public.RECEIVED
        if self.is_dead_end:
            return Public.NUMBER_FAILED
        return Public.SPOKE if self.last.outcome == CallOutcome.REACHED else Public.TRIED

    def _unsettled(self, rows: list[Activity]) -> Activity | None:
        """The newest look of `rows` after which none of them tells of a call or of another look."""
        ours = [row for row in rows if not row.is_from_them]
        looks = (row for row in ours if row.kind == Activity.Kind.REVEALED)
        return next((look for look in looks if not any(self._settles(row, look) for row in ours)), None)

    def _settles(self, row: Activity, look: Activity) -> bool:
        """A look over a lead that was merged is settled there, or here since the merge."""
        merged_at = look.lead.merged_at if look.lead_id != self._lead.pk else None
        is_here_since = merged_at is not None and row.lead_id == self._lead.pk and row.at > merged_at
        return row.at > look.at and (row.lead_id == look.lead_id or is_here_since)
