"""The person's side of a merge: each receipt goes on working, tells the same, and what it obeys holds for both."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt, token_hash
from intake.insurance.models import Coverage
from intake.leads import acts
from intake.leads.acts import NotAllowed
from intake.leads.contact_point import ContactPoint
from intake.leads.models import Lead
from intake.leads.search import find_leads
from intake.leads.wishes import hear
from tests.factories import HOW, WHY, make_call, make_lead, make_message, make_user, put_at_noon, send_request
from tests.intake.at_once import at_once

pytestmark = pytest.mark.django_db
Status, Reason = CallbackMessage.PublicStatus, Lead.CloseReason
NUMBERS = ("(702) 555-0163", "(702) 555-0164")


class Two:
    """Two requests of one person, each with its receipt; the second was merged into the first."""

    def __init__(self, phones=NUMBERS, **answers) -> None:
        self.by = make_user()
        notes = ("Please call.", "Please call me again.")
        asked = zip(phones, notes, strict=True)
        self.tokens = [send_request(phone=phone, name="Sam", note=note, **answers) for phone, note in asked]
        open_messages()
        self.kept, self.gone = map(lead_of_receipt, self.tokens)
        put_at_noon()
        acts.merge(self.kept, other=self.gone, by=self.by)

    @property
    def now(self) -> list[Lead]:
        return [Lead.objects.get(pk=lead.pk) for lead in (self.kept, self.gone)]

    @property
    def told(self) -> set[str]:
        """What the two receipts say."""
        return {find_receipt(token).status for token in self.tokens}


@pytest.fixture
def two() -> Two:
    return Two()


def wish(client, token: str, kind: str) -> None:
    client.post(f"/request/{token}/", {"wish": kind})
    open_messages()


def change(client, token: str, **answers) -> None:
    client.post(f"/request/{token}/change/", HOW | answers)
    open_messages()


EITHER = pytest.mark.parametrize("at", [0, 1], ids=["of the one that counts", "of the merged one"])


# --- One status -----------------------------------------------------------------------------------------------------


def test_both_receipts_say_what_is_true_of_the_lead_that_counts(two):
    told = [two.told]
    acts.claim(two.kept, by=two.by)
    told.append(two.told)
    make_call(two.kept, by=two.by)
    told.append(two.told)
    acts.close(two.kept, by=two.by, reason=Reason.UNREACHABLE, note=WHY)
    told.append(two.told)

    assert told == [{Status.WAITING}, {Status.IN_HAND}, {Status.TRIED}, {Status.DONE}]


def test_receipt_of_a_merged_lead_is_not_finished_and_offers_all_it_did(client, two):
    pages = [client.get(f"/request/{token}/") for token in two.tokens]

    assert [page.context["is_over"] for page in pages] == [False, False]
    assert pages[1].text.count('name="wish"') == pages[0].text.count('name="wish"') > 0


def test_receipts_part_again_with_the_leads(two):
    acts.claim(two.kept, by=two.by)
    acts.unmerge(two.gone, by=two.by)

    assert [find_receipt(token).status for token in two.tokens] == [Status.IN_HAND, Status.WAITING]


def test_same_answers_sent_again_are_no_third_lead_and_ask_for_another_call(two):
    acts.claim(two.kept, by=two.by)
    make_call(two.kept, by=two.by, outcome="reached")
    before = two.now[0].last_outcome

    send_request(phone=NUMBERS[1], name="Sam", note="Please call me again.")
    open_messages()

    assert (Lead.objects.count(), before, two.now[0].last_outcome) == (2, "reached", "")
    assert two.kept.timeline.filter(kind="sent_again").count() == 1


# --- Stop -----------------------------------------------------------------------------------------------------------


@EITHER
def test_stop_on_either_receipt_stops_both_numbers_and_closes_both(client, two, at):
    wish(client, two.tokens[at], "stop")

    assert [lead.is_stopped for lead in two.now] == [True, True]
    assert [point.is_stopped for point in ContactPoint.objects.all()] == [True, True]
    assert two.told == {Status.STOPPED}
    with pytest.raises(NotAllowed):
        acts.unmerge(two.gone, by=two.by)


def test_stop_on_the_receipt_of_a_merged_lead_is_heard_before_the_number_is_shown(client, two):
    acts.claim(two.kept, by=two.by)
    client.post(f"/request/{two.tokens[1]}/", {"wish": "stop"})

    hear(two.kept)

    with pytest.raises(NotAllowed):
        acts.reveal(two.kept, by=two.by)


def test_stop_that_staff_hear_stops_both_numbers(two):
    acts.stop(two.kept, by=two.by)

    assert [point.is_stopped for point in ContactPoint.objects.all()] == [True, True]
    assert [lead.is_stopped for lead in two.now] == [True, True]


def test_request_sent_after_the_stop_of_the_other_stays_open(client):
    old = send_request(phone=NUMBERS[1], name="Sam", note="old")
    open_messages()
    client.post(f"/request/{old}/", {"wish": "stop"})  # which waits, unopened
    CallbackMessage.objects.filter(opened_at=None).update(open_failed_at=timezone.now())
    send_request(phone=NUMBERS[0], name="Sam", note="new")
    open_messages()
    stale, new = Lead.objects.order_by("received_at")
    acts.merge(new, other=stale, by=make_user())

    CallbackMessage.objects.filter(opened_at=None).update(open_failed_at=None)
    open_messages()

    new.refresh_from_db()
    assert (new.is_closed, new.contact_point.is_stopped) == (False, False)
    assert Lead.objects.get(pk=stale.pk).contact_point.is_stopped


# --- Erase ----------------------------------------------------------------------------------------------------------


@EITHER
def test_erase_on_either_receipt_erases_both(client, two, at):
    acts.add_note(two.gone, by=two.by, note="Works nights.")

    wish(client, two.tokens[at], "erase")

    assert [(lead.is_erased, lead.name, lead.note, lead.is_closed) for lead in two.now] == [(True, "", "", True)] * 2
    assert two.gone.notes.get().body == ""
    assert list(find_leads(Lead.objects.all(), "Sam")) == []
    assert find_receipt(two.tokens[at]).status == Status.DONE
    assert find_receipt(two.tokens[1 - at]) is None  # nothing is left of it


def test_open_lead_keeps_the_merged_one_from_being_erased_alone(two):
    with pytest.raises(NotAllowed):
        acts.erase(two.gone, by=two.by)

    assert not two.now[1].is_erased


# --- Somebody else's --------------------------------------------------------------------------------------------------


def lead_of_receipt(token: str) -> Lead:
    return Lead.objects.get(messages__message__token_hash=token_hash(token))


def strangers(client, *, keeps_other: bool, note: str = "Please call.") -> tuple[Lead, Lead, str]:
    """A person, another one whose number and name are others, and the receipt of the other; both merged by mistake."""
    theirs = send_request(phone=NUMBERS[0], name="Sam", note=note)
    token = send_request(phone=NUMBERS[1], name="Mallory", note="Hello.")
    open_messages()
    person, other = lead_of_receipt(theirs), lead_of_receipt(token)
    acts.merge(other if keeps_other else person, other=person if keeps_other else other, by=make_user())
    return person, other, token


@pytest.mark.parametrize("keeps_other", [False, True])
@pytest.mark.parametrize("kind", ["stop", "erase"])
def test_receipt_of_a_stranger_ends_nothing_of_whom_it_was_merged_with(client, kind, keeps_other):
    person, other, token = strangers(client, keeps_other=keeps_other, note="I took all my pills")

    wish(client, token, kind)

    person, other = (Lead.objects.get(pk=lead.pk) for lead in (person, other))
    assert (person.is_closed, person.is_erased, person.merged_into) == (False, False, None)
    assert (person.is_crisis, person.owes_hand_over, person.contact_point.is_stopped) == (True, True, False)
    assert (other.is_closed, other.is_erased, other.is_stopped) == (True, kind == "erase", kind == "stop")


def test_danger_that_a_stranger_brought_too_stays_with_whom_it_is_of(client):
    calm, stranger, token = strangers(client, keeps_other=False)
    Lead.objects.filter(pk=stranger.pk).update(is_crisis=True)
    acts.unmerge(Lead.objects.get(pk=stranger.pk), by=make_user())
    for each in (stranger, make_lead(phone=calm.phone, is_crisis=True)):
        acts.merge(calm, other=each, by=make_user())

    wish(client, token, "stop")

    assert Lead.objects.get(pk=stranger.pk).merged_into is None
    assert Lead.objects.get(pk=calm.pk).is_crisis


@pytest.mark.parametrize("keeps_other", [False, True])
def test_receipt_of_a_stranger_moves_nobody_to_another_number(client, keeps_other):
    person, other, token = strangers(client, keeps_other=keeps_other)

    change(client, token, phone="(702) 555-0188", name="Nobody")

    person, other = (Lead.objects.get(pk=lead.pk) for lead in (person, other))
    assert (person.phone, person.name, person.is_closed) == ("+17025550163", "Sam", False)
    assert (other.phone, other.name) == ("+17025550188", "Nobody")


def test_stranger_who_came_along_with_another_lead_is_let_go_too(client):
    _, other, token = strangers(client, keeps_other=True)
    third = send_request(phone="(702) 555-0165", name="Robin", note="Third.")
    open_messages()
    acts.merge(lead_of_receipt(third), other=other, by=make_user())

    wish(client, token, "erase")

    others = Lead.objects.exclude(pk=other.pk)
    assert [(lead.is_erased, lead.is_closed) for lead in others] == [(False, False)] * 2
    assert Lead.objects.get(pk=other.pk).is_erased


def test_receipt_of_a_merged_lead_erases_no_stranger_who_was_merged_beside_it(client, two):
    token = send_request(phone="(702) 555-0165", name="Robin", note="Third.")
    open_messages()
    acts.merge(two.kept, other=lead_of_receipt(token), by=make_user())

    wish(client, two.tokens[1], "erase")

    assert [lead.is_erased for lead in two.now] == [True, True]
    assert (lead_of_receipt(token).is_erased, lead_of_receipt(token).is_closed) == (False, False)


def test_person_of_a_closed_lead_erases_no_stranger(client):
    person, other, token = strangers(client, keeps_other=False)
    acts.claim(person, by=(by := make_user()))
    make_call(person, by=by, outcome="reached")
    acts.close(person, by=by, reason=Reason.DECLINED)

    wish(client, token, "erase")

    person, other = (Lead.objects.get(pk=lead.pk) for lead in (person, other))
    assert (person.is_erased, person.close_reason) == (False, Reason.DECLINED)
    assert (other.is_erased, other.is_closed) == (True, True)


# --- Pause ----------------------------------------------------------------------------------------------------------


@EITHER
def test_pause_on_either_receipt_keeps_the_desk_from_calling(client, two, at):
    was_safe = two.now[0].safety.is_safe

    wish(client, two.tokens[at], "pause")

    kept, _ = two.now
    assert (was_safe, kept.safety.is_safe, kept.is_paused) == (True, False, True)
    assert kept.safe_from >= kept.paused_until


# --- Change ---------------------------------------------------------------------------------------------------------


@EITHER
@pytest.mark.parametrize("phones", [NUMBERS, NUMBERS[:1] * 2], ids=["two numbers", "one number"])
def test_new_number_on_either_receipt_is_the_one_we_call(client, at, phones):
    two = Two(phones)

    change(client, two.tokens[at], phone="(702) 555-0199")

    kept, gone = two.now
    assert kept.phone == "+17025550199"
    assert (kept.contact_point == gone.contact_point) == (at == 1)
    assert kept in find_leads(Lead.objects.all(), "702 555 0199")


@EITHER
def test_stricter_answer_on_either_receipt_holds(client, at):
    two = Two(voicemail="yes")

    change(client, two.tokens[at], voicemail="no", times=["evening"])

    kept, changed = two.now[0], two.now[at]
    assert kept.manner.voicemail == "no"
    assert kept.safe_from.astimezone(ZoneInfo(changed.clock)).hour in range(17, 21)
    assert (kept.safe_from, kept.safe_until) == kept.window_at(timezone.now())


@EITHER
def test_where_no_hour_suits_both_answers_the_last_one_holds_at_once(client, at):
    two = Two(times=["morning"])

    change(client, two.tokens[at], times=["evening"], time_zone="America/Los_Angeles")
    change(client, two.tokens[1 - at], times=["morning"], time_zone="America/Los_Angeles")

    kept = two.now[0]
    assert timezone.localtime(kept.safe_from, ZoneInfo("America/Los_Angeles")).hour < 12
    assert (kept.safe_from, kept.safe_until) == kept.window_at(timezone.now())


def test_looser_answer_on_one_receipt_loosens_nothing_that_the_other_forbids(client):
    two = Two(voicemail="no")

    change(client, two.tokens[1], voicemail="yes")

    assert two.now[0].manner.voicemail == "no"


def test_danger_in_a_name_that_is_changed_later_marks_the_lead_that_counts(client, two):
    change(client, two.tokens[1], name="I took all my pills")

    assert [lead.is_crisis for lead in two.now] == [True, True]
    assert two.now[0].owes_hand_over


def test_merge_stays_after_the_person_moved_the_lead_that_counts_to_another_number(client, two):
    change(client, two.tokens[1], phone="(702) 555-0199")

    with pytest.raises(NotAllowed):
        acts.unmerge(two.gone, by=two.by)

    assert two.now[1].merged_into == two.kept


# --- Insurance ------------------------------------------------------------------------------------------------------


def test_insurance_sent_over_the_merged_lead_is_told_in_the_timeline_of_the_one_that_counts(client, two):
    client.post(f"/request/{two.tokens[1]}/insurance/", {"payer": "Zebulon Mutual", "member_id": "XEA900000017"})
    open_messages()

    assert Coverage.objects.get().lead == two.gone
    assert two.kept.timeline.filter(kind="insured").count() == 1


# --- At once --------------------------------------------------------------------------------------------------------


def test_stop_and_merge_at_once_never_leave_an_open_lead_of_a_stopped_person(committed):
    tokens = [send_request(phone=phone, note=phone) for phone in NUMBERS]
    open_messages()
    kept, gone = (Lead.objects.get(messages__message__token_hash=token_hash(token)) for token in tokens)
    by = make_user("")
    make_message({"token": tokens[1]}, kind="stop", token_hash=token_hash(tokens[1]), received_at=timezone.now())

    at_once(lambda: acts.merge(kept, other=gone, by=by), open_messages)

    gone.refresh_from_db()
    kept.refresh_from_db()
    assert gone.is_stopped
    assert kept.is_stopped == (gone.merged_into is not None)


def test_unmerge_and_stop_at_once_stop_the_lead_of_the_receipt_in_any_case(committed):
    tokens = [send_request(phone=phone, note=phone) for phone in NUMBERS]
    open_messages()
    kept, gone = (Lead.objects.get(messages__message__token_hash=token_hash(token)) for token in tokens)
    by = make_user("")
    acts.merge(kept, other=gone, by=by)
    make_message(
        {"token": tokens[1]},
        kind="stop",
        token_hash=token_hash(tokens[1]),
        received_at=timezone.now() + timedelta(seconds=1),
    )

    at_once(lambda: acts.unmerge(gone, by=by), open_messages)

    gone.refresh_from_db()
    kept.refresh_from_db()
    assert gone.is_stopped
    assert kept.is_stopped == (gone.merged_into is not None)
