"""Nobody is turned away: signs of a machine only flag, and a person at the desk looks at what was flagged."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from altcha import Challenge, Payload, solve_challenge
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from intake.callbacks import crowd, inbox, proof, receipt_views
from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.promise import HELD
from intake.leads import acts
from intake.leads.models import Lead
from intake.management.commands import run_worker
from tests.factories import HOW, make_lead, make_user, sign_in
from tests.intake.form_page import FormPage

URL = "/request-a-call/"
MINIMAL = {"phone": "(702) 555-0163", "consent": "on"}
LIMIT = 4
V6 = "2001:db8:1:2"

db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_came_before(settings):
    settings.REQUESTS_AN_HOUR = LIMIT
    crowd.forget()
    proof.forget()
    yield
    crowd.forget()
    proof.forget()


def ask(client, *, address: str = "192.0.2.7", **values: str):
    return client.post(URL, MINIMAL | values, REMOTE_ADDR=address)


def fill(client, *, address: str = "192.0.2.7") -> None:
    """As many requests as one network may send."""
    for number in range(LIMIT):
        ask(client, address=address, name=f"Robin {number}")


def open_all() -> None:
    while inbox.open_messages():
        pass


def suspicions() -> list[str]:
    """Of the request that came last, once the desk has opened it."""
    open_messages()
    return Lead.objects.latest("received_at").suspicions


def solved(challenge: str) -> str:
    given = Challenge.from_dict(json.loads(challenge))
    return Payload(given, solve_challenge(given)).to_base64()


def changed(solution: str, **parameters) -> str:
    contents = json.loads(base64.b64decode(solution))
    contents["challenge"]["parameters"] |= parameters
    return base64.b64encode(json.dumps(contents).encode()).decode()


# --- What flags -----------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"website": "x"}, ["trap"]),
        ({"note": "cheap pills https://shop.example"}, ["links"]),
        ({"name": "www.shop.example"}, ["links"]),
        ({"note": "Please speak slowly. I work at the www desk"}, []),
        ({"shown": "made up"}, []),
        ({"proof": "made up"}, []),
    ],
)
def test_signs_of_a_machine_flag_and_the_request_is_taken_all_the_same(client, values, found):
    response = ask(client, **values)

    assert response.status_code == 303
    assert suspicions() == found
    assert Lead.objects.get().is_quarantined == bool(found)


@db
def test_answers_that_come_with_the_page_itself_are_flagged_and_those_of_the_fastest_person_are_not(client):
    with time_machine.travel("2026-03-02 12:00:00", tick=False) as clock:
        shown = FormPage(client.get(URL).text).hidden["shown"]
        ask(client, shown=shown, name="Machine")
        machine = suspicions()
        clock.shift(0.5)
        ask(client, shown=shown, name="Person")

        assert (machine, suspicions()) == (["haste"], [])


@db
def test_page_that_comes_back_with_an_error_keeps_the_time_when_it_was_first_shown(client):
    first = FormPage(client.get(URL).text).hidden["shown"]

    again = client.post(URL, {"shown": first})
    forged = client.post(URL, {"shown": "1.0:forged"})

    assert FormPage(again.text).hidden["shown"] == first
    assert FormPage(forged.text).hidden["shown"] not in (first, "1.0:forged")


# --- Many from one network ------------------------------------------------------------------------------------------


@db
def test_over_the_limit_a_request_without_a_calculation_waits_for_a_person_and_is_never_refused(client):
    fill(client)
    within = suspicions()

    response = ask(client, name="One more")

    assert (response.status_code, within, suspicions()) == (303, [], ["crowd"])
    assert client.get(response["Location"]).status_code == 200


@db
def test_another_network_is_not_held_back_by_a_flood(client):
    fill(client)
    ask(client, name="One more")

    ask(client, address="192.0.2.8", name="Somebody else")

    assert suspicions() == []


@db
def test_flood_of_one_network_keeps_nobody_else_waiting(client, monkeypatch):
    monkeypatch.setattr(inbox, "BATCH", 2)
    fill(client)
    open_all()
    for number in range(5):
        ask(client, name=f"Flood {number}", note="overdose")
    ask(client, address="192.0.2.8", name="Somebody else")

    inbox.open_messages()

    assert Lead.objects.latest("received_at").name == "Somebody else"
    open_all()
    assert CallbackMessage.objects.unopened().count() == 0


@db
def test_wish_from_another_network_is_never_opened_before_its_request(client):
    fill(client)
    open_all()
    receipt = ask(client, name="In a crowd")["Location"]
    client.post(receipt, {"wish": "stop"}, REMOTE_ADDR="192.0.2.8")

    inbox.open_messages()

    assert CallbackMessage.objects.unopened().count() == 0
    assert Lead.objects.latest("received_at").is_stopped


@db
def test_wishes_of_a_flood_keep_nobody_else_waiting(client, monkeypatch):
    receipt = ask(client)["Location"]
    open_all()
    monkeypatch.setattr(inbox, "BATCH", 1)
    for _ in range(3 * LIMIT):
        client.post(receipt, {"wish": "pause"}, REMOTE_ADDR="192.0.2.7")
    for _ in range(2 * LIMIT):  # those that were within the limit
        CallbackMessage.objects.filter(kind="pause", from_crowd=False).update(opened_at=timezone.now())

    assert CallbackMessage.objects.filter(kind="pause", from_crowd=True).count() == LIMIT
    ask(client, address="192.0.2.8", name="Somebody else")
    inbox.open_messages()
    assert Lead.objects.latest("received_at").name == "Somebody else"


@db
def test_flood_beyond_all_measure_is_told_that_it_was_not_sent_unless_it_calculates(client, monkeypatch):
    monkeypatch.setattr(crowd, "FLOOD", 1)
    fill(client)

    response = ask(client, name="Zebulon", note="Ring twice")

    challenge = response.context["challenge"]
    assert (response.status_code, CallbackMessage.objects.count()) == (429, LIMIT)
    assert ("Zebulon" in response.text, "Ring twice" in response.text) == (True, True)
    assert ask(client, name="Zebulon", proof=solved(challenge)).status_code == 303
    assert ask(client, address="192.0.2.8").status_code == 303


@db
def test_stop_and_erasure_are_taken_from_a_network_that_floods(client, monkeypatch):
    monkeypatch.setattr(crowd, "FLOOD", 1)
    receipt = ask(client, address="192.0.2.8")["Location"]
    for _ in range(LIMIT + 1):
        client.post(receipt, {"wish": "pause"}, REMOTE_ADDR="192.0.2.7")

    sent = [client.post(receipt, {"wish": kind}, REMOTE_ADDR="192.0.2.7") for kind in ("pause", "stop", "erase")]

    assert [response.status_code for response in sent] == [429, 303, 303]


@db
@pytest.mark.parametrize("path", ["", "change/", "insurance/"])
def test_receipt_that_is_full_takes_no_more_but_still_stops_and_erases(client, settings, monkeypatch, path):
    settings.REQUESTS_AN_HOUR = 1000
    monkeypatch.setattr(receipt_views, "MOST_ENTRIES", 3)
    receipt = ask(client)["Location"]
    for _ in range(2):
        client.post(receipt, {"wish": "pause"})
    answers = {"": {"wish": "pause"}, "change/": HOW, "insurance/": {"payer": "Example Health"}}[path]

    refused = client.post(receipt + path, answers)
    ends = [client.post(receipt, {"wish": kind}).status_code for kind in ("stop", "stop", "erase", "erase")]

    assert refused.status_code == 429
    assert ends == [303, 429, 303, 429]
    assert CallbackMessage.objects.count() == 5


@db
def test_after_an_hour_nobody_is_over_the_limit(client):
    with time_machine.travel("2026-03-02 12:00:00", tick=False) as clock:
        fill(client)
        clock.shift(crowd.LASTS)
        ask(client, name="Later")

        assert suspicions() == []


@db
def test_form_comes_with_the_calculation_before_the_limit_and_without_it_to_everybody_else(client):
    fill(client)

    crowded = client.get(URL, REMOTE_ADDR="192.0.2.7").text
    quiet = client.get(URL, REMOTE_ADDR="192.0.2.8").text

    assert ("data-challenge" in crowded, "altcha" in crowded) == (True, True)
    assert ("data-challenge" in quiet, "altcha" in quiet) == (False, False)


@db
def test_flood_of_made_up_forwarded_addresses_counts_as_the_one_that_it_comes_from(client):
    for number in range(LIMIT + 1):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        client.post(URL, MINIMAL | {"name": f"R{number}"}, REMOTE_ADDR="192.0.2.7", headers=headers)

    assert suspicions() == ["crowd"]


@db
def test_address_of_a_sender_is_stored_nowhere(client):
    fill(client, address="192.0.2.77")
    ask(client, address="192.0.2.77")
    open_messages()

    rows = [*CallbackMessage.objects.values(), *Lead.objects.values()]
    planted = repr([*rows, {"seen": "192.0.2.77"}])

    assert "192.0.2.77" in planted
    assert "192.0.2.77" not in repr(rows)


# --- The calculation ------------------------------------------------------------------------------------------------


@db
def test_solution_lets_a_request_over_the_limit_through_once(client):
    fill(client)
    challenge = client.get(URL, REMOTE_ADDR="192.0.2.7").context["challenge"]

    ask(client, name="First", proof=solved(challenge))
    first = suspicions()
    ask(client, name="Again", proof=solved(challenge))

    assert (first, suspicions()) == ([], ["crowd"])


def test_solution_that_is_sent_twenty_times_at_once_counts_once():
    solution = solved(proof.new_challenge())

    with ThreadPoolExecutor(20) as threads:
        results = list(threads.map(proof.is_proven, [solution] * 20))

    assert sorted(results) == [False] * 19 + [True]


@pytest.mark.parametrize(
    "parameters",
    [{"cost": 1}, {"keyPrefix": "00"}, {"expiresAt": 4_000_000_000}, {"data": {"a": 1}}, {"keySignature": "00"}],
)
def test_challenge_that_was_made_easier_counts_for_nothing(parameters):
    solution = solved(proof.new_challenge())

    assert (proof.is_proven(changed(solution, **parameters)), proof.is_proven(solution)) == (False, True)


def test_challenge_of_another_server_and_one_without_a_signature_count_for_nothing(settings):
    contents = json.loads(base64.b64decode(solved(proof.new_challenge())))
    del contents["challenge"]["signature"]

    assert not proof.is_proven(base64.b64encode(json.dumps(contents).encode()).decode())
    assert not proof.is_proven("x" * (proof.LONGEST + 1))


def test_solution_counts_as_long_as_its_challenge_lives():
    with time_machine.travel("2026-03-02 12:00:00", tick=False) as clock:
        early, late = solved(proof.new_challenge()), solved(proof.new_challenge())
        clock.shift(proof.LIVES - 60)
        in_time = proof.is_proven(early)
        clock.shift(120)

        assert (in_time, proof.is_proven(late)) == (True, False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)
)
ALMOST = st.fixed_dictionaries({"challenge": JSON | st.fixed_dictionaries({"parameters": JSON}), "solution": JSON})


@given(st.text() | (JSON | ALMOST).map(lambda contents: base64.b64encode(json.dumps(contents).encode()).decode()))
def test_whatever_is_sent_as_a_solution_is_no_error(sent):
    assert proof.is_proven(sent) is False


# --- The receipt ----------------------------------------------------------------------------------------------------


@db
def test_receipt_of_a_flagged_request_promises_no_call_until_somebody_has_looked(client):
    receipt = ask(client, website="x")["Location"]
    before = client.get(receipt)
    open_messages()
    waiting = client.get(receipt)
    acts.clear_quarantine(Lead.objects.get(), by=make_user("lead"), is_spam=False)
    admitted = client.get(receipt)

    promised = [str(HELD) not in " ".join(page.context["sentences"]) for page in (before, waiting, admitted)]
    assert promised == [False, False, True]
    assert [page.context["is_held"] for page in (before, waiting, admitted)] == [True, True, False]
    assert [page.context["is_late"] for page in (before, waiting)] == [False, False]


@db
def test_receipt_of_a_discarded_request_says_that_nobody_calls_and_one_brought_back_waits_again(client):
    receipt, decider = ask(client, website="x")["Location"], make_user("lead")
    open_messages()
    lead = Lead.objects.get()

    acts.clear_quarantine(lead, by=decider, is_spam=True)
    discarded = client.get(receipt).context
    acts.reopen(lead, by=decider)
    back = client.get(receipt).context

    assert (discarded["is_over"], discarded["is_held"]) == (True, False)
    assert (back["is_over"], back["is_held"]) == (False, True)


@db
@pytest.mark.parametrize("first_is_opened", [True, False])
def test_same_answers_sent_again_without_a_sign_take_the_request_out_of_quarantine(client, first_is_opened):
    """Its receipt promises a call, which no quarantine could keep."""
    fill(client)
    held = ask(client, name="Kim")["Location"]
    if first_is_opened:
        open_messages()
    challenge = client.get(URL, REMOTE_ADDR="192.0.2.7").context["challenge"]
    ask(client, name="Kim", proof=solved(challenge))
    open_messages()

    assert [lead.is_quarantined for lead in Lead.objects.all() if lead.name == "Kim"] == [False]
    assert client.get(held).context["is_held"] is False


@db
def test_flagged_request_that_joins_one_in_the_queue_is_not_said_to_be_held(client):
    ask(client, name="Kim")
    fill(client)
    again = ask(client, name="Kim")["Location"]
    before = client.get(again).context["is_held"]

    open_messages()

    assert (before, client.get(again).context["is_held"]) == (True, False)


@db
def test_danger_words_are_never_held_whatever_else_speaks_against_the_request(client):
    receipt = ask(client, website="x", note="I want to die http://shop.example")["Location"]
    open_messages()

    assert client.get(receipt).context["is_held"] is False
    assert (Lead.objects.get().is_crisis, Lead.objects.get().is_quarantined) == (True, False)


# --- The desk -------------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(("is_spam", "counts"), [("no", (1, 0, 0)), ("yes", (0, 0, 1))])
def test_one_click_in_the_list_decides_and_the_list_comes_back(client, roles, is_spam, counts):
    lead = make_lead(is_quarantined=True, suspicions=["crowd", "links"], note="Where are you?")
    sign_in(client, make_user("lead"))
    page = client.get("/desk/queue/?show=quarantine")

    response = client.post(f"/desk/leads/{lead.pk}/clear-quarantine/", {"is_spam": is_spam, "from_list": "yes"})

    assert all(words in page.text for words in [lead.note, *lead.suspicions_in_words])
    assert response["Location"] == "/desk/queue/?show=quarantine"
    leads = Lead.objects
    assert (leads.open().count(), leads.quarantined().count(), leads.discarded().count()) == counts


@db
def test_discarded_one_is_listed_for_thirty_days_and_brought_back_by_one_click(client, roles):
    lead, decider = make_lead(is_quarantined=True), make_user("lead")
    acts.clear_quarantine(lead, by=decider, is_spam=True)
    Lead.objects.update(closed_at=timezone.now() - timedelta(days=29))
    sign_in(client, decider)
    listed = client.get("/desk/queue/?show=quarantine").context["discarded"]

    response = client.post(f"/desk/leads/{lead.pk}/reopen/", {"from_list": "yes"})

    assert list(listed) == [lead]
    assert response["Location"] == "/desk/queue/?show=quarantine"
    assert list(Lead.objects.quarantined()) == [lead]


@db
def test_discarded_one_is_erased_after_thirty_days_by_the_worker_and_no_other_lead_is(worker: run_worker.Command):
    decider = make_user("lead")
    old, new = (make_lead(is_quarantined=True, name=name) for name in ("Old", "New"))
    closed = make_lead(closed_by=decider)
    for lead in (old, new):
        acts.clear_quarantine(lead, by=decider, is_spam=True)
    Lead.objects.exclude(pk=new.pk).update(closed_at=timezone.now() - timedelta(days=30, minutes=1))

    worker.work_once()
    worker.work_once()

    erased = {lead.pk: lead.is_erased for lead in Lead.objects.all()}
    assert erased == {old.pk: True, new.pk: False, closed.pk: False}
    assert old.activities.filter(kind="erased").count() == 1
    assert list(Lead.objects.discarded()) == [new]
