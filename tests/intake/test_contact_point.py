"""Stop means stop: it belongs to the number and its extension, and only a new request from the person lifts it."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt, token_hash
from intake.leads import acts
from intake.leads.activity import CallOutcome
from intake.leads.contact_point import ContactPoint, token_of
from intake.leads.models import Lead
from tests.factories import HOW, WHY, make_lead, make_user, page_of, receive_lead, send_request, sign_in
from tests.intake.at_once import at_once

pytestmark = pytest.mark.django_db
SWITCHBOARD = "(702) 555-0163"


def stop(lead: Lead) -> None:
    acts.record_call(lead, by=make_user(""), outcome=CallOutcome.ASKED_TO_STOP)


def closed_lead(**answers) -> Lead:
    lead, consultant = receive_lead(**answers), make_user("")
    acts.claim(lead, by=consultant)
    acts.close(lead, by=consultant, reason=Lead.CloseReason.UNREACHABLE, note=WHY)
    return lead


def send_before(moment, **answers) -> str:
    """A request that was sent before `moment` and is not opened yet, as one in the spool."""
    token = send_request(**answers)
    unopened = CallbackMessage.objects.filter(opened_at=None)
    assert unopened.update(received_at=moment - timedelta(minutes=1)) == 1
    return token


def test_same_number_in_any_notation_is_one_point_and_each_extension_another():
    numbers = [SWITCHBOARD, "+1 702-555-0163", f"{SWITCHBOARD} ext. 7", "702 555 0163 x7", f"{SWITCHBOARD} x8"]

    points = [receive_lead(phone=phone, note=phone).contact_point_id for phone in numbers]

    assert points[0] == points[1] != points[2] == points[3] != points[4]
    assert ContactPoint.objects.count() == 3


def test_point_holds_nothing_of_the_number():
    receive_lead(phone=SWITCHBOARD)

    [point] = ContactPoint.objects.values()

    assert b"5550163" not in bytes(point["token"]) and len(point["token"]) == 16
    assert {name for name, value in point.items() if value} == {"id", "token"}


@pytest.mark.parametrize("extension", ["", " ext. 7"])
def test_stop_holds_for_a_request_sent_before_it_and_opened_after_it(extension):
    stopped = receive_lead(phone=SWITCHBOARD + extension, note="one")
    stop(stopped)
    token = send_before(Lead.objects.get().closed_at, phone=SWITCHBOARD + extension, note="two")

    open_messages()

    late = Lead.objects.exclude(pk=stopped.pk).get()
    assert (late.is_stopped, late.closed_by, late.contact_point.is_stopped) == (True, None, True)
    assert sorted(late.activities.values_list("kind", flat=True)) == ["closed", "received"]
    assert find_receipt(token)[1] == CallbackMessage.PublicStatus.STOPPED


def test_stop_holds_for_a_suspected_request_sent_before_it():
    stop(receive_lead(note="one"))
    send_before(Lead.objects.get().closed_at, note="two", website="shop.example")

    open_messages()

    assert [lead.is_stopped for lead in Lead.objects.all()] == [True, True]


def test_stop_closes_what_waits_in_quarantine():
    suspected, lead = receive_lead(note="one", website="shop.example"), receive_lead(note="two")

    stop(lead)

    assert Lead.objects.get(pk=suspected.pk).is_stopped


def test_new_request_from_the_person_lifts_the_stop():
    stop(receive_lead(note="one"))

    lead = receive_lead(note="one")

    assert (lead.is_closed, lead.contact_point.is_stopped) == (False, False)
    assert lead.contact_point.lifted_at == lead.received_at


def test_same_answers_before_and_after_the_stop_that_are_opened_together_are_a_closed_lead_and_an_open_one():
    stop(receive_lead(note="one"))
    send_before(Lead.objects.get().closed_at, note="two")
    send_request(note="two")

    open_messages()

    assert [lead.is_closed for lead in Lead.objects.order_by("received_at")] == [True, True, False]


def test_new_request_of_one_extension_does_not_lift_the_stop_of_another():
    stop(receive_lead(phone=f"{SWITCHBOARD} x7"))

    receive_lead(phone=f"{SWITCHBOARD} x8")
    receive_lead(phone=SWITCHBOARD)

    assert [point.is_stopped for point in ContactPoint.objects.exclude(stopped_at=None)] == [True]


def test_suspected_request_lifts_the_stop_only_when_somebody_says_it_is_a_person():
    stop(receive_lead(note="one"))
    suspected = receive_lead(note="two", website="shop.example")
    before = suspected.contact_point.is_stopped

    acts.clear_quarantine(suspected, by=make_user("lead"), is_spam=False)

    after = Lead.objects.get(pk=suspected.pk)
    assert (before, after.contact_point.is_stopped, after.is_quarantined) == (True, False, False)


def test_change_of_a_suspected_request_lifts_a_stop_only_when_somebody_says_it_is_a_person(client):
    token = send_request(phone="(702) 555-0128", note="two", website="shop.example")
    open_messages()
    stop(receive_lead(note="one", phone="(702) 555-0163"))
    client.post(f"/request/{token}/change/", HOW | {"phone": "(702) 555-0163"})

    open_messages()

    suspected = Lead.objects.distinct().get(messages__message__token_hash=token_hash(token))
    assert (suspected.contact_point.is_stopped, suspected.is_closed) == (True, False)
    acts.clear_quarantine(suspected, by=make_user("lead"), is_spam=False)
    after = Lead.objects.get(pk=suspected.pk)
    assert (after.contact_point.is_stopped, after.is_quarantined, after.is_closed) == (False, False, False)


def test_change_of_a_closed_request_lifts_no_stop(client):
    token = send_request(phone="(702) 555-0128", note="two")
    open_messages()
    closed = Lead.objects.get()
    stop(receive_lead(note="one", phone="(702) 555-0163"))
    Lead.objects.filter(pk=closed.pk).update(
        closed_at=timezone.now(), closed_by=make_user("lead"), close_reason=Lead.CloseReason.DECLINED
    )
    client.post(f"/request/{token}/change/", HOW | {"phone": "(702) 555-0163"})

    open_messages()

    assert ContactPoint.objects.get(token=token_of("+17025550163")).is_stopped


def test_stop_outlives_the_person_who_is_erased():
    closed, stopped = closed_lead(note="one"), receive_lead(note="two")
    stop(stopped)
    acts.erase(Lead.objects.get(pk=stopped.pk), by=make_user(""))

    with pytest.raises(acts.NotAllowed, match="Somebody at this number asked not to be contacted"):
        acts.reopen(closed, by=make_user(""))
    send_before(Lead.objects.get(pk=stopped.pk).closed_at, note="three")
    open_messages()

    assert [lead.is_closed for lead in Lead.objects.all()] == [True, True, True]


def test_stop_needs_no_number_that_can_still_be_read():
    closed, stopped = closed_lead(note="one"), receive_lead(note="two")
    Lead.objects.filter(pk=stopped.pk).update(phone=b"not to be read")

    stop(stopped)

    with pytest.raises(acts.NotAllowed, match="Somebody at this number asked not to be contacted"):
        acts.reopen(closed, by=make_user(""))


def test_second_stop_after_a_lifted_one_stops_again():
    stop(receive_lead(note="one"))
    lead = receive_lead(note="two")

    stop(lead)

    point = ContactPoint.objects.get()
    assert (point.is_stopped, point.lifted_at) == (True, None)
    assert point.stopped_at >= Lead.objects.get(pk=lead.pk).closed_at


def test_closed_lead_of_a_stopped_number_does_not_offer_to_open_it_again(client):
    closed = closed_lead(note="one")
    stop(receive_lead(note="two"))
    sign_in(client, make_user())

    page = client.get(page_of(closed))

    assert reverse("desk:reopen", args=[closed.pk]) not in page.text
    assert "asked not to be contacted" in page.text


# --- The database holds it, whatever the code does ------------------------------------------------------------------


def test_database_refuses_an_open_lead_of_a_stopped_number():
    lead = make_lead()
    stop(lead)

    for act in (
        lambda: make_lead(phone=lead.phone),
        lambda: Lead.objects.update(closed_at=None, closed_by=None, close_reason=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_database_refuses_to_stop_a_number_while_a_lead_of_it_is_open():
    make_lead()

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPoint.objects.update(stopped_at=timezone.now())


@pytest.mark.parametrize("lifted", ["without a stop", "before the stop"])
def test_database_refuses_a_lift_that_no_stop_precedes(lifted):
    now = timezone.now()
    stopped_at = None if lifted == "without a stop" else now

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPoint.objects.create(token=b"t", stopped_at=stopped_at, lifted_at=now - timedelta(seconds=1))


def test_stop_and_request_at_once_never_leave_an_open_lead_of_a_stopped_number(committed):
    lead = receive_lead(note="one")
    send_before(timezone.now(), note="two")

    results = at_once(open_messages, lambda: stop(lead))

    assert results in ([1, None], [0, None])
    open_messages()
    assert [each.is_stopped for each in Lead.objects.all()] == [True, True]
    assert ContactPoint.objects.get().is_stopped


# --- Leads of before ------------------------------------------------------------------------------------------------


def test_leads_of_before_get_their_points_and_keep_their_stops():
    fill = importlib.import_module("intake.migrations.0022_stop_belongs_to_the_number").fill
    stopped, kept = receive_lead(phone=f"{SWITCHBOARD} x7"), receive_lead(phone="(702) 555-0164")
    again = receive_lead(phone="(702) 555-0165", note="one")
    stop(stopped)
    stop(again)
    later = receive_lead(phone="(702) 555-0165", note="two")
    before = {lead.pk: (lead.contact_point.token, lead.contact_point.is_stopped) for lead in Lead.objects.all()}
    assert [is_stopped for _, is_stopped in before.values()].count(True) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_contactpoint SET token = uuid_send(id), stopped_at = NULL, lifted_at = NULL")

    fill(apps, None)

    after = {
        lead.pk: (bytes(lead.contact_point.token), lead.contact_point.is_stopped)
        for lead in Lead.objects.select_related("contact_point")
    }
    assert after == {pk: (bytes(token), is_stopped) for pk, (token, is_stopped) in before.items()}
    assert {stopped.pk, kept.pk, again.pk, later.pk} == set(after)
