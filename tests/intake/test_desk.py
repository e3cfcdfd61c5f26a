"""The pages of the desk: each opens, shows what it should and hides what it must, and is shut to everybody else."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from intake.admin import desk_site
from intake.callbacks.inbox import open_messages
from intake.leads import acts, contact_rules
from intake.leads.activity import Activity
from intake.leads.calls import CALL_LASTS
from intake.leads.doubts import DEAD_END
from intake.leads.forms import NO_SUCH_HOUR
from intake.leads.models import Lead
from intake.privacy.sealing import generate_key_pair
from tests.factories import (
    WHY,
    make_call,
    make_coverage,
    make_lead,
    make_user,
    make_verification,
    page_of,
    put_at_noon,
    receive_lead,
    send_request,
    sign_in,
    zone_where_it_is,
)

pytestmark = pytest.mark.django_db

NUMBERS = ("5550163", "555-0163", "555 0163")
CANARIES = ("Zebulon", "LARK-4821", "XEA900000017", "canary", *NUMBERS)
QUEUE = "/desk/queue/"
ACTS = (
    *("claim", "release", "keep-claim", "reveal", "record-call", "add-note", "follow-up", "hand-over", "correct"),
    *("close", "reopen", "undo", "clear-quarantine"),
)


@pytest.fixture
def consultant(client):
    user = make_user(first_name="Casey", last_name="Consultant")
    sign_in(client, user)
    return user


def act(client, lead: Lead, name: str, **answers):
    return client.post(f"{page_of(lead)}{name}/", answers)


def tomorrow() -> str:
    """This time tomorrow, as the browser writes it: a safe hour of a person whom `make_lead` made."""
    return (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def words_of(response) -> str:
    """What stands on the page, as somebody reads it."""
    return " ".join(re.sub(r"<[^>]+>", "", response.text).split())


def rows(response) -> list[Lead]:
    return list(response.context["rows"])


def desk_addresses(lead: Lead, coverage_id) -> list[str]:
    """Every address below /desk/, with real ids in the places where ids go."""
    ids = {"lead_id": str(lead.pk)} | dict.fromkeys(("coverage_id", "verification_id"), str(coverage_id))

    def walk(patterns, prefix: str) -> list[str]:
        found = []
        for entry in patterns:
            part = re.sub(r"\(\?P<\w+>(\w*).*?\)", lambda match: match[1] or "x", str(entry.pattern))
            part = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: ids.get(match[1], "1"), part)
            part = part.strip("^$").replace(".*", "x")
            if isinstance(entry, URLResolver):
                found += walk(entry.url_patterns, prefix + part)
            elif isinstance(entry, URLPattern):
                found.append(prefix + part)
        return found

    return walk(desk_site.urls[0], "/desk/")


# --- Who may come in ------------------------------------------------------------------------------------------------


@pytest.fixture
def canary_lead(db) -> tuple[Lead, list[str]]:
    """A lead full of canaries, and every address of the desk with its ids."""
    lead = make_lead(name="Zebulon", reference="LARK-4821", note="canary in a coal mine")
    coverage = make_verification(coverage=make_coverage(lead=lead, is_agreed=False), representative="canary").coverage
    return lead, desk_addresses(lead, coverage.pk)


def leaks(response) -> list[str]:
    return [canary for canary in CANARIES if canary in response.text]


def test_every_address_of_the_desk_is_tried(canary_lead):
    lead, addresses = canary_lead

    assert {f"{page_of(lead)}{name}/" for name in ACTS} <= {*addresses}
    insurance = f"{page_of(lead)}insurance/"
    assert {"/desk/", QUEUE, "/desk/search/", "/desk/auth/user/", insurance, f"{insurance}add/"} <= {*addresses}
    assert [address for address in addresses if re.search(r"[<>()?*^$]", address)] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_who_is_not_signed_in_gets_anything_of_the_desk(client, canary_lead, method):
    lead, addresses = canary_lead

    answers = {address: getattr(client, method)(address) for address in addresses}

    ways_out = {re.sub(r"\?.*", "", response.get("Location", "")) for response in answers.values()}
    assert {response.status_code for response in answers.values()} == {302}
    assert ways_out <= {"/accounts/login/", "/desk/login/", "/desk/"}
    assert [address for address, response in answers.items() if leaks(response)] == []
    assert list(lead.activities.all()) == []


@pytest.mark.parametrize("role", ["editor", "reviewer", ""])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_does_not_work_at_the_desk_gets_nothing_of_it(client, canary_lead, method, role):
    lead, addresses = canary_lead
    sign_in(client, make_user(role))

    answers = {address: getattr(client, method)(address) for address in addresses}

    outcomes = {(response.status_code, response.get("Location", "")[:12]) for response in answers.values()}
    assert outcomes <= {(403, ""), (302, "/desk/"), (302, "/desk/login/")}
    assert [address for address, response in answers.items() if leaks(response)] == []
    assert list(lead.activities.all()) == []


def test_desk_staff_without_a_role_gets_nothing_of_a_lead(client, canary_lead):
    lead, addresses = canary_lead
    user = make_user("")
    user.is_staff = True
    user.save()
    sign_in(client, user)

    answers = [client.get(address) for address in addresses] + [act(client, lead, name) for name in ACTS]

    assert [leaks(response) for response in answers if leaks(response)] == []
    assert list(lead.activities.all()) == []


@pytest.mark.parametrize("name", sorted({*ACTS} - {"clear-quarantine"}))
def test_manager_sees_a_lead_and_does_not_work_on_it(client, name):
    lead = make_lead()
    sign_in(client, make_user("manager"))

    response = act(client, lead, name, reason="referred", note="x", outcome="reached")

    assert (response.status_code, lead.activities.count()) == (403, 0)
    assert lead.reference in client.get(page_of(lead)).text


def test_consultant_does_not_decide_what_is_spam(client, consultant):
    lead = make_lead(is_quarantined=True)

    response = act(client, lead, "clear-quarantine", is_spam="yes")

    assert (response.status_code, Lead.objects.quarantined().count()) == (403, 1)


def test_any_consultant_takes_a_person_out_of_quarantine(client, consultant):
    lead = make_lead(is_quarantined=True)

    act(client, lead, "clear-quarantine", is_spam="no")

    assert (Lead.objects.quarantined().count(), Lead.objects.open().count()) == (0, 1)


@pytest.mark.parametrize("name", [*ACTS])
def test_no_act_happens_by_following_a_link(client, consultant, name):
    lead = make_lead(claimed_by=consultant)

    response = client.get(f"{page_of(lead)}{name}/")

    no_page_or_page = (405, None) if name == "clear-quarantine" else (302, page_of(lead))
    assert (response.status_code, response.get("Location")) == no_page_or_page
    assert list(lead.activities.all()) == []


@pytest.mark.parametrize("name", ["", "claim/", "reveal/"])
def test_unknown_lead_is_not_found(client, consultant, name):
    unknown = "/desk/leads/00000000-0000-4000-8000-000000000000/"

    responses = [client.get(unknown), client.post(f"{unknown}{name}")]

    assert [response.status_code for response in responses] == [404, 404]


# --- Every page once ------------------------------------------------------------------------------------------------


def test_first_page_leads_to_the_queue(client, consultant):
    response = client.get("/desk/")

    assert (response.status_code, response["Location"]) == (302, QUEUE)


@pytest.mark.parametrize("tab", ["now", "later", "snoozed", "quarantine", "closed"])
def test_each_tab_of_the_queue_shows_its_own_leads(client, consultant, tab):
    leads = {
        "now": make_lead(),
        "later": make_lead(time_zone=zone_where_it_is(2)),
        "snoozed": make_lead(follow_up_at=timezone.now() + timedelta(hours=1)),
        "quarantine": make_lead(is_quarantined=True),
        "closed": make_lead(closed_by=consultant),
    }

    response = client.get(QUEUE, {"show": tab})

    assert (response.status_code, rows(response)) == (200, [leads[tab]])
    assert [name for name, lead in leads.items() if page_of(lead) in response.text] == [tab]


@pytest.mark.parametrize("tab", ["now", "later", "snoozed", "quarantine", "closed"])
def test_each_empty_tab_says_what_to_do(client, consultant, tab):
    response = client.get(QUEUE, {"show": tab})

    assert (response.status_code, rows(response)) == (200, [])
    assert 'class="empty"' in response.text


def test_unknown_tab_is_the_first(client, consultant):
    lead = make_lead()

    response = client.get(QUEUE, {"show": "__class__"})

    assert (response.context["tab"], rows(response)) == ("now", [lead])


def test_queue_counts_who_waits_and_what_is_overdue(client, consultant):
    make_lead()
    make_lead(time_zone=zone_where_it_is(2))
    make_lead(follow_up_at=timezone.now() - timedelta(minutes=1))
    make_lead(follow_up_at=timezone.now() + timedelta(hours=1))

    queue = client.get(QUEUE).context["queue"]

    assert (queue.waiting_count, queue.overdue_count, queue.open_count) == (3, 1, 4)


def test_lead_in_anothers_hands_is_listed_last(client, consultant):
    old = timezone.now() - timedelta(hours=5)
    held = make_lead(claimed_by=make_user(), received_at=old)
    mine = make_lead(claimed_by=consultant, received_at=old + timedelta(hours=1))
    free = make_lead()

    assert rows(client.get(QUEUE)) == [mine, free, held]


def test_queue_does_not_invite_a_second_call(client, consultant):
    ago = timezone.now() - timedelta(minutes=12)
    being_called, tried = make_lead(), make_lead()
    Activity.objects.create(lead=being_called, kind="revealed", at=ago, by=make_user(first_name="Robin"))
    Activity.objects.create(lead=tried, kind="called", outcome="no_answer", at=ago - timedelta(hours=4))
    Activity.objects.create(lead=tried, kind="called", outcome="no_answer", at=ago)
    held, free = make_lead(claimed_by=make_user()), make_lead()

    response = client.get(QUEUE)

    assert rows(response) == [free, tried, held, being_called]
    text = words_of(response)
    assert "number revealed 12 minutes ago by Robin, no outcome yet" in text
    assert f"no answer {timezone.localtime(ago):%H:%M}, 2nd call" in text


def test_look_without_an_outcome_holds_a_lead_back_for_an_hour_only(client, consultant):
    looked_at = make_lead(received_at=timezone.now() - timedelta(hours=2))
    Activity.objects.create(lead=looked_at, kind="revealed", at=timezone.now() - timedelta(minutes=61), by=make_user())
    free = make_lead()

    assert rows(client.get(QUEUE)) == [looked_at, free]


def test_lead_page_says_that_somebody_may_be_on_the_phone(client, consultant):
    lead = make_lead()
    Activity.objects.create(lead=lead, kind="revealed", by=make_user(first_name="Robin"))

    text = words_of(client.get(page_of(lead)))

    assert text.index("by Robin, no outcome yet") < text.index("•••• 63")


def test_outcome_is_asked_of_who_saw_the_number_also_after_the_claim(client, consultant):
    lead = make_lead(claimed_by=consultant)
    act(client, lead, "reveal")
    Lead.objects.update(claim_lapses_at=timezone.now())

    page = client.get(page_of(lead))
    response = act(client, lead, "record-call", outcome="no_answer")

    assert "Your claim is over, but you saw the number" in page.text
    assert (response.status_code, lead.activities.filter(outcome="no_answer").count()) == (302, 1)


def test_reason_is_asked_for_before_a_dead_line_is_revealed_again(client, consultant):
    lead = make_lead(claimed_by=consultant)
    make_call(lead, by=consultant, outcome="line_dead")

    page, refused = client.get(page_of(lead)), act(client, lead, "reveal")

    assert DEAD_END in page.text
    assert (refused.status_code, shows_number(refused)) == (409, False)


def test_queue_opens_what_came_in(client, consultant):
    token = send_request(name="Sam")

    client.get(QUEUE)

    assert [(lead.name, lead.messages.count()) for lead in Lead.objects.all()] == [("Sam", 1)]
    assert token not in client.get(QUEUE).text


def test_queue_shows_no_name_and_no_number(client, consultant):
    receive_lead(name="Zebulon", note="canary")

    responses = [client.get(QUEUE, {"show": tab}) for tab in ("now", "later")]

    assert [leaks(response) for response in responses] == [[], []]


def test_queue_names_the_requests_that_cannot_be_opened(client, consultant, set_keys):
    send_request(name="Zebulon")
    set_keys(INTAKE_PRIVATE_KEYS=[generate_key_pair()[1]])

    response = client.get(QUEUE)

    [message] = response.context["failed"]
    assert str(message.pk) in response.text
    assert "1 message could not be opened. Nothing is lost." in response.text
    assert leaks(response) == []


def test_lead_page_shows_the_rules_before_the_number(client, consultant):
    lead = receive_lead(
        name="Zebulon", note="Please speak slowly.\nThank you.", voicemail="name_only", if_other_answers="ask_for_me"
    )
    act(client, lead, "claim")

    text = client.get(page_of(lead)).text

    assert "Please speak slowly.<br>Thank you." in text
    rules = [text.index(line) for line in ("Ask for “Zebulon”.", "leave only your first name", "Send no text message.")]
    assert max(rules) < text.index("•••• 63")


def test_what_the_visitor_wrote_is_shown_as_text(client, consultant):
    lead = make_lead(name="<script>alert(1)</script>", note="<img src=x>", claimed_by=consultant)

    text = client.get(page_of(lead)).text

    assert ("<script>alert" in text, "<img src=x>" in text) == (False, False)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_unreadable_lead_still_opens_and_says_so(client, consultant):
    lead = make_lead(name="Zebulon", claimed_by=consultant)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_lead SET name = 'x', phone = 'x', note = 'x'")

    responses = [client.get(QUEUE), client.get(page_of(lead))]

    assert [response.status_code for response in responses] == [200, 200]
    assert "(unreadable: integrity check failed)" in responses[1].text


def test_timeline_shows_every_kind_of_event(client, consultant):
    lead = receive_lead(time_zone="America/Los_Angeles", voicemail="yes")
    put_at_noon()
    steps = [
        ("claim", {}),
        ("reveal", {}),
        ("record-call", {"outcome": "no_answer"}),
        ("add-note", {"note": "A dog barked."}),
        ("follow-up", {"at": tomorrow(), "is_asked_for": "on"}),
        ("claim", {}),
        ("release", {}),
        ("claim", {}),
        ("close", {"reason": "unreachable", "note": WHY}),
        ("reopen", {}),
    ]
    statuses = [act(client, lead, name, **answers).status_code for name, answers in steps]

    response = client.get(page_of(lead))

    shown = [activity.kind for activity in response.context["timeline"]]
    done = "received claimed revealed called noted follow_up claimed released claimed closed reopened".split()
    assert statuses == [303 if name == "reveal" else 302 for name, _ in steps]
    assert shown == done[::-1]
    words = ("Called", "No answer", "A dog barked.", "Closed", "Could not be reached", "Reopened")
    assert [word for word in words if word not in response.text] == []


# --- The number -----------------------------------------------------------------------------------------------------


def shows_number(response) -> bool:
    return any(number in response.text for number in NUMBERS)


def reveal(client, lead: Lead, **answers):
    """The page to which a look at the number leads."""
    return client.get(act(client, lead, "reveal", **answers)["Location"])


def test_number_is_not_on_the_page_until_it_is_revealed(client, consultant):
    lead = make_lead(claimed_by=consultant, phone="+17025550163")

    before = client.get(page_of(lead))
    answer = act(client, lead, "reveal")
    revealed = client.get(page_of(lead))

    assert (answer.status_code, answer["Location"], answer.content) == (303, page_of(lead), b"")
    assert [number for number in ("+17025550163", "(702) 555-0163") if number not in revealed.text] == []
    assert [shows_number(response) for response in (before, revealed)] == [False, True]
    assert [activity.kind for activity in lead.activities.all()] == ["revealed"]


def test_look_lasts_until_its_outcome_is_said(client, consultant):
    """One row of the timeline for one look, however often its page is loaded again (docs/decisions/0023)."""
    lead = make_lead(claimed_by=consultant)
    reveal(client, lead)

    again = client.get(page_of(lead))
    act(client, lead, "record-call", outcome="no_answer")
    after = client.get(page_of(lead))

    assert [shows_number(response) for response in (again, after)] == [True, False]
    assert lead.activities.filter(kind="revealed").count() == 1


@pytest.mark.parametrize("end", ["another person", "lapsed", "claimed anew", "too long ago", "closed"])
def test_look_that_is_over_shows_no_number(client, consultant, end):
    lead = make_lead(claimed_by=consultant)
    reveal(client, lead)
    if end == "another person":
        sign_in(client, make_user("lead"))
    if end == "lapsed":
        Lead.objects.update(claim_lapses_at=timezone.now())
    if end == "claimed anew":
        Lead.objects.update(claimed_at=timezone.now() + timedelta(seconds=1))
    if end == "too long ago":
        lead = make_lead(claimed_by=consultant, claimed_at=timezone.now() - 2 * CALL_LASTS)
        Activity.objects.create(lead=lead, kind="revealed", by=consultant, at=timezone.now() - CALL_LASTS)
    if end == "closed":
        act(client, lead, "close", reason="unreachable", note=WHY)

    assert not shows_number(client.get(page_of(lead)))


def test_revealed_number_is_in_no_address_session_or_cache(client, consultant):
    lead = make_lead(claimed_by=consultant)

    answer = act(client, lead, "reveal")
    page = client.get(answer["Location"])

    assert shows_number(page)
    kept = f"{answer['Location']} {answer.headers} {page.headers} {dict(client.session)}"
    assert [number for number in NUMBERS if number in kept] == []
    assert page["Cache-Control"] == answer["Cache-Control"] == "no-store, private"


def test_number_is_shown_again_only_after_what_came_in_was_heard(client, consultant):
    token = send_request()
    open_messages()
    lead = Lead.objects.get()
    put_at_noon()
    acts.claim(lead, by=consultant)
    shown = reveal(client, lead)
    client.post(f"/request/{token}/", {"wish": "stop"})

    again = client.get(page_of(lead))

    assert [shows_number(response) for response in (shown, again)] == [True, False]
    assert "Do not call, text or write." in again.text


def test_number_is_not_revealed_without_a_claim(client, consultant):
    lead = make_lead(claimed_by=make_user(), phone="+17025550163")

    response = act(client, lead, "reveal", why="I want to")

    assert (response.status_code, shows_number(response)) == (409, False)
    assert "has this lead in hand since" in response.text
    assert lead.activities.count() == 0


def test_number_is_not_revealed_outside_the_safe_hours_without_a_reason(client, consultant):
    lead = make_lead(claimed_by=consultant, time_zone=zone_where_it_is(2))

    refused, given = act(client, lead, "reveal"), reveal(client, lead, why="She asked for it just now.")

    assert (refused.status_code, shows_number(refused)) == (409, False)
    assert "It is not a safe time to call. Say why you must call now, or wait." in refused.text
    assert (given.status_code, shows_number(given)) == (200, True)
    assert "She asked for it just now." in client.get(page_of(lead)).text


def test_reason_that_is_too_long_is_refused_and_kept(client, consultant):
    lead = make_lead(claimed_by=consultant, time_zone=zone_where_it_is(2))

    response = act(client, lead, "reveal", why="x" * 401)

    assert (response.status_code, lead.activities.count()) == (422, 0)
    assert "Use 400 characters or fewer for the reason." in response.text
    assert "x" * 401 in response.text


def test_what_came_in_is_opened_before_a_number_is_shown(client, consultant):
    lead = receive_lead(name="Sam")
    put_at_noon()
    acts.claim(lead, by=consultant)
    send_request(name="Sam")

    response = reveal(client, lead)

    kinds = [activity.kind for activity in response.context["timeline"]]
    assert kinds == ["revealed", "sent_again", "claimed", "received"]


# --- Acts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("record-call", {"outcome": "reached", "they_called": "on"}, "Outcome recorded."),
        ("add-note", {"note": "A note"}, "Note added."),
    ],
)
def test_act_leads_back_to_the_lead_and_says_what_happened(client, consultant, name, answers, said):
    lead = make_lead(claimed_by=consultant)

    response = act(client, lead, name, **answers)

    assert (response.status_code, response["Location"]) == (302, page_of(lead))
    assert said in client.get(page_of(lead)).text
    assert lead.activities.count() == 1


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("release", {}, "Given back to the queue."),
        ("follow-up", {"at": tomorrow(), "is_asked_for": "on"}, "Follow-up promised. The lead rests until then."),
        ("close", {"reason": "admitted", "note": WHY}, "Closed: Admitted."),
    ],
)
def test_who_gives_a_lead_out_of_hand_sees_whom_to_call_next(client, consultant, name, answers, said):
    done, coming = make_lead(claimed_by=consultant), make_lead()

    response = act(client, done, name, **answers)
    page = client.get(response["Location"], follow=True)

    assert page.redirect_chain == [(page_of(coming), 302)]
    assert f"{done.reference}: {said}" in page.text
    assert f'action="{page_of(done)}undo/"' in page.text


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("record-call", {}, "Choose what came of the call."),
        ("record-call", {"outcome": "danced"}, "Select a valid choice. danced is not one of the available choices."),
        ("add-note", {"note": "  "}, "Write the note first."),
        ("add-note", {"note": "x" * 4001}, "Use 4000 characters or fewer for one note."),
        ("follow-up", {}, "Choose when to call again."),
        ("follow-up", {"at": "tomorrow"}, "Enter a date and a time."),
        ("follow-up", {"at": "9999-12-31T23:59"}, "That is more than three months away. Check the year."),
        ("follow-up", {"at": "2027-03-14T02:30"}, NO_SUCH_HOUR),
        ("close", {}, "Choose why this is closed."),
    ],
)
def test_wrong_answer_is_refused_with_a_sentence(client, consultant, name, answers, said):
    lead = make_lead(claimed_by=consultant)

    response = act(client, lead, name, **answers)

    assert (response.status_code, response.context["refusal"]) == (422, said)
    assert said in response.text
    assert lead.activities.count() == 0


@pytest.mark.parametrize("is_mine", [True, False])
def test_claim_says_how_long_it_lasts_and_is_recorded_once(client, consultant, is_mine):
    lead = make_lead(claimed_by=consultant if is_mine else None)

    response = act(client, lead, "claim")

    assert (response.status_code, lead.activities.count()) == (302, 0 if is_mine else 1)
    assert "It is yours for 15 minutes." in client.get(page_of(lead)).text


@pytest.mark.parametrize(
    ("name", "answers", "kind"),
    [
        ("record-call", {"outcome": "reached", "they_called": "on"}, "called"),
        ("record-call", {"outcome": "asked_to_stop"}, "called"),
        ("follow-up", {"at": tomorrow, "is_asked_for": "on"}, "follow_up"),
        ("close", {"reason": "unreachable"}, "closed"),
        ("release", {}, "released"),
    ],
)
def test_note_is_saved_with_the_act(client, consultant, name, answers, kind):
    lead = make_lead(claimed_by=consultant)
    answers = {key: value() if callable(value) else value for key, value in answers.items()}

    act(client, lead, name, note="They are looking for the card.", **answers)

    assert lead.activities.get(kind=kind).note.body == "They are looking for the card."


@pytest.mark.parametrize("name", ["release", "close", "follow-up", "record-call"])
def test_note_of_a_refused_act_is_kept(client, consultant, name):
    lead = make_lead(claimed_by=consultant, claim_lapses_at=timezone.now())
    act(client, lead, "claim")
    Activity.objects.create(lead=lead, kind="revealed", by=consultant)
    answers = {"reason": "danced", "at": "", "outcome": "danced", "note": "They are looking <for> the card."}
    if name == "release":
        answers["note"] += "x" * 4000

    response = act(client, lead, name, **answers)

    assert response.status_code == 422
    assert "They are looking &lt;for&gt; the card." in response.text
    assert lead.notes.count() == 0


@pytest.mark.parametrize(("outcome", "shows"), [("", True), ("no_answer", False)])
def test_note_during_the_call_keeps_the_number_on_the_page(client, consultant, outcome, shows):
    lead = make_lead(claimed_by=consultant)
    reveal(client, lead)
    if outcome:
        act(client, lead, "record-call", outcome=outcome)

    response = client.get(act(client, lead, "add-note", note="A note")["Location"])

    assert shows_number(response) == shows
    assert lead.activities.filter(kind="revealed").count() == 1


def test_refusal_during_the_call_keeps_the_number_on_the_page(client, consultant):
    lead = make_lead(claimed_by=consultant)
    reveal(client, lead)

    responses = [
        act(client, lead, "add-note", note=""),
        act(client, lead, "follow-up", at="2020-01-01T10:00"),
    ]

    assert [(response.status_code, shows_number(response)) for response in responses] == [(422, True), (409, True)]


@pytest.mark.parametrize("claim", ["never looked", "lapsed", "another's"])
def test_note_shows_no_number_to_who_has_not_seen_it_in_this_claim(client, consultant, claim):
    lead = make_lead(claimed_by=consultant)
    if claim != "never looked":
        act(client, lead, "reveal")
    if claim == "lapsed":
        Lead.objects.update(claim_lapses_at=timezone.now())
    if claim == "another's":
        Lead.objects.update(claimed_by=make_user())

    response = client.get(act(client, lead, "add-note", note="A note")["Location"])

    assert not shows_number(response)


def test_what_the_person_wrote_stands_right_before_the_number(client, consultant):
    lead = make_lead(claimed_by=consultant, note="Please speak slowly.")

    text = client.get(page_of(lead)).text

    parts = ("Before you call", "Send no text message.", "Their clock:", "Please speak slowly.", "•••• 63")
    assert sorted(parts, key=text.index) == list(parts)
    assert text.count("Please speak slowly.") == 1


def test_close_does_not_offer_the_stop(client, consultant):
    lead = make_lead(claimed_by=consultant)

    page, refused = client.get(page_of(lead)), act(client, lead, "close", reason="asked_to_stop")

    assert '<option value="asked_to_stop"' not in page.text
    assert (refused.status_code, Lead.objects.get().is_closed) == (422, False)


def test_follow_up_outside_the_safe_hours_needs_that_they_asked_for_it(client, consultant):
    lead = make_lead(claimed_by=consultant, time_zone=zone_where_it_is(2))

    refused = act(client, lead, "follow-up", at=tomorrow(), note="They work nights.")
    given = act(client, lead, "follow-up", at=tomorrow(), is_asked_for="on")

    next_safe = timezone.localtime(
        contact_rules.safety([], lead.time_zone, timezone.now() + timedelta(days=1)).changes_at
    )
    assert (refused.status_code, given.status_code) == (409, 302)
    assert f"Next safe time: {next_safe:%a %b} {next_safe.day}, {next_safe:%H:%M}" in refused.text
    assert "They work nights." in refused.text


def test_note_that_is_too_long_is_kept(client, consultant):
    lead = make_lead(claimed_by=consultant)

    response = act(client, lead, "add-note", note="<b>" + "x" * 4000)

    assert "&lt;b&gt;" + "x" * 4000 in response.text


def test_refused_follow_up_keeps_the_time(client, consultant):
    lead = make_lead(claimed_by=consultant)

    response = act(client, lead, "follow-up", at="2020-01-01T10:00")

    assert (response.status_code, lead.activities.count()) == (409, 0)
    assert 'value="2020-01-01T10:00"' in response.text
    assert "The follow-up time has passed already. Choose a later one." in response.text


def test_refused_close_keeps_the_reason(client, consultant):
    lead = make_lead(claimed_by=consultant, claim_lapses_at=timezone.now() - timedelta(minutes=1))

    response = act(client, lead, "close", reason="unreachable")

    assert (response.status_code, lead.activities.count()) == (409, 0)
    assert response.context["form"]["reason"]["value"] == "unreachable"


def test_follow_up_is_read_on_the_clock_of_the_desk(client, consultant, settings):
    lead, at = make_lead(claimed_by=consultant), tomorrow()

    act(client, lead, "follow-up", at=at, is_asked_for="on")

    lead.refresh_from_db()
    here = lead.follow_up_at.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (settings.TIME_ZONE, here.strftime("%Y-%m-%dT%H:%M")) == ("America/Los_Angeles", at)


def test_lead_with_a_promise_of_the_year_9999_in_its_timeline_still_opens(client, consultant):
    lead = make_lead()
    Activity.objects.create(lead=lead, kind="follow_up", detail={"at": "9999-12-31T23:59:00-08:00"})

    responses = [client.get(page_of(lead)), client.get(QUEUE, {"show": "snoozed"})]

    assert [response.status_code for response in responses] == [200, 200]
    assert "Follow-up promised" in responses[0].text


@pytest.mark.parametrize("is_spam", ["no", "yes"])
def test_lead_consultant_decides_about_the_quarantine(client, is_spam):
    lead = make_lead(is_quarantined=True)
    sign_in(client, make_user("lead"))

    response = act(client, lead, "clear-quarantine", is_spam=is_spam)

    lead.refresh_from_db()
    assert response.status_code == 302
    assert (lead.is_quarantined, lead.close_reason) == ((False, "") if is_spam == "no" else (True, "spam"))


def test_stopped_lead_says_so_and_not_how_to_reach_the_person(client, consultant):
    lead = make_lead(closed_by=consultant, close_reason=Lead.CloseReason.ASKED_TO_STOP)

    text = client.get(page_of(lead)).text

    assert "Do not call, text or write." in text
    assert ("How they asked to be reached" in text, "Leave no voicemail." in text) == (False, False)


def test_language_to_speak_is_named_in_english(client, consultant):
    lead = make_lead(language="es")

    assert "Speak Spanish." in client.get(page_of(lead)).text


def test_stopped_lead_offers_no_way_to_open_it_again(client, consultant):
    lead = make_lead(closed_by=consultant, close_reason=Lead.CloseReason.ASKED_TO_STOP)

    page = client.get(page_of(lead))
    response = act(client, lead, "reopen")

    assert reverse("desk:reopen", args=[lead.pk]) not in page.text
    assert (response.status_code, Lead.objects.get().is_closed) == (409, True)


@pytest.mark.parametrize("holder", ["nobody", "another"])
def test_stop_is_offered_to_who_does_not_hold_the_lead(client, consultant, holder):
    lead = make_lead(claimed_by=make_user() if holder == "another" else None)

    page = client.get(page_of(lead))
    refused = act(client, lead, "record-call", outcome="asked_to_stop", note="x")
    was_stopped = Lead.objects.get().is_stopped
    response = act(client, lead, "record-call", outcome="asked_to_stop", note=WHY)

    assert "They asked us to stop: close for good" in page.text
    assert (refused.status_code, was_stopped) == (409, False)
    assert (response.status_code, Lead.objects.get().is_stopped) == (302, True)


def test_outcome_tells_what_others_wrote_meanwhile(client, consultant):
    lead = make_lead(claimed_by=consultant)
    reveal(client, lead)
    seen = client.get(page_of(lead)).context["seen"]
    acts.add_note(lead, by=make_user(), note="Do not ring again, she is in hospital.")

    act(client, lead, "record-call", outcome="no_answer", seen=seen)
    told = client.get(page_of(lead))
    reveal(client, lead, why=WHY)
    act(client, lead, "record-call", outcome="no_answer", seen=seen + 1)
    again = client.get(page_of(lead))

    is_told = ["warning" in {message.level_tag for message in page.context["messages"]} for page in (told, again)]
    assert is_told == [True, False]


def test_page_says_first_who_passed_it_on_and_with_which_words(client, consultant):
    colleague = make_user()
    lead = make_lead(claimed_by=colleague)
    acts.pass_on(lead, by=colleague, to=consultant, note="She only wants a woman.")

    text = words_of(client.get(page_of(lead)))

    assert text.index("Passed on to you by") < text.index("She only wants a woman.") < text.index("Before you call")


def test_call_that_they_made_is_no_try_of_ours(client, consultant):
    lead = make_lead(claimed_by=consultant)
    acts.record_call(lead, by=consultant, outcome="reached", they_called=True)

    text = client.get(QUEUE).text

    assert "they called us, reached" in " ".join(text.split())
    assert "0th" not in text


@pytest.mark.parametrize("days", [6, 8])
def test_who_may_be_in_danger_rests_no_longer_than_a_week(client, consultant, days):
    lead = make_lead(is_crisis=True, claimed_by=consultant)
    acts.hand_over(lead, by=consultant, to="988", at=timezone.now(), agreed="Spoke with 988 together.")
    at = timezone.localtime() + timedelta(days=days)

    response = act(client, lead, "follow-up", at=f"{at:%Y-%m-%dT%H:%M}", is_asked_for="on")

    assert response.status_code == (302 if days == 6 else 409)


def test_stop_closes_what_came_in_before_it(client, consultant):
    lead = receive_lead(note="one")
    send_request(note="two")

    act(client, lead, "record-call", outcome="asked_to_stop", note=WHY)

    assert [one.is_stopped for one in Lead.objects.all()] == [True, True]


def test_number_that_asked_to_stop_before_is_named_above_the_number(client, consultant):
    acts.record_call(receive_lead(note="one"), by=consultant, outcome="asked_to_stop")
    lead = receive_lead(note="two")

    text = client.get(page_of(lead)).text

    warning = text.index("This number asked us to stop on ")
    assert warning < text.index("This request came later.") < text.index("•••• 63")


def test_lead_names_the_other_open_leads_of_its_number(client, consultant):
    lead, other = receive_lead(note="one"), receive_lead(note="two")
    receive_lead(phone="(702) 555-0164")

    response = client.get(page_of(lead))

    assert list(response.context["alike"]) == [other]
    assert "2 open leads have this number" in words_of(response)
    assert page_of(other) in response.text


# --- Query counts ---------------------------------------------------------------------------------------------------


def count_queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("tab", ["now", "later", "snoozed", "quarantine", "closed"])
def test_queue_asks_as_often_for_three_rows_as_for_one(client, consultant, tab):
    def add() -> None:
        fields = {
            "now": {"claimed_by": make_user()},
            "later": {"claimed_by": make_user(), "time_zone": zone_where_it_is(2)},
            "snoozed": {"claimed_by": make_user(), "follow_up_at": timezone.now() + timedelta(hours=1)},
            "quarantine": {"is_quarantined": True},
            "closed": {"closed_by": make_user()},
        }[tab]
        lead = make_lead(**fields)
        Activity.objects.create(lead=lead, kind="called", outcome="no_answer", by=make_user())
        Activity.objects.create(lead=lead, kind="revealed", by=make_user())

    add()
    one = count_queries(client, f"{QUEUE}?show={tab}")
    add()
    add()
    three = count_queries(client, f"{QUEUE}?show={tab}")

    assert three == one


def test_queue_asks_as_often_for_three_failed_messages_as_for_one(client, consultant, set_keys):
    set_keys(INTAKE_PRIVATE_KEYS=[generate_key_pair()[1]])
    send_request()
    client.get(QUEUE)
    one = count_queries(client, QUEUE)
    send_request()
    send_request()
    client.get(QUEUE)

    three = count_queries(client, QUEUE)

    assert three == one


def test_lead_page_asks_as_often_for_three_rows_as_for_one(client, consultant):
    lead = make_lead(claimed_by=consultant)

    def add(rank: int) -> None:
        make_verification(coverage=make_coverage(lead=lead, rank=rank))
        other = make_user()
        acts.add_note(lead, by=other, note="A note")
        Activity.objects.create(lead=lead, kind="closed", by=other, detail={"reason": "spam"})

    add(1)
    one = count_queries(client, page_of(lead))
    add(2)
    add(3)
    three = count_queries(client, page_of(lead))

    assert three == one


def test_search_asks_as_often_for_three_rows_as_for_one(client, consultant):
    def add() -> None:
        lead = receive_lead(name="Sam", note=str(Lead.objects.count()))
        Lead.objects.filter(pk=lead.pk).update(
            claimed_by=make_user(), claimed_at=timezone.now(), claim_lapses_at=timezone.now() + timedelta(hours=1)
        )

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post("/desk/search/", {"query": "sam"})
        return len(queries)

    add()
    count()
    one = count()
    add()
    add()

    assert count() == one


@pytest.mark.usefixtures("insurance_is_shown")
def test_insurance_page_asks_as_often_for_three_rows_as_for_one(client, consultant):
    lead = make_lead()
    address = f"{page_of(lead)}insurance/"
    make_verification(coverage=make_coverage(lead=lead, rank=1))
    client.get(address)
    one = count_queries(client, address)
    for rank in (2, 3):
        coverage = make_coverage(lead=lead, rank=rank)
        make_verification(coverage=coverage)
        make_verification(coverage=coverage)

    three = count_queries(client, address)

    assert three == one
