"""The queue: who waits, how long, and whether a call is safe now."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from intake.leads.models import Lead

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LIMIT = 500  # open leads that are sorted; a desk with more people waiting has another trouble than paging
ON_A_PAGE = 50
TABS = ("now", "later", "snoozed", "quarantine", "closed")


@dataclass
class Queue:
    """The open leads, sorted into tabs: safe to call now, safe later, promised for later, and suspected spam."""

    now: list[Lead]
    later: list[Lead]
    snoozed: list[Lead]
    quarantine_count: int
    leads: QuerySet[Lead]

    @property
    def overdue_count(self) -> int:
        return sum(lead.is_overdue for lead in self.now + self.later)

    @property
    def crisis_count(self) -> int:
        return sum(lead.is_crisis for lead in self.now)

    @property
    def waiting_count(self) -> int:
        return len(self.now) + len(self.later)

    @property
    def tabs(self) -> list[tuple[str, str, int | None]]:
        """The name of each tab, its shape, and how many it holds, if that is known without reading them."""
        counts = (len(self.now), len(self.later), len(self.snoozed), self.quarantine_count, None)
        return list(zip(TABS, "●◔○◆■", counts, strict=True))

    def page(self, tab: str, number: str | None) -> Page:
        """The rows of a tab, in parts, so that none is too long to read and none is cut."""
        return Paginator(self.rows(tab), ON_A_PAGE).get_page(number)

    def rows(self, tab: str) -> list[Lead] | QuerySet[Lead]:
        if tab == "quarantine":
            return self.leads.quarantined().order_by("received_at").with_calls()
        if tab == "closed":
            return self.leads.recently_closed().select_related("closed_by").with_calls()
        return getattr(self, tab)


def queue_of(leads: QuerySet[Lead], user: "User") -> Queue:
    """One query for the open leads, one for their calls, one count.

    Who may be in danger comes first, whatever the hour: a consultant decides. Then, so that nobody is called twice:
    free, tried within the hour, held by another, perhaps on the phone.
    """
    waiting = list(leads.open().in_queue_order().select_related("claimed_by").with_calls()[:LIMIT])
    awake = [lead for lead in waiting if not lead.is_snoozed]

    def rank(lead: Lead) -> tuple[bool, bool, bool, bool]:
        is_anothers = lead.holder not in (None, user)
        return (
            not lead.is_crisis,
            lead.calls.is_going_on and lead.holder != user,
            is_anothers,
            lead.calls.was_tried_lately,
        )

    free_first = sorted(awake, key=rank)
    return Queue(
        now=[lead for lead in free_first if lead.is_crisis or lead.safety.is_safe],
        later=sorted(
            (lead for lead in free_first if not lead.is_crisis and not lead.safety.is_safe),
            key=lambda lead: (rank(lead), lead.safety.changes_at),
        ),
        snoozed=[lead for lead in waiting if lead.is_snoozed],
        quarantine_count=leads.quarantined().count(),
        leads=leads,
    )
