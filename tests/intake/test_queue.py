"""The queue: every open lead stands in exactly one list, in the order in which people need us, on light pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.callbacks.answers import Suspicion
from intake.callbacks.contract import NOTE_LENGTH
from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.acts import NotAllowed
from intake.leads.contact_point import locked_points
from intake.leads.models import Lead
from intake.leads.next_act import NextAct
from intake.leads.queue import FLOOD_FROM, ON_A_PAGE, Queue, queue_of
from tests.factories import PHONE, at_noon, make_lead, make_user, sign_in, zone_where_it_is

pytestmark = pytest.mark.django_db

QUEUE = "/desk/queue/"
NIGHT = {"time_zone": zone_where_it_is(2), "number_zones": []}
OPEN_TABS = ("now", "flood", "later", "snoozed", "quarantine")
MOST_BYTES = 150_000


@pytest.fixture
def consultant(client):
    user = make_user(first_name="Casey")
    sign_in(client, user)
    return user


def ago(**spans):
    return timezone.now() - timedelta(**spans)


def ahead(**spans):
    return timezone.now() + timedelta(**spans)


def called(lead: Lead, outcome: str, **spans) -> Lead:
    Activity.objects.create(lead=lead, kind="called", outcome=outcome, at=ago(**spans), by=make_user(""))
    return lead


def looked_at(lead: Lead, by=None, **spans) -> Lead:
    Activity.objects.create(lead=lead, kind="revealed", at=ago(**spans), by=by or make_user(""))
    return lead


def all_rows(leads, user) -> dict[str, list[Lead]]:
    """Every list of the queue, read page after page as somebody does who follows the links."""
    queue = queue_of(leads, user)
    found = {}
    for tab in queue.tabs:
        if tab.name in OPEN_TABS:
            first = queue.page(tab.name, "1")
            found[tab.name] = [lead for number in first.paginator.page_range for lead in queue.page(tab.name, number)]
    return found


def listed(user, tab: str = "now") -> list[Lead]:
    return all_rows(Lead.objects.all(), user)[tab]


def many_leads(count: int, **fields) -> None:
    """Written together, since one by one they would cost a minute."""
    point = locked_points([PHONE])[PHONE]
    mould = make_lead(**fields)
    values = {field.attname: getattr(mould, field.attname) for field in Lead._meta.fields if field.attname != "id"}
    del values["name"], values["phone"], values["note"]
    leads = [
        Lead(
            **values | {"contact_point_id": point.pk, "reference": f"WREN-{number:04d}"}, name="", phone=PHONE, note=""
        )
        for number in range(count - 1)
    ]
    Lead.objects.bulk_create(leads)


# --- Nobody falls out -----------------------------------------------------------------------------------------------

SPANS = st.none() | st.integers(min_value=-3000, max_value=3000)
STATES = st.fixed_dictionaries(
    {
        "is_night": st.booleans(),
        "kind": st.sampled_from(["plain", "crisis", "quarantined", "closed"]),
        "suspicions": st.lists(st.sampled_from(["crowd", "haste", "trap", "links"]), unique=True),
        "holder": st.sampled_from(["nobody", "me", "another"]),
        "lapses": st.integers(min_value=-60, max_value=60),
        "follow_up": SPANS,
        "paused": SPANS,
        "looks": st.lists(
            st.tuples(
                st.sampled_from(["revealed", "reached", "no_answer", "wrong_number"]),
                st.booleans(),
                st.integers(min_value=0, max_value=300),
            ),
            max_size=3,
        ),
    }
)


def lead_in(state: dict, me, another) -> Lead:
    def at(minutes: int | None):
        return None if minutes is None else ahead(minutes=minutes)

    holder = {"nobody": None, "me": me, "another": another}[state["holder"]]
    fields = {"claimed_by": holder} if holder else {}
    if holder:
        fields |= {"claim_lapses_at": at(state["lapses"])}
    if state["kind"] == "closed":
        fields = {"closed_by": another}
    elif state["kind"] == "quarantined":
        fields = {"is_quarantined": True}
    else:
        fields |= {"follow_up_at": at(state["follow_up"]), "is_crisis": state["kind"] == "crisis"}
    hours = NIGHT if state["is_night"] else at_noon()
    lead = make_lead(suspicions=state["suspicions"], paused_until=at(state["paused"]), **hours, **fields)
    for what, is_mine, minutes in state["looks"]:
        step = {"kind": "revealed"} if what == "revealed" else {"kind": "called", "outcome": what}
        Activity.objects.create(lead=lead, by=me if is_mine else another, at=ago(minutes=minutes), **step)
    return lead


@settings(max_examples=60)
@given(states=st.lists(STATES, min_size=1, max_size=8))
def test_every_open_lead_stands_in_exactly_one_list_whatever_its_state(states):
    me, another = make_user(""), make_user("")
    made = [lead_in(state, me, another) for state in states]
    own = Lead.objects.filter(pk__in=[lead.pk for lead in made])

    rows = all_rows(own, me)

    queue = queue_of(own, me)
    shown = [lead.pk for leads in rows.values() for lead in leads]
    still_open = set(own.filter(closed_at=None).values_list("pk", flat=True))
    counts = {tab.name: tab.count for tab in queue.tabs if tab.name in OPEN_TABS}
    assert (len(shown), set(shown)) == (len(still_open), still_open)
    assert counts == {tab: len(leads) for tab, leads in rows.items()}
    assert (sum(counts.values()), queue.open_count, queue.without_act_count) == (len(still_open), len(still_open), 0)


def test_lead_without_a_next_act_would_be_counted_and_shown_on_top(consultant):
    """The one way to have none is a safe window that nobody has found yet."""
    make_lead()
    queue_of(Lead.objects.all(), consultant)
    lost = make_lead()

    queue = Queue(Lead.objects.all(), consultant, timezone.now())

    assert (queue.without_act_count, next(iter(queue.page("now", None)))) == (1, lost)


def test_heading_says_how_many_are_open_and_that_none_is_without_a_next_act(client, consultant):
    make_lead()
    make_lead(follow_up_at=ahead(hours=1))
    make_lead(is_quarantined=True)

    queue = client.get(QUEUE).context["queue"]

    assert (queue.open_count, queue.waiting_count, queue.without_act_count) == (3, 1, 0)


@pytest.mark.parametrize("tab", ["now", "later", "snoozed", "quarantine"])
def test_no_list_is_cut_and_its_pages_are_linked(client, consultant, tab):
    fields = {"later": NIGHT, "snoozed": {"follow_up_at": ahead(hours=3)}, "quarantine": {"is_quarantined": True}}
    many_leads(2 * ON_A_PAGE + 1, **fields.get(tab, {}))

    pages, address = [], f"{QUEUE}?show={tab}"
    while address:
        page = client.get(address)
        pages.append([lead.pk for lead in page.context["rows"]])
        address = f"{QUEUE}?show={tab}&page={len(pages) + 1}" if 'rel="next"' in page.text else None

    assert [len(page) for page in pages] == [ON_A_PAGE, ON_A_PAGE, 1]
    assert {pk for page in pages for pk in page} == set(Lead.objects.values_list("pk", flat=True))


def test_discarded_ones_are_read_in_pages_and_none_is_cut(client, consultant):
    many_leads(
        ON_A_PAGE + 1,
        is_quarantined=True,
        closed_at=ago(days=1),
        closed_by=consultant,
        close_reason="spam",
        claimed_by=None,
    )

    pages = [client.get(QUEUE, {"show": "quarantine", "discarded": number}) for number in (1, 2)]

    assert [len(page.context["discarded"]) for page in pages] == [ON_A_PAGE, 1]
    assert ["discarded=2" in page.text for page in pages] == [True, False]


def test_page_of_the_longest_notes_is_light(client):
    sign_in(client, make_user("lead"))
    many_leads(ON_A_PAGE, is_quarantined=True, suspicions=Suspicion.values)
    for lead in Lead.objects.all():
        lead.note = ("Please call me. " * NOTE_LENGTH)[:NOTE_LENGTH]
        lead.save(update_fields=["note"])

    page = client.get(QUEUE, {"show": "quarantine"})

    assert page.text.count(lead.note.strip()) == ON_A_PAGE
    assert len(page.content) < MOST_BYTES


def test_page_beyond_the_last_is_the_last(client, consultant):
    many_leads(ON_A_PAGE + 1)

    assert len(client.get(QUEUE, {"page": "999"}).context["rows"]) == 1


# --- A flood --------------------------------------------------------------------------------------------------------


def test_flood_of_false_crises_hides_neither_a_real_one_nor_who_waits(client, consultant):
    many_leads(560, is_crisis=True, suspicions=["haste", "crowd"], received_at=ago(minutes=10))
    real = make_lead(is_crisis=True)
    promised = make_lead(follow_up_at=ago(minutes=5))
    waits = make_lead()

    page = client.get(QUEUE)

    queue = page.context["queue"]
    assert list(page.context["rows"]) == [real, promised, waits]
    assert (queue.flood_count, queue.crisis_count, queue.open_count) == (560, 1, 563)
    assert "show=flood" in page.text
    assert len(client.get(QUEUE, {"show": "flood", "page": "12"}).context["rows"]) == 10


def test_few_crises_with_signs_of_a_flood_stay_right_below_the_others(client, consultant):
    flagged = make_lead(is_crisis=True, suspicions=["trap"], received_at=ago(hours=1))
    real, waits = make_lead(is_crisis=True), make_lead()

    page = client.get(QUEUE)

    assert list(page.context["rows"]) == [real, flagged, waits]
    assert [lead.act for lead in page.context["rows"]] == [NextAct.CRISIS, NextAct.FLOOD, NextAct.CALL]
    assert "show=flood" not in page.text


def test_link_in_what_they_wrote_is_no_sign_of_a_flood(consultant):
    make_lead(is_crisis=True, suspicions=["links"])

    assert [lead.act for lead in listed(consultant)] == [NextAct.CRISIS]


def test_in_a_flood_who_shows_the_fewest_signs_comes_first(consultant):
    many_leads(FLOOD_FROM, is_crisis=True, suspicions=["haste", "crowd"], received_at=ago(hours=1))
    shares_the_network = make_lead(is_crisis=True, suspicions=["crowd"])

    assert listed(consultant, "flood")[0] == shares_the_network


def test_flood_is_a_list_only_while_there_is_one(client, consultant):
    lead = make_lead()

    response = client.get(QUEUE, {"show": "flood"})

    assert (response.context["tab"], list(response.context["rows"])) == ("now", [lead])


# --- The order ------------------------------------------------------------------------------------------------------


def test_lists_are_in_the_order_in_which_people_need_us(consultant):
    retry = called(make_lead(received_at=ago(hours=9)), "no_answer", minutes=20)
    reached = called(make_lead(received_at=ago(hours=9)), "reached", hours=5)
    failed = called(make_lead(received_at=ago(hours=8)), "wrong_number", hours=5)
    being_called = looked_at(make_lead(received_at=ago(hours=9)), minutes=5)
    held = make_lead(claimed_by=make_user(), received_at=ago(hours=9))
    long = make_lead(received_at=ago(hours=4))
    short = make_lead()
    owed = looked_at(make_lead(), hours=2)
    due = make_lead(follow_up_at=ago(minutes=1))
    overdue = make_lead(follow_up_at=ago(minutes=50))
    tried_crisis = called(make_lead(is_crisis=True, received_at=ago(hours=9)), "no_answer", minutes=5)
    crisis_by_night = make_lead(is_crisis=True, **NIGHT)
    mine = make_lead(claimed_by=consultant)

    order = [mine, crisis_by_night, tried_crisis, overdue, due, owed, long, short, retry, reached, failed, held]
    assert listed(consultant) == [*order, being_called]


def test_window_that_closes_soonest_comes_before_a_longer_wait(consultant):
    closes_late = make_lead(time_zone=zone_where_it_is(10), received_at=ago(hours=5))
    closes_soon = make_lead(time_zone=zone_where_it_is(19))

    assert listed(consultant) == [closes_soon, closes_late]


def test_who_cannot_be_called_now_stands_apart_and_who_can_be_soonest_comes_first(client, consultant):
    opens_late = make_lead(time_zone=zone_where_it_is(22), received_at=ago(hours=5))
    opens_soon = make_lead(time_zone=zone_where_it_is(6))

    page = client.get(QUEUE, {"show": "later"})

    assert list(page.context["rows"]) == [opens_soon, opens_late]
    assert page.text.count("safe from") == 2
    assert listed(consultant) == []


def test_due_promise_comes_before_anything_tried_lately(consultant):
    tried = called(make_lead(received_at=ago(days=2)), "no_answer", minutes=5)
    due = called(make_lead(follow_up_at=ago(minutes=2)), "no_answer", minutes=10)

    assert listed(consultant) == [due, tried]


@pytest.mark.parametrize("hours", [0, 2, 48])
def test_who_was_reached_does_not_return_to_the_top(consultant, hours):
    reached = called(make_lead(received_at=ago(days=3)), "reached", hours=hours)
    free = make_lead()

    assert listed(consultant) == [free, reached]


def test_crisis_that_was_reached_waits_for_a_decision_and_comes_back_with_its_promise(consultant):
    reached, free = called(make_lead(is_crisis=True), "reached", hours=1), make_lead()
    acts.hand_over(reached, by=consultant, to="988", at=timezone.now(), agreed="They stay on the line.")
    before = listed(consultant)
    Lead.objects.filter(pk=reached.pk).update(follow_up_at=ago(minutes=1))

    assert (before, listed(consultant)) == ([free, reached], [reached, free])


def test_agreed_hour_counts_also_outside_the_safe_hours_and_not_for_the_whole_night(consultant):
    agreed = make_lead(follow_up_at=ago(minutes=30), **NIGHT)
    missed = make_lead(follow_up_at=ago(minutes=90), **NIGHT)
    paused = make_lead(follow_up_at=ago(minutes=30), paused_until=ahead(hours=2))
    waits = make_lead(time_zone=zone_where_it_is(6))

    assert (listed(consultant), listed(consultant, "later")) == ([agreed], [missed, paused, waits])


# --- What is owed ---------------------------------------------------------------------------------------------------


def test_owed_outcome_cannot_be_snoozed_away(consultant):
    lead = make_lead(claimed_by=consultant)
    acts.reveal(lead, by=consultant)

    with pytest.raises(NotAllowed):
        acts.follow_up(lead, by=consultant, at=ahead(days=1), is_asked_for=True)
    acts.record_call(lead, by=consultant, outcome="no_answer")
    acts.follow_up(lead, by=consultant, at=ahead(days=1), is_asked_for=True)

    assert listed(consultant, "snoozed") == [lead]


@pytest.mark.parametrize("is_mine", [True, False])
def test_owed_outcome_of_a_promised_lead_is_asked_for_today(consultant, is_mine):
    lead = make_lead(follow_up_at=ahead(days=1))
    looked_at(lead, by=consultant if is_mine else None, hours=2)

    [row] = listed(consultant)

    assert (row, row.act) == (lead, NextAct.YOURS if is_mine else NextAct.OUTCOME)


# --- Light pages ----------------------------------------------------------------------------------------------------


def test_page_of_two_thousand_open_leads_is_light_and_asks_as_often_as_for_three(client, consultant):
    def read() -> tuple[int, int]:
        queue_of(Lead.objects.all(), consultant)  # as the worker does each second
        with CaptureQueriesContext(connection) as queries:
            page = client.get(QUEUE)
        assert page.status_code == 200
        return len(queries), len(page.content)

    many_leads(3)
    client.get(QUEUE)
    few, _ = read()
    for fields in ({}, NIGHT, {"is_crisis": True}, {"follow_up_at": ago(hours=1)}):
        many_leads(500, **fields)
    for lead in Lead.objects.filter(is_crisis=True)[:ON_A_PAGE]:
        called(lead, "no_answer", hours=3)
    queries, size = read()

    print(f"\nqueue of 2,003 open leads: {size / 1000:.0f} KB a page, {queries} queries")  # noqa: T201 - the figure is wanted
    assert queries == few
    assert size < MOST_BYTES


# --- Who may be in danger -------------------------------------------------------------------------------------------


def test_who_may_be_in_danger_stands_on_top_until_a_hand_over_is_recorded_whatever_was_done(consultant):
    lead, other = make_lead(is_crisis=True), make_lead()
    called(lead, "reached", minutes=5)
    assert listed(consultant)[0] == lead

    acts.hand_over(lead, by=consultant, to="988", at=timezone.now(), agreed="They stay on the line.")
    assert listed(consultant)[0] == other

    acts.undo(lead, by=consultant)
    assert listed(consultant)[0] == lead


def test_next_is_who_may_be_in_danger_before_what_one_has_in_hand(client, consultant):
    mine = make_lead(claimed_by=consultant)
    assert client.get("/desk/next/")["Location"].endswith(f"{mine.pk}/")

    crisis = make_lead(is_crisis=True)

    assert client.get("/desk/next/")["Location"].endswith(f"{crisis.pk}/")
    assert client.get(f"/desk/next/?after={crisis.pk}")["Location"].endswith(f"{mine.pk}/")


def test_next_obeys_the_filter_of_the_queue_that_it_was_pressed_on(client, consultant):
    make_lead(language="en", received_at=ago(hours=2))
    spanish = make_lead(language="es")

    page = client.get(f"{QUEUE}?language=es").text

    assert "/desk/next/?language=es" in page
    assert client.get("/desk/next/?language=es")["Location"].endswith(f"{spanish.pk}/")


def test_what_happened_just_now_is_no_zero_minutes_ago(client, consultant):
    make_lead()

    text = client.get(QUEUE).text

    assert ("less than a minute" in text, "0\N{NO-BREAK SPACE}minutes" in text) == (True, False)
