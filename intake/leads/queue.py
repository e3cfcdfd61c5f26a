"""The queue: who waits, how long, and what is next, in lists that are counted whole and read a page at a time."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils import timezone

from intake.leads.derived import keep_windows
from intake.leads.lists import LeadQuerySet
from intake.leads.models import Lead
from intake.leads.next_act import NextAct, in_order_of_acts, is_held, is_on_the_phone, with_next_act

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ON_A_PAGE = 50
TO_CALL = (NextAct.CRISIS, NextAct.FLOOD, NextAct.DUE, NextAct.CALL)
FLOOD_FROM = 11  # crisis words with signs of a flood: so many get a list of their own, or nobody else is found
TABS = {"now": "●", "flood": "!!", "later": "◔", "snoozed": "○", "quarantine": "◆", "closed": "■"}
ACTS_OF = {
    "later": (NextAct.MISSED, NextAct.WAIT),
    "snoozed": (NextAct.PROMISE,),
    "quarantine": (NextAct.QUARANTINE,),
}


class Tab(NamedTuple):
    """`count` is None where nobody needs it and it would cost."""

    name: str
    shape: str
    count: int | None


class Part(NamedTuple):
    """The leads of a list that have the same next act, over all pages."""

    heading: str
    count: int


class Queue:
    """The leads that are not closed, as `user` sees them at `now`. One query counts them all, one reads a page."""

    def __init__(self, leads: LeadQuerySet, user: "User", now: datetime) -> None:
        self._leads, self._now = leads, now
        self._open = with_next_act(leads, user, now)
        counted = (
            self._open.order_by()
            .values("act")
            .annotate(
                leads=Count("pk"),
                crisis=Count("pk", filter=Q(is_crisis=True)),
                overdue=Count("pk", filter=Q(follow_up_at__lte=now - Lead.PUNCTUAL_FOR)),
            )
        )
        self._counts: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._counts.update({row["act"]: defaultdict(int, row) for row in counted})

    @property
    def open_count(self) -> int:
        return self._sum(NextAct)

    @property
    def waiting_count(self) -> int:
        """Those for whom something is to be done before a time that was promised."""
        return self.open_count - self._sum((*ACTS_OF["snoozed"], *ACTS_OF["quarantine"]))

    @property
    def overdue_count(self) -> int:
        return self._sum({*NextAct} - {*ACTS_OF["quarantine"]}, "overdue")

    @property
    def to_call_count(self) -> int:
        """Whom somebody can call at this moment."""
        return self._sum(TO_CALL)

    def next_to_call(self, *, after: str) -> Lead | None:
        """Who comes first of those in the hands of this user or of nobody, but for the lead with the key `after`.

        Who may be in danger comes before what one has in hand already.
        """
        rows = self._open.filter(act__in=(NextAct.YOURS, *TO_CALL)).exclude(pk__in=_keys(after))
        free = rows.filter(Q(act=NextAct.YOURS) | Q(claimed_by=None) | Q(claim_lapses_at__lte=self._now))
        in_order = in_order_of_acts(free, self._now)
        return in_order.filter(act=NextAct.CRISIS).first() or in_order.first()

    @property
    def crisis_count(self) -> int:
        """Without signs of a flood, or in this user's hands."""
        return self._sum({*NextAct} - {NextAct.FLOOD, NextAct.PROMISE}, "crisis")

    @property
    def mine_count(self) -> int:
        return self._sum((NextAct.YOURS,))

    @property
    def flood_count(self) -> int:
        return self._sum((NextAct.FLOOD,))

    @property
    def is_flood(self) -> bool:
        return self.flood_count >= FLOOD_FROM

    @property
    def without_act_count(self) -> int:
        """Open leads that fell out of the queue: 0, or there is a fault."""
        return self._sum((NextAct.UNKNOWN,))

    @property
    def tabs(self) -> list[Tab]:
        shown = [name for name in TABS if name != "flood" or self.is_flood]
        return [Tab(name, TABS[name], None if name == "closed" else self._sum(self._acts(name))) for name in shown]

    @property
    def later_count(self) -> int:
        return self._sum(ACTS_OF["later"])

    def has(self, tab: str | None) -> bool:
        return tab in [each.name for each in self.tabs]

    def page(self, tab: str, number: str | None) -> Page:
        """Of the rows of a tab, those of one page, each with the `part` it belongs to."""
        if tab == "closed":
            return Paginator(
                self._leads.recently_closed().select_related("closed_by", "merged_into").with_calls(), ON_A_PAGE
            ).get_page(number)
        acts = self._acts(tab)
        rows = in_order_of_acts(self._open.filter(act__in=acts), self._now)
        rows = rows.select_related("claimed_by").with_calls().with_return()
        pages = Paginator(rows, ON_A_PAGE)
        pages.count = self._sum(acts)  # counted already
        page = pages.get_page(number)
        page.object_list = list(page.object_list)
        for lead in page.object_list:
            lead.part = Part(NextAct(lead.act).label, self._sum((lead.act,)))
        return page

    def _acts(self, tab: str) -> Collection[int]:
        if tab == "flood":
            return (NextAct.FLOOD,)
        if tab in ACTS_OF:
            return ACTS_OF[tab]
        elsewhere = {act for acts in ACTS_OF.values() for act in acts} | ({NextAct.FLOOD} if self.is_flood else set())
        return {*NextAct} - elsewhere

    def _sum(self, acts: Collection[int], of: str = "leads") -> int:
        return sum(self._counts[act][of] for act in acts)


def untaken_crises(leads: LeadQuerySet, user: "User") -> LeadQuerySet:
    """Who may be in danger, without signs of a flood, and is in nobody's hands."""
    now = timezone.now()
    in_danger = with_next_act(leads.filter(is_crisis=True), user, now).filter(act=NextAct.CRISIS)
    return in_danger.exclude(is_held(now)).exclude(is_on_the_phone(now))


def queue_of(leads: LeadQuerySet, user: "User") -> Queue:
    """The queue of this moment, after windows that are over have been found anew."""
    now = timezone.now()
    keep_windows(Lead.objects.all(), now)
    return Queue(leads, user, now)


def _keys(text: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text)]
    except ValueError:
        return []
