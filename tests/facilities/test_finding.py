"""Finding a place of treatment, and what can be proved of it: nothing is said that no current claim says."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from facilities.demo.claims import IN_NETWORK, load_claims
from facilities.directory.care import SAID_FOR, Level
from facilities.directory.claims import SIGNS, Claim
from facilities.directory.models import Facility
from facilities.directory.payers import Payer
from facilities.pages.finding import UNKNOWN
from facilities.pages.insurance import InsurancePage
from facilities.pages.models import HomePage
from facilities.pages.places import FacilityIndexPage, FacilityPage
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

LIST, PLACE = "/facilities/", "/facilities/desert-willow/"


@pytest.fixture
def second_place():
    """Another one, for visits only, in English, without medicine and without payers."""
    facility = Facility.objects.create(
        name="Second", slug="second", city="Reno", state="NV", levels=["outpatient"], languages=["en"]
    )
    page = FacilityPage(title="Second", summary="A second place.", facility=facility)
    FacilityIndexPage.objects.get().add_child(instance=page)
    return facility


def found(client, **asked):
    html = client.get(LIST, asked).text
    return {title for title in ("Desert Willow Recovery Center", "Second") if f">{title}</a></h2>" in html}


BOTH, FIRST = {"Desert Willow Recovery Center", "Second"}, {"Desert Willow Recovery Center"}


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({}, BOTH),
        ({"level": "detox"}, FIRST),
        ({"level": "outpatient"}, BOTH),
        ({"level": "partial"}, set()),
        ({"language": "es"}, FIRST),
        ({"medicine": "on"}, FIRST),
        ({"level": "outpatient", "language": "es"}, FIRST),
    ],
)
def test_list_is_narrowed_by_what_a_place_offers(client, second_place, asked, places):
    assert found(client, **asked) == places


def test_list_is_narrowed_by_payers_of_current_claims_alone(client, second_place):
    load_claims(make_user("manager"))
    payer = Payer.objects.get(name=next(iter(IN_NETWORK)))
    before = found(client, payer=payer.pk)

    Claim.objects.update(expires_on=timezone.localdate() - timedelta(days=1))

    assert before == FIRST
    assert payer.name not in client.get(LIST).text


@pytest.mark.parametrize("asked", [{"level": "luxury"}, {"payer": "x"}, {"payer": "999999"}, {"language": "\x00"}])
def test_choice_that_nobody_offers_is_left_out_and_said(client, second_place, asked):
    page = client.get(LIST, asked)

    assert page.status_code == 200
    assert "left out" in page.text and found(client, **asked) == BOTH


def test_list_without_any_place_that_fits_leads_on(client, second_place):
    html = client.get(LIST, {"level": "partial"}).text

    assert "No center of ours fits" in html and 'href="/request-a-call/"' in html


def test_each_sign_is_answered_by_a_current_claim_or_by_nothing(client):
    before = client.get(PLACE).text
    load_claims(make_user("manager"))
    Claim.objects.filter(kind=Claim.Kind.FAMILIES).update(expires_on=timezone.localdate() - timedelta(days=1))

    html = client.get(PLACE).text

    assert [question for _, question in SIGNS if question not in html] == []
    assert (before.count("no current proof"), html.count("no current proof")) == (len(SIGNS), 1)
    assert "tested in studies." in html


def test_proof_that_anybody_can_check_is_linked(client):
    load_claims(make_user("manager"))
    Claim.objects.filter(kind=Claim.Kind.ACCREDITATION).update(proof_address="https://example.org/proof")

    assert 'href="https://example.org/proof"' in client.get(PLACE).text


@pytest.mark.parametrize(("days", "is_said"), [(0, True), (SAID_FOR.days, True), (SAID_FOR.days + 1, False)])
def test_whether_there_is_room_is_said_with_its_day_and_only_for_a_while(client, days, is_said):
    Facility.objects.update(asked_on=timezone.localdate() - timedelta(days=days))

    assert ("Taking new patients" in client.get(PLACE).text) is is_said


def test_place_without_room_says_so(client):
    Facility.objects.update(takes_new_patients=False)

    assert "Not taking new patients" in client.get(PLACE).text


@pytest.mark.parametrize("fields", [{"asked_on": None}, {"takes_new_patients": None}])
def test_room_without_a_day_is_refused(fields):
    facility = Facility.objects.get()
    for name, value in fields.items():
        setattr(facility, name, value)

    with pytest.raises(ValidationError):
        facility.full_clean()


def test_day_that_is_still_to_come_is_refused():
    facility = Facility.objects.get()
    facility.asked_on = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError) as caught:
        facility.full_clean()

    assert list(caught.value.message_dict) == ["asked_on"]


@pytest.mark.parametrize(("kind", "named"), [("in_network", False), ("hours", True)])
def test_claim_names_a_payer_if_it_is_about_one_and_only_then(kind, named):
    claim = Claim(kind=kind, wording="W.", evidence="E.", owner=make_user("manager"), expires_on=timezone.localdate())
    claim.payer = Payer.objects.first() if named else None

    with pytest.raises(ValidationError) as caught:
        claim.full_clean()

    assert list(caught.value.message_dict) == ["payer"]


def insurance_page():
    page = InsurancePage.objects.first()
    if page is None:
        page = InsurancePage(title="Paying", summary="You can ask us.", title_es="Pagar")
        HomePage.objects.get().add_child(instance=page)
    return page


def test_page_on_insurance_lists_payers_of_current_claims_alone(client):
    page = insurance_page()
    before = client.get(page.url).text
    load_claims(make_user("manager"))
    Claim.objects.filter(payer__name__startswith="Sagebrush").update(live=False)

    html = client.get(page.url).text

    assert [name in before for name in IN_NETWORK] == [False, False]
    assert {name: name in html for name in IN_NETWORK} == {name: name.startswith("Example") for name in IN_NETWORK}


def test_levels_are_named_in_the_order_in_which_they_are_defined():
    assert Facility(levels=["outpatient", "gone", "detox"]).levels_in_words == [
        Level.DETOX.label,
        Level.OUTPATIENT.label,
    ]


# --- Nearest first --------------------------------------------------------------------------------------------------


@pytest.fixture
def in_reno(second_place):
    Facility.objects.filter(pk=second_place.pk).update(postal_code="89501")


def in_order(client, near):
    return [place.facility.city for place in client.get(LIST, {"near": near}).context["places"]]


@pytest.mark.parametrize("near", ["89501", "89501-1234", "Reno", "reno, nv", "Sparks NV", " Carson  City , NV "])
def test_nearest_stands_first_by_zip_or_city(client, in_reno, near):
    assert in_order(client, near) == ["Reno", "Las Vegas"]


def test_city_that_several_states_have_is_the_nearer_one_and_is_named(client, in_reno):
    html = client.get(LIST, {"near": "las vegas"}).text

    assert in_order(client, "las vegas") == ["Las Vegas", "Reno"]
    assert "Nearest to Las Vegas, NV first" in html and "add yours" in html


@pytest.mark.parametrize("near", ["00000", "Nowhere at all", "123", "?", "٨٩٥٠١"])
def test_place_that_is_not_known_gets_a_sentence_and_the_whole_list(client, in_reno, near):
    html = client.get(LIST, {"near": near}).text

    assert UNKNOWN in html and len(in_order(client, near)) == 2


def test_place_that_no_list_knows_stands_last_and_claims_no_distance(client, second_place):
    Facility.objects.filter(pk=second_place.pk).update(city="Nowhere at all")
    places = client.get(LIST, {"near": "Reno"}).context["places"]

    assert [hasattr(place, "miles") for place in places] == [True, False]


def test_zip_is_in_no_log_no_cookie_and_no_row(client, in_reno, caplog):
    with caplog.at_level("DEBUG"):
        answer = client.get(LIST, {"near": "89502"})

    assert "89502" not in caplog.text and not answer.cookies
    assert "89502" not in answer.text.replace('value="89502"', "")
