"""A check over HTTPS, against a peer on loopback: the body before the status, one request, and nothing in a log."""

import logging
import socket
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.insurance.clearinghouse import wording
from intake.insurance.clearinghouse.client import Clearinghouse, Kind, Limits, Outcome
from intake.insurance.clearinghouse.place import NotUsable, Place, place_of
from intake.insurance.x12.write270 import Question, Who
from tests.intake.clearinghouse_peer import ANSWER_271, BENEFITS, NOT_FOUND, REPLY, Handler, Peer, clearinghouse_peer

KEY = "test_key-of-nobody"
ROBIN = Who(first_name="Robin", last_name="Example", born_on=date(1990, 1, 2), member_id="EX123456")
QUESTION = Question(
    sender="us",
    receiver="them",
    payer_name="Example Health Plan",
    payer_id="00001",
    facility_name="Desert Willow",
    npi="1234567893",
    subscriber=ROBIN,
    service_types=("30", "AI"),
    on=date(2026, 3, 1),
    trace="T1",
    control_number=7,
)
SOON = Limits(connect=1, read=0.4)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with clearinghouse_peer() as running:
        yield running


def asked(peer: Peer, question: Question = QUESTION, *, limits: Limits | None = None, key: str = KEY) -> Outcome:
    with Clearinghouse(Place(peer.check_address, key), limits) as clearinghouse:
        return clearinghouse.ask(question)


def test_request_says_as_little_of_the_person_as_will_do(peer):
    asked(peer)

    headers, body = peer.asked[0]
    assert headers["Authorization"] == KEY
    assert body == {
        "controlNumber": "000000007",
        "tradingPartnerServiceId": "00001",
        "provider": {"organizationName": "Desert Willow", "npi": "1234567893"},
        "subscriber": {
            "memberId": "EX123456",
            "firstName": "Robin",
            "lastName": "Example",
            "dateOfBirth": "19900102",
        },
        "encounter": {"serviceTypeCodes": ["30", "AI"], "dateOfService": "20260301"},
    }


def test_patient_who_is_insured_through_another_is_named_beside_them():
    child = Who(first_name="Sam", last_name="Example", born_on=date(2008, 5, 6))
    question = Question(**(vars(QUESTION) | {"dependent": child}))

    assert wording.request_of(question)["dependents"] == [
        {"firstName": "Sam", "lastName": "Example", "dateOfBirth": "20080506"}
    ]


def test_the_271_in_a_reply_is_what_counts_and_the_json_is_held_against_it(peer):
    peer.always(200, REPLY | {"x12": ANSWER_271})
    outcome = asked(peer)

    assert (outcome.kind, outcome.is_x12, outcome.raw) == (Kind.ANSWERED, True, ANSWER_271)
    assert outcome.answer.is_active is True
    assert outcome.differences == []

    other = [*BENEFITS[:1], BENEFITS[1] | {"benefitAmount": "900"}, *BENEFITS[2:]]
    peer.always(200, REPLY | {"x12": ANSWER_271, "benefitsInformation": other})
    assert len(asked(peer).differences) == 2


def test_json_alone_says_the_same_as_the_271(peer):
    outcome = asked(peer)

    amounts = {each.code: (each.amount, each.percent) for each in outcome.answer.benefits}
    assert amounts == {"1": (None, None), "C": (Decimal(0), None), "A": (None, Decimal(20))}
    assert outcome.answer.subscriber.born_on == date(1990, 1, 2)
    assert not outcome.is_x12


@pytest.mark.parametrize("status", [200, 400])
def test_rejection_is_read_whatever_the_status(peer, status):
    peer.always(status, {"errors": [NOT_FOUND], "subscriber": {"aaaErrors": [NOT_FOUND]}})
    outcome = asked(peer)

    assert outcome.kind == Kind.REJECTED
    assert [(each.loop, each.code) for each in outcome.answer.rejections] == [("2100C", "75")]


def test_rejection_beside_benefits_is_an_answer_with_both(peer):
    peer.always(200, REPLY | {"errors": [NOT_FOUND]})
    outcome = asked(peer)

    assert outcome.kind == Kind.ANSWERED
    assert outcome.answer.rejections
    assert outcome.answer.benefits


def test_acknowledgement_in_place_of_an_answer_is_kept_and_named(peer):
    peer.always(200, REPLY | {"x12": ANSWER_271.replace("ST*271", "ST*999")})
    outcome = asked(peer)

    assert (outcome.kind, outcome.is_x12) == (Kind.UNREADABLE, True)
    assert "999" in outcome.why


@pytest.mark.parametrize(
    ("status", "body", "kind", "may_be_charged"),
    [
        (401, {}, Kind.LOGIN_REFUSED, False),
        (403, "Forbidden", Kind.LOGIN_REFUSED, False),
        (429, {"code": "TOO_MANY_REQUESTS"}, Kind.BUSY, False),
        (500, "", Kind.UNKNOWN, True),
        (504, {"message": "timeout"}, Kind.UNKNOWN, True),
        (200, "<html>", Kind.UNREADABLE, True),
        (200, "[1]", Kind.UNREADABLE, True),
        (302, "", Kind.UNREADABLE, True),
        (200, {}, Kind.ANSWERED, True),
    ],
)
def test_status_counts_where_the_body_says_nothing(peer, status, body, kind, may_be_charged):
    peer.always(status, body)
    outcome = asked(peer)

    assert (outcome.kind, outcome.may_be_charged, outcome.status) == (kind, may_be_charged, status)
    assert len(peer.asked) == 1, "No check is sent twice by itself."


def test_redirect_is_not_followed(peer):
    with clearinghouse_peer() as elsewhere:

        def send_away(handler: Handler) -> None:
            handler.send_response(307)
            handler.send_header("Location", elsewhere.check_address)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        peer.do = send_away
        asked(peer)

        assert elsewhere.asked == []


@pytest.mark.parametrize("way", [Handler.hang, Handler.drip, Handler.break_off])
def test_answer_that_does_not_come_is_unknown_and_may_be_charged(peer, way):
    peer.do = way
    outcome = asked(peer, limits=SOON)

    assert (outcome.kind, outcome.may_be_charged) == (Kind.UNKNOWN, True)
    assert len(peer.asked) == 1


def test_reply_without_end_is_not_held_in_memory(peer):
    peer.always(200, " " * 3_000_000)

    assert asked(peer).why == "too much"


def test_place_where_nobody_answers_was_not_reached_and_costs_nothing():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/eligibility"
        with Clearinghouse(Place(address, KEY), SOON) as clearinghouse:
            outcome = clearinghouse.ask(QUESTION)

    assert (outcome.kind, outcome.may_be_charged) == (Kind.UNREACHABLE, False)


def test_token_is_fetched_once_while_it_holds(peer):
    now = [0.0]
    place = Place(peer.check_address, "us:secret", peer.token_address)
    with Clearinghouse(place, clock=lambda: now[0]) as clearinghouse:
        clearinghouse.ask(QUESTION)
        clearinghouse.ask(QUESTION)
        assert peer.tokens_asked == 1
        assert peer.asked[0][0]["Authorization"] == "Bearer given"

        now[0] = 3600
        clearinghouse.ask(QUESTION)
        assert peer.tokens_asked == 2

        peer.always(401, {})
        clearinghouse.ask(QUESTION)
        clearinghouse.ask(QUESTION)
        assert peer.tokens_asked == 3, "One that they refuse is not used again."


@pytest.mark.parametrize(("status", "kind"), [(401, Kind.LOGIN_REFUSED), (503, Kind.UNREACHABLE)])
def test_without_a_token_nothing_is_asked(peer, status, kind):
    peer.token_status = status
    with Clearinghouse(Place(peer.check_address, "us:secret", peer.token_address)) as clearinghouse:
        assert clearinghouse.ask(QUESTION).kind == kind

    assert peer.asked == []


def test_nothing_of_a_check_is_logged_or_shown(peer, caplog):
    caplog.set_level(logging.DEBUG)
    peer.always(200, REPLY | {"x12": ANSWER_271})
    outcome = asked(peer)

    written = caplog.text + repr(outcome) + repr(Place(peer.check_address, KEY))
    assert not any(word in written for word in ("EX123456", "Robin", "ROBIN", "Example", KEY))


def test_answer_of_a_test_says_so(peer):
    assert asked(peer).is_test, "The key is one for tests."
    assert not asked(peer, key="live").is_test
    peer.always(200, REPLY | {"meta": {"applicationMode": "test"}})
    assert asked(peer, key="live").is_test


GOOD = {
    "CLEARINGHOUSE_URL": "https://clearinghouse.test/eligibility",
    "CLEARINGHOUSE_KEY": "key",
    "CLEARINGHOUSE_NPI": "1234567893",
    "CLEARINGHOUSE_NETWORK": "Stedi",
}


def test_nothing_is_asked_unless_it_is_configured():
    assert place_of({}) is None
    assert place_of(GOOD) == Place("https://clearinghouse.test/eligibility", "key", "", "1234567893", "Stedi")


@pytest.mark.parametrize(
    "wrong",
    [
        {"CLEARINGHOUSE_URL": ""},
        {"CLEARINGHOUSE_KEY": ""},
        {"CLEARINGHOUSE_URL": "http://clearinghouse.test/eligibility"},
        {"CLEARINGHOUSE_URL": "https://clearinghouse.test/"},
        {"CLEARINGHOUSE_URL": "https://clearinghouse.test:notaport/eligibility"},
        {"CLEARINGHOUSE_URL": "https://[clearinghouse/eligibility"},
        {"CLEARINGHOUSE_URL": "ftp://clearinghouse.test/eligibility"},
        {"CLEARINGHOUSE_URL": "https://us:secret@clearinghouse.test/eligibility"},
        {"CLEARINGHOUSE_URL": "https://clearinghouse.test/eligibility?key=secret"},
        {"CLEARINGHOUSE_TOKEN_URL": "https://clearinghouse.test/token"},
        {"CLEARINGHOUSE_NPI": ""},
        {"CLEARINGHOUSE_NPI": "1234567890"},
        {"CLEARINGHOUSE_NETWORK": " "},
    ],
)
def test_settings_that_name_no_clearinghouse_are_refused_without_showing_the_key(wrong):
    with pytest.raises(NotUsable) as refused:
        place_of(GOOD | {"CLEARINGHOUSE_KEY": "shown-to-nobody"} | wrong)

    assert "shown-to-nobody" not in str(refused.value)
    assert "secret@" not in str(refused.value)


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a0. -", max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["code", "name"]), inner, max_size=2),
    max_leaves=4,
)
NAMES = ("x12", "meta", "payer", "subscriber", "dependents", "benefitsInformation", "errors", "provider")


@given(st.dictionaries(st.sampled_from(NAMES), any_json | st.lists(st.sampled_from([*BENEFITS, NOT_FOUND]))))
def test_whatever_json_comes_is_read_without_fail_and_no_nothing_becomes_zero(reply):
    answer = wording.answer_of(reply)

    assert all(each.amount is None or each.amount == Decimal(BENEFITS[1]["benefitAmount"]) for each in answer.benefits)
    assert isinstance(wording.raw_271_in(reply), str)
