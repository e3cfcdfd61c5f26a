"""Correcting how to call, after the person was asked about it on the phone."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.acts.changes import OF_CALLS, check_unchanged, locked, record
from intake.leads.acts.claim import check_held
from intake.leads.derived import keep_windows
from intake.leads.models import Lead


@transaction.atomic
def correct(lead: Lead, *, by: User, seen: int | None = None, **rules: Any) -> None:
    """`rules` are all that hold from now on, by the names of the fields. That nothing changed is written down too.

    What leads say that were merged into this one holds no more.
    Only if no more than the `seen` things were done by others. Raises NotAllowed.
    """
    lead = locked(lead)
    check_held(lead, by)
    check_unchanged(lead, seen, by=by, kinds=OF_CALLS)
    held = {name: getattr(lead, name) for name in rules} | lead.manner._asdict()
    changed = sorted(name for name, value in rules.items() if held[name] != value)
    for name, value in rules.items():
        setattr(lead, name, value)
    lead.save(update_fields=rules.keys())
    lead.merged_leads.filter(answers_hold=True).update(answers_hold=False)
    record(lead, Activity.Kind.CORRECTED, by=by, detail={"changed": changed})
    keep_windows(Lead.objects.filter(pk=lead.pk), timezone.now())
