"""Nothing typed at the desk is lost: it is kept encrypted for who typed it, until they save it or a week has passed."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.drafts import KEPT_FOR, Draft
from intake.leads.models import Lead
from intake.management.commands import run_worker
from tests.factories import make_lead, make_user, page_of, sign_in, zone_where_it_is

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


# --- While one types ------------------------------------------------------------------------------------------------


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


def post(client, lead: Lead, name: str, **answers):
    return client.post(f"{page_of(lead)}{name}/", answers)


def shown(response) -> dict[str, str]:
    """What stands in the fields of a page that take typing, by name."""
    text = response.text
    found = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?([^<]*)</textarea>', text))
    found |= dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', text))
    return {unescape(name): unescape(value) for name, value in found.items() if value}


def test_what_is_typed_is_kept_for_who_typed_it_and_comes_back_in_its_fields(client, consultant):
    lead = make_lead(claimed_by=consultant)

    response = post(client, lead, "drafts", draft="work", note=CANARY, at="2026-12-01T10:00", reason="no_bed")
    page = client.get(page_of(lead))

    assert (response.status_code, response.content) == (204, b"")
    assert kept(lead) == {"work": {"note": CANARY, "at": "2026-12-01T10:00", "reason": "no_bed"}}
    assert shown(page)["note"] == CANARY
    assert shown(page)["at"] == "2026-12-01T10:00"
    assert '<option value="no_bed" selected>' in page.text
    assert page.context["drafts"]["work"] == Draft.objects.get()
    assert f"{timezone.localtime(Draft.objects.get().kept_at):%H:%M}" == response["Kept-At"]


def test_draft_is_shown_to_nobody_else(client, consultant):
    lead = make_lead()
    keep(lead, make_user(), note=CANARY)

    page = client.get(page_of(lead))

    assert (CANARY in page.text, page.context["drafts"]) == (False, {})


def test_draft_is_not_kept_for_who_may_not_see_the_lead(client):
    lead = make_lead()
    sign_in(client, make_user("editor"))

    response = post(client, lead, "drafts", draft="work", note=CANARY)

    assert (response.status_code, kept(lead)) in ((302, {}), (403, {}))


@pytest.mark.parametrize("sent", [{"note": "x" * 30_000}, {"draft": "x" * 61}, {"draft": "../x"}, {"draft": ""}])
def test_draft_that_is_too_long_or_of_no_form_is_refused(client, consultant, sent):
    lead = make_lead()

    response = post(client, lead, "drafts", **{"draft": "work", "note": "A word", **sent})

    assert (response.status_code, kept(lead)) == (413, {})


def test_draft_of_an_erased_person_is_refused_for_good(client, consultant):
    lead = make_lead(closed_by=make_user())
    acts.erase(lead, by=None)

    response = post(client, lead, "drafts", draft="work", note=CANARY)

    assert (response.status_code, kept(lead)) == (410, {})


def test_draft_is_discarded_by_a_button(client, consultant):
    lead = make_lead(claimed_by=consultant)
    keep(lead, consultant, note=CANARY)
    form = re.search(r'<form[^>]* id="discard-work"[^>]* action="([^"]+)"', client.get(page_of(lead)).text)

    response = client.post(form[1], {"draft": "work"})

    assert (response["Location"], kept(lead)) == (page_of(lead), {})
    assert CANARY not in client.get(page_of(lead)).text


# --- Saving ---------------------------------------------------------------------------------------------------------


def test_saved_note_drops_its_draft_and_what_else_was_typed_stays(client, consultant):
    lead = make_lead(claimed_by=consultant)
    keep(lead, consultant, note=CANARY, at="2026-12-01T10:00")

    post(client, lead, "add-note", draft="work", note=CANARY, at="2026-12-01T10:00", reason="")

    assert kept(lead) == {"work": {"at": "2026-12-01T10:00", "reason": ""}}
    assert lead.notes.get().body == CANARY
    assert shown(client.get(page_of(lead))).get("note") is None


@pytest.mark.parametrize(
    ("name", "answers"),
    [("release", {}), ("close", {"reason": "no_bed"}), ("record-call", {"outcome": "asked_to_stop"})],
)
def test_act_that_ends_the_work_leaves_no_draft(client, consultant, name, answers):
    lead = make_lead(claimed_by=consultant)
    keep(lead, consultant, note=CANARY)

    response = post(client, lead, name, draft="work", note=CANARY, at="2026-12-01T10:00", **answers)

    assert (response.status_code, kept(lead)) == (302, {})


def test_claim_leaves_the_draft_as_it_is(client, consultant):
    lead = make_lead()
    keep(lead, consultant, note=CANARY)

    post(client, lead, "claim")

    assert shown(client.get(page_of(lead)))["note"] == CANARY


def test_claim_that_lapsed_while_typing_loses_nothing(client, consultant):
    lead = make_lead(claimed_by=consultant, claim_lapses_at=timezone.now())
    typed = {"note": CANARY, "at": "2026-12-01T10:00", "reason": "no_bed"}

    refused = post(client, lead, "close", draft="work", **typed)
    post(client, lead, "claim")
    page = client.get(page_of(lead))

    assert (refused.status_code, shown(refused)["note"]) == (409, CANARY)
    assert [shown(page)["note"], shown(page)["at"]] == [CANARY, "2026-12-01T10:00"]
    assert '<option value="no_bed" selected>' in page.text


def test_note_saved_without_a_claim_keeps_what_else_was_typed_in_it(client, consultant):
    lead = make_lead(claimed_by=make_user())
    keep(lead, consultant, note=CANARY, at="2026-12-01T10:00")

    sent = shown(client.get(page_of(lead)))
    post(client, lead, "add-note", **sent)

    assert (sent["at"], kept(lead)) == ("2026-12-01T10:00", {"work": {"at": "2026-12-01T10:00"}})


@pytest.mark.parametrize("name", ["add-note", "follow-up"])
def test_wrong_answer_keeps_all_that_was_typed(client, consultant, name):
    lead = make_lead(claimed_by=consultant)
    typed = {"note": " ", "at": "tomorrow", "reason": "no_bed"}

    refused = post(client, lead, name, draft="work", **typed)

    assert refused.status_code == 422
    assert kept(lead) == {"work": typed}
    assert '<option value="no_bed" selected>' in refused.text


def test_lead_erased_while_open_shows_what_was_typed_and_keeps_nothing(client, consultant):
    lead = make_lead(closed_by=make_user())
    acts.erase(lead, by=None)

    refused = post(client, lead, "add-note", draft="work", note=CANARY)

    assert (refused.status_code, kept(lead), lead.notes.count()) == (409, {}, 0)
    assert (shown(refused)["note"], "This person was erased" in refused.text) == (CANARY, True)


def test_reason_of_a_refused_reveal_is_kept_until_the_number_is_shown(client, consultant):
    lead = make_lead(claimed_by=consultant, claim_lapses_at=timezone.now(), time_zone=zone_where_it_is(2))
    post(client, lead, "reveal", draft="reveal", why="She asked for it.")
    kept_then = kept(lead)
    post(client, lead, "claim")

    page = client.get(page_of(lead))
    post(client, lead, "reveal", draft="reveal", why="She asked for it.")

    assert (kept_then, shown(page)["why"]) == ({"reveal": {"why": "She asked for it."}}, "She asked for it.")
    assert kept(lead) == {}


@pytest.mark.parametrize("name", ["add-note", "close", "reveal", "claim"])
def test_who_signs_in_again_after_an_act_lands_on_the_lead(client, consultant, name):
    lead = make_lead()
    client.logout()
    sent = post(client, lead, name, note=CANARY)
    while "/accounts/login/" not in sent["Location"]:
        sent = client.get(sent["Location"])
    came_from = parse_qs(urlsplit(sent["Location"]).query)["next"][0]

    sign_in(client, make_user())

    assert client.get(came_from)["Location"] == page_of(lead)
