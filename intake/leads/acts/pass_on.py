"""Passing on: a number goes from one pair of hands into another, without a moment in nobody's."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.acts.claim import CLAIM_LASTS, has_room
from intake.leads.models import Lead

NOBODY_HAS_IT = "Nobody has this lead in hand any more. It can be claimed."
NOT_YOURS = "A colleague has this lead in hand. They can pass it on, or a lead consultant or a manager can."
OF_STAFF = "django.contrib.auth.backends.ModelBackend"


def who_can_take() -> QuerySet[User]:
    return User.objects.with_perm("intake.work_lead", backend=OF_STAFF).order_by("first_name", "last_name", "username")


@transaction.atomic
def pass_on(lead: Lead, *, by: User, to: User, note: str = "") -> None:
    """Put this lead, and all others of its number that its holder has, into the hands of `to`. Raises NotAllowed.

    Whoever has it in hand may do so, and whoever may take over, also into their own hands.
    """
    User.objects.select_for_update(no_key=True).get(pk=to.pk)  # as for a claim
    lead = locked(lead)
    holder = lead.holder
    _check(holder, by=by, to=to)
    now = timezone.now()
    for each in lead.contact_point.leads.held(now).filter(claimed_by=holder).select_for_update().order_by("pk"):
        each.claimed_by, each.claimed_at, each.claim_lapses_at = to, now, now + CLAIM_LASTS
        each.save(update_fields=["claimed_by", "claimed_at", "claim_lapses_at"])
        names = {"from": holder.get_username(), "to": to.get_username()}
        record(each, Activity.Kind.PASSED_ON, by=by, note=note if each == lead else "", detail=names)
        tell_visitor(each)
    if not has_room(to):
        raise NotAllowed(f"{to.get_full_name() or to} has too many people in hand already. Choose somebody else.")


def _check(holder: User | None, *, by: User, to: User) -> None:
    if holder is None:
        raise NotAllowed(NOBODY_HAS_IT)
    if holder != by and not by.has_perm("intake.take_over_lead"):
        raise NotAllowed(NOT_YOURS)
    if holder == to:
        raise NotAllowed("They have this lead in hand already. Choose somebody else.")
