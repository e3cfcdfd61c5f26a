"""A site without a demo: until a manager has said who answers, nothing can be sent, and no page of Wagtail's shows."""

import re

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from wagtail.models import Page, Site

from facilities import facts
from facilities.directory.models import Facility, PhoneLine
from facilities.pages.first_steps import address_for
from facilities.pages.models import HomePage
from facilities.pages.site_settings import SiteSettings
from intake.callbacks.models import CallbackMessage
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db

FIRST = "/cms/first-steps/"
FORM = "/request-a-call/"
REQUEST = {"phone": "(702) 555-0163", "consent": "on"}
ANSWERS = {
    "name": "Creosote House",
    "street": "1 Example Road",
    "city": "Reno",
    "state": "NV",
    "postal_code": "89501",
    "time_zone": "America/Los_Angeles",
    "licence": "State of Nevada, 0000",
    "owner": "It belongs to those who work there.",
    "number": "(775) 555-0133",
    "answered_by": "our own staff in Reno",
    "days": ["0", "1", "2", "3", "4", "5", "6"],
    "opens": "08:00",
    "closes": "21:00",
    "heading": "Talk with us first",
    "summary": "We treat people who use alcohol or opioids.",
}


@pytest.fixture(autouse=True)
def _new_site(settings):
    settings.FIRST_STEPS = "facilities.pages.first_steps.address_for"


@pytest.fixture
def manager(client, roles):
    user = make_user("manager")
    sign_in(client, user)
    return user


def is_not_there_yet(response) -> bool:
    return response.status_code == 503 and "988" in response.content.decode()


@pytest.mark.parametrize("path", ["/", FORM, f"/es{FORM}"])
def test_site_that_nobody_has_made_says_so_and_takes_nothing(client, path):
    asked, sent = client.get(path), client.post(FORM, REQUEST)

    assert is_not_there_yet(asked) and "wagtail" not in asked.content.decode().lower().replace("wagtailadmin", "")
    assert is_not_there_yet(sent) and CallbackMessage.objects.count() == 0


def test_page_that_is_shut_leads_to_no_other_that_is_shut(client):
    main = client.get("/").content.decode().split("<main")[1].split("</main>")[0]

    assert re.findall(r'href="/[^"]*"', main) == []


def test_it_is_said_in_spanish_too(client):
    with override("es"):
        assert "This site" not in client.get(f"/es{FORM}").content.decode()


def test_manager_who_signs_in_is_led_to_the_first_steps_and_nobody_else_is(client, manager):
    others = [address_for(make_user(role)) for role in ("editor", "reviewer", "consultant", "lead")]

    assert client.get("/accounts/signed-in/").url == FIRST
    assert others == [""] * 4


def test_editor_may_not_take_the_first_steps(client, roles):
    sign_in(client, make_user("editor"))

    assert [client.get(FIRST).url, client.post(FIRST, ANSWERS).url] == ["/cms/"] * 2  # which says why
    assert not Facility.objects.exists()


def test_first_steps_make_the_facility_the_line_the_pages_and_open_the_form(client, manager):
    done = client.post(FIRST, ANSWERS)
    facts.forget_facts()

    line, facility = PhoneLine.objects.get(), Facility.objects.get()
    kept = SiteSettings.objects.get()
    assert (done.status_code, done.url) == (302, reverse("wagtailadmin_home"))
    assert (facility.slug, facility.phone_line, line.hours.count()) == ("creosote-house", line, 7)
    assert (kept.site_name, kept.facility, kept.phone_line) == ("Creosote House", facility, line)
    home = client.get("/").content.decode()
    assert ANSWERS["heading"] in home and "(775) 555-0133" in home
    assert client.get("/facilities/creosote-house/").status_code == client.get("/learn/").status_code == 200
    assert (client.get(FORM).status_code, client.post(FORM, REQUEST).status_code) == (200, 303)


def test_welcome_page_goes_and_a_second_time_changes_nothing(client, manager):
    client.post(FIRST, ANSWERS)
    again = client.post(FIRST, ANSWERS | {"name": "Another house"})

    assert again.url == reverse("wagtailadmin_home")
    assert Facility.objects.get().name == "Creosote House"
    assert [type(page.specific) for page in Page.objects.filter(depth=2)] == [HomePage]
    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("number", "12"),
        ("postal_code", "Reno"),
        ("answered_by", "call 775 555 0133"),
        ("closes", "07:00"),
        ("days", []),
        ("heading", "100% confidential"),
        ("name", "!!!"),
        ("licence", ""),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_everything_else_stays(client, manager, part, wrong):
    answer = client.post(FIRST, ANSWERS | {part: wrong})

    assert answer.status_code == 422 and list(answer.context["form"].errors) == [part]
    kept = answer.content.decode()
    assert all(escape(value) in kept for name, value in ANSWERS.items() if name not in (part, "days"))
    assert not Facility.objects.exists() and not HomePage.objects.exists()


def test_process_that_has_never_reached_the_database_takes_requests_all_the_same(client):
    """It may have started while the database was down; what people send waits in the spool."""

    def refuse(*_):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = client.get(FORM)

    assert answer.status_code == 200


def test_site_that_was_made_by_hand_before_there_were_first_steps_stays_open(client, demo_pages):
    SiteSettings.objects.update(phone_line=None)
    Facility.objects.update(name="Creosote House")
    facts.forget_facts()

    assert client.get(FORM).status_code == 200


@pytest.mark.parametrize(("demo", "status"), [(True, 200), (False, 503)])
def test_made_up_facility_of_the_demo_takes_no_request_where_the_demo_is_off(
    client, demo_pages, settings, demo, status
):
    settings.DEMO = demo
    facts.forget_facts()

    assert (client.get("/").status_code, client.get(FORM).status_code) == (status, status)
    assert client.post(FORM, REQUEST).status_code == (303 if demo else 503)


def test_site_whose_facility_has_a_name_of_its_own_is_open(client, demo_pages):
    Facility.objects.update(name="Creosote House")
    facts.forget_facts()

    assert client.get(FORM).status_code == 200
