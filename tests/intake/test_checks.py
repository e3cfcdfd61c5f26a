"""Electronic checks: asked with consent, sent once, retried only if never received, and kept as what came of them."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from facilities.directory.payers import PayerIdentifier
from intake.insurance import checks
from intake.insurance.asking import claim, give_up_lost, write_down
from intake.insurance.breaker import paused_since
from intake.insurance.checks import LOST_AFTER, RETRY_AFTER, Check
from intake.insurance.clearinghouse.client import Clearinghouse, Kind, Outcome
from intake.insurance.clearinghouse.place import Place
from intake.insurance.consent import NO_CONSENT, disclosures_of, take_back_consent
from intake.insurance.electronic import ElectronicAnswer
from intake.insurance.models import Coverage
from intake.insurance.question import Incomplete, missing_of, question_of
from intake.insurance.verification import VerificationOfBenefits
from intake.insurance.whom_to_ask import place_asked, whoever_answers
from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed
from intake.leads.models import Lead
from tests.factories import make_coverage, make_lead, make_payer, make_user
from tests.intake.clearinghouse_peer import ANSWER_271, NOT_FOUND, REPLY, clearinghouse_peer

pytestmark = pytest.mark.django_db

State, Came = Check.State, Check.Came
PLACE = Place("https://clearinghouse.test/eligibility", "live-key", "", "1234567893", "Stedi")
UNREACHABLE = Outcome(Kind.UNREACHABLE)


def make_payer_asked(**fields):
    payer = make_payer(**fields)
    PayerIdentifier.objects.create(payer=payer, network="Stedi", purpose="eligibility", value="00001")
    return payer


def make_askable(**fields) -> Coverage:
    """Of the person whom the peer's answer is about."""
    values = {
        "lead": fields.get("lead") or make_lead(name="Robin Example"),
        "payer": fields.get("payer") or make_payer_asked(),
        "member_id": "EX123456",
        "patient_born_on": "1990-01-02",
    }
    return make_coverage(**values | fields)


def ask(coverage: Coverage, **more) -> Check:
    return checks.ask(coverage, **{"by": more.pop("by", None) or make_user(), "place": PLACE} | more)


def sent(coverage: Coverage, outcome: Outcome, **more) -> Check:
    """Asked, claimed, and with this outcome."""
    check = ask(coverage, **more)
    (claimed,) = claim(PLACE)
    write_down(claimed.check, outcome)
    check.refresh_from_db()
    return check


def said(reply: dict, *, key: str = "live-key") -> Outcome:
    """What the client makes of a reply."""
    with clearinghouse_peer() as peer, Clearinghouse(Place(peer.check_address, key)) as clearinghouse:
        peer.always(200, reply)
        check = question_of(
            make_askable(), PLACE, on=timezone.localdate(), service_types=["30"], trace="T1", control_number=7
        )
        return clearinghouse.ask(check)


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_without_consent():
    coverage = make_askable(is_agreed=False)

    with pytest.raises(NotAllowed, match=NO_CONSENT[:20]):
        ask(coverage)

    assert not Check.objects.exists()


def test_two_presses_buy_one():
    coverage = make_askable()
    ask(coverage)

    with pytest.raises(NotAllowed):
        ask(coverage)

    assert Check.objects.count() == 1


def test_database_holds_one_running_check_of_a_question():
    first = ask(make_askable())

    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(coverage=first.coverage, asked_by=first.asked_by, on=first.on, service_types=["30"])


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 0),
        ({"member_id": ""}, 1),
        ({"patient_born_on": ""}, 1),
        ({"subscriber_relation": "child"}, 2),
        ({"subscriber_relation": "child", "subscriber_name": "Lee Example", "subscriber_born_on": "1960-05-06"}, 0),
    ],
)
def test_what_the_payer_needs_is_named(fields, count):
    assert len(missing_of(make_askable(**fields), PLACE)) == count


def test_only_the_number_of_this_network_for_eligibility_that_holds_today_is_used():
    payer = make_payer()
    coverage = make_askable(payer=payer)
    yesterday = timezone.localdate() - timedelta(days=1)
    of = PayerIdentifier.objects.create
    of(payer=payer, network="Stedi", purpose="claims", value="1")
    of(payer=payer, network="Optum", purpose="eligibility", value="2")
    of(payer=payer, network="Stedi", purpose="eligibility", value="3", valid_to=yesterday)

    with pytest.raises(Incomplete):
        question_of(coverage, PLACE, on=yesterday, service_types=["30"], trace="T", control_number=1)
    of(payer=payer, network="stedi", purpose="eligibility", value="00540")

    question = question_of(coverage, PLACE, on=yesterday, service_types=["30"], trace="T", control_number=1)
    assert question.payer_id == "00540"


def test_name_of_whoever_wrote_for_them_is_sent_to_nobody():
    coverage = make_askable(lead=make_lead(name="Robin Example", about="someone_else"))

    with pytest.raises(NotAllowed):
        ask(coverage)


# --- Sending --------------------------------------------------------------------------------------------------------


def test_answer_becomes_a_verification_with_lines_and_its_text():
    check = sent(make_askable(), said(REPLY | {"x12": ANSWER_271}))

    verification = check.verification
    assert (check.state, check.came, check.may_be_charged, check.is_test) == (
        State.ANSWERED,
        Came.ANSWERED,
        True,
        False,
    )
    assert (verification.status, verification.source, verification.entered_by) == ("active", "271", check.asked_by)
    assert [line.number for line in verification.benefit_lines.filter(level=None)] == [0]
    assert verification.electronic.text == ANSWER_271
    assert verification.electronic.digest == hashlib.sha256(ANSWER_271.encode()).hexdigest()
    assert check.coverage.telling_verification == verification


def test_check_is_one_row_of_the_disclosure_log_with_what_was_sent():
    coverage = make_askable(group_number="not sent")

    check = sent(coverage, UNREACHABLE)
    Check.objects.update(next_try_at=timezone.now())
    claim(PLACE)

    (told,) = disclosures_of(coverage.lead)
    assert (told.by, told.detail["channel"]) == (check.asked_by, "clearinghouse")
    assert told.detail["what"] == ["who asks", "name", "member ID", "date of birth"]


@pytest.mark.parametrize("kind", [Kind.UNREACHABLE, Kind.BUSY])
def test_what_was_never_received_is_asked_again_three_times_and_then_a_person_calls(kind):
    check = ask(make_askable())

    for wait in RETRY_AFTER:
        (claimed,) = claim(PLACE)
        write_down(claimed.check, Outcome(kind))
        check.refresh_from_db()
        assert timedelta(0) <= check.sent_at + wait - check.next_try_at + timedelta(seconds=5) <= timedelta(seconds=10)
        assert (check.state, claim(PLACE)) == (State.WAITING, [])
        Check.objects.update(next_try_at=timezone.now(), failures=[])
    (claimed,) = claim(PLACE)
    write_down(claimed.check, Outcome(kind))

    check.refresh_from_db()
    assert (check.state, check.came, check.attempts, check.may_be_charged) == (State.FAILED, kind, 4, False)


def test_what_may_have_been_received_is_not_sent_again_but_by_somebody_who_knows():
    coverage = make_askable()

    check = sent(coverage, Outcome(Kind.UNKNOWN))

    assert (check.state, check.may_be_charged, claim(PLACE)) == (State.UNKNOWN, True, [])
    with pytest.raises(NotAllowed):
        ask(coverage)
    assert ask(coverage, knowingly=True).state == State.WAITING


def test_rejection_is_kept_with_its_reason_and_hides_nothing():
    coverage = make_askable()
    active = sent(coverage, said(REPLY | {"x12": ANSWER_271})).verification

    check = sent(coverage, said({"meta": {}, "subscriber": {"aaaErrors": [NOT_FOUND]}}))

    assert (check.state, check.rejections) == (State.REJECTED, [["2100C", "75", NOT_FOUND["followupAction"]]])
    assert check.verification.status == VerificationOfBenefits.Status.NOT_FOUND
    assert active in coverage.verifications.all()


def test_answer_that_nobody_can_read_is_kept_as_it_came():
    check = sent(make_askable(), Outcome(Kind.UNREADABLE, "ISA*of nobody", is_x12=True))

    assert (check.state, check.came) == (State.FAILED, Came.UNREADABLE)
    assert check.verification.electronic.text == "ISA*of nobody"
    assert check.verification.status == VerificationOfBenefits.Status.UNDETERMINED


def test_answer_about_somebody_else_is_not_kept():
    other = ANSWER_271.replace("EXAMPLE*ROBIN", "OTHER*KIM").replace("19900102", "19700304").replace("EX123456", "ZZ9")

    check = sent(make_askable(), said(REPLY | {"x12": other}))

    assert (check.state, check.came, check.verification) == (State.FAILED, Came.OTHER_PERSON, None)
    assert not ElectronicAnswer.objects.exists()


def test_answer_that_differs_says_so():
    other = ANSWER_271.replace("19900102", "19700304")

    check = sent(make_askable(), said(REPLY | {"x12": other}))

    assert "Date of birth" in check.verification.note


def test_test_answer_verifies_nothing():
    coverage = make_askable()

    check = sent(coverage, said(REPLY | {"x12": ANSWER_271}, key="test_key"))

    assert (check.is_test, check.verification.is_test) == (True, True)
    assert (coverage.state, coverage.latest_verification) == ("Not checked", None)
    assert not coverage.lead.activities.filter(kind=Activity.Kind.VERIFIED).exists()


# --- What happens meanwhile -----------------------------------------------------------------------------------------


def close(lead) -> None:
    """As if by an act, for which a test would need a call first."""
    Lead.objects.filter(pk=lead.pk).update(
        closed_at=timezone.now(), closed_by=make_user(), close_reason=Lead.CloseReason.REFERRED
    )
    lead.refresh_from_db()


def test_answer_that_comes_after_the_lead_was_closed_is_kept():
    check = ask(make_askable())
    (claimed,) = claim(PLACE)
    answer = said(REPLY | {"x12": ANSWER_271})
    close(check.coverage.lead)

    write_down(claimed.check, answer)

    check.refresh_from_db()
    assert (check.state, check.verification.status) == (State.ANSWERED, "active")


def test_answer_that_comes_after_the_person_was_erased_is_dropped_and_the_fact_stays():
    check = ask(make_askable())
    (claimed,) = claim(PLACE)
    answer = said(REPLY | {"x12": ANSWER_271})
    close(check.coverage.lead)
    acts.erase(check.coverage.lead, by=None)

    write_down(claimed.check, answer)

    check.refresh_from_db()
    assert (check.state, check.came, check.may_be_charged) == (State.ANSWERED, Came.ERASED, True)
    assert (check.verification, ElectronicAnswer.objects.count()) == (None, 0)


@pytest.mark.parametrize("what", [Came.NO_CONSENT, Came.ENDED, Came.CLOSED, Came.INCOMPLETE])
def test_nothing_is_sent_where_it_may_be_asked_no_more(what):
    check = ask(make_askable())
    coverage, lead = check.coverage, check.coverage.lead
    if what == Came.NO_CONSENT:
        take_back_consent(lead, by=check.asked_by)
    elif what == Came.ENDED:
        coverage.end(by=check.asked_by)
    elif what == Came.CLOSED:
        close(lead)
    else:
        PayerIdentifier.objects.all().delete()

    assert claim(PLACE) == []

    check.refresh_from_db()
    assert (check.state, check.came, check.may_be_charged) == (State.FAILED, what, False)
    assert not disclosures_of(lead).exists()


def test_check_whose_worker_ended_is_lost_and_not_sent_again():
    check = ask(make_askable())
    (claimed,) = claim(PLACE)
    assert give_up_lost() == 0
    Check.objects.update(sent_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))

    assert (give_up_lost(), claim(PLACE)) == (1, [])

    check.refresh_from_db()
    assert (check.state, check.came, check.may_be_charged) == (State.UNKNOWN, Came.LOST, True)
    write_down(claimed.check, said(REPLY | {"x12": ANSWER_271}))  # it was slow, and not dead
    check.refresh_from_db()
    assert check.state == State.ANSWERED


def test_second_outcome_changes_nothing():
    check = ask(make_askable())
    (claimed,) = claim(PLACE)
    write_down(claimed.check, Outcome(Kind.UNKNOWN))

    write_down(claimed.check, UNREACHABLE)

    check.refresh_from_db()
    assert check.state == State.UNKNOWN


# --- Payers that are down -------------------------------------------------------------------------------------------


def test_payer_that_failed_three_times_is_left_alone_for_ten_minutes():
    payer, other = make_payer_asked(), make_payer_asked()
    for _ in range(3):
        sent(make_askable(payer=payer), Outcome(Kind.UNKNOWN))
    waiting = ask(make_askable(payer=payer))
    of_other = ask(make_askable(payer=other))

    assert [claimed.check for claimed in claim(PLACE, most=5)] == [of_other]
    since = paused_since(payer)
    assert since is not None and paused_since(other) is None

    assert paused_since(payer, since + timedelta(minutes=10)) is None
    Check.objects.exclude(pk=waiting.pk).update(failures=[])
    assert [claimed.check for claimed in claim(PLACE, most=5)] == [waiting]


def test_plan_whose_computer_is_down_counts_as_a_failure():
    down = {"code": "42", "location": "Loop 2100A", "followupAction": "Please Wait"}

    check = sent(make_askable(), said({"meta": {}, "payer": {"aaaErrors": [down]}}))

    assert (check.state, len(check.failures)) == (State.REJECTED, 1)


def test_two_at_a_time_are_asked_of_a_payer():
    payer = make_payer_asked()
    for _ in range(3):
        ask(make_askable(payer=payer))

    assert (len(claim(PLACE, most=5)), len(claim(PLACE, most=5))) == (2, 0)


def test_desk_and_worker_can_do_it_with_their_rights(become):
    check = ask(make_askable())
    answer = said(REPLY | {"x12": ANSWER_271})
    become("desk")

    (claimed,) = claim(PLACE)
    write_down(claimed.check, answer)

    check.refresh_from_db()
    assert check.state == State.ANSWERED


# --- The worker's turn ----------------------------------------------------------------------------------------------


def test_demo_replays_a_sample_that_is_a_test_in_every_respect(settings):
    settings.DEMO = True
    coverage = make_coverage(lead=make_lead(name="Robin Example"), patient_born_on="1990-01-02")
    answers = whoever_answers()

    check = ask(coverage, place=place_asked())
    (claimed,) = claim(answers.place)
    write_down(claimed.check, answers.ask(claimed.question))

    check.refresh_from_db()
    assert (check.state, check.is_test, check.verification.is_test) == (State.ANSWERED, True, True)
    assert check.verification.benefit_lines.filter(level=None).count() == 4
    assert coverage.state == "Not checked"


def test_nobody_is_asked_where_nobody_is_set_up():
    assert (place_asked(), whoever_answers()) == (None, None)
    with pytest.raises(NotAllowed):
        ask(make_askable(), place=None)
