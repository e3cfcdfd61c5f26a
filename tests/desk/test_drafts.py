"""Nothing typed at the desk is lost: it is kept encrypted for who typed it, until they save it or a week has passed."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from intake.insurance.models import Coverage
from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.drafts import KEPT_FOR, Draft
from intake.leads.models import Lead
from intake.management.commands import run_worker
from tests.factories import WHY, make_coverage, make_lead, make_payer, make_user, page_of, sign_in, zone_where_it_is

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

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


def test_what_is_typed_in_a_second_window_does_not_replace_what_the_first_one_kept(client):
    sign_in(client, user := make_user())
    lead = make_lead(claimed_by=user)
    address = f"/desk/leads/{lead.pk}/drafts/"

    def keep_in(page, words: str) -> int:
        hidden = {name: page.context["window"] if name == "window" else knew_of(page) for name in ("window", "knew")}
        return client.post(address, {"draft": "work", "note": words} | hidden).status_code

    def knew_of(page) -> str:
        of_note = page.text[page.text.rindex('name="draft" value="work"') :]
        return re.search(r'name="knew" value="([^"]*)"', of_note)[1]

    first, second = (client.get(f"/desk/leads/{lead.pk}/") for _ in range(2))
    assert keep_in(first, "one") == 204
    assert keep_in(second, "two") == 409
    assert keep_in(first, "one and more") == 204  # and goes on where it was
    assert kept(lead)["work"]["note"] == "one and more"

    loaded_again = client.get(f"/desk/leads/{lead.pk}/")
    assert keep_in(loaded_again, "one, more, and two") == 204
    assert keep_in(first, "one and something else") == 409
    assert kept(lead)["work"]["note"] == "one, more, and two"


def test_save_in_one_window_leaves_what_another_one_kept(client):
    sign_in(client, user := make_user())
    lead = make_lead(claimed_by=user)
    windows = {"first": "a1", "second": "b2"}
    client.post(f"/desk/leads/{lead.pk}/drafts/", {"draft": "work", "note": "one", "window": windows["first"]})

    client.post(f"/desk/leads/{lead.pk}/add-note/", {"draft": "work", "note": "two", "window": windows["second"]})

    assert kept(lead)["work"]["note"] == "one"
    client.post(f"/desk/leads/{lead.pk}/add-note/", {"draft": "work", "note": "one", "window": windows["first"]})
    assert kept(lead) == {}


def test_erasure_takes_the_drafts_with_it_and_nothing_is_kept_or_noted_after_it():
    lead, user = make_lead(closed_by=make_user()), make_user()
    keep(lead, user, note=CANARY)

    acts.erase(lead, by=None)

    assert kept(lead) == {}
    lead.activities.create(kind="revealed", by=user)  # while they were on the phone
    for act in (
        lambda: keep(lead, user, note=CANARY),
        lambda: acts.add_note(lead, by=user, note=CANARY),
        lambda: acts.record_call(lead, by=user, outcome="reached", note=CANARY),
        lambda: acts.stop(lead, by=user, note=CANARY),
    ):
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

    response = post(client, lead, "drafts", draft="work", note=CANARY, at="2026-12-01T10:00", reason="unreachable")
    page = client.get(page_of(lead))

    assert (response.status_code, response.content) == (204, b"")
    assert kept(lead) == {"work": {"note": CANARY, "at": "2026-12-01T10:00", "reason": "unreachable"}}
    assert shown(page)["note"] == CANARY
    assert shown(page)["at"] == "2026-12-01T10:00"
    assert '<option value="unreachable" selected>' in page.text
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
    [("release", {}), ("close", {"reason": "declined"}), ("record-call", {"outcome": "asked_to_stop"})],
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
    typed = {"note": CANARY, "at": "2026-12-01T10:00", "reason": "unreachable"}

    refused = post(client, lead, "close", draft="work", **typed)
    post(client, lead, "claim")
    page = client.get(page_of(lead))

    assert (refused.status_code, shown(refused)["note"]) == (409, CANARY)
    assert [shown(page)["note"], shown(page)["at"]] == [CANARY, "2026-12-01T10:00"]
    assert '<option value="unreachable" selected>' in page.text


def test_note_saved_without_a_claim_keeps_what_else_was_typed_in_it(client, consultant):
    lead = make_lead(claimed_by=make_user())
    keep(lead, consultant, note=CANARY, at="2026-12-01T10:00")

    sent = shown(client.get(page_of(lead)))
    post(client, lead, "add-note", **sent)

    assert (sent["at"], kept(lead)) == ("2026-12-01T10:00", {"work": {"at": "2026-12-01T10:00"}})


@pytest.mark.parametrize("name", ["add-note", "follow-up"])
def test_wrong_answer_keeps_all_that_was_typed(client, consultant, name):
    lead = make_lead(claimed_by=consultant)
    typed = {"note": " ", "at": "tomorrow", "reason": "unreachable"}

    refused = post(client, lead, name, draft="work", **typed)

    assert refused.status_code == 422
    assert kept(lead) == {"work": typed}
    assert '<option value="unreachable" selected>' in refused.text


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


def test_half_filled_hand_over_comes_back_in_its_own_fields_and_goes_when_it_is_recorded(client, consultant):
    lead = make_lead(claimed_by=consultant, is_crisis=True)
    typed = {"to": "911", "at": "2026-11-01T10:00", "agreed": CANARY}
    post(client, lead, "drafts", draft="handover", **typed)

    page = client.get(page_of(lead))
    recorded = post(client, lead, "hand-over", draft="handover", **typed)

    assert (shown(page)["agreed"], page.text.count('value="2026-11-01T10:00"')) == (CANARY, 1)
    assert re.search(r'id="hand-over-at"[^>]* value="2026-11-01T10:00"', page.text)
    assert '<option value="911" selected>' in page.text
    assert (recorded.status_code, kept(lead)) == (302, {})


def test_refused_hand_over_keeps_all_that_was_typed_and_none_of_it_gets_into_a_promise(client, consultant):
    lead = make_lead(claimed_by=consultant, is_crisis=True)
    typed = {"to": "911", "at": "2999-11-01T10:00", "agreed": CANARY}

    refused = post(client, lead, "hand-over", draft="handover", **typed)

    assert (refused.status_code, kept(lead)) == (409, {"handover": typed})
    assert (shown(refused)["agreed"], refused.text.count("2999-11-01T10:00")) == (CANARY, 1)


def test_half_corrected_rules_come_back_and_go_when_they_are_written_down(client, consultant):
    lead = make_lead(claimed_by=consultant)
    rules = {"voicemail": "yes", "text": "no", "if_other_answers": "hang_up", "time_zone": "America/Denver"}
    post(client, lead, "drafts", draft="rules", **rules)

    page = client.get(page_of(lead))
    written = post(client, lead, "correct", draft="rules", **rules)

    assert '<option value="America/Denver" selected>' in page.text
    assert '<option value="yes" selected>' in page.text
    assert (written.status_code, kept(lead)) == (302, {})


def test_rules_that_somebody_else_corrected_meanwhile_are_read_before_they_are_written_over(client, consultant):
    lead = make_lead(claimed_by=consultant)
    seen = re.search(r'name="seen" value="(\d+)"', client.get(page_of(lead)).text)[1]
    other = {"voicemail": "yes", "text": "no", "if_other_answers": "hang_up", "times": [], "time_zone": ""}
    acts.pass_on(lead, by=consultant, to=(colleague := make_user()))
    acts.correct(lead, by=colleague, **other)
    acts.pass_on(lead, by=colleague, to=consultant)

    rules = {"voicemail": "no", "text": "no", "if_other_answers": "hang_up", "time_zone": "America/Denver"}
    refused = post(client, lead, "correct", draft="rules", seen=seen, **rules)

    lead.refresh_from_db()
    assert (refused.status_code, lead.voicemail, lead.time_zone) == (409, "yes", "")
    assert '<option value="America/Denver" selected>' in refused.text


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


# --- Insurance ------------------------------------------------------------------------------------------------------

CARD = {"rank": "1", "plan_type": "ppo", "member_id": "XEA900000017", "subscriber_relation": "self"}


def insurance(lead: Lead, rest: str = "") -> str:
    return f"{page_of(lead)}insurance/{rest}"


def draft_name(response) -> str:
    return re.search(r'name="draft" value="([\w-]+)"', response.text)[1]


def test_half_filled_coverage_comes_back_and_goes_when_it_is_recorded(client, consultant):
    lead, payer = make_lead(), make_payer()
    name = draft_name(client.get(insurance(lead, "add/")))
    post(client, lead, "drafts", draft=name, **CARD | {"subscriber_born_on": "1980-03-27", "payer": payer.pk})

    page = client.get(insurance(lead, "add/"))
    sent = shown(page) | CARD | {"payer": payer.pk}
    recorded = client.post(insurance(lead, "add/"), sent)

    assert (shown(page)["member_id"], shown(page)["subscriber_born_on"]) == (CARD["member_id"], "1980-03-27")
    assert f'<option value="{payer.pk}" selected>' in page.text
    assert (recorded.status_code, kept(lead)) == (302, {})


def test_half_filled_verification_comes_back_and_goes_when_it_is_recorded(client, consultant):
    coverage = make_coverage()
    lead, address = coverage.lead, insurance(coverage.lead, f"{coverage.pk}/verify/")
    name = draft_name(client.get(address))
    answers = {"source": "card", "status": "active", "deductible": "1,500", "in_network": "yes", "note": CANARY}
    post(client, lead, "drafts", draft=name, verified_at="2026-11-20T10:00", **answers)

    page = client.get(address)
    recorded = client.post(address, shown(page) | answers | {"prior_authorization": "no"})

    fields = shown(page)
    assert [fields[key] for key in ("deductible", "note", "verified_at")] == ["1,500", CANARY, "2026-11-20T10:00"]
    assert recorded.status_code == 302, recorded.context["form"].errors
    assert (kept(lead), str(coverage.verifications.get().deductible)) == ({}, "1500.00")


def test_refused_verification_is_kept(client, consultant):
    coverage = make_coverage()
    address = insurance(coverage.lead, f"{coverage.pk}/verify/")
    name = draft_name(client.get(address))

    refused = client.post(address, {"draft": name, "source": "phone", "note": CANARY})

    assert (refused.status_code, shown(client.get(address))["note"]) == (422, CANARY)


def test_draft_of_one_coverage_is_not_offered_for_another(client, consultant):
    one = make_coverage()
    other = make_coverage(lead=one.lead, rank=2)
    name = draft_name(client.get(insurance(one.lead, f"{one.pk}/verify/")))

    post(client, one.lead, "drafts", draft=name, note=CANARY)

    assert CANARY not in client.get(insurance(one.lead, f"{other.pk}/verify/")).text
    assert CANARY not in client.get(insurance(one.lead, f"{one.pk}/")).text


def test_payer_that_was_deleted_while_in_use_loses_nothing(client, consultant):
    lead, payer = make_lead(), make_payer()
    name = draft_name(client.get(insurance(lead, "add/")))
    gone = payer.pk
    payer.delete()

    refused = client.post(insurance(lead, "add/"), CARD | {"draft": name, "payer": gone})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["payer"])
    assert shown(client.get(insurance(lead, "add/")))["member_id"] == CARD["member_id"]


@pytest.mark.parametrize("end", ["", "verify/"])
def test_coverage_that_ended_while_typing_still_shows_what_was_typed(client, consultant, end):
    coverage = make_coverage()
    address = insurance(coverage.lead, f"{coverage.pk}/{end}")
    name = draft_name(client.get(address))
    coverage.end(by=make_user())

    refused = client.post(address, CARD | {"draft": name, "note": CANARY, "subscriber_name": CANARY})
    listed, page = client.get(refused["Location"]), client.get(address)

    assert (refused["Location"], f'href="{address}"' in listed.text) == (insurance(coverage.lead), True)
    assert CANARY in shown(page).values()
    assert '<button type="submit" class="main">' not in page.text


def test_nothing_of_insurance_is_recorded_for_an_erased_person(client, consultant):
    coverage = make_coverage()
    lead = coverage.lead
    acts.claim(lead, by=consultant)
    acts.close(lead, by=consultant, reason=Lead.CloseReason.DECLINED, note=WHY)
    acts.erase(lead, by=None)
    answers = {"source": "card", "status": "active", "in_network": "yes", "prior_authorization": "no"}
    answers |= {"verified_at": "2026-11-20T10:00", "note": CANARY}

    responses = [
        client.post(insurance(lead, "add/"), CARD | {"rank": "2", "payer": make_payer().pk}),
        client.post(insurance(lead, f"{coverage.pk}/"), CARD | {"payer": coverage.payer_id, "plan_type": "hmo"}),
        client.post(insurance(lead, f"{coverage.pk}/verify/"), answers),
    ]

    assert [response.status_code for response in responses] == [409] * 3
    assert all("This person was erased" in response.text for response in responses)
    assert shown(responses[2])["note"] == CANARY
    assert [each.member_id for each in lead.coverages.all()] == [""]


# --- Two at once ----------------------------------------------------------------------------------------------------


def tomorrow() -> str:
    return (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def test_follow_up_made_from_an_older_page_is_refused_with_what_changed(client, consultant):
    lead = make_lead(claimed_by=consultant)
    page = shown(client.get(page_of(lead)))
    acts.add_note(lead, by=make_user(first_name="Robin"), note="Not on Tuesdays.")
    answers = {**page, "at": tomorrow(), "note": CANARY}

    refused = post(client, lead, "follow-up", **answers)
    lead.refresh_from_db()
    promised_then = lead.follow_up_at
    again = post(client, lead, "follow-up", **shown(refused))

    assert (refused.status_code, promised_then) == (409, None)
    [changed] = refused.context["changed"]
    assert (changed.kind, changed.note.body, changed.by.first_name) == ("noted", "Not on Tuesdays.", "Robin")
    assert refused.text.count("Not on Tuesdays.") == 2  # what changed, and the timeline
    assert (shown(refused)["note"], shown(refused)["at"]) == (CANARY, answers["at"])
    assert (again.status_code, kept(lead)) == (302, {})


@pytest.mark.parametrize("by_whom", ["themselves", "nobody who matters"])
def test_own_acts_and_mere_looks_make_no_page_old(client, consultant, by_whom):
    lead = make_lead(claimed_by=consultant)
    page = shown(client.get(page_of(lead)))
    if by_whom == "themselves":
        acts.add_note(lead, by=consultant, note="A note")
    else:
        Activity.objects.create(lead=lead, kind=Activity.Kind.CARD_SEEN, by=make_user())

    assert post(client, lead, "follow-up", **page | {"at": tomorrow(), "note": WHY}).status_code == 302


def test_note_needs_no_new_page(client, consultant):
    lead = make_lead(claimed_by=consultant)
    page = shown(client.get(page_of(lead)))
    acts.add_note(lead, by=make_user(), note="Theirs")

    post(client, lead, "add-note", **page | {"note": "Ours"})

    assert {note.body for note in lead.notes.all()} == {"Theirs", "Ours"}


@pytest.mark.parametrize("end", ["", "verify/"])
def test_second_of_two_who_record_insurance_at_once_sees_what_the_first_did(client, consultant, end):
    coverage = make_coverage()
    lead, address = coverage.lead, insurance(coverage.lead, f"{coverage.pk}/{end}")
    page = shown(client.get(address))
    Coverage.objects.get().record(by=make_user(first_name="Robin"), changed=["plan_type"])
    answers = CARD | {"payer": coverage.payer_id, "source": "card", "status": "active", "subscriber_name": CANARY}
    answers |= {"in_network": "yes", "prior_authorization": "no", "verified_at": "2026-11-20T10:00", "note": CANARY}

    refused = client.post(address, page | answers)
    again = client.post(address, shown(refused) | answers)

    assert refused.status_code == 409
    assert [(row.kind, row.by.first_name) for row in refused.context["changed"]] == [("coverage", "Robin")]
    assert CANARY in shown(refused).values()
    assert (again.status_code, kept(lead)) == (302, {})
