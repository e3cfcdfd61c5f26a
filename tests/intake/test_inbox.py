"""Opening: a message becomes a lead, the same answers one lead in all, and what is forged or shut holds up nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from intake.callbacks import inbox
from intake.callbacks.answers import CONSENT_VERSION
from intake.callbacks.inbox import RETRY_AFTER, failed_messages, open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt, token_hash
from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.contact_point import ContactPoint, token_of
from intake.leads.models import Lead, LeadMessage
from intake.leads.search import find_leads
from intake.management.commands import run_worker
from intake.privacy.sealing import generate_key_pair
from tests.factories import PHONE, WHY, make_message, make_user, receive_lead, sealed_contents, send_request, sign_in
from tests.intake.at_once import at_once

SAME = {"name": "Sam", "note": "Please speak slowly."}


def message_of(token: str) -> CallbackMessage:
    return CallbackMessage.objects.get(token_hash=token_hash(token))


def lead_of(token: str) -> Lead:
    return Lead.objects.get(messages__message__token_hash=token_hash(token))


def timeline(lead: Lead) -> list[str]:
    return list(lead.activities.order_by("at").values_list("kind", flat=True))


def failures() -> int:
    return CallbackMessage.objects.exclude(open_failed_at=None).count()


def let_retry_come() -> None:
    """As if a minute had gone since the failed ones were tried."""
    CallbackMessage.objects.exclude(open_failed_at=None).update(open_failed_at=timezone.now() - RETRY_AFTER * 2)


@pytest.mark.django_db
def test_request_becomes_a_lead_with_every_answer():
    token = send_request(
        name="Luz María",
        phone="(702) 555-0128 ext. 5",
        about="someone_else",
        times=["morning", "evening"],
        time_zone="America/Denver",
        voicemail="name_only",
        text="yes",
        if_other_answers="ask_for_me",
        language="es",
        note="Please speak slowly.",
    )

    opened = open_messages()

    message, lead = message_of(token), Lead.objects.get()
    safe_from, safe_until = lead.window_at(timezone.now())
    assert opened == 1
    names = [field.name for field in Lead._meta.fields if field.name not in ("id", "answers_token")]
    assert {name: getattr(lead, name) for name in names} == {
        "reference": find_receipt(token)[0].reference,
        "received_at": message.received_at,
        "source": "",
        "about": "someone_else",
        "name": "Luz María",
        "phone": "+17025550128;ext=5",
        "contact_point": ContactPoint.objects.get(token=token_of("+17025550128;ext=5")),
        "note": "Please speak slowly.",
        "language": "es",
        "consent_version": f"{CONSENT_VERSION}/en",
        "times": ["morning", "evening"],
        "time_zone": "America/Denver",
        "number_zones": ["America/Los_Angeles"],
        "voicemail": "name_only",
        "text": "yes",
        "if_other_answers": "ask_for_me",
        "is_quarantined": False,
        "suspicions": [],
        "is_crisis": False,
        "claimed_by": None,
        "claimed_at": None,
        "claim_lapses_at": None,
        "follow_up_at": None,
        "paused_until": None,
        "safe_from": safe_from,
        "safe_until": safe_until,
        "looked_at": None,
        "looked_by": None,
        "last_call_at": None,
        "last_outcome": "",
        "closed_at": None,
        "closed_by": None,
        "close_reason": "",
        "merged_into": None,
        "merged_at": None,
        "answers_hold": True,
    }
    assert (message.opened_at is None, message.open_failed_at) == (False, None)


@pytest.mark.django_db
def test_lead_without_a_chosen_zone_goes_by_its_number():
    lead = receive_lead(phone="(212) 555-0163")

    assert (lead.time_zone, lead.number_zones, lead.clock) == ("", ["America/New_York"], "America/New_York")


@pytest.mark.django_db
def test_new_lead_has_one_activity_that_nobody_did():
    lead = receive_lead()

    [values] = Activity.objects.values("lead", "kind", "outcome", "detail", "note", "by", "at")

    assert values == {
        "lead": lead.pk,
        "kind": "received",
        "outcome": "",
        "detail": {},
        "note": None,
        "by": None,
        "at": lead.received_at,
    }


@pytest.mark.django_db
def test_opening_again_changes_nothing():
    lead = receive_lead()

    opened = open_messages()

    assert (opened, list(Lead.objects.all()), timeline(lead)) == (0, [lead], ["received"])


@pytest.mark.django_db
def test_oldest_are_opened_first(monkeypatch):
    monkeypatch.setattr(inbox, "BATCH", 2)
    now = timezone.now()
    for minutes in (1, 3, 2):
        make_message(sealed_contents(name=str(minutes)), received_at=now - timedelta(minutes=minutes))

    rounds = [open_messages(), sorted(lead.name for lead in Lead.objects.all()), open_messages()]

    assert rounds == [2, ["2", "3"], 1]


@pytest.mark.django_db
def test_many_are_opened_with_as_many_queries_as_a_few(django_assert_max_num_queries):
    for number in range(40):
        send_request(name=f"Sam {number % 30}")

    with django_assert_max_num_queries(14):
        opened = open_messages()

    assert (opened, Lead.objects.count(), failed_messages()) == (40, 30, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds_ago", "rest"),
    [
        ([50, 40, 30], 0),
        ([50, 40], 0),
        ([50], run_worker.PAUSE),
        ([], run_worker.PAUSE),
        ([50, 40, 0], run_worker.PAUSE),
    ],
)
def test_worker_goes_on_at_once_after_a_flood_and_rests_in_it(monkeypatch, worker, seconds_ago, rest):
    monkeypatch.setattr(inbox, "BATCH", 2)
    for seconds in seconds_ago:
        make_message(sealed_contents(), received_at=timezone.now() - timedelta(seconds=seconds))

    assert worker.work_once() == rest


@pytest.mark.django_db
def test_answers_that_come_again_many_times_cost_no_more_queries(django_assert_max_num_queries):
    lead = receive_lead(**SAME)
    acts.claim(lead, by=make_user())
    tokens = [send_request(**SAME) for _ in range(30)]

    with django_assert_max_num_queries(16):
        opened = open_messages()

    assert (opened, Lead.objects.count()) == (30, 1)
    assert {message_of(token).public_status for token in tokens} == {CallbackMessage.PublicStatus.IN_HAND}


@pytest.mark.django_db
def test_same_answers_that_are_opened_together_join_the_lead_within_a_day_of_them():
    now = timezone.now()
    for hours in (50, 49, 1, 0):
        message = message_of(send_request(**SAME))
        CallbackMessage.objects.filter(pk=message.pk).update(received_at=now - timedelta(hours=hours))

    open_messages()

    assert [timeline(lead) for lead in Lead.objects.order_by("received_at")] == [["received", "sent_again"]] * 2


def test_messages_opened_by_several_at_once_become_one_lead_each(committed):
    tokens = [send_request(name=f"Sam {number}") for number in range(6)]

    opened = at_once(*[open_messages] * 4)

    assert (sum(opened), failures()) == (6, 0)
    assert [timeline(lead_of(token)) for token in tokens] == [["received"]] * 6
    assert Lead.objects.count() == 6


@pytest.mark.django_db
def test_same_answers_again_are_one_lead_that_says_so():
    first, second = send_request(**SAME), send_request(**SAME)

    opened = open_messages()

    lead = Lead.objects.get()
    assert (opened, lead_of(first), lead_of(second)) == (2, lead, lead)
    assert timeline(lead) == ["received", "sent_again"]
    assert lead.received_at == message_of(first).received_at


@pytest.mark.django_db
def test_both_references_of_a_lead_that_came_twice_find_it():
    tokens = [send_request(**SAME), send_request(**SAME)]
    open_messages()

    references = [find_receipt(token)[0].reference for token in tokens]

    lead = Lead.objects.get()
    assert [list(find_leads(Lead.objects.all(), reference)) for reference in references] == [[lead], [lead]]


def test_same_answers_opened_by_several_at_once_are_one_lead(committed):
    tokens = [send_request(**SAME) for _ in range(4)]

    opened = at_once(*[open_messages] * 4)

    lead = Lead.objects.get()
    assert (sum(opened), failures()) == (4, 0)
    assert [lead_of(token) for token in tokens] == [lead] * 4
    assert sorted(timeline(lead)) == ["received", "sent_again", "sent_again", "sent_again"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"name": "Sam B"},
        {"note": ""},
        {"voicemail": "yes"},
        {"times": ["morning"]},
        {"phone": "+17025550164"},
        {"website": "x"},
    ],
)
def test_other_answers_are_another_lead(change):
    receive_lead(**SAME)

    receive_lead(**SAME | change)

    assert Lead.objects.count() == 2


@pytest.mark.django_db
def test_same_answers_after_a_day_are_a_new_lead():
    send_request(**SAME)
    CallbackMessage.objects.update(received_at=timezone.now() - timedelta(days=1, minutes=1))
    open_messages()

    receive_lead(**SAME)

    assert [timeline(lead) for lead in Lead.objects.all()] == [["received"], ["received"]]


@pytest.mark.django_db
def test_same_answers_within_a_day_are_the_old_lead():
    send_request(**SAME)
    CallbackMessage.objects.update(received_at=timezone.now() - timedelta(hours=23))
    open_messages()

    lead = receive_lead(**SAME)

    assert timeline(lead) == ["received", "sent_again"]


@pytest.mark.django_db
def test_same_answers_after_the_first_was_closed_are_a_new_lead():
    consultant = make_user()
    first = receive_lead(**SAME)
    acts.claim(first, by=consultant)
    acts.close(first, by=consultant, reason=Lead.CloseReason.DECLINED, note=WHY)

    second = receive_lead(**SAME)

    assert (second == first, second.is_closed, timeline(second)) == (False, False, ["received"])


@pytest.mark.django_db
def test_without_the_private_key_nothing_is_lost(set_keys, settings):
    ours = list(settings.INTAKE_PRIVATE_KEYS)
    token = send_request(name="Sam")
    sealed = bytes(message_of(token).sealed)

    set_keys(INTAKE_PRIVATE_KEYS=[generate_key_pair()[1]])
    opened = open_messages()

    message = message_of(token)
    assert (opened, Lead.objects.count(), failed_messages()) == (0, 0, [message])
    assert (bytes(message.sealed), message.opened_at) == (sealed, None)
    assert message.open_failed_at is not None

    set_keys(INTAKE_PRIVATE_KEYS=[generate_key_pair()[1], *ours])
    let_retry_come()
    opened = open_messages()

    assert (opened, lead_of(token).name, failed_messages()) == (1, "Sam", [])
    assert message_of(token).open_failed_at is None


@pytest.mark.django_db
def test_what_failed_is_not_tried_again_within_a_minute(set_keys, settings):
    ours = list(settings.INTAKE_PRIVATE_KEYS)
    send_request()
    set_keys(INTAKE_PRIVATE_KEYS=[generate_key_pair()[1]])
    open_messages()
    set_keys(INTAKE_PRIVATE_KEYS=ours)

    opened = open_messages()

    assert (opened, len(failed_messages())) == (0, 1)


@pytest.mark.django_db
def test_list_of_what_failed_reads_no_contents_it_does_not_need(django_assert_num_queries):
    make_message(b"garbage")
    open_messages()

    with django_assert_num_queries(1):
        [message] = failed_messages()
        facts = (message.kind, message.received_at, str(message))

    assert facts == ("request", message.received_at, f"Message {message.pk}")


MISSING = [
    {name: value for name, value in sealed_contents().items() if name != gone}
    for gone in sealed_contents()
    if gone not in ("version", "suspicions")
]
FORGED = [
    b"",
    b"not JSON",
    b"\xff\xfe",
    b"null",
    b"7",
    b"[]",
    b'"token"',
    b"[" * 100_000,
    {"token": None},
    {"token": 5},
    {"token": ["x"]},
    {"token": "x" * 22},
    {"token": "\ud800"},
    sealed_contents(token="x" * 22),
    sealed_contents(time_zone="Mars/Olympus"),
    sealed_contents(time_zone="../../etc/passwd"),
    sealed_contents(time_zone=None),
    sealed_contents(time_zone=[]),
    sealed_contents(time_zone={}),
    sealed_contents(times=["midnight"]),
    sealed_contents(times="morning"),
    sealed_contents(times=None),
    sealed_contents(times={}),
    sealed_contents(times=[["morning"]]),
    sealed_contents(about="nobody"),
    sealed_contents(voicemail="shout"),
    sealed_contents(text=["no"]),
    sealed_contents(if_other_answers=""),
    sealed_contents(language="xx"),
    sealed_contents(phone=None),
    sealed_contents(phone=""),
    sealed_contents(phone="no number"),
    sealed_contents(phone=5),
    sealed_contents(phone=10**12),
    sealed_contents(phone=[1, 2, 3]),
    sealed_contents(phone={"a": 1}),
    sealed_contents(name=7),
    sealed_contents(name=None),
    sealed_contents(name=[200]),
    sealed_contents(name="\ud800"),
    sealed_contents(note=True),
    sealed_contents(website="perhaps"),
    sealed_contents(website=None),
    sealed_contents(reference=None),
    sealed_contents(reference="X" * 21),
    sealed_contents(reference="LARK\x00"),
    sealed_contents(source="/" * 201),
    sealed_contents(consent_version="x" * 21),
    sealed_contents(version=2),
    sealed_contents(version=None),
]


@pytest.mark.django_db
@pytest.mark.parametrize("contents", FORGED, ids=lambda contents: str(contents)[:60])
def test_forged_contents_do_not_open_and_hold_up_nobody(contents):
    forged = make_message(contents, received_at=timezone.now() - timedelta(hours=1))
    honest = send_request(name="Sam")

    opened = open_messages()

    assert (opened, [lead.name for lead in Lead.objects.all()], failed_messages()) == (1, ["Sam"], [forged])
    assert timeline(lead_of(honest)) == ["received"]


@pytest.mark.django_db
def test_contents_of_a_release_that_knew_no_suspicions_open():
    make_message({name: value for name, value in sealed_contents().items() if name != "suspicions"})

    assert (open_messages(), Lead.objects.get().suspicions) == (1, [])


@pytest.mark.django_db
@pytest.mark.parametrize("contents", MISSING, ids=lambda contents: min(sealed_contents().keys() - contents.keys()))
def test_contents_that_lack_an_answer_do_not_open(contents):
    forged = make_message(contents)

    opened = open_messages()

    assert (opened, failed_messages(), failed_messages()[0].is_unreadable) == (0, [forged], True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "unknown"},
        {"sealed": b""},
        {"sealed": b"Zebulon, 702 555 0163"},
        {"token_hash": b"x" * 32},
        {"token_hash": b""},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_forged_row_does_not_open_and_holds_up_nobody(columns):
    forged = make_message(**columns)
    send_request(name="Sam B")

    opened = open_messages()

    assert (opened, [lead.name for lead in Lead.objects.all()], failed_messages()) == (1, ["Sam B"], [forged])


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1, 1969, 3000, 9999])
def test_database_takes_no_message_from_another_age(year):
    with pytest.raises(IntegrityError, match="callbackmessage_received_in_our_age"), transaction.atomic():
        make_message(received_at=datetime(year, 12, 31, 23, 59, tzinfo=UTC))

    assert not CallbackMessage.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1970, 2999])
def test_queue_shows_a_request_from_either_end_of_our_age(client, year):
    sign_in(client, make_user("consultant"))
    make_message(sealed_contents(phone=PHONE), received_at=datetime(year, 1, 1, tzinfo=UTC))

    page = client.get("/desk/queue/")

    assert (page.status_code, Lead.objects.count()) == (200, 1)


@pytest.mark.django_db
def test_box_copied_into_a_row_of_its_own_does_not_open():
    stolen = message_of(send_request())

    copied = make_message(sealed=stolen.sealed)
    open_messages()

    assert (Lead.objects.count(), failed_messages()) == (1, [copied])


def take_over(monkeypatch, receive) -> None:
    """Let `receive` get the requests, as if the room that owns them had it in its code."""
    registered = inbox.registered[CallbackMessage.Kind.REQUEST]
    monkeypatch.setitem(inbox.registered, CallbackMessage.Kind.REQUEST, registered._replace(receive=receive))


@pytest.mark.django_db
def test_fault_of_ours_is_not_taken_for_a_forgery_and_is_tried_again(monkeypatch, caplog):
    token = send_request(name="Sam")
    with monkeypatch.context() as patch:
        take_over(patch, lambda opened: None.oops)
        opened = open_messages()

    message = message_of(token)
    assert (opened, failed_messages(), message.is_unreadable) == (0, [message], False)
    [record] = [record for record in caplog.records if record.exc_info]
    assert (record.exc_info[0], str(message.pk) in record.getMessage()) == (AttributeError, True)

    let_retry_come()

    assert (open_messages(), lead_of(token).name, failed_messages()) == (1, "Sam", [])


@pytest.mark.django_db
def test_one_message_that_our_code_cannot_take_holds_up_no_other(monkeypatch):
    receive = inbox.registered[CallbackMessage.Kind.REQUEST].receive

    def receive_all_but_sam(opened):
        assert "Sam" not in [request.name for _, request in opened]
        receive(opened)

    take_over(monkeypatch, receive_all_but_sam)
    sam, _ = send_request(name="Sam"), send_request(name="Ben")

    opened = open_messages()

    assert (opened, [lead.name for lead in Lead.objects.all()], failed_messages()) == (1, ["Ben"], [message_of(sam)])


@pytest.mark.django_db
def test_database_that_goes_away_is_nobodys_forgery(monkeypatch):
    token = send_request()

    def lose_the_database(opened):
        raise OperationalError

    take_over(monkeypatch, lose_the_database)
    with pytest.raises(OperationalError):
        open_messages()

    assert (failed_messages(), message_of(token).open_failed_at) == ([], None)


@pytest.mark.django_db
def test_request_that_an_older_release_sealed_still_opens():
    older = {name: value for name, value in sealed_contents(name="Old").items() if name != "version"}
    make_message({**older, "consent": True, "received_at": "2026-11-24T10:00:00+00:00"})

    assert (open_messages(), Lead.objects.get().name) == (1, "Old")


@pytest.mark.django_db
def test_failed_opening_leaves_nothing_behind():
    make_message(sealed_contents(phone=PHONE, reference=None))

    open_messages()

    assert (Lead.objects.count(), LeadMessage.objects.count(), Activity.objects.count()) == (0, 0, 0)
