"""Leads that are one person's: one of them counts, and the others were merged into it.

A merged lead keeps all that is its own: answers, timeline, receipts, what it owed. So what is shown of the one that
counts is read from all of them, and a merge can be taken back by letting go of one row.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pgtrigger
from django.db.models import Q, QuerySet

from intake.callbacks.calling_hours import Window
from intake.leads.activity import Activity
from intake.leads.calls import CALL_KINDS, Calls, standing
from intake.leads.contact_rules import Hours, Manner, safe_window, safest
from intake.privacy.lookup import name_words

if TYPE_CHECKING:
    from intake.leads.models import Lead

Kind = Activity.Kind
SAID_HOW = (Kind.SENT_AGAIN, Kind.CHANGED, Kind.CORRECTED)
# No chain and no circle: what leads are merged into is merged into nothing.
THAT_COUNTS_IS_NOT_MERGED = """
PERFORM 1 FROM intake_lead WHERE id = NEW.merged_into_id AND id <> NEW.id AND merged_into_id IS NULL FOR SHARE;
IF NOT FOUND OR EXISTS (SELECT FROM intake_lead WHERE merged_into_id = NEW.id) THEN
    RAISE EXCEPTION 'a lead that counts for others is merged into none' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class OnePerson:
    """The part of a lead that knows which others are the same person's."""

    @property
    def that_counts(self) -> "Lead":
        """The lead that is called, closed and counted: this one, unless it was merged into another."""
        return self.merged_into or self

    @property
    def is_merged_open(self) -> bool:
        """Whether it was open when it was merged; one that was closed keeps the reason of that."""
        return self.close_reason == type(self).CloseReason.MERGED

    def is_like(self, other: "Lead") -> bool:
        """Whether number or name says that both are one person's. Decrypts the names."""
        own, theirs = {*name_words(self.name)}, {*name_words(other.name)}
        has_same_name = bool(own and theirs) and (own <= theirs or theirs <= own)
        return has_same_name or self.contact_point_id == other.contact_point_id

    @property
    def with_merged(self) -> QuerySet["Lead"]:
        """This lead, and those that were merged into it. Of a merged one, it alone."""
        return type(self).objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk))

    @property
    def timeline(self) -> QuerySet[Activity]:
        """What was done to this lead and to those merged into it, newest first."""
        return Activity.objects.filter(lead__in=self.with_merged.values("pk"))

    @property
    def calls(self) -> Calls:
        """Their looks and calls: those that `with_calls` read, or else as they are at this moment."""
        if not hasattr(self, "call_rows"):
            rows = self.timeline.filter(kind__in=CALL_KINDS).select_related("by", "lead")
            return Calls(list(rows), self)
        rows = [*self.call_rows, *(row for each in self.merged_leads.all() for row in each.call_rows)]
        return Calls(sorted(rows, key=lambda row: row.at, reverse=True), self)

    @property
    def _whose_answers_hold(self) -> list["Lead"]:
        """This lead, and those merged into it since the person was last asked how to call."""
        if self._state.adding:  # nothing was merged into it yet, and many are made at once
            return [self]
        return [self, *(each for each in self.merged_leads.all() if each.answers_hold)]

    @property
    def manner(self) -> Manner:
        """What may be left, sent and said: of several leads, the safest that was answered."""
        return safest(each.own_manner for each in self._whose_answers_hold)

    @property
    def answers_differ(self) -> bool:
        """Whether several hold, and are not the same."""
        own = (self.own_manner, self.hours)
        return any((each.own_manner, each.hours) != own for each in self._whose_answers_hold)

    @property
    def own_manner(self) -> Manner:
        """As this lead says it."""
        return Manner(self.voicemail, self.text, self.if_other_answers)

    @property
    def hours(self) -> Hours:
        """When a call suits, as this lead says it."""
        return Hours(self.times, self.time_zone, self.zones_of_number)

    def whose_hours_hold(self, moment: datetime) -> list["Lead"]:
        """All whose answers hold, so that a call suits each; where no hour does, the one that was answered last."""
        asked = self._whose_answers_hold
        if safe_window([each.hours for each in asked], moment):
            return asked
        return [max(asked, key=lambda each: each.said_how_at)]

    def window_at(self, moment: datetime) -> Window:
        """The safe hours of that moment, or else the next ones, as `safe_from` and `safe_until` keep them."""
        hours = [each.hours for each in self.whose_hours_hold(moment)]
        start, end = safe_window(hours, moment, self.paused_until)
        clock = ZoneInfo(self.clock)
        return start.astimezone(clock), end.astimezone(clock)

    @property
    def said_how_at(self) -> datetime:
        """When the person last said how and when to call."""
        last = self.activities.filter(kind__in=SAID_HOW).first()
        return last.at if last else self.received_at

    @property
    def owes_hand_over(self) -> bool:
        """Whether they may be in danger, and nobody has recorded a hand-over since they last wrote.

        What a merged lead tells counts from the merge on.
        """
        if not self.is_crisis:
            return False
        told = self.timeline.filter(kind__in=(*type(self).TOLD_OF_DANGER, Kind.UNDONE))
        rows = standing(list(told.select_related("lead")))
        own = (row for row in rows if row.lead_id == self.pk or row.at > row.lead.merged_at)
        last = next(own, None)
        return last is None or last.owes_hand_over


def one_lead_counts() -> pgtrigger.Trigger:
    """For the lead."""
    return pgtrigger.Trigger(
        name="one_lead_counts",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func=THAT_COUNTS_IS_NOT_MERGED,
    )
