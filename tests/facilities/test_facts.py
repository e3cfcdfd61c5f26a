"""The facts of a site: each site names its own, a change shows at once, and they outlive the database."""

from contextlib import contextmanager
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site
from wagtail.models.sites import get_site_for_hostname

from facilities import facts
from facilities.directory.models import PhoneHours, PhoneLine
from facilities.pages.site_settings import SiteSettings

pytestmark = pytest.mark.django_db

NUMBERS = {"north.example": "(702) 555-0171", "south.example": "(702) 555-0172"}
NUMBER_OF_DEFAULT_SITE = "(702) 555-0170"
PATHS = {"page": "/facilities/", "form": "/request-a-call/", "error page": "/no-such-page/"}


@pytest.fixture(autouse=True)
def _three_sites(db, settings):
    """The default site, and two beside it, each with a line of its own."""
    settings.ALLOWED_HOSTS = ["testserver", *NUMBERS]
    default = Site.objects.get(is_default_site=True)
    set_line(default, NUMBER_OF_DEFAULT_SITE)
    for host, number in NUMBERS.items():
        set_line(Site.objects.create(hostname=host, root_page=default.root_page), number)


def set_line(site: Site, number: str) -> None:
    host = site.hostname
    line = PhoneLine.objects.create(label=host, number=number, answered_by="our staff", caller_id=f"shown by {host}")
    PhoneHours.objects.create(line=line, weekday=0, opens="08:00", closes="20:00")
    SiteSettings.objects.create(site=site, site_name=host, phone_line=line)


@contextmanager
def database_down():
    def refuse(*_):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        yield


def numbers_on(html: str) -> list[str]:
    return [number for number in NUMBERS.values() if number in html]


def ask_for_a_call(client, host: str) -> str:
    """The receipt that a visitor of one site gets."""
    sent = client.post("/request-a-call/", {"phone": "(702) 555-0163", "consent": "on"}, headers={"host": host})
    return client.get(sent["Location"], headers={"host": host}).text


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_each_site_names_its_own_number(client, path):
    named = {host: numbers_on(client.get(path, headers={"host": host}).text) for host in NUMBERS}

    assert named == {host: [number] for host, number in NUMBERS.items()}


def test_receipt_promises_the_caller_id_of_its_own_site(client):
    client.get("/facilities/", headers={"host": "south.example"})

    receipt = ask_for_a_call(client, "north.example")

    assert ("shown by north.example" in receipt, "shown by south.example" in receipt) == (True, False)
    assert numbers_on(receipt) == [NUMBERS["north.example"]]


@pytest.mark.parametrize("host", NUMBERS)
def test_page_that_fails_names_the_number_of_its_own_site(client, host):
    client.raise_request_exception = False
    for each in NUMBERS:
        client.get("/facilities/", headers={"host": each})

    with database_down():
        response = client.get("/facilities/", headers={"host": host})

    assert response.status_code == 503
    assert numbers_on(response.text) == [NUMBERS[host]]


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The monotonic clock of this test, to be set by it."""
    now = [1000.0]
    monkeypatch.setattr("facilities.facts.time.monotonic", lambda: now[0])
    return now


def facts_at(host: str) -> facts.SiteFacts:
    return facts.facts_of(RequestFactory().get("/", headers={"host": host}))


def test_change_is_seen_within_the_age_limit_without_a_page(clock):
    before = facts_at("north.example").site_name
    SiteSettings.objects.filter(site__hostname="north.example").update(site_name="Changed")

    young = facts_at("north.example").site_name
    clock[0] += facts.AGE_LIMIT + 0.01

    assert (before, young, facts_at("north.example").site_name) == ("north.example", "north.example", "Changed")


def test_facts_of_a_site_outlive_the_database_whatever_their_age(clock):
    facts_at("south.example")
    clock[0] += 100_000

    with database_down():
        known = [facts_at(host).phone_line.number.as_national for host in NUMBERS]

    assert known == list(NUMBERS.values())


def test_database_that_is_down_is_asked_once_within_the_age_limit(clock):
    asked = []

    def refuse(_, statement, *args):
        asked.append(statement)
        raise OperationalError

    with connection.execute_wrapper(refuse):
        for _ in range(3):
            facts_at("north.example")

    assert len(asked) == 1


def test_before_anything_was_read_the_crisis_lines_are_there():
    with database_down():
        known = facts_at("north.example")

    assert (known.strip, known.phone_line, known.leave_address) == (
        facts.EVERYWHERE, None, SiteSettings().leave_address,
    )  # fmt: skip


def test_host_that_is_refused_gets_the_facts_of_the_default_site(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert NUMBER_OF_DEFAULT_SITE in response.text


def queries_to_read() -> int:
    facts.forget_facts()
    with CaptureQueriesContext(connection) as captured:
        facts_at("north.example")
    return len(captured)


def test_sites_are_read_together_and_given_without_a_query(django_assert_num_queries):
    three = queries_to_read()
    Site.objects.filter(hostname="south.example").delete()
    Site.objects.filter(is_default_site=True).delete()

    assert (queries_to_read(), three <= 5) == (three, True)
    with django_assert_num_queries(0):
        assert [row[0] for row in facts_at("north.example").phone_line.week] == [0]


@pytest.mark.parametrize("default", ["south.example", "two.example", None])
def test_site_is_found_as_wagtail_finds_it(default):
    root = Site.objects.get(is_default_site=True).root_page
    for number in (8000, 8001):
        Site.objects.create(hostname="two.example", port=number, root_page=root)
    Site.objects.update(is_default_site=False)
    if default:
        Site.objects.filter(pk=Site.objects.filter(hostname=default)[0].pk).update(is_default_site=True)
    sites = list(Site.objects.all())
    asked = list(product([*NUMBERS, "two.example", "other.example", ""], ["80", "443", "8000"]))

    found = [facts.find_site(sites, host, port) for host, port in asked]

    assert found == [of_wagtail(host, port) for host, port in asked]


def of_wagtail(host: str, port: str) -> Site | None:
    try:
        return get_site_for_hostname(host, port)
    except Site.DoesNotExist:
        return None


@pytest.mark.parametrize(
    "address",
    ["https://north.example/", "https://www.south.example/learn/", "http://NORTH.example:8000/", "https://testserver/"],
)
def test_way_out_does_not_lead_to_a_site_of_ours(address):
    site_settings = SiteSettings.objects.first()
    site_settings.leave_address = address

    with pytest.raises(ValidationError) as caught:
        site_settings.clean()

    assert list(caught.value.message_dict) == ["leave_address"]


def test_way_out_leads_to_any_other_site():
    SiteSettings(leave_address="https://www.north.example.org/").clean()
