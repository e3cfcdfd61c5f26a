"""Merging: two leads are one person's, and one of them counts from then on. And taking that back."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from intake.callbacks.crisis import means_danger
from intake.leads.activity import Activity
from intake.leads.acts.changes import OF_CALLS, NotAllowed, check_unchanged, locked_together, record, tell_visitor
from intake.leads.acts.claim import free
from intake.leads.calls import standing
from intake.leads.derived import keep_windows
from intake.leads.models import Lead
from intake.leads.next_act import SIGNS_OF_A_FLOOD

Kind = Activity.Kind
CLAIM = ("claimed_by", "claimed_at", "claim_lapses_at")
CARRIED = {"follow_up_at": min, "paused_until": max}  # which of two holds: the earlier promise, the longer pause

SAME = "This is the same lead. Choose another one."
ALREADY = "{} was merged into {} already."
ERASED = "The person of {} was erased. There is nothing to merge."
STOPPED = "Over {} the person asked not to be contacted. It stays as it is."
UNDECIDED = "{} is in quarantine. First somebody decides whether it is a person."
CLOSED = "{} is closed, so nobody would call any more. Keep the other one, or open this one again first."
FLOOD = "{} has crisis words and no signs of a flood. Keep it, so that it stays on top."
HELD = "A colleague has {} in hand. Ask them, or wait until they give it back."

NOT_MERGED = "{} counts by itself. There is no merge to undo."
CAME_WITH = "{} was merged into {}, and came here with it. Undo that merge first."
LATER = "{} was merged later. Undo that merge first."
OVER = "{} is closed. Open it again first. After a stop, a merge stays."
NUMBER_STOPPED = "Somebody at the number of {} asked not to be contacted. Only a new request opens it again."
MOVED = "Over {} the person has changed their name or number since. It stands on this lead now, so the merge stays."


@transaction.atomic
def merge(lead: Lead, *, other: Lead, by: User, keeps_other: bool = False, seen: int | None = None) -> None:
    """`other` goes into `lead`, or the other way round: it is closed, and what it owed is owed by the one that counts.

    It needs no claim. Raises NotAllowed, also if others did more than the `seen` things to `lead` and what is merged
    into it.
    """
    leads = locked_together(lead, other)
    lead, other = leads[lead.pk], leads[other.pk]
    kept, gone = (other, lead) if keeps_other else (lead, other)
    if refusal := _refusal(kept, gone, by):
        raise NotAllowed(refusal)
    check_unchanged(lead, seen, by=by, kinds=OF_CALLS)
    now = timezone.now()
    came = [each for each in leads.values() if each.merged_into_id == gone.pk]
    told = _take_over(kept, gone, by) | {"with": [str(each.pk) for each in came]}
    Lead.objects.filter(pk__in=[each.pk for each in came]).update(merged_into=kept)
    closed = {} if gone.is_closed else {"closed_at": now, "closed_by": by, "close_reason": Lead.CloseReason.MERGED}
    free(gone, merged_into=kept, merged_at=now, answers_hold=True, **closed)
    record(gone, Kind.MERGED, by=by, at=now, detail={"into": str(kept.pk), "reference": kept.reference})
    record(kept, Kind.MERGED, by=by, at=now, detail={"from": str(gone.pk), "reference": gone.reference, **told})
    keep_windows(Lead.objects.filter(pk=kept.pk), now)
    tell_visitor(kept)


@transaction.atomic
def unmerge(lead: Lead, *, by: User) -> None:
    """Let a merged lead count by itself again, as it was and with what it owed. Raises NotAllowed.

    What was done since stays with the lead that it was merged into, and so does a promise that was made there since.
    """
    lead = locked_together(lead)[lead.pk]
    if refusal := why_merged_for_good(lead, by):
        raise NotAllowed(refusal)
    row = _merge_of(lead, merges_into(lead.merged_into))
    _let_go(lead, row, by=by)


@transaction.atomic
def part_from_strangers(lead: Lead) -> None:
    """Before the person of this lead's receipt decides for good: they do so for what is theirs.

    A merge is somebody's word. Number and name bear it out, or else the two count by themselves again: nobody must be
    erased, stopped or moved to another number over a receipt that is not theirs.
    """
    lead = locked_together(lead)[lead.pk]
    kept = lead.that_counts
    strangers = [each for each in kept.with_merged if not lead.is_like(each)]
    apart = {str(each.pk) for each in ([lead] if kept in strangers else strangers)}
    rows = [row for row in merges_into(kept) if {row.detail["from"], *row.detail["with"]} & apart]
    for row in rows:
        _let_go(Lead.objects.select_related("merged_into").get(pk=row.detail["from"]), row, by=None)
    if rows:  # what had come along with one of these is merged into it again
        part_from_strangers(lead)


def _let_go(lead: Lead, row: Activity, *, by: User | None) -> None:
    """Of a merge that `row` tells of; the leads are locked. It is closed if what it was merged into is closed."""
    kept = lead.merged_into
    reason = kept.close_reason if kept.is_closed else ""
    closed = {"close_reason": reason} if reason else {"closed_at": None, "closed_by": None, "close_reason": ""}
    free(lead, merged_into=None, merged_at=None, answers_hold=True, **(closed if lead.is_merged_open else {}))
    _give_back(kept, lead, row.detail)
    if by and row.by == by:
        _give_claim_back(kept, lead, row.detail, by)
    Lead.objects.filter(pk__in=row.detail["with"]).update(merged_into=lead)
    for each in (lead, kept):
        undo_of_two(each, row, by=by)
    keep_windows(Lead.objects.filter(pk__in=[lead.pk, kept.pk]), timezone.now())
    for each in (lead, kept):
        tell_visitor(each)


def last_merged(lead: Lead) -> Lead | None:
    """Of a lead into which others were merged, the last of these; a merged one itself."""
    if lead.merged_into or not lead.merged_leads.all():
        return lead if lead.merged_into else None
    return Lead.objects.select_related("merged_into").get(pk=merges_into(lead)[0].detail["from"])


def merges_into(lead: Lead) -> list[Activity]:
    """The merges that stand, newest first."""
    return [row for row in _that_stand(lead.activities) if "from" in row.detail]


def _that_stand(timeline: QuerySet[Activity]) -> list[Activity]:
    return standing(list(timeline.filter(kind__in=(Kind.MERGED, Kind.UNDONE))))


def merged_lead(row: Activity) -> Lead:
    """Which of the two was merged, of a merge in the timeline of either."""
    return Lead.objects.get(pk=row.detail["from"]) if "from" in row.detail else row.lead


def undo_of_two(lead: Lead, row: Activity, *, by: User | None) -> None:
    """Write that what was done to two leads at once, as `row` of one of them tells, does not count for `lead`."""
    [own] = lead.activities.filter(kind=row.kind, at=row.at)
    record(lead, Kind.UNDONE, by=by, detail={"row": str(own.pk), "kind": row.kind})


def promise_left(lead: Lead, now: datetime) -> datetime | None:
    """The next promise behind the one that is settled now. Of two, a merge holds the earlier; the other one stays."""
    behind = [row.detail.get("was", {}).get("follow_up_at") for row in _that_stand(lead.timeline)]
    promises = [datetime.fromisoformat(at) for at in behind if at]
    promises += [each.follow_up_at for each in lead.merged_leads.all() if each.follow_up_at]
    return min((at for at in promises if at > now), default=None)


def _refusal(kept: Lead, gone: Lead, by: User) -> str:
    """Why these two are not merged, in a sentence, or ""."""
    if kept == gone:
        return SAME
    if refusal := _refusal_of_one(kept) or _refusal_of_one(gone):
        return refusal
    if kept.is_closed:
        return CLOSED.format(kept)
    if _is_lost_in_a_flood(kept, gone):
        return FLOOD.format(gone)
    return _held(kept, gone, by)


def _refusal_of_one(lead: Lead) -> str:
    if lead.merged_into:
        return ALREADY.format(lead, lead.merged_into)
    if lead.is_erased:
        return ERASED.format(lead)
    if lead.is_stopped:
        return STOPPED.format(lead)
    return UNDECIDED.format(lead) if lead.is_quarantined else ""


def _is_lost_in_a_flood(kept: Lead, gone: Lead) -> bool:
    has_signs, had_signs = (bool({*lead.suspicions} & {*SIGNS_OF_A_FLOOD}) for lead in (kept, gone))
    return gone.is_crisis and not gone.is_closed and has_signs and not had_signs


def _held(kept: Lead, gone: Lead, by: User) -> str:
    points = [kept.contact_point_id, gone.contact_point_id]
    held = Lead.objects.held_by_others(by, timezone.now()).filter(contact_point__in=points).first()
    return HELD.format(held) if held else ""


def _take_over(kept: Lead, gone: Lead, by: User) -> dict[str, Any]:
    """Let `kept` owe what `gone` owes; returns what must be known to undo that, for the timeline.

    Times and marks only: the answers stay where they are, and are read from both leads.
    """
    told: dict[str, Any] = {"owes_hand_over": kept.owes_hand_over or gone.owes_hand_over, "was": {}}
    for name, which in CARRIED.items():
        own, theirs = getattr(kept, name), getattr(gone, name)
        if theirs and (own is None or which(own, theirs) != own):
            told["was"][name] = own.isoformat() if own else None
            setattr(kept, name, theirs)
    if gone.is_crisis and not kept.is_crisis:
        told["brought_crisis"] = kept.is_crisis = True
    if gone.holder == by:
        told["held_since"], told["held_until"] = gone.claimed_at.isoformat(), gone.claim_lapses_at.isoformat()
    if gone.holder == by and kept.holder != by:
        told["brought_claim"] = True
        _pass_claim(gone, kept)
        record(kept, Kind.CLAIMED, by=by)
    kept.save(update_fields=[*CARRIED, "is_crisis", *CLAIM])
    return told


def why_merged_for_good(lead: Lead, by: User) -> str:
    """Why the merge of `lead` cannot be undone, in a sentence, or ""."""
    kept = lead.merged_into
    if kept is None:
        return NOT_MERGED.format(lead)
    merges = merges_into(kept)
    row = _merge_of(lead, merges)
    if row is None:
        return CAME_WITH.format(lead, _merged_first(lead))
    if row != merges[0]:
        return LATER.format(merges[0].detail["reference"])
    if lead.is_erased or kept.is_erased:
        return ERASED.format(lead)
    if kept.is_closed:
        return OVER.format(kept)
    if lead.is_merged_open and lead.contact_point.is_stopped:
        return NUMBER_STOPPED.format(lead)
    if kept.activities.filter(kind=Kind.CHANGED, at__gt=row.at, detail__on=lead.reference).exists():
        return MOVED.format(lead)
    return _held(kept, lead, by)


def _merge_of(lead: Lead, merges: list[Activity]) -> Activity | None:
    """Which of these tells of this lead; none if it came with another one."""
    return next((row for row in merges if row.detail["from"] == str(lead.pk)), None)


def _merged_first(lead: Lead) -> str:
    """The reference of the lead that a merged one went into by itself."""
    return next(row.detail["reference"] for row in _that_stand(lead.activities) if row.says_into)


def _give_back(kept: Lead, lead: Lead, told: dict[str, Any]) -> None:
    """Of what `kept` took over, that which nobody has settled or changed since."""
    for name, was in told["was"].items():
        if getattr(kept, name) == getattr(lead, name):
            setattr(kept, name, datetime.fromisoformat(was) if was else None)
    if told.get("brought_crisis"):
        others = kept.merged_leads.exclude(pk__in=[lead.pk, *told["with"]])
        kept.is_crisis = means_danger(kept.name, kept.note) or others.filter(is_crisis=True).exists()
    kept.save(update_fields=[*CARRIED, "is_crisis"])


def _give_claim_back(kept: Lead, lead: Lead, told: dict[str, Any], by: User) -> None:
    """To who had the lead in hand when they merged it."""
    if told.get("brought_claim") and kept.holder == by:
        _pass_claim(kept, lead)
        kept.save(update_fields=CLAIM)
    elif "held_until" in told and not told.get("brought_claim"):
        lead.claimed_by = by
        lead.claimed_at = datetime.fromisoformat(told["held_since"])
        lead.claim_lapses_at = datetime.fromisoformat(told["held_until"])
    lead.save(update_fields=CLAIM)


def _pass_claim(giver: Lead, taker: Lead) -> None:
    """Not saved yet."""
    for name in CLAIM:
        setattr(taker, name, getattr(giver, name))
        setattr(giver, name, None)
