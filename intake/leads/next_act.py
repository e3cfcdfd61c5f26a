"""The one next act of each open lead, and their order: what the queue is sorted by, in the database.

Each act has one list of the queue, so a lead that has an act stands in exactly one list.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from intake.callbacks.answers import Suspicion
from intake.leads import budget
from intake.leads.activity import Activity, CallOutcome
from intake.leads.calls import CALL_LASTS, DEAD_ENDS, TRIED_LATELY
from intake.leads.lists import LeadQuerySet
from intake.leads.models import Lead

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AGREED_FOR = TRIED_LATELY  # an agreed time outside the safe hours is agreed for that hour, and not for the night
SIGNS_OF_A_FLOOD = (Suspicion.CROWD, Suspicion.HASTE, Suspicion.TRAP)
SETTLED = (CallOutcome.REACHED, *DEAD_ENDS)  # no further call follows by itself


class NextAct(models.IntegerChoices):
    """In the order of the queue, each with the heading of its leads."""

    UNKNOWN = 0, "No next act. This is a fault of ours: tell whoever runs this server"
    YOURS = 1, "Yours: in hand, or an outcome is owed"
    CRISIS = 2, "Crisis words: call now, at any hour"
    FLOOD = 3, "Crisis words, and signs of a flood"
    DUE = 4, "Promised calls that are due"
    OUTCOME = 5, "Number revealed, outcome owed: ask who looked, or call"
    CALL = 6, "Safe to call now"
    RETRY = 7, "Tried lately: the number rests before the next try"
    DECIDE = 8, "Reached, number failed, or tried as often as we said: promise a call, or close"
    IN_HAND = 9, "In somebody else's hands"
    ON_THE_PHONE = 10, "Somebody may be on the phone"
    MISSED = 11, "Promised calls that we missed: call when it is safe"
    WAIT = 12, "Not safe to call yet"
    PROMISE = 13, "Promised for later"
    QUARANTINE = 14, "A person, or spam?"


def with_next_act(leads: LeadQuerySet, user: "User", now: datetime) -> LeadQuerySet:
    """The leads of `leads` that are not closed, each with its `act` as `user` sees it at `now`."""
    return leads.filter(closed_at=None).alias(owes_hand_over=_owes_hand_over()).annotate(act=_next_act(user, now))


def in_order_of_acts(leads: LeadQuerySet, now: datetime) -> LeadQuerySet:
    """`leads` come from `with_next_act`.

    Of those in crisis, who waits longest and is in nobody's hands comes first; in a flood, before that, whoever shows
    the fewest signs of it. Of promises the earliest. Of others, whose safe hours end (or, if it is not safe now,
    begin) soonest. The last key makes the order whole, so that no page shows a lead twice or leaves one out.
    """
    flags = Case(When(is_crisis=True, suspicions__overlap=SIGNS_OF_A_FLOOD, then=F("suspicions__len")))
    busy = Case(
        When(is_crisis=False, then=None),
        When(is_on_the_phone(now), then=3),
        When(is_held(now), then=2),
        When(last_call_at__gt=now - TRIED_LATELY, then=1),
        default=0,
        output_field=models.IntegerField(),
    )
    hours = Case(
        When(is_crisis=True, then=None),
        When(safe_from__lte=now, then=F("safe_until")),
        default=F("safe_from"),
        output_field=models.DateTimeField(),
    )
    return leads.order_by("act", flags, busy, F("follow_up_at").asc(nulls_last=True), hours, "received_at", "pk")


def _next_act(user: "User", now: datetime) -> Case:
    is_looked_at = Q(looked_at__isnull=False)
    is_number_held = Q(contact_point__in=Lead.objects.held_by_others(user, now).values("contact_point"))
    is_safe = Q(safe_from__lte=now, safe_until__gt=now)
    is_due = Q(follow_up_at__lte=now)
    is_as_agreed = Q(follow_up_at__gt=now - AGREED_FOR) & (Q(paused_until=None) | Q(paused_until__lte=now))
    in_danger = Case(
        When(suspicions__overlap=SIGNS_OF_A_FLOOD, then=Value(NextAct.FLOOD)), default=Value(NextAct.CRISIS)
    )
    return Case(
        When(is_quarantined=True, then=Value(NextAct.QUARANTINE)),
        When(is_held(now) & Q(claimed_by=user) | Q(looked_by=user), then=Value(NextAct.YOURS)),
        When(Q(is_crisis=True) & Q(owes_hand_over=True), then=in_danger),
        When(is_on_the_phone(now), then=Value(NextAct.ON_THE_PHONE)),
        When(is_looked_at & is_held(now), then=Value(NextAct.IN_HAND)),
        When(is_looked_at, then=Value(NextAct.OUTCOME)),
        When(follow_up_at__gt=now, then=Value(NextAct.PROMISE)),
        When((is_held(now) | is_number_held) & (is_safe | is_due), then=Value(NextAct.IN_HAND)),
        When(is_due & (is_safe | is_as_agreed), then=Value(NextAct.DUE)),
        When(is_due, then=Value(NextAct.MISSED)),
        When(Q(last_outcome__in=SETTLED) | budget.is_spent(), then=Value(NextAct.DECIDE)),
        When(is_safe & budget.rests(now), then=Value(NextAct.RETRY)),
        When(is_safe, then=Value(NextAct.CALL)),
        When(safe_from__isnull=False, then=Value(NextAct.WAIT)),
        default=Value(NextAct.UNKNOWN),
        output_field=models.IntegerField(),
    )


def _owes_hand_over() -> Coalesce:
    """By what came last of what they wrote and of hand-overs that stand, as `Lead.owes_hand_over` reads one."""
    undoings = Activity.objects.filter(lead=OuterRef("lead"), kind=Activity.Kind.UNDONE)
    undone = undoings.alias(row=KeyTextTransform("row", "detail")).filter(row=Cast(OuterRef("pk"), models.TextField()))
    counts = OuterRef(OuterRef("pk"))
    of_person = Lead.objects.filter(Q(pk=counts) | Q(merged_into=counts)).values("pk")
    rows = Activity.objects.filter(lead__in=of_person, kind__in=Lead.TOLD_OF_DANGER)
    rows = rows.filter(Q(lead=OuterRef("pk")) | Q(at__gt=F("lead__merged_at"))).exclude(Exists(undone))
    owes = Case(
        When(kind=Activity.Kind.HANDED_OVER, then=Value(value=False)),
        When(kind=Activity.Kind.MERGED, then=Cast(KeyTextTransform("owes_hand_over", "detail"), models.BooleanField())),
        default=Value(value=True),
    )
    return Coalesce(Subquery(rows.order_by("-at").values(owes=owes)[:1]), Value(value=True))


def is_held(now: datetime) -> Q:
    return Q(claimed_by__isnull=False, claim_lapses_at__gt=now)


def is_on_the_phone(now: datetime) -> Q:
    return Q(looked_at__gt=now - CALL_LASTS)
