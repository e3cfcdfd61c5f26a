"""Payers that the directory lacks: written from a card so that nobody waits, and named by a manager later."""

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import transaction

from facilities.directory.payers import Payer
from intake.insurance.models import Coverage
from intake.leads.activity import Activity
from intake.leads.acts.changes import locked, record

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Unlisted(NamedTuple):
    """A name as it was written, and the coverages that have it. Of whom they are is not told."""

    words: str
    coverages: list[Coverage]


def unlisted_payers() -> list[Unlisted]:
    """In the order of their names. The same name in other capitals is the same payer."""
    found = defaultdict(list)
    for coverage in Coverage.objects.unlisted():
        found[" ".join(coverage.payer_as_written.casefold().split())].append(coverage)
    return [Unlisted(coverages[0].payer_as_written, coverages) for _, coverages in sorted(found.items())]


@transaction.atomic
def name_payer(payer: Payer, *, of: Collection[UUID], by: "User") -> int:
    """Say which payer of the directory a written one is; how many coverages had it.

    What it answered holds: it is the same payer. One that somebody named or ended meanwhile is left alone.
    """
    found = Coverage.objects.unlisted().filter(pk__in=of).select_related("lead").order_by("lead_id", "rank")
    return sum(_name_one(coverage, payer, by=by) for coverage in found)


def _name_one(coverage: Coverage, payer: Payer, *, by: "User") -> bool:
    lead = locked(coverage.lead)
    named = Coverage.objects.unlisted().filter(pk=coverage.pk).update(payer=payer, has_unlisted_payer=False)
    if named:
        detail = {"rank": coverage.rank, "changed": ["payer"]}
        record(lead, Activity.Kind.COVERAGE, by=by, detail=detail)
    return bool(named)
