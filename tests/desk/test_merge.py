"""Merging at the desk: proposed beside the lead, done and undone there, and found again whatever somebody says."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake.callbacks.inbox import open_messages
from intake.leads import acts
from intake.leads.duplicates import SAME_NUMBER
from intake.leads.forms import NO_OTHER, NONE_NAMED, SEVERAL
from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, tokens_of
from tests.factories import (
    PHONE,
    WHY,
    make_call,
    make_coverage,
    make_lead,
    make_message,
    make_user,
    page_of,
    send_request,
    sign_in,
)

pytestmark = pytest.mark.django_db
QUEUE = "/desk/queue/"


@pytest.fixture
def consultant(client):
    user = make_user(first_name="Casey")
    sign_in(client, user)
    return user


def lead_of(**fields) -> Lead:
    lead = make_lead(**{"phone": PHONE, **fields})
    tokens = tokens_of(lead, reference=lead.reference, phone=lead.phone, name=lead.name)
    LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
    return lead


def fresh(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def act(client, lead: Lead, name: str, **values):
    return client.post(reverse(f"desk:{name}", args=[lead.pk]), values)


def search(client, text: str):
    return client.post(reverse("desk:search"), {"query": text})


def count_queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# --- Proposed -------------------------------------------------------------------------------------------------------


def test_lead_page_proposes_who_may_be_the_same_and_gives_no_name_away(client, consultant):
    lead, other = lead_of(name="Sam"), lead_of(name="Quirina", note="Zebras at noon")

    page = client.get(page_of(lead))

    assert [each.lead for each in page.context["duplicates"]] == [other]
    assert SAME_NUMBER in page.text
    assert page_of(other) in page.text
    assert "Quirina" not in page.text
    assert "Zebras" not in page.text


def test_who_has_another_name_comes_last_and_no_key_merges_them(client, consultant):
    lead, son, mother = lead_of(name="Ned Park"), lead_of(name="Ned"), lead_of(name="Mom Park")

    page = client.get(page_of(lead))
    alone = client.get(page_of(mother))

    assert [(each.lead, each.has_key) for each in page.context["duplicates"]] == [(son, True), (mother, False)]
    assert [each.has_key for each in alone.context["duplicates"]] == [False, False]
    assert ['aria-keyshortcuts="m"' in each.text for each in (page, alone)] == [True, False]


def test_proposal_stands_in_nobodys_way(client, consultant):
    lead, _ = lead_of(), lead_of()

    act(client, lead, "claim")
    make_call(lead, by=consultant)

    assert fresh(lead).last_outcome == "no_answer"


@pytest.mark.parametrize("fields", [{"is_quarantined": True}, {"close_reason": "asked_to_stop"}])
def test_page_of_a_lead_that_cannot_be_merged_proposes_nothing(client, consultant, fields):
    closed = {"closed_by": consultant} if "close_reason" in fields else {}
    lead, _ = lead_of(**fields, **closed), lead_of()

    assert reverse("desk:merge", args=[lead.pk]) not in client.get(page_of(lead)).text


# --- By whom --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "is_allowed"), [("consultant", True), ("lead", True), ("manager", False), ("", False)]
)
@pytest.mark.parametrize("name", ["merge", "tell_apart", "unmerge"])
def test_whoever_works_leads_merges_them_and_nobody_else_does(client, role, is_allowed, name):
    lead, other = lead_of(), lead_of()
    if name == "unmerge":
        acts.merge(other, other=lead, by=make_user())
    rows = lead.activities.count()
    sign_in(client, make_user(role, is_staff=bool(role)))

    response = act(client, lead, name, other=other.pk)

    assert (response.status_code == 302 and "login" not in response["Location"]) == is_allowed
    assert (lead.activities.count() > rows) == is_allowed


def test_manager_sees_the_proposal_without_a_button(client):
    sign_in(client, make_user("manager"))
    lead, other = lead_of(), lead_of()

    page = client.get(page_of(lead))

    assert page_of(other) in page.text
    assert reverse("desk:merge", args=[lead.pk]) not in page.text


# --- Done and undone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keeps_other", [False, True])
def test_merge_leads_to_the_lead_that_counts_with_its_undo(client, consultant, keeps_other):
    lead, other = lead_of(), lead_of()
    kept, gone = (other, lead) if keeps_other else (lead, other)

    response = act(client, lead, "merge", other=other.pk, **({"keeps_other": "on"} if keeps_other else {}))
    page = client.get(response["Location"])
    undone = client.post(reverse("desk:undo", args=[lead.pk]))

    assert urlsplit(response["Location"]).path == page_of(kept)
    assert page.text.count(reverse("desk:undo", args=[lead.pk])) >= 1
    assert page_of(gone) in page.text
    assert undone.status_code == 302
    assert (fresh(gone).merged_into, fresh(gone).is_closed) == (None, False)


def test_page_of_a_merged_lead_leads_to_the_one_that_counts_and_offers_no_call(client, consultant):
    kept, gone = lead_of(), lead_of()
    acts.merge(kept, other=gone, by=consultant)

    page = client.get(page_of(gone))

    assert page_of(kept) in page.text
    assert f"Merged into {kept}" in page.text
    for name in ("claim", "reveal", "reopen", "close"):
        assert reverse(f"desk:{name}", args=[gone.pk]) not in page.text


def test_timeline_tells_what_was_done_over_both_in_order_and_where(client, consultant):
    kept, gone = lead_of(), lead_of()
    now = timezone.now()
    for lead, hours in ((kept, 4), (gone, 3), (kept, 2), (gone, 1)):
        lead.activities.create(kind="noted", by=consultant, at=now - timedelta(hours=hours))
    acts.merge(kept, other=gone, by=consultant)

    page = client.get(page_of(kept))

    assert [(row.kind, row.lead) for row in page.context["timeline"]] == [
        ("merged", kept),
        ("noted", gone),
        ("noted", kept),
        ("noted", gone),
        ("noted", kept),
    ]
    timeline = page.text[page.text.index('aria-labelledby="timeline"') :]
    assert timeline.count(f'<span class="mark">{gone}</span>') == 2


def test_what_the_person_wrote_in_either_request_is_read_together_after_the_claim(client, consultant):
    kept, gone = lead_of(note="First words"), lead_of(note="Other words", name="Quirina")
    acts.merge(kept, other=gone, by=make_user())

    pages = [client.get(page_of(lead)).text for lead in (kept, gone)]
    act(client, kept, "claim")
    claimed = client.get(page_of(kept)).text

    assert not any(secret in page for page in pages for secret in ("Other words", "Quirina", "First words"))
    assert all(words in claimed for words in ("First words", "Other words", "Quirina"))


def test_colleague_undoes_a_wrong_merge_from_either_page(client, consultant):
    kept, gone = lead_of(), lead_of()
    acts.merge(kept, other=gone, by=make_user())

    pages = [client.get(page_of(lead)).text for lead in (kept, gone)]
    response = act(client, gone, "unmerge")

    assert all(reverse("desk:unmerge", args=[gone.pk]) in page for page in pages)
    assert (response["Location"], fresh(gone).merged_into) == (page_of(gone), None)


def test_merge_that_stays_says_why_in_place_of_the_button(client, consultant):
    kept, gone = lead_of(claimed_by=consultant), lead_of()
    acts.merge(kept, other=gone, by=consultant)
    acts.close(kept, by=consultant, reason=Lead.CloseReason.UNREACHABLE, note=WHY)

    page = client.get(page_of(gone))
    response = act(client, gone, "unmerge")

    assert reverse("desk:unmerge", args=[gone.pk]) not in page.text
    assert page.context["merged_for_good"] in page.text
    assert response.status_code == 409


def test_who_was_told_apart_is_gone_from_the_page_and_comes_back_with_undo(client, consultant):
    lead, brother = lead_of(), lead_of()

    act(client, lead, "tell_apart", other=brother.pk)
    apart = client.get(page_of(lead))
    act(client, lead, "undo")

    assert apart.context["duplicates"] == []
    assert [each.lead for each in client.get(page_of(lead)).context["duplicates"]] == [brother]


def test_second_of_two_who_merge_sees_what_the_first_did(client, consultant):
    lead, other = lead_of(), lead_of()
    seen = client.get(page_of(lead)).context["seen"]
    acts.merge(other, other=lead, by=make_user())

    response = act(client, lead, "merge", other=other.pk, seen=seen)

    assert response.status_code == 409
    assert f"{lead} was merged into {other} already." in response.text


def test_stop_over_the_other_is_heard_before_the_merge(client, consultant):
    token = send_request(phone="(203) 555-0163")
    open_messages()
    other = Lead.objects.get()
    lead = lead_of()
    client.post(f"/request/{token}/", {"wish": "stop"})

    response = act(client, lead, "merge", other=other.pk)

    assert (response.status_code, fresh(other).is_stopped, fresh(other).merged_into) == (409, True, None)


# --- By reference ---------------------------------------------------------------------------------------------------


def test_request_that_shares_nothing_is_merged_by_its_reference(client, consultant):
    lead, other = lead_of(), lead_of(phone="+12035550163", reference="WREN-0917")

    response = act(client, lead, "merge", reference="wren 0917")

    assert (response.status_code, fresh(other).merged_into) == (302, lead)


def test_reference_of_a_merged_lead_means_the_one_that_counts(client, consultant):
    lead, counts, merged = lead_of(), lead_of(), lead_of(reference="WREN-0917")
    acts.merge(counts, other=merged, by=consultant)

    act(client, lead, "merge", reference="WREN-0917")

    assert [fresh(each).that_counts for each in (counts, merged)] == [lead, lead]


@pytest.mark.parametrize(
    ("count", "reference", "refusal"),
    [(0, "WREN-0917", NONE_NAMED), (2, "WREN-0917", SEVERAL), (1, "", NO_OTHER), (1, "seventeen", NONE_NAMED)],
)
def test_reference_that_names_nobody_or_several_merges_nothing(client, consultant, count, reference, refusal):
    lead = lead_of()
    for _ in range(count):
        lead_of(reference="WREN-0917")

    response = act(client, lead, "merge", reference=reference)

    assert (response.status_code, refusal in response.text) == (422, True)
    assert not Lead.objects.exclude(merged_into=None).exists()


# --- Found ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["WREN-0917", "0917", "Quirina", "(203) 555-0163"])
def test_merged_lead_is_found_as_the_one_that_counts_with_a_sentence(client, consultant, text):
    kept = lead_of()
    gone = lead_of(phone="+12035550163", reference="WREN-0917", name="Quirina")
    acts.merge(kept, other=gone, by=consultant)

    page = search(client, text)

    assert page.context["found"] == [kept]
    assert page_of(kept) in page.text
    assert "WREN-0917" in page.text[page.text.index("was merged into it") - 60 :]


def test_lead_that_fits_with_its_merged_one_is_found_once(client, consultant):
    kept, gone = lead_of(), lead_of()
    acts.merge(kept, other=gone, by=consultant)

    assert search(client, "Sam").context["found"] == [kept]


def test_search_asks_as_often_for_three_merged_leads_as_for_one(client, consultant):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            search(client, "Sam")
        return len(queries)

    kept = lead_of()
    acts.merge(kept, other=lead_of(), by=consultant)
    search(client, "Sam")
    one = count()
    for _ in range(2):
        acts.merge(lead_of(), other=lead_of(), by=consultant)

    assert count() == one


def test_closed_list_names_what_a_lead_was_merged_into(client, consultant):
    kept, gone = lead_of(), lead_of()
    acts.merge(kept, other=gone, by=consultant)

    page = client.get(QUEUE, {"show": "closed"})

    assert list(page.context["rows"]) == [gone]
    assert f"Merged into {kept}" in page.text


# --- Insurance ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("insurance_is_shown")
def test_insurance_of_both_is_seen_and_worked_on_from_the_lead_that_counts(client, consultant):
    kept, gone = lead_of(), lead_of()
    own, theirs = make_coverage(lead=kept), make_coverage(lead=gone)
    acts.merge(kept, other=gone, by=consultant)

    page, panel = client.get(reverse("desk:insurance", args=[kept.pk])), client.get(page_of(kept))

    assert {each.coverage for each in page.context["benefits"]} == {own, theirs}
    assert reverse("desk:verify_benefits", args=[gone.pk, theirs.pk]) in page.text
    assert str(theirs.payer) in panel.text
    assert client.get(reverse("desk:verify_benefits", args=[gone.pk, theirs.pk])).status_code == 200


@pytest.mark.usefixtures("insurance_is_shown")
def test_photo_of_a_card_sent_over_the_merged_lead_is_shown(client, consultant):
    kept, gone = lead_of(), lead_of()
    photo = make_message(kind="card_front")
    gone.messages.create(message=photo)
    acts.merge(kept, other=gone, by=consultant)

    page = client.get(reverse("desk:insurance", args=[kept.pk]))

    assert list(page.context["cards"]) == [photo]


# --- Query counts ---------------------------------------------------------------------------------------------------


def test_lead_page_asks_as_often_for_three_merged_and_three_proposed_as_for_one(client, consultant):
    lead = lead_of(claimed_by=consultant)

    def add() -> None:
        merged = lead_of()
        make_coverage(lead=merged)
        merged.activities.create(kind="called", outcome="no_answer", by=make_user())
        acts.merge(lead, other=merged, by=consultant)
        lead_of(claimed_by=None)

    add()
    client.get(page_of(lead))
    one = count_queries(client, page_of(lead))
    add()
    add()
    client.get(page_of(lead))  # a look at each that was merged

    assert count_queries(client, page_of(lead)) == one


@pytest.mark.parametrize("tab", ["now", "closed"])
def test_queue_asks_as_often_for_three_merged_leads_as_for_one(client, consultant, tab):
    def add() -> None:
        acts.merge(lead_of(phone="+12035550163"), other=lead_of(), by=consultant)

    add()
    client.get(f"{QUEUE}?show={tab}")
    one = count_queries(client, f"{QUEUE}?show={tab}")
    add()
    add()

    assert count_queries(client, f"{QUEUE}?show={tab}") == one
