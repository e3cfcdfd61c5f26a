"""The receipt: who holds the link reads the promise, who holds the table does not, and the public role sees no more."""

import re
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.promise import AS_AGREED, promise
from intake.callbacks.receipts import Receipt, find_receipt, token_hash
from intake.leads import acts
from intake.leads.models import Lead
from tests.factories import WHY, make_call, make_lead, make_user, put_at_noon, receive_lead, send_request

pytestmark = pytest.mark.django_db

Status = CallbackMessage.PublicStatus
MARKUP = "<img src=x onerror=alert(1)> & “Co”"


def run(sql: str) -> None:
    """In a savepoint, so that a refusal does not end the test's transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def said(receipt: Receipt) -> list[str]:
    """The whole promise, as it was given."""
    return promise(receipt.rules, receipt.asked_at)


def test_receipt_shows_the_reference_and_the_whole_promise(client):
    lead = receive_lead(name="Sam", times=["morning", "evening"], time_zone="America/New_York", voicemail="name_only")
    token = send_request(name="Sam", times=["morning", "evening"], time_zone="America/New_York", voicemail="name_only")
    open_messages()

    receipt, status = find_receipt(token)

    assert Lead.objects.get() == lead
    assert status == Status.WAITING
    assert re.fullmatch(r"[A-Z]{3,9}-\d{4}", receipt.reference)
    assert said(receipt) == [
        "We will call the number ending 63 in the morning or evening (Eastern time).",
        "We will ask for Sam.",
        "If nobody answers, we will leave only a first name and a number.",
        "If someone else answers, we will hang up.",
    ]


def test_page_shows_all_that_the_receipt_says(client):
    token = send_request(name="Sam")
    receipt, _ = find_receipt(token)

    response = client.get(f"/request/{token}/")

    assert response.status_code == 200
    shown = [sentence for sentence in [receipt.reference, *said(receipt)] if sentence in response.text]
    assert shown == [
        receipt.reference,
        "We will call the number ending 63 between 8 am and 9 pm (Pacific time).",
        "We will ask for Sam.",
        "We will not leave a message.",
        "If someone else answers, we will hang up.",
    ]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"name": ""}, "We will not say your name, because you gave none."),
        ({"voicemail": "yes"}, "If nobody answers, we may leave a message that says where we are calling from."),
        (
            {"if_other_answers": "ask_for_me", "name": "Sam"},
            "If someone else answers, we will ask for you and say nothing else.",
        ),
        ({"times": ["afternoon"]}, "We will call the number ending 63 in the afternoon (Pacific time)."),
        (
            {"times": ["morning", "afternoon", "evening"], "time_zone": "Pacific/Honolulu"},
            "We will call the number ending 63 between 8 am and 9 pm (Hawaii time).",
        ),
        (
            {"phone": "(702) 555-0163 ext. 12"},
            "We will call the number ending 63, extension 12, between 8 am and 9 pm (Pacific time).",
        ),
        ({"text": "yes"}, "We may text you."),
        ({"language": "es"}, "We will speak Spanish."),
        ({"phone": "+44 20 7946 0958"}, "We will call the number ending 58 between 8 am and 9 pm (London time)."),
    ],
)
def test_promise_follows_the_answers(answers, sentence):
    receipt, _ = find_receipt(send_request(**answers))

    assert sentence in said(receipt)


def test_page_never_shows_more_of_the_number_than_two_digits(client):
    token = send_request(phone="(702) 555-0163")

    text = client.get(f"/request/{token}/").text

    assert "ending 63" in text
    assert [part for part in ("5550163", "555-0163", "555 0163", "(702)", "+1702") if part in text] == []


def test_page_says_that_its_address_stays_in_the_history_and_where_to_read_how_to_remove_it(client):
    text = client.get(f"/request/{send_request()}/").text

    last = text.partition('<p class="private">')[2].partition("</p>")[0]
    assert ("history" in last, f'href="{reverse("intake:staying_safe")}"' in last) == (True, True)


def test_name_with_markup_is_shown_as_text(client):
    token = send_request(name=MARKUP)

    text = client.get(f"/request/{token}/").text

    assert "<img src=x" not in text
    assert "We will ask for &lt;img src=x onerror=alert(1)&gt; &amp; “Co”." in text


def test_page_is_kept_by_nobody_and_tells_nobody_its_address(client):
    response = client.get(f"/request/{send_request()}/")

    headers = {name: response.headers.get(name) for name in ("Referrer-Policy", "X-Robots-Tag", "Set-Cookie")}
    assert headers == {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Set-Cookie": None}
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert re.findall(r"<script[^>]*>", response.text) == ['<script src="/static/visitor.js" data-leave="/leave">']


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.RECEIVED, "Your request is waiting for the next free member of our team."),
        (Status.WAITING, "Your request is waiting for the next free member of our team."),
        (Status.IN_HAND, "Someone on our team has your request now."),
        (Status.TRIED, "We called and did not reach you. We will try again."),
        (Status.SPOKE, "We spoke with you."),
        (Status.NUMBER_FAILED, "Give us another number</a>, or call us."),
        (Status.PROMISED, "We spoke with you. We will call you again at the time we agreed."),
        (Status.DONE, "We will not call about it again."),
        (Status.STOPPED, "We do not call or text it again."),
    ],
)
def test_status_is_said_in_words(client, status, words):
    token = send_request()
    CallbackMessage.objects.update(public_status=status)

    text = client.get(f"/request/{token}/").text

    assert words in text
    assert text.count("waiting for the next free") == (status in (Status.RECEIVED, Status.WAITING))


def test_finished_request_no_longer_shows_the_promise(client):
    token = send_request(name="Zebulon")
    CallbackMessage.objects.update(public_status=Status.DONE)

    text = client.get(f"/request/{token}/").text

    assert "This request is finished" in text
    assert "Zebulon" not in text


@pytest.mark.parametrize(("status", "when"), [(Status.PROMISED, AS_AGREED), (Status.SPOKE, "")])
def test_no_time_but_the_agreed_one_is_promised_once_we_spoke(client, status, when):
    token = send_request(name="Sam")
    CallbackMessage.objects.update(public_status=status)

    sentences = client.get(f"/request/{token}/").context["sentences"]

    call = [f"We will call the number ending 63 {when}."] if when else []
    assert sentences[: len(call) + 1] == [*call, "We will ask for Sam."]


@pytest.mark.parametrize(
    ("status", "is_offered"),
    [(Status.WAITING, True), (Status.PROMISED, True), (Status.NUMBER_FAILED, False)],
)
def test_number_that_failed_leaves_no_word_of_a_call_to_come(client, status, is_offered):
    token = send_request()
    CallbackMessage.objects.update(public_status=status)

    page = client.get(f"/request/{token}/")

    steps = page.text.partition("<ol>")[2].partition("</ol>")[0].count("<li>")
    assert ('value="pause"' in page.text, steps > 1, page.context["expects_call"]) == (is_offered,) * 3


def test_stop_that_staff_heard_is_said_on_the_receipt_and_not_offered_again(client):
    token = send_request()
    open_messages()
    acts.stop(Lead.objects.get(), by=make_user())

    page = client.get(f"/request/{token}/")

    offered = re.findall(r'name="wish" value="(\w+)"', page.text)
    assert (page.context["status"], page.context["is_over"], offered) == (Status.STOPPED, True, ["erase"])
    assert "<h1>We have stopped</h1>" in page.text


@pytest.mark.parametrize(
    "token", ["A" * 22, "x", "-", "a" * 64, "é", "a" * 65, "a.b", "%00", "..%2F..", "'--", "%ff", "a b"]
)
def test_unknown_and_malformed_token_look_the_same_and_say_nothing(client, token):
    send_request(name="Zebulon")

    response = client.get(f"/request/{token}/")

    expected = client.get("/request/BBBBBBBBBBBBBBBBBBBBBB/")
    assert (response.status_code, response.text) == (404, expected.text)
    assert response.headers == expected.headers
    assert "Zebulon" not in response.text
    assert "We cannot find this request" in response.text


def test_table_does_not_hold_the_reference_nor_the_token():
    token = send_request(name="Zebulon")
    receipt, _ = find_receipt(token)

    row = CallbackMessage.objects.values_list().get()

    everything = b"".join(bytes(part) if isinstance(part, memoryview) else str(part).encode() for part in row)
    for canary in (receipt.reference, token, "Zebulon", "ending", "voicemail"):
        assert canary.encode() not in everything


def test_receipt_of_another_row_does_not_open():
    token, other = send_request(name="Ann"), send_request(name="Ben")
    stolen = CallbackMessage.objects.get(token_hash=token_hash(other)).receipt

    CallbackMessage.objects.filter(token_hash=token_hash(token)).update(receipt=stolen)

    assert find_receipt(token) is None
    assert said(find_receipt(other).receipt)[1] == "We will ask for Ben."


def test_changed_receipt_is_not_found(client):
    token = send_request()
    message = CallbackMessage.objects.get()
    changed = bytearray(message.receipt)
    changed[20] ^= 1

    CallbackMessage.objects.update(receipt=bytes(changed))

    assert find_receipt(token) is None
    assert client.get(f"/request/{token}/").status_code == 404


def test_only_the_three_public_columns_are_read():
    token = send_request()

    with CaptureQueriesContext(connection) as queries:
        find_receipt(token)

    [query] = queries
    columns = set(re.findall(r'"intake_callbackmessage"\."(\w+)"', query["sql"]))
    assert columns == {"token_hash", "receipt", "public_status"}


def test_public_role_can_send_a_request_and_read_its_receipt(become):
    become("site")

    token = send_request(name="Sam")

    receipt, status = find_receipt(token)
    assert (status, said(receipt)[1]) == (Status.RECEIVED, "We will ask for Sam.")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sealed FROM intake_callbackmessage",
        "SELECT id, received_at FROM intake_callbackmessage",
        "SELECT * FROM intake_callbackmessage",
        "UPDATE intake_callbackmessage SET public_status = 'done'",
        "DELETE FROM intake_callbackmessage",
        "TRUNCATE intake_callbackmessage CASCADE",
        "SELECT name FROM intake_lead",
    ],
)
def test_public_role_can_do_nothing_else(become, sql):
    send_request()
    become("site")

    with pytest.raises(ProgrammingError, match="permission denied for table"):
        run(sql)


def test_status_of_the_receipt_follows_the_work_of_the_desk():
    token = send_request()
    open_messages()
    lead, consultant = Lead.objects.get(), make_user()

    seen = []
    for act in (
        lambda: acts.claim(lead, by=consultant),
        lambda: make_call(lead, by=consultant),
        lambda: acts.close(lead, by=consultant, reason=Lead.CloseReason.UNREACHABLE, note=WHY),
        lambda: acts.reopen(lead, by=consultant),
    ):
        act()
        seen.append(find_receipt(token)[1])

    assert seen == [Status.IN_HAND, Status.TRIED, Status.DONE, Status.TRIED]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("reached", Status.SPOKE),
        ("no_answer", Status.TRIED),
        ("other_answered", Status.TRIED),
        ("line_dead", Status.NUMBER_FAILED),
        ("wrong_number", Status.NUMBER_FAILED),
    ],
)
def test_receipt_says_what_came_of_the_call_also_after_the_lead_is_given_back(outcome, status):
    token = send_request()
    open_messages()
    lead, consultant = Lead.objects.get(), make_user()
    acts.claim(lead, by=consultant)

    seen = []
    for act in (
        lambda: make_call(lead, by=consultant, outcome=outcome),
        lambda: acts.release(lead, by=consultant),
    ):
        act()
        seen.append(find_receipt(token)[1])

    assert seen == [status, status]


@pytest.mark.parametrize(("outcome", "status"), [("reached", Status.PROMISED), ("no_answer", Status.TRIED)])
def test_receipt_says_that_a_time_was_agreed_only_if_we_spoke(outcome, status):
    token = send_request()
    open_messages()
    put_at_noon()
    lead, consultant = Lead.objects.get(), make_user()
    acts.claim(lead, by=consultant)
    make_call(lead, by=consultant, outcome=outcome)

    acts.follow_up(lead, by=consultant, at=timezone.now() + timedelta(days=1), note=WHY)

    assert find_receipt(token)[1] == status


def test_receipt_says_what_was_true_before_once_the_claim_lapses(worker):
    token = send_request()
    open_messages()
    lead = Lead.objects.get()
    acts.claim(lead, by=make_user())
    Lead.objects.update(claim_lapses_at=timezone.now())

    worker.work_once()

    assert (find_receipt(token)[1], Lead.objects.get().claimed_by) == (Status.WAITING, None)
    assert [(row.kind, row.by) for row in lead.activities.all()][:1] == [("lapsed", None)]


def test_worker_leaves_a_claim_that_has_not_lapsed(worker):
    lead = make_lead(claimed_by=make_user())

    worker.work_once()

    assert (Lead.objects.get().claimed_by, lead.activities.count()) == (lead.claimed_by, 0)


def test_receipt_says_that_nobody_has_the_request_once_it_is_given_back():
    token = send_request()
    open_messages()
    lead, consultant = Lead.objects.get(), make_user()

    acts.claim(lead, by=consultant)
    acts.release(lead, by=consultant)

    assert find_receipt(token)[1] == Status.WAITING


def test_receipt_of_a_request_sent_again_says_that_somebody_has_it_in_hand():
    send_request()
    open_messages()
    acts.claim(Lead.objects.get(), by=make_user())

    token = send_request()
    open_messages()

    assert find_receipt(token)[1] == Status.IN_HAND
