"""Finding a lead by what somebody says on the phone, without a readable number or name in any index or address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.leads import acts
from intake.leads.models import Lead
from intake.leads.search import find_leads
from intake.leads.tokens import LookupToken
from tests.factories import make_user, receive_lead, send_request, sign_in

pytestmark = pytest.mark.django_db


def found(text: str) -> list[Lead]:
    return list(find_leads(Lead.objects.all(), text))


@pytest.fixture
def lead(db) -> Lead:
    """Somebody to find, and somebody else who must not be found instead."""
    receive_lead(name="Ben Other", phone="(213) 555-0190")
    return receive_lead(name="José María O’Neill-Straße", phone="(702) 555-0163 ext. 5")


@pytest.mark.parametrize(
    "text",
    [
        "(702) 555-0163",
        "702-555-0163",
        "702.555.0163",
        "7025550163",
        "+1 702 555 0163",
        "1 (702) 5550163",
        "  702 555 0163 ext. 5 ",
        "tel:+1-702-555-0163",
    ],
)
def test_phone_is_found_in_any_notation(lead, text):
    assert found(text) == [lead]


def test_last_four_digits_find_the_lead(lead):
    assert found(" 0163 ") == [lead]


@pytest.mark.parametrize("text", ["5550163", "555-0163", " 555 0163 ", "555.0163"])
def test_number_without_its_area_code_finds_the_lead(lead, text):
    assert found(text) == [lead]


def test_digits_of_the_reference_alone_find_the_lead(lead):
    assert lead in found(lead.reference[-4:])


@pytest.mark.parametrize("text", ["163", "00163", "0164", "5550164", "702555016", "5"])
def test_other_digits_find_nobody(lead, text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["José", "jose", "JOSE\u0301", "maria", "María José", "o’neill", "neill", "STRASSE", "straße", "ＪＯＳＥ"]
)
def test_word_of_the_name_is_found_without_case_and_accents(lead, text):
    assert found(text) == [lead]


@pytest.mark.parametrize("text", ["jos", "josefina", "jose other", "jose ben", "mar"])
def test_every_word_must_fit_as_a_whole(lead, text):
    assert found(text) == []


def test_reference_is_found_however_it_is_said(lead):
    bird, digits = lead.reference.split("-")
    spellings = [f"{bird.lower()} {digits}", f"{bird.title()}{digits}", f" {bird} - {digits} ", f"{bird}–{digits}"]

    assert [found(text) for text in [lead.reference, *spellings]] == [[lead]] * 5


def test_two_leads_with_one_reference_are_both_found(lead):
    other = Lead.objects.exclude(pk=lead.pk).get()
    token = lead.lookup_tokens.get(kind="reference").token
    LookupToken.objects.create(lead=other, kind="reference", token=token)

    assert {*found(lead.reference)} == {lead, other}


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "_", "*", "-", "' OR 1=1--", "()", "x" * 5000])
def test_nothing_is_found_for_what_says_nothing(lead, text):
    assert found(text) == []


def test_lead_without_a_name_is_found_by_no_empty_word():
    lead = receive_lead(name="")

    assert (found(""), found("0163")) == ([], [lead])


def test_newest_comes_first():
    first, second = receive_lead(name="Sam One"), receive_lead(name="Sam Two")

    assert found("sam") == [second, first]


def test_search_stays_within_the_leads_it_is_given(lead):
    assert list(find_leads(Lead.objects.none(), "jose")) == []


def test_index_and_query_hold_nothing_readable(lead):
    with CaptureQueriesContext(connection) as queries:
        found("José")
        found("(702) 555-0163")

    tokens = b"".join(bytes(row.token) for row in LookupToken.objects.all())
    texts = " ".join(query["sql"] for query in queries)
    assert [canary for canary in (b"jose", b"Jos", b"5550163") if canary in tokens] == []
    assert [canary for canary in ("jose", "José", "5550163", "555-0163") if canary in texts] == []


def test_same_value_of_two_kinds_has_two_tokens():
    receive_lead(name="0163", phone="(702) 555-0163")

    kinds = ("phone", "last_four", "name_word")
    tokens = {row.kind: bytes(row.token) for row in LookupToken.objects.filter(kind__in=kinds)}

    assert len({*tokens.values()}) == 3


def test_search_page_finds_by_post(client, lead):
    sign_in(client, make_user())

    response = client.post(reverse("desk:search"), {"query": "jose"})

    assert response.status_code == 200
    assert list(response.context["found"]) == [lead]
    assert lead.reference in response.text


def test_search_page_shows_the_end_of_the_number_and_what_is_closed(client, lead):
    sign_in(client, make_user())
    acts.record_call(lead, by=make_user(), outcome="asked_to_stop")

    text = client.post(reverse("desk:search"), {"query": "jose"}).text

    assert ("•••• 63" in text, "5550163" in text) == (True, False)
    assert ('data-label="Closed"' in text, "Asked not to be contacted" in text) == (True, True)


def test_search_text_gets_into_no_address(client, lead):
    sign_in(client, make_user())

    response = client.get(reverse("desk:search"), {"query": "jose"})

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert lead.reference not in response.text


def test_empty_search_asks_for_something(client):
    sign_in(client, make_user())

    response = client.post(reverse("desk:search"), {"query": " "})

    assert (response.status_code, response.context["found"]) == (200, [])
    assert "Enter a number, a name or a reference." in response.text


def test_search_that_finds_nobody_repeats_what_was_typed_as_text(client):
    sign_in(client, make_user())

    response = client.post(reverse("desk:search"), {"query": "<b>Nobody</b>"})

    assert "No lead fits “&lt;b&gt;Nobody&lt;/b&gt;”." in response.text


def test_search_opens_what_came_in_first(client):
    sign_in(client, make_user())
    send_request(name="Quux")

    response = client.post(reverse("desk:search"), {"query": "quux"})

    assert [lead.name for lead in response.context["found"]] == ["Quux"]
