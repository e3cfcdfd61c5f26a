"""The lists of leads: who waits, whom somebody holds, what is closed, and what is read with them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.calls import CALL_KINDS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHOW_CLOSED_FOR = timedelta(days=7)
KEEP_DISCARDED_FOR = timedelta(days=30)


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "LeadQuerySet":
        return self if user.has_perm("intake.view_lead") else self.none()

    def open(self) -> "LeadQuerySet":
        return self.filter(closed_at=None, is_quarantined=False)

    def quarantined(self) -> "LeadQuerySet":
        return self.filter(closed_at=None, is_quarantined=True)

    def discarded(self) -> "LeadQuerySet":
        """Those that somebody took for spam, newest first; each can be brought back until the person is erased."""
        spam = self.filter(is_quarantined=True, close_reason=self.model.CloseReason.SPAM)
        return spam.exclude(phone=b"").order_by("-closed_at", "pk")

    def recently_closed(self) -> "LeadQuerySet":
        return self.filter(closed_at__gt=timezone.now() - SHOW_CLOSED_FOR).order_by("-closed_at", "pk")

    def claimable_by(self, user: "User", now: datetime) -> "LeadQuerySet":
        """Those whose number nobody else has in hand, over whichever lead."""
        return self.open().exclude(
            contact_point__in=self.model.objects.held_by_others(user, now).values("contact_point")
        )

    def held(self, now: datetime) -> "LeadQuerySet":
        return self.filter(closed_at=None, claimed_by__isnull=False, claim_lapses_at__gt=now)

    def held_by_others(self, user: "User", now: datetime) -> "LeadQuerySet":
        return self.held(now).exclude(claimed_by=user)

    def lapsed(self) -> "LeadQuerySet":
        return self.filter(claim_lapses_at__lte=timezone.now())

    def with_calls(self) -> "LeadQuerySet":
        """With the leads merged into each, and the looks at the number and the calls of all, for `Lead.calls`."""
        merged = models.Prefetch("merged_leads", self.model.objects.prefetch_related(_calls()))
        return self.prefetch_related(_calls(), merged)

    def with_return(self) -> "LeadQuerySet":
        """Each with `is_returning`: whether this number asked us before, in a lead that is closed.

        One that was merged into another is closed with that one.
        """
        before = self.model.objects.filter(
            Q(merged_into=None) | Q(merged_into__closed_at__isnull=False),
            contact_point=OuterRef("contact_point"),
            closed_at__isnull=False,
            is_quarantined=False,
        )
        return self.annotate(is_returning=Exists(before.exclude(pk=OuterRef("pk"))))


def _calls() -> models.Prefetch:
    calls = Activity.objects.filter(kind__in=CALL_KINDS).select_related("by")
    return models.Prefetch("activities", calls, to_attr="call_rows")
