"""What speaks against calling a number at this moment. Whoever calls all the same says why, in words."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.timesince import timesince

from intake.callbacks.tries import TRIES
from intake.leads.activity import Activity, CallOutcome, Doubt
from intake.leads.calls import CALL_KINDS, CALL_LASTS, TRIED_LATELY, standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from intake.leads.models import Lead

LETTERS = re.compile(r"[^\W\d_]+")
FEWEST_WORDS, FEWEST_LETTERS = 2, 6
TOO_SHORT = "Say why in a few words, so that a colleague understands it next month."
UNSAFE = "It is not a safe time to call. Say why you must call now, or wait."
DEAD_END = "The last call found a dead line or a wrong number. Say why you call it again."
SPENT = f"We said that we would try {TRIES} times, and we have. Say why you call again, or close the lead."


class Said(NamedTuple):
    """A doubt, and the sentence that tells the consultant of it."""

    doubt: Doubt
    sentence: str


def doubts_about(lead: "Lead", by: "User") -> list[Said]:
    """In the order in which they weigh. Neither hours nor budget hold anybody back from who may be in danger."""
    now = timezone.now()
    found = [] if lead.is_crisis or lead.safety_at(now).is_safe else [Said(Doubt.HOURS, UNSAFE)]
    if lead.calls.is_dead_end:
        found.append(Said(Doubt.DEAD_END, DEAD_END))
    if rung := just_rung(lead, by, now):
        found.append(Said(Doubt.JUST_CALLED, f"{rung} Say why you call too, or wait."))
    return found if lead.is_crisis else found + _doubts_of_budget(lead, now)


def just_rung(lead: "Lead", by: "User", now: datetime) -> str:
    """What somebody other than `by` has just done with this number, over whichever lead, in a sentence; or ""."""
    since = now - max(TRIED_LATELY, CALL_LASTS)
    of_number = Activity.objects.filter(lead__contact_point=lead.contact_point_id, kind__in=CALL_KINDS)
    rows = standing(list(of_number.filter(at__gt=since).select_related("by", "lead")))
    last = next((row for row in rows if row.kind != Activity.Kind.CHANGED and not row.is_from_them), None)
    if last is None or last.by is None or last.by == by or last.outcome == CallOutcome.NOT_CALLED:
        return ""
    who = last.by.get_full_name() or last.by.get_username()
    over = "" if last.lead_id == lead.pk else f", over {last.lead.reference}"
    ago = "just now" if now - last.at < timedelta(minutes=1) else f"{timesince(last.at, now)} ago"
    if last.kind == Activity.Kind.REVEALED:
        return f"{who} revealed this number {ago}{over}, and may be on the phone."
    return f"{who} rang this number {ago}{over}: {last.get_outcome_display().lower()}."


def is_in_words(why: str) -> bool:
    """Whether somebody else could learn a reason from it: "x" is none."""
    words = LETTERS.findall(why)
    return len(words) >= FEWEST_WORDS and sum(map(len, words)) >= FEWEST_LETTERS


def _doubts_of_budget(lead: "Lead", now: datetime) -> list[Said]:
    budget = lead.contact_point.budget
    if budget.is_spent:
        return [Said(Doubt.SPENT, SPENT)]
    if until := budget.rests_until(now):
        rests = f"This number rests until {timezone.localtime(until):%a %H:%M}, so that we do not press anybody."
        return [Said(Doubt.COOL_DOWN, f"{rests} Say why it cannot wait, or wait.")]
    return []
