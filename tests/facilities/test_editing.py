"""What staff can do in the editor: nothing that the public reads breaks, and what is refused is refused in words."""

import pytest
from django.urls import reverse

from facilities.demo.load import load_pages
from facilities.directory.models import CrisisLine, Facility, Payer, PhoneLine
from facilities.pages.models import ArticlePage, SiteSettings
from facilities.sources.models import Source
from tests.factories import make_coverage, make_lead, make_user, sign_in

pytestmark = pytest.mark.django_db

ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"


@pytest.fixture(autouse=True)
def _demo_pages(db):
    load_pages()


@pytest.fixture
def as_superuser(client):
    """Who may do everything, so that only our own refusals stand in the way."""
    sign_in(client, make_user("", is_superuser=True))
    return client


def address(instance, view):
    return reverse(instance.snippet_viewset.get_url_name(view), args=[instance.pk])


def delete(client, instance):
    return client.post(address(instance, "delete"), follow=True).text


def admissions():
    return PhoneLine.objects.get(number="+17025550142")


# --- What is used is not deleted ------------------------------------------------------------------------------------


def test_phone_line_in_use_is_not_deleted_and_its_users_are_named(as_superuser):
    html = delete(as_superuser, admissions())

    assert "the page “How to stop using heroin or fentanyl safely”" in html
    assert "the facility “Desert Willow Recovery Center”" in html
    assert "the site settings" in html
    assert admissions()


def test_phone_line_of_the_header_alone_is_not_deleted(as_superuser):
    line = PhoneLine.objects.create(label="Header only", number="+17025550187", answered_by="our staff")
    SiteSettings.objects.update(phone_line=line)

    assert "It is used by the site settings." in delete(as_superuser, line)
    assert PhoneLine.objects.filter(pk=line.pk).exists()


def test_used_rows_are_not_deleted_in_bulk(as_superuser):
    url = reverse("wagtail_bulk_action", args=["facilities", "phoneline", "delete"])

    html = as_superuser.post(f"{url}?id={admissions().pk}", follow=True).text

    assert "was not deleted" in html
    assert admissions()


def test_facility_and_source_in_use_are_not_deleted(as_superuser):
    facility, source = Facility.objects.get(), ArticlePage.objects.get().body[1].value["content"][0].value["sources"][0]

    assert "It is used by the site settings." in delete(as_superuser, facility)
    assert "the page “How to stop using" in delete(as_superuser, source)
    assert Facility.objects.exists() and Source.objects.filter(pk=source.pk).exists()


def test_payer_of_a_lead_is_not_deleted_and_the_lead_is_not_named(as_superuser):
    payer, lead = Payer.objects.first(), make_lead(name="Quux")
    make_coverage(lead=lead, payer=payer)

    html = delete(as_superuser, payer)

    assert "It is used by the desk (coverages)." in html
    assert "Quux" not in html and lead.reference not in html
    assert Payer.objects.filter(pk=payer.pk).exists()


def test_unused_row_is_deleted(as_superuser):
    line = PhoneLine.objects.create(label="Unused", number="+17025550187", answered_by="our staff")

    assert "was not deleted" not in delete(as_superuser, line)
    assert not PhoneLine.objects.filter(pk=line.pk).exists()


def test_call_to_action_without_a_line_shows_the_headers_number_and_without_that_no_panel(client):
    SiteSettings.objects.update(phone_line=PhoneLine.objects.exclude(pk=admissions().pk).first())
    Facility.objects.update(phone_line=None)
    admissions().delete()

    assert client.get(ARTICLE_PATH).text.count('class="talk"') >= 1

    SiteSettings.objects.update(phone_line=None)

    assert 'class="talk"' not in client.get(ARTICLE_PATH).text


# --- Hours ----------------------------------------------------------------------------------------------------------


def line_form(line, *hours):
    rows = {
        f"hours-{number}-{name}": value
        for number, row in enumerate(hours)
        for name, value in zip(("weekday", "opens", "closes"), row, strict=True)
    }
    return {
        "label": line.label,
        "number": "(702) 555-0142",
        "answered_by": line.answered_by,
        "time_zone": line.time_zone,
        "hours-TOTAL_FORMS": len(hours),
        "hours-INITIAL_FORMS": 0,
        "hours-MIN_NUM_FORMS": 0,
        "hours-MAX_NUM_FORMS": 1000,
        **rows,
    }


def new_line():
    return PhoneLine.objects.create(label="Nights", number="+17025550142", answered_by="our staff")


def test_times_and_days_have_the_browsers_own_fields(as_superuser):
    line = as_superuser.get(address(admissions(), "edit")).text
    crisis = as_superuser.get(address(CrisisLine.objects.first(), "edit")).text
    source = as_superuser.get(address(Source.objects.first(), "edit")).text
    article = as_superuser.get(reverse("wagtailadmin_pages:edit", args=[ArticlePage.objects.get().pk])).text

    assert line.count('type="time"') == 2 * 8  # seven rows, and the template of a new one
    assert (crisis.count('type="date"'), source.count('type="date"'), article.count('type="date"')) == (1, 1, 2)


@pytest.mark.parametrize("typed", ["9 pm", "24:00"])
def test_a_time_that_is_none_is_refused_and_not_guessed(as_superuser, typed):
    line = new_line()

    html = as_superuser.post(address(line, "edit"), line_form(line, (0, "08:00", typed))).text

    assert "Enter a valid time." in html
    assert line.hours.count() == 0


def test_overlapping_rows_of_a_day_are_refused_in_words(as_superuser):
    line = new_line()

    html = as_superuser.post(address(line, "edit"), line_form(line, (0, "08:00", "00:00"), (0, "20:00", "21:00"))).text

    assert "On that day it is already open from 08:00 to midnight. Make these rows one." in html
    assert line.hours.count() == 0


def test_rows_that_touch_are_taken(as_superuser):
    line = new_line()

    as_superuser.post(address(line, "edit"), line_form(line, (0, "20:00", "00:00"), (1, "00:00", "06:00")))

    assert line.hours.count() == 2
