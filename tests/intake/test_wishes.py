"""What the receipt obeys: pause, stop, erase and change, at any hour, by who holds the link and by nobody else."""

from datetime import UTC, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from intake.callbacks import submission
from intake.callbacks.calling_hours import next_morning
from intake.callbacks.contract import Change, NotTheContract, Wish
from intake.callbacks.inbox import failed_messages, open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt, token_hash
from intake.leads import acts
from intake.leads.contact_point import ContactPoint
from intake.leads.models import Lead
from intake.leads.search import find_leads
from intake.leads.wishes import hear
from tests.factories import (
    HOW,
    make_call,
    make_coverage,
    make_message,
    make_user,
    page_of,
    put_at_noon,
    send_request,
    sign_in,
)
from tests.intake.at_once import at_once
from tests.intake.form_page import FormPage

pytestmark = pytest.mark.django_db
Kind, Status = CallbackMessage.Kind, CallbackMessage.PublicStatus


def wish(client, token: str, kind: str, **headers):
    return client.post(f"/request/{token}/", {"wish": kind}, headers=headers)


def change(client, token: str, **answers):
    return client.post(f"/request/{token}/change/", HOW | answers)


def sent(**answers) -> tuple[str, Lead]:
    """A request that the desk has opened, and its token."""
    token = send_request(**{"name": "Sam", **answers})
    open_messages()
    return token, Lead.objects.get(messages__message__token_hash=token_hash(token))


def fresh(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def kinds(lead: Lead) -> list[str]:
    return list(lead.activities.order_by("at").values_list("kind", flat=True))


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


# --- Each wish is another sealed message ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pause", "stop", "erase"])
def test_wish_is_stored_sealed_before_the_visitor_is_sent_back_to_the_receipt(client, kind):
    token = send_request()

    response = wish(client, token, kind)

    assert (response.status_code, response["Location"]) == (303, f"/request/{token}/")
    message = CallbackMessage.objects.get(kind=kind)
    assert token.encode() not in bytes(message.sealed) + bytes(message.receipt)
    assert bytes(message.token_hash) == token_hash(token)


def test_wish_is_said_on_the_receipt_before_the_desk_has_opened_it(client):
    said = {"pause": "We will not call before", "stop": "We have stopped", "erase": "Your request is erased"}

    for kind, words in said.items():
        token = send_request(name=kind)
        before = client.get(f"/request/{token}/").text
        wish(client, token, kind)

        assert [words in text for text in (before, client.get(f"/request/{token}/").text)] == [False, True]


def test_receipt_still_says_when_it_was_stopped_and_erased_after_the_desk_obeyed(client):
    token, lead = sent(name="Zebulon")
    wish(client, token, "stop")
    wish(client, token, "erase")

    open_messages()

    text = client.get(f"/request/{token}/").text
    assert fresh(lead).is_erased
    assert f"{timezone.now():%B}" in text and "Your request is erased" in text
    assert ("Zebulon" in text, "ending 63" in text, lead.reference in text) == (False, False, False)


@pytest.mark.parametrize("kind", ["pause", "stop", "erase"])
def test_wish_from_another_site_changes_nothing(client, kind):
    token, _ = sent()

    response = wish(client, token, kind, sec_fetch_site="cross-site")

    assert response.status_code == 403
    assert CallbackMessage.objects.count() == 1


@pytest.mark.parametrize("kind", ["", "request", "change", "nonsense"])
def test_only_what_the_receipt_offers_is_taken(client, kind):
    token, _ = sent()

    response = wish(client, token, kind)

    assert (response.status_code, CallbackMessage.objects.count()) == (422, 1)


def test_new_number_that_is_asked_about_is_taken_when_it_is_sent_again_or_chosen(client):
    token, lead = sent()

    asked = change(client, token, phone="55 1234 5678")
    page = FormPage(asked.text)
    taken = []
    for answer in ({}, {"reading": "+525512345678"}):
        client.post(f"/request/{token}/change/", page.fields | answer)
        open_messages()
        taken.append(fresh(lead).phone)

    assert asked.status_code == 422
    assert taken == ["+15512345678", "+525512345678"]


@pytest.mark.parametrize("address", ["/request/{}/", "/request/{}/change/"])
def test_wrong_link_takes_nothing_and_says_nothing(client, address):
    sent()

    response = client.post(address.format("A" * 22), {"wish": "stop"})

    assert (response.status_code, CallbackMessage.objects.count()) == (404, 1)
    assert response.text == client.get("/request/BBBBBBBBBBBBBBBBBBBBBB/").text


def test_thief_of_the_table_can_wish_for_nothing():
    token, lead = sent()
    stolen = token_hash(token)

    make_message({"token": "a guess"}, kind="stop", token_hash=stolen)
    make_message({"token": "another"}, kind="erase", token_hash=stolen)
    open_messages()

    assert (fresh(lead).is_closed, fresh(lead).is_erased) == (False, False)
    assert [message.is_unreadable for message in failed_messages()] == [True, True]
    assert hear(lead)  # forged messages do not hold up a call


def test_what_somebody_else_opens_at_this_moment_is_waited_for(committed, client):
    token, lead = sent(voicemail="no")
    change(client, token, voicemail="yes")
    is_open = Event()

    def open_slowly():
        with transaction.atomic():
            message = CallbackMessage.objects.unopened().select_for_update().get()
            is_open.set()
            connection.cursor().execute("SELECT pg_sleep(0.3)")
            CallbackMessage.objects.filter(pk=message.pk).update(opened_at=timezone.now())

    assert at_once(open_slowly, lambda: is_open.wait(20) and hear(lead)) == [None, True]


def test_wish_without_a_request_waits_and_holds_up_nobody():
    make_message(kind="stop", contents={})
    token = send_request()

    open_messages()

    assert [message.kind for message in failed_messages()] == ["stop"]
    assert CallbackMessage.objects.get(token_hash=token_hash(token)).opened_at is not None


def test_receipt_belongs_to_one_request_in_the_database():
    message = CallbackMessage.objects.get(token_hash=token_hash(send_request()))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_message(token_hash=message.token_hash)


def test_entry_that_the_token_does_not_open_is_passed_over():
    token, _ = sent()
    make_message(kind="stop", token_hash=token_hash(token))

    receipt, status = find_receipt(token)

    assert (receipt.last(Kind.STOP), status) == (None, Status.RECEIVED)


@pytest.mark.parametrize("kind", ["pause", "stop", "erase", "change"])
def test_public_role_can_wish_and_reads_no_more_than_before(client, kind):
    token, _ = sent()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE quietline_site_of_tests")
        cursor.execute("GRANT INSERT ON intake_callbackmessage TO quietline_site_of_tests")
        columns = "token_hash, receipt, public_status"
        cursor.execute(f"GRANT SELECT ({columns}) ON intake_callbackmessage TO quietline_site_of_tests")
        cursor.execute("SET LOCAL ROLE quietline_site_of_tests")

    if kind == "change":
        found = find_receipt(token).receipt
        submission.submit_change(Change(token=token, phone="", times=[], **HOW), found.rules)
    else:
        submission.submit_wish(Kind(kind), token)

    assert find_receipt(token).receipt.last(Kind(kind)) is not None


# --- Stop -----------------------------------------------------------------------------------------------------------


def test_stop_closes_the_lead_and_stops_the_number_without_anybody_on_the_staff(client):
    token, lead = sent()
    wish(client, token, "stop")

    open_messages()

    after = fresh(lead)
    assert (after.is_stopped, after.closed_by, after.contact_point.is_stopped) == (True, None, True)
    assert kinds(lead) == ["received", "stopped", "closed"]


def test_stop_holds_at_once_for_who_is_about_to_look_at_the_number(client, consultant):
    token, lead = sent()
    put_at_noon()
    acts.claim(lead, by=consultant)
    wish(client, token, "stop")

    response = client.post(reverse("desk:reveal", args=[lead.pk]))

    assert (response.status_code, "5550163" in response.text) == (409, False)
    assert fresh(lead).is_stopped


def test_stop_holds_at_once_although_many_messages_came_before_it(client, consultant, monkeypatch):
    token, lead = sent()
    put_at_noon()
    acts.claim(lead, by=consultant)
    for number in range(5):
        send_request(phone=f"(702) 555-010{number}")
    wish(client, token, "stop")
    monkeypatch.setattr("intake.callbacks.inbox.BATCH", 2)

    response = client.post(reverse("desk:reveal", args=[lead.pk]))

    assert (response.status_code, fresh(lead).is_stopped) == (409, True)


def test_number_is_not_shown_while_a_message_of_the_person_cannot_be_opened(client, consultant, monkeypatch):
    token, lead = sent()
    put_at_noon()
    acts.claim(lead, by=consultant)
    wish(client, token, "stop")

    def is_broken(*_args, **_values):
        raise RuntimeError

    monkeypatch.setattr("intake.leads.wishes.stop_by_the_person", is_broken)
    response = client.post(reverse("desk:reveal", args=[lead.pk]))

    assert (response.status_code, "5550163" in response.text) == (409, False)
    assert "revealed" not in kinds(lead)


def test_stop_of_one_request_stops_the_other_of_the_same_number(client):
    token, _ = sent(note="one")
    other_token, other = sent(note="two")
    wish(client, token, "stop")

    open_messages()

    assert fresh(other).is_stopped
    assert find_receipt(other_token).status == Status.STOPPED


def test_request_sent_after_the_stop_stays_open_whichever_is_opened_first(client):
    token, lead = sent(note="one")
    wish(client, token, "stop")
    stop = CallbackMessage.objects.filter(kind="stop")
    stop.update(received_at=timezone.now() - timedelta(minutes=1), open_failed_at=timezone.now())
    Lead.objects.update(received_at=timezone.now() - timedelta(minutes=2))
    _, later = sent(note="two")

    stop.update(open_failed_at=None)
    open_messages()

    assert [fresh(each).is_closed for each in (lead, later)] == [True, False]
    assert not ContactPoint.objects.get().is_stopped


def test_stop_that_is_sent_twice_is_one(client):
    token, lead = sent()
    wish(client, token, "stop")
    wish(client, token, "stop")

    open_messages()

    assert kinds(lead) == ["received", "stopped", "closed"]


# --- Pause ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "morning"), [("2026-11-24T21:30", "2026-11-25T08:00"), ("2026-11-25T02:00", "2026-11-25T08:00")]
)
def test_pause_ends_in_the_morning_on_the_persons_clock(now, morning):
    zone = ZoneInfo("America/Los_Angeles")
    at = datetime.fromisoformat(now).replace(tzinfo=zone).astimezone(UTC)

    assert next_morning(at, zone.key) == datetime.fromisoformat(morning).replace(tzinfo=zone)


def test_no_call_is_safe_while_the_person_has_paused(client, consultant):
    token, lead = sent()
    put_at_noon()
    was_safe = fresh(lead).safety.is_safe
    wish(client, token, "pause")
    open_messages()
    acts.claim(lead, by=consultant)

    after = fresh(lead)
    assert (was_safe, after.safety.is_safe, after.safety.changes_at >= after.paused_until) == (True, False, True)
    with pytest.raises(acts.NotAllowed):
        acts.reveal(lead, by=consultant)
    assert "They asked for no call before" in client.get(page_of(lead)).text


def test_paused_lead_waits_for_later_in_the_queue(client, consultant):
    token, lead = sent()
    put_at_noon()
    wish(client, token, "pause")

    assert list(client.get(reverse("desk:queue")).context["rows"]) == []
    assert list(client.get(f"{reverse('desk:queue')}?show=later").context["rows"]) == [lead]


def test_paused_receipt_offers_no_second_pause(client):
    token, _ = sent()
    offered = '<button class="button quiet-button" name="wish" value="pause">'
    before = client.get(f"/request/{token}/").text

    wish(client, token, "pause")

    assert [offered in text for text in (before, client.get(f"/request/{token}/").text)] == [True, False]


# --- Erase ----------------------------------------------------------------------------------------------------------


def test_erase_closes_an_open_lead_and_forgets_the_person(client):
    token, lead = sent(name="Zebulon", note="Please speak slowly.")
    make_coverage(lead=lead)
    wish(client, token, "erase")

    open_messages()

    after = fresh(lead)
    assert (after.name, after.phone, after.note, after.coverages.get().member_id) == ("", "", "", "")
    assert (after.close_reason, after.closed_by) == ("withdrawn", None)
    assert {bytes(link.message.sealed) for link in after.messages.all()} == {b""}
    assert list(find_leads(Lead.objects.all(), "Zebulon")) == []


def test_change_that_is_opened_after_the_erasure_brings_nothing_back(client):
    token, lead = sent()
    change(client, token, phone="(702) 555-0164")
    late = CallbackMessage.objects.filter(kind="change")
    late.update(open_failed_at=timezone.now())
    wish(client, token, "erase")
    open_messages()

    late.update(open_failed_at=None)
    open_messages()

    assert fresh(lead).is_erased
    assert bytes(late.get().sealed) == b""


def test_erased_receipt_shows_nothing_of_a_change(client):
    token, _ = sent()
    change(client, token, name="Zebulon")
    wish(client, token, "erase")
    open_messages()

    assert "Zebulon" not in client.get(f"/request/{token}/").text
    assert find_receipt(token).receipt.rules is None


def test_staff_cannot_close_a_lead_as_taken_back_by_the_person(client, consultant):
    _, lead = sent()
    acts.claim(lead, by=consultant)

    response = client.post(reverse("desk:close", args=[lead.pk]), {"reason": "withdrawn"})

    assert (response.status_code, fresh(lead).is_closed) == (422, False)


# --- Change ---------------------------------------------------------------------------------------------------------


def test_change_form_is_filled_in_with_what_holds_and_not_with_the_number(client):
    token, _ = sent(name="Zebulon", times=["evening"], voicemail="name_only")

    page = client.get(f"/request/{token}/change/")

    initial = {field.name: field.value() for field in page.context["form"]}
    expected = {"name": "Zebulon", "times": ["evening"], "voicemail": "name_only", "phone": None}
    assert {name: initial[name] for name in expected} == expected
    assert "5550163" not in page.text and "555-0163" not in page.text


def test_changed_rules_reach_the_lead_and_the_receipt(client):
    token, lead = sent()

    response = change(client, token, name="Lu", times=["evening"], voicemail="name_only")
    text = client.get(f"/request/{token}/").text
    open_messages()

    after = fresh(lead)
    assert response.status_code == 303
    assert (after.name, after.times, after.voicemail, after.phone) == ("Lu", ["evening"], "name_only", lead.phone)
    assert "We will ask for Lu." in text and "ending 63" in text
    assert lead.activities.get(kind="changed").detail == {"changed": ["name", "times", "voicemail"]}


def test_changed_number_replaces_the_old_one_everywhere(client):
    token, lead = sent()

    change(client, token, phone="(212) 555-0164 ext. 7", if_other_answers="ask_for_me")
    text = client.get(f"/request/{token}/").text
    open_messages()

    after = fresh(lead)
    assert (after.phone, after.number_zones) == ("+12125550164;ext=7", ["America/New_York"])
    assert after.contact_point != lead.contact_point
    assert "ending 64, extension\N{NO-BREAK SPACE}7," in text
    assert [list(find_leads(Lead.objects.all(), number)) for number in ("702 555 0163", "212 555 0164")] == [[], [lead]]


def test_new_number_is_no_dead_end_any_more(client):
    token, lead = sent()
    put_at_noon()
    consultant = make_user()
    acts.claim(lead, by=consultant)
    make_call(lead, by=consultant, outcome="wrong_number")
    before = find_receipt(token).status

    change(client, token, phone="(702) 555-0164")
    open_messages()

    assert (before, find_receipt(token).status) == (Status.NUMBER_FAILED, Status.IN_HAND)
    assert not fresh(lead).calls.is_dead_end


def test_change_to_a_number_that_was_stopped_later_closes_the_lead(client):
    token, lead = sent()
    change(client, token, phone="(702) 555-0164")
    late = CallbackMessage.objects.filter(kind="change")
    late.update(received_at=timezone.now() - timedelta(minutes=1), open_failed_at=timezone.now())
    other_token, _ = sent(phone="(702) 555-0164")
    wish(client, other_token, "stop")
    open_messages()

    late.update(open_failed_at=None)
    open_messages()

    assert fresh(lead).is_stopped


def test_change_to_a_number_that_was_stopped_before_lifts_the_stop(client):
    other_token, _ = sent(phone="(702) 555-0164")
    wish(client, other_token, "stop")
    open_messages()
    token, lead = sent()

    change(client, token, phone="(702) 555-0164")
    open_messages()

    assert (fresh(lead).is_closed, fresh(lead).contact_point.is_stopped) == (False, False)


def test_old_answers_sent_again_after_a_change_are_another_request(client):
    token, lead = sent()
    change(client, token, phone="(702) 555-0164")
    open_messages()

    _, again = sent()

    assert (again.pk == lead.pk, again.phone) == (False, "+17025550163")


def test_change_that_changes_nothing_leaves_no_row(client):
    token, lead = sent()
    change(client, token)

    open_messages()

    assert kinds(lead) == ["received"]


@pytest.mark.parametrize("answers", [{"phone": "12"}, {"name": "", "if_other_answers": "ask_for_me"}])
def test_wrong_change_is_refused_with_what_was_typed(client, answers):
    token, _ = sent()

    response = change(client, token, **answers)

    assert (response.status_code, CallbackMessage.objects.count()) == (422, 1)
    assert all(response.context["form"][name].value() == value for name, value in answers.items())


@pytest.mark.parametrize("kind", ["stop", "erase"])
def test_stopped_and_erased_requests_take_no_change(client, kind):
    token, _ = sent()
    wish(client, token, kind)

    response = change(client, token, phone="(702) 555-0164")

    assert (response.status_code, response["Location"]) == (303, f"/request/{token}/")
    assert CallbackMessage.objects.filter(kind="change").count() == 0


# --- The contract ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contract", [Wish, Change])
def test_contract_of_a_wish_demands_the_token(contract):
    with pytest.raises(NotTheContract):
        contract.from_json(b'{"version": 1}')


def test_contract_of_a_change_takes_no_number_that_is_none():
    for phone in ("+1", "0", "+19999999999999999", 7, None):
        with pytest.raises(NotTheContract):
            Change(token="t", phone=phone, times=[], **HOW)
