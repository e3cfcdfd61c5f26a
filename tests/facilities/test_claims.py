"""A claim is shown while it is proved: from its approval until the day on which it expires."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from facilities.directory.claims import MOST_DAYS, Claim
from facilities.directory.models import Facility
from facilities.facts import forget_facts
from facilities.pages.models import ArticlePage, HomePage
from tests.facilities.test_editing import address
from tests.factories import make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

WORDS, WORDS_ES = "Your call is recorded by nobody.", "Nadie graba su llamada."
PLACE = "/facilities/desert-willow/"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def make_claim(**fields):
    values = {
        "kind": Claim.Kind.CONFIDENTIALITY,
        "wording": WORDS,
        "evidence": "The contract with the telephone company.",
        "owner": fields.pop("owner", None) or make_user("manager"),
        "expires_on": today(30),
    }
    return Claim.objects.create(**values | fields)


def says_it(client, path):
    forget_facts()
    return WORDS in client.get(path).text


def call_with(claim):
    """The article, with this claim in its first call to action."""
    article = ArticlePage.objects.earliest("pk")
    for block in article.body:
        for part in block.value["content"] if block.block_type == "section" else []:
            if part.block_type == "call_to_action":
                part.value["claim"] = claim
    article.save_revision().publish()
    return article.url


WHERE = {
    "footer": lambda **fields: (make_claim(in_footer=True, **fields), "/")[1],
    "place": lambda **fields: (make_claim(facility=Facility.objects.get(), **fields), PLACE)[1],
    "call": lambda **fields: call_with(make_claim(**fields)),
}


@pytest.mark.parametrize("place", WHERE)
@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({"expires_on": today(30)}, True),
        ({"expires_on": today()}, True),
        ({"expires_on": today(-1)}, False),
        ({"live": False}, False),
    ],
)
def test_claim_is_said_until_its_last_day_and_only_when_approved(client, place, fields, is_said):
    path = WHERE[place](**fields)

    assert says_it(client, path) is is_said


def test_claim_of_no_place_stands_nowhere_by_itself(client):
    make_claim()

    assert [path for path in ("/", PLACE, "/request-a-call/") if says_it(client, path)] == []


def test_claim_of_another_facility_is_not_in_our_footer(client):
    other = Facility.objects.create(name="Other", slug="other")
    make_claim(facility=other, in_footer=True)

    assert not says_it(client, "/")


def test_claim_that_expires_during_an_outage_is_no_longer_said(client, monkeypatch):
    make_claim(in_footer=True, expires_on=today())
    before = says_it(client, "/request-a-call/")
    tomorrow = today(1)
    monkeypatch.setattr("facilities.directory.claims.timezone.localdate", lambda: tomorrow)

    def refuse(*_):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        after = WORDS in client.get("/request-a-call/").text

    assert (before, after) == (True, False)


def test_spanish_page_says_it_in_spanish(client):
    make_claim(in_footer=True, wording_es=WORDS_ES)
    forget_facts()

    html = client.get("/es/request-a-call/").text

    assert (WORDS_ES in html, WORDS in html) == (True, False)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"wording": "Your call is 100% confidential."}, "wording"),
        ({"expires_on": today(MOST_DAYS + 1)}, "expires_on"),
        ({"evidence": ""}, "evidence"),
    ],
)
def test_claim_that_promises_too_much_too_long_or_without_proof_is_refused(fields, name):
    claim = make_claim()
    for field, value in fields.items():
        setattr(claim, field, value)

    with pytest.raises(ValidationError) as caught:
        claim.full_clean()

    assert list(caught.value.message_dict) == [name]


def test_preview_shows_the_claim_in_the_footer_and_visitors_see_nothing_of_it(client):
    claim = make_claim(in_footer=True, live=False)

    html = claim.make_preview_request(preview_mode=str(HomePage.objects.get().pk)).text

    assert WORDS in html
    assert not says_it(client, "/")


@pytest.mark.parametrize("role", ["editor", "reviewer", "manager"])
def test_report_lists_what_expired_first_then_what_expires_next(client, role):
    for wording, days in (("Later", 60), ("Expired", -3), ("Soon", 5)):
        make_claim(wording=wording, expires_on=today(days))
    sign_in(client, make_user(role))

    html = client.get(reverse("claims")).text

    places = [html.index(f">\n{word}") if f">\n{word}" in html else html.index(word) for word in ("Soon", "Later")]
    assert places == sorted(places)
    assert "Expired: no page shows it" in html


def test_editor_changes_no_claim_and_reads_its_proof_nowhere_in_public(client):
    claim = make_claim(in_footer=True)
    sign_in(client, make_user("editor"))

    client.post(address(claim, "edit"), {"wording": "Another."})

    assert Claim.objects.get().get_latest_revision_as_object().wording == WORDS
    assert claim.evidence not in client.get("/").text


def test_claim_in_use_is_not_deleted(client):
    claim = make_claim()
    call_with(claim)
    sign_in(client, make_user("manager"))

    html = client.post(address(claim, "delete"), follow=True).text

    assert f"the page “{ArticlePage.objects.earliest('pk').title}”" in html
    assert Claim.objects.filter(pk=claim.pk).exists()
