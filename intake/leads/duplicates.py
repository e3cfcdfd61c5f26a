"""Which other leads may be the same person's: shown, and never in anybody's way.

They are compared by look-up tokens alone: nothing is decrypted, and what a lead does not show to a user it does not
show here either. One number may belong to a family, so who was told apart is not proposed again.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.calls import standing
from intake.leads.lists import SHOW_CLOSED_FOR
from intake.leads.models import Lead
from intake.leads.tokens import THAT_COUNTS, LookupToken

SHOWN = 10
MOST_COMPARED = 500  # leads: a switchboard has one number for very many
SAME_NUMBER, SAME_PERSON = "same number", "same name and birth year"
SAME_NAME, OTHER_NAME = "same name", "another name"
Kind = LookupToken.Kind


class Way(NamedTuple):
    """One way to merge two leads: which of them counts then."""

    kept: Lead
    keeps_other: bool
    asked_first: bool


class Duplicate(NamedTuple):
    """A lead that counts, why it may be the same person's, and the ways to merge it with the one that is looked at."""

    lead: Lead
    why: str
    ways: list[Way]
    has_key: bool  # the first, unless its name is another one: one key must not merge a mother with her son


def duplicates_of(lead: Lead, timeline: Iterable[Activity]) -> list[Duplicate]:
    """At most SHOWN: open ones, and for an open lead those that were closed lately too.

    Those with the same name come first and those with another one last: one number may be a family's. Else the newest.

    `timeline` is that of the lead, and says who was told apart.
    """
    if lead.is_erased or lead.is_quarantined or lead.is_stopped or lead.merged_into_id:
        return []
    own = [lead.pk, *(each.pk for each in lead.merged_leads.all())]
    why = defaultdict(list)
    for pk in _with_same_number(own):
        why[pk].append(SAME_NUMBER)
    for pk in _with_same_name_and_year(own):
        why[pk].append(SAME_PERSON)
    apart = {row.detail["other"] for row in standing(list(timeline)) if row.kind == Activity.Kind.APART}
    found = [each for each in _that_count(lead, why) if not apart & _keys(each)] if why else []
    if not found:
        return []
    names = _names([*own, *(each.pk for each in found)])
    ours = set().union(*(names[pk] for pk in own))
    proposed = [_duplicate(lead, each, why[each.pk], ours, names[each.pk]) for each in found]
    proposed.sort(key=lambda each: (OTHER_NAME in each.why, SAME_NAME not in each.why))
    return [each._replace(has_key=not at and OTHER_NAME not in each.why) for at, each in enumerate(proposed[:SHOWN])]


def _duplicate(lead: Lead, other: Lead, why: list[str], ours: set[bytes], theirs: set[bytes]) -> Duplicate:
    has_same_name = ours <= theirs or theirs <= ours
    if ours and theirs and SAME_PERSON not in why:
        why = [*why, SAME_NAME if has_same_name else OTHER_NAME]
    return Duplicate(other, ", ".join(why), _ways(lead, other), has_key=False)


def _names(keys: list[uuid.UUID]) -> dict[uuid.UUID, set[bytes]]:
    """The tokens of the words of each lead's name."""
    found = {key: set() for key in keys}
    words = LookupToken.objects.filter(kind=Kind.NAME_WORD, lead__in=keys)
    for key, token in words.values_list("lead", "token"):
        found[key].add(bytes(token))
    return found


def _ways(lead: Lead, other: Lead) -> list[Way]:
    """Who asked first comes first: then nobody waits for longer. What is closed counts for nobody."""
    first, second = sorted((lead, other), key=lambda each: each.received_at)
    return [
        Way(each, keeps_other=each == other, asked_first=each == first)
        for each in (first, second)
        if not each.is_closed
    ]


def _that_count(lead: Lead, among: Collection[uuid.UUID]) -> QuerySet[Lead]:
    """Those that can be merged with the lead: one of two must be open."""
    is_current = Q(closed_at=None) if lead.is_closed else Q(closed_at=None) | Q(closed_at__gt=_lately())
    never = (Lead.CloseReason.ASKED_TO_STOP, Lead.CloseReason.WITHDRAWN)
    found = Lead.objects.filter(is_current, pk__in=among, is_quarantined=False).exclude(pk=lead.pk)
    found = found.exclude(phone=b"").exclude(close_reason__in=never)
    return found.select_related("claimed_by").with_calls().order_by("-received_at", "pk")


def _keys(lead: Lead) -> set[str]:
    return {str(each.pk) for each in (lead, *lead.merged_leads.all())}


def _lately() -> datetime:
    return timezone.now() - SHOW_CLOSED_FOR


def _of_others(kind: LookupToken.Kind, own: list[uuid.UUID]) -> QuerySet[LookupToken]:
    """The tokens of a kind that are the same as of these leads, of other leads that may count still."""
    is_current = Q(lead__closed_at=None) | Q(lead__closed_at__gt=_lately()) | Q(lead__merged_into__isnull=False)
    tokens = LookupToken.objects.filter(kind=kind)
    same = tokens.filter(lead__in=own).values("token")
    return tokens.filter(is_current, token__in=same).exclude(lead__in=own)


def _with_same_number(own: list[uuid.UUID]) -> set[uuid.UUID]:
    alike = _of_others(Kind.PHONE, own)
    return set(alike.values_list(THAT_COUNTS, flat=True)[:MOST_COMPARED])


def _with_same_name_and_year(own: list[uuid.UUID]) -> set[uuid.UUID]:
    """Whose birth year is the same, and whose name has all words of the other name: "Sam", and "Sam Rivera"."""
    alike = list(_of_others(Kind.PERSON, own).values_list("lead", flat=True)[:MOST_COMPARED])
    names, that_counts = defaultdict(set), {}
    words = (
        LookupToken.objects.filter(kind=Kind.PERSON, lead__in=[*own, *alike]) if alike else LookupToken.objects.none()
    )
    for pk, counts, token in words.values_list("lead", THAT_COUNTS, "token"):
        names[pk].add(bytes(token))
        that_counts[pk] = counts
    our_names = [names.pop(pk) for pk in own if pk in names]
    return {that_counts[pk] for pk, name in names.items() if any(name <= our or our <= name for our in our_names)}
