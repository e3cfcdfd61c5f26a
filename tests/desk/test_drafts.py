"""Nothing typed at the desk is lost: it is kept encrypted for who typed it, until they save it or a week has passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.drafts import KEPT_FOR, Draft
from intake.leads.models import Lead
from intake.management.commands import run_worker
from tests.factories import make_lead, make_user

pytestmark = pytest.mark.django_db

CANARY = "They sleep in the blue car."


def keep(lead: Lead, user, form: str = "work", **answers: str) -> None:
    acts.keep_draft(lead, by=user, form=form, answers={name: [value] for name, value in answers.items()})


def kept(lead: Lead) -> dict[str, dict[str, str]]:
    """What is kept of a lead, by form and field."""
    return {draft.form: draft.data.dict() for draft in Draft.objects.filter(lead=lead)}


# --- The row --------------------------------------------------------------------------------------------------------


def test_draft_is_encrypted_and_names_nothing():
    lead = make_lead()

    keep(lead, make_user(), note=CANARY)

    draft = Draft.objects.get()
    assert CANARY.encode() not in bytes(draft.__dict__["answers"])
    assert (str(draft), kept(lead)) == (f"Draft {draft.pk}", {"work": {"note": CANARY}})


def test_each_form_of_a_lead_has_one_draft_of_each_person():
    lead, user = make_lead(), make_user()
    keep(lead, user, note="first")
    keep(lead, user, note="second")
    keep(lead, user, form="reveal", why="They asked.")
    keep(lead, make_user(), note="another's")

    assert Draft.objects.count() == 3
    assert Draft.objects.get(user=user, form="work").data.dict() == {"note": "second"}


def test_draft_of_nothing_is_none():
    lead, user = make_lead(), make_user()
    keep(lead, user, note="A word")

    keep(lead, user, note="", at="")

    assert kept(lead) == {}


def test_erasure_takes_the_drafts_with_it_and_nothing_is_kept_or_noted_after_it():
    lead, user = make_lead(closed_by=make_user()), make_user()
    keep(lead, user, note=CANARY)

    acts.erase(lead, by=None)

    assert kept(lead) == {}
    for act in (lambda: keep(lead, user, note=CANARY), lambda: acts.add_note(lead, by=user, note=CANARY)):
        with pytest.raises(acts.NotAllowed, match="erased"):
            act()
    assert (kept(lead), lead.notes.count()) == ({}, 0)


def test_worker_forgets_a_draft_after_a_week_and_no_younger_one(monkeypatch, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path / "spool"
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    old, young = make_lead(), make_lead()
    for lead in (old, young):
        keep(lead, make_user(), note=CANARY)
    Draft.objects.filter(lead=old).update(kept_at=timezone.now() - KEPT_FOR)
    Draft.objects.filter(lead=young).update(kept_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))

    run_worker.Command().work_once()

    assert [draft.lead_id for draft in Draft.objects.all()] == [young.pk]


def test_desk_keeps_and_drops_drafts_with_its_rights(become):
    lead, user = make_lead(), make_user()
    become("desk")

    keep(lead, user, note="one")
    keep(lead, user, note="two")
    kept_then = kept(lead)
    acts.discard_draft(lead, by=user, form="work")

    assert (kept_then, kept(lead)) == ({"work": {"note": "two"}}, {})
