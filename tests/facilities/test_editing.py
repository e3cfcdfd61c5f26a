"""What staff can do in the editor: nothing that the public reads breaks, and what is refused is refused in words."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import wagtail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import GroupCollectionPermission, Page, PageViewRestriction, Revision, Task, Workflow

from facilities.directory.models import PLAIN_TEXT, CrisisLine, Facility, PhoneLine
from facilities.directory.panels import WHO_CHANGES_IT
from facilities.directory.payers import Payer
from facilities.facts import forget_facts
from facilities.pages import schedule
from facilities.pages.blocks import PageBody
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage
from facilities.pages.site_settings import SiteSettings
from facilities.sources.models import Source
from intake.management.commands import run_worker
from tests.factories import make_coverage, make_lead, make_payer, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"


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


def latest(instance):
    """As it was last written, whether somebody has approved it or not."""
    return type(instance).objects.get(pk=instance.pk).get_latest_revision_as_object()


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
    facility, source = Facility.objects.get(), Source.objects.get(url__contains="mm7325a1")

    refusal = delete(as_superuser, facility)
    assert "the site settings" in refusal and f"the page “{facility.name}”" in refusal
    assert "the page “How to stop using" in delete(as_superuser, source)
    assert Facility.objects.exists() and Source.objects.filter(pk=source.pk).exists()


def test_payer_of_a_lead_is_not_deleted_and_the_lead_is_not_named(as_superuser):
    payer, lead = make_payer(), make_lead(name="Quux")
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
    forget_facts()

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

    assert line.count('type="time"') == 2 * 8  # seven rows, and the template of a new one
    assert (crisis.count('type="date"'), source.count('type="date"')) == (1, 2)


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

    assert latest(line).hours.count() == 2


# --- Crisis lines ---------------------------------------------------------------------------------------------------


def crisis_form(line, **changes):
    names = ("label", "number", "text_number", "when", "url", "strip_words", "checked_on", "sort_order")
    values = {name: getattr(line, name) for name in names} | ({"in_strip": "on"} if line.in_strip else {})
    return {name: value for name, value in (values | changes).items() if value is not None}


def change_crisis_line(client, line, **changes):
    return client.post(address(line, "edit"), crisis_form(line, **changes)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "call Bob"}, "Write digits and dashes only, as people dial it."),
        ({"text_number": "HOME"}, "Write digits and dashes only, as people dial it."),
        ({"strip_words": ""}, "Write the words that stand at the top of every page."),
    ],
)
def test_crisis_line_is_checked_before_the_public_sees_it(as_superuser, changes, words):
    line = CrisisLine.objects.get(number="988")

    assert words in change_crisis_line(as_superuser, line, **changes)
    assert CrisisLine.objects.filter(pk=line.pk, number="988", text_number="988").exclude(strip_words="").exists()


def test_last_line_of_the_strip_stays_in_it(as_superuser):
    CrisisLine.objects.exclude(number="911").update(in_strip=False)
    line = CrisisLine.objects.get(number="911")

    html = change_crisis_line(as_superuser, line, in_strip=None)

    assert "At least one crisis line stays at the top of every page." in html
    assert [kept.number for kept in CrisisLine.objects.filter(in_strip=True)] == ["911"]


def test_line_of_the_strip_is_not_deleted(as_superuser):
    line = CrisisLine.objects.get(number="988")

    assert "It is used by the line at the top of every page." in delete(as_superuser, line)
    assert CrisisLine.objects.filter(pk=line.pk).exists()


def test_strip_falls_back_on_911_and_988(client):
    CrisisLine.objects.update(in_strip=False)

    page = client.get("/")

    assert [(line.number, line.strip_words) for line in page.context["facts"].strip] == [
        ("911", "Emergency? 911"),
        ("988", "Crisis? 988"),
    ]


def test_editor_sees_crisis_lines_and_may_not_change_them(client):
    line = CrisisLine.objects.get(number="988")
    sign_in(client, make_user("editor"))

    response = client.post(address(line, "edit"), crisis_form(line, number="911"))

    assert response.status_code == 302
    assert CrisisLine.objects.filter(pk=line.pk, number="988").exists()
    assert "988 Suicide" in client.get(reverse(CrisisLine.snippet_viewset.get_url_name("list"))).text


@pytest.mark.parametrize("model", [CrisisLine, PhoneLine, Facility, Source])
def test_first_change_in_the_editor_keeps_what_was_there(as_superuser, model):
    instance = model.objects.first()

    as_superuser.post(address(instance, "edit"), {})

    kept = instance.revisions.earliest("pk").as_object()
    of_wagtail = ("latest_revision", "live_revision", "has_unpublished_changes")
    names = [field.name for field in model._meta.fields if field.name not in of_wagtail]
    assert [getattr(kept, name) for name in names] == [getattr(instance, name) for name in names]


def test_history_shows_what_a_changed_number_was(as_superuser):
    line = CrisisLine.objects.get(number="988")

    change_crisis_line(as_superuser, line, number="1-988")

    before, after = line.revisions.order_by("pk")
    assert (before.as_object().number, after.as_object().number) == ("988", "1-988")
    compared = as_superuser.get(
        reverse(line.snippet_viewset.get_url_name("revisions_compare"), args=[line.pk, before.pk, after.pk])
    )
    assert "1-988" in compared.text


# --- Scheduled publishing -------------------------------------------------------------------------------------------


@pytest.fixture
def worker(monkeypatch):
    """A worker that keeps the connection of the test, and has not yet looked at the schedule."""
    monkeypatch.setattr(schedule, "_next", 0.0)
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    return run_worker.Command()


@pytest.fixture
def due_article():
    """A draft of the article with a new title, approved to go live a minute ago."""
    article = ArticlePage.objects.earliest("pk")
    article.title = "A new title"
    article.go_live_at = timezone.now() + timedelta(days=1)
    revision = article.save_revision()
    revision.publish()
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"], revision.approved_go_live_at = a_minute_ago.isoformat(), a_minute_ago
    revision.save()
    article.refresh_from_db()
    assert article.title != "A new title"
    return article


def test_worker_publishes_what_is_due(worker, due_article):
    worker.work_once()

    due_article.refresh_from_db()
    assert due_article.title == "A new title"


def test_worker_takes_down_a_page_that_expires(worker):
    ArticlePage.objects.update(expire_at=timezone.now() - timedelta(minutes=1))

    worker.work_once()

    assert ArticlePage.objects.earliest("pk").live is False


def test_schedule_is_looked_at_once_a_minute(monkeypatch):
    monkeypatch.setattr(schedule, "_next", 0.0)
    schedule.publish_when_due(now=1000)

    asked = []
    for now in (1059.9, 1060):
        with CaptureQueriesContext(connection) as captured:
            schedule.publish_when_due(now=now)
        asked.append(len(captured) > 0)

    assert asked == [False, True]


def test_role_that_may_not_write_pages_publishes_nothing(worker, due_article, settings):
    settings.SERVES_CMS = False

    worker.work_once()

    due_article.refresh_from_db()
    assert due_article.title != "A new title"


def test_page_that_cannot_be_published_does_not_stop_the_worker(worker, due_article, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ValueError("what somebody wrote")

    monkeypatch.setattr(Revision, "publish", fail)
    monkeypatch.setattr(schedule.logger, "propagate", True)

    with caplog.at_level("ERROR", logger=schedule.logger.name):
        worker.work_once()

    assert "scheduled publishing failed: ValueError" in caplog.text
    assert "what somebody wrote" not in caplog.text


# --- What the editor must not do here -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["unpublish", "delete"])
@pytest.mark.parametrize("model", [HomePage, ArticleIndexPage])
def test_pages_that_every_page_links_to_are_not_taken_away(as_superuser, model, name):
    page = model.objects.get()

    html = as_superuser.post(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]), follow=True).text

    assert f"“{page.title}” stays: every page of the site leads there." in html
    assert model.objects.get().live is True


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_pages_that_every_page_links_to_are_not_taken_away_in_bulk(as_superuser, action):
    pages = [ArticleIndexPage.objects.get(), ArticlePage.objects.earliest("pk")]
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])

    html = as_superuser.post(f"{url}?id={pages[0].pk}&id={pages[1].pk}", follow=True).text

    assert "“Learn” stays" in html
    assert (ArticleIndexPage.objects.get().live, ArticlePage.objects.earliest("pk").live) == (True, True)


def test_no_page_can_be_put_behind_a_password(as_superuser):
    article = ArticlePage.objects.earliest("pk")
    edit = as_superuser.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).text

    for page in Page.objects.all():
        url = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
        assert as_superuser.post(url, {"restriction_type": "password", "password": "x"}).status_code == 404
        assert url not in edit
    assert PageViewRestriction.objects.count() == 0


def test_old_address_of_an_article_leads_to_the_new_one(client, django_capture_on_commit_callbacks):
    article = ArticlePage.objects.earliest("pk")
    article.slug = "new-words"
    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()

    response = client.get(ARTICLE_PATH)

    assert (response.status_code, response["Location"]) == (301, "/learn/new-words/")
    assert response.cookies == {}


def rich_text(html):
    return ContentstateConverter(PLAIN_TEXT).from_database_format(html)


def test_address_of_a_facility_stays(as_superuser):
    facility = Facility.objects.get()
    values = {field.name: getattr(facility, field.name) for field in Facility._meta.fields}
    rich = {"getting_here": rich_text(values["getting_here"])}
    sent = {**values, **rich, "phone_line": facility.phone_line_id, "slug": "elsewhere", "city": "Reno"}

    as_superuser.post(address(facility, "edit"), {name: value for name, value in sent.items() if value is not None})

    facility = latest(facility)
    assert (facility.city, facility.slug) == ("Reno", "desert-willow")


@pytest.mark.parametrize("name", ["wagtaildocs:index", "wagtaildocs:add"])
def test_documents_are_unreachable_while_no_block_shows_them(as_superuser, name):
    assert as_superuser.get(reverse(name)).status_code == 404
    assert reverse(name) not in as_superuser.get(reverse("wagtailadmin_home")).text


def test_editor_offers_no_pictures_of_staff_and_checks_what_has_a_preview(as_superuser):
    account = as_superuser.get(reverse("wagtailadmin_account")).text
    article = as_superuser.get(reverse("wagtailadmin_pages:edit", args=[ArticlePage.objects.earliest("pk").pk])).text

    assert 'type="file"' not in account
    line = as_superuser.get(address(admissions(), "edit")).text
    assert ("Toggle preview" in article, "Toggle preview" in line) == (True, True)
    assert ("Toggle checks" in article, "Toggle checks" in line) == (True, True)


def test_editor_carries_our_name_and_leads_nowhere_else(as_superuser):
    html = as_superuser.get(reverse("wagtailadmin_home")).text

    assert " - Quietline</title>" in html
    assert "guide.wagtail.org" not in html


# --- Writing --------------------------------------------------------------------------------------------------------


def body_with_calls(count):
    line = admissions()
    call = ("call_to_action", {"heading": "Ask", "sentence": "You can ask.", "phone_line": line})
    block = PageBody()
    return block, block.to_python(
        block.get_prep_value(
            block.normalize([("section", {"heading": "Help", "anchor": "", "content": [call] * count})])
        )
    )


def test_third_call_to_action_is_refused_where_it_stands():
    block, value = body_with_calls(3)

    with pytest.raises(StreamBlockValidationError) as caught:
        block.clean(value)

    inner = caught.value.block_errors[0].block_errors["content"].block_errors
    assert list(inner) == [2]
    assert "A page asks at most 2 times. Remove this one." in str(inner[2].as_json_data())


def test_draft_may_hold_a_third_call_to_action():
    block, value = body_with_calls(3)

    assert len(block.clean_deferred(value)[0].value["content"]) == 3


def test_source_chooser_finds_publishers_and_offers_a_new_source(client):
    sign_in(client, make_user("editor"))
    namespace = Source.snippet_viewset.chooser_viewset.name

    found = client.get(reverse(f"{namespace}:choose_results"), {"q": "Substance"}).text
    form = client.get(reverse(f"{namespace}:choose")).text

    assert Source.objects.filter(publisher__startswith="Substance").first().title in html.unescape(found)
    assert "accessed_on" in form


def test_languages_of_a_phone_line_are_ticked(as_superuser):
    page = as_superuser.get(address(admissions(), "edit")).text
    line = new_line()

    as_superuser.post(address(line, "edit"), line_form(line) | {"languages": ["es"]})

    assert page.count('type="checkbox" name="languages"') == 2
    assert latest(line).languages == ["es"]


def test_every_kind_of_fact_has_its_list_with_what_one_looks_for(as_superuser):
    lines = as_superuser.get(reverse(PhoneLine.snippet_viewset.get_url_name("list"))).text
    home = as_superuser.get(reverse("wagtailadmin_home")).text

    assert "(702) 555-0142" in lines and "our own admissions staff in Las Vegas" in lines
    assert "Snippets" not in home
    for model in (PhoneLine, CrisisLine, Facility, Payer, Source):
        url = reverse(model.snippet_viewset.get_url_name("list"))
        assert as_superuser.get(url).status_code == 200
        assert url in home


def test_list_of_facilities_takes_as_many_queries_for_three_as_for_one(as_superuser):
    url = reverse(Facility.snippet_viewset.get_url_name("list"))
    as_superuser.get(url)
    with CaptureQueriesContext(connection) as for_one:
        as_superuser.get(url)
    for slug in ("second", "third"):
        Facility.objects.create(slug=slug, name=slug, phone_line=admissions())

    with CaptureQueriesContext(connection) as for_three:
        as_superuser.get(url)

    assert len(for_three) == len(for_one)


def test_review_is_called_clinical():
    kept = {"Clinical review", "Check of facts"}

    assert {workflow.name for workflow in Workflow.objects.all()} == kept
    assert {task.name for task in Task.objects.all().specific()} == kept


def test_editor_reads_on_the_page_why_it_came_back(client):
    editor, reviewer, article = make_user("editor"), make_user("reviewer"), ArticlePage.objects.earliest("pk")
    article.save_revision(user=editor)
    state = article.get_workflow().start(article, editor)
    state.current_task_state.reject(user=reviewer, comment="Cite the dose.")
    sign_in(client, editor)

    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).text

    assert f"Sent back by {reviewer}: Cite the dose." in page


GUARDED = [
    (PhoneLine, "number", "(213) 555-0177"),
    (PhoneLine, "caller_id", "(213) 555-0177"),
    (PhoneLine, "caller_id_es", "(213) 555-0177"),
    (Facility, "phone_line", "other"),
    (Facility, "licence", "of nobody"),
    (Facility, "owner", "A stranger owns it."),
    (Facility, "is_demo", ""),
]


def written(instance) -> dict:
    """The fields of a fact as it was last written."""
    draft = latest(instance)
    return {field.attname: getattr(draft, field.attname) for field in draft._meta.fields}


def fact_form(instance, **changes) -> dict:
    """What the editor's page sends for a line or a facility, and more."""
    values = {field.name: value for field in instance._meta.fields if (value := field.value_from_object(instance))}
    values |= {"languages": ["en"], "label": "Changed"} if isinstance(instance, PhoneLine) else {"city": "Reno"}
    values |= {name: rich_text(values[name]) for name in ("getting_here",) if name in values}
    rows = {"hours-TOTAL_FORMS": 0, "hours-INITIAL_FORMS": 0, "hours-MIN_NUM_FORMS": 0, "hours-MAX_NUM_FORMS": 9}
    return values | rows | changes


def fact_of(model):
    return admissions() if model is PhoneLine else Facility.objects.get()


@pytest.mark.parametrize(("model", "name", "forged"), GUARDED)
def test_editor_reads_what_only_the_manager_changes_and_a_forged_form_changes_the_rest_alone(
    client, model, name, forged
):
    before = fact_of(model)
    if forged == "other":
        forged = PhoneLine.objects.exclude(pk=before.phone_line_id).first().pk
    sign_in(client, make_user("editor"))

    page = client.get(address(before, "edit")).text
    client.post(address(before, "edit"), fact_form(before, **{name: forged}))

    changed = {key for key, value in written(before).items() if value != getattr(before, key)}
    as_sent = {"latest_revision_id", "live_revision_id", "has_unpublished_changes", "languages", "getting_here"}
    assert changed - as_sent == {"label" if model is PhoneLine else "city"}
    assert f'name="{name}"' not in page
    assert html.escape(WHO_CHANGES_IT) in page
    if name != "is_demo":
        assert html.escape(str(getattr(before, name))) in page


@pytest.mark.parametrize(("model", "name", "forged"), GUARDED)
def test_manager_changes_each_of_them(client, model, name, forged):
    before = fact_of(model)
    if forged == "other":
        forged = PhoneLine.objects.exclude(pk=before.phone_line_id).first().pk
    sign_in(client, make_user("manager"))

    page = client.get(address(before, "edit")).text
    client.post(address(before, "edit"), fact_form(before, **{name: forged}))

    assert f'name="{name}"' in page
    assert getattr(latest(before), name) != getattr(before, name)


def test_editor_brings_no_earlier_number_back_with_an_earlier_version(client):
    line = admissions()
    line.number = "+12135550177"
    earlier = line.save_revision()
    admissions().save_revision()
    sign_in(client, make_user("editor"))
    url = reverse(PhoneLine.snippet_viewset.get_url_name("revisions_revert"), args=[line.pk, earlier.pk])

    client.post(url, fact_form(line))

    assert (latest(line).label, latest(line).number) == ("Changed", "+17025550142")


@pytest.mark.parametrize("model", [PhoneLine, CrisisLine, Facility, Payer])
def test_editor_adds_no_number(client, model):
    before = model.objects.count()
    sign_in(client, make_user("editor"))
    sent = {"label": "Mine", "number": "(213) 555-0177", "answered_by": "us", "name": "Mine", "languages": ["en"]}

    client.post(reverse(model.snippet_viewset.get_url_name("add")), fact_form(fact_of(PhoneLine)) | sent)

    assert model.objects.count() == before


@pytest.mark.parametrize("name", ["phone_line", "leave_address", "facility", "site_name"])
def test_editor_changes_no_setting_of_the_site(client, name):
    settings = SiteSettings.objects.get()
    url = address(settings, "edit")
    sent = {"site_name": "Q", "leave_address": "https://example.org/", "phone_line": "", "facility": ""}
    sent |= {"site": settings.site_id, "words-count": "0"}
    sign_in(client, make_user("editor"))

    client.post(url, sent)
    kept = getattr(latest(settings), name)
    sign_in(client, make_user("manager"))
    client.post(url, sent)

    assert kept == getattr(settings, name)
    assert getattr(latest(settings), name) != kept  # so the form was one


@pytest.mark.parametrize("name", ["answered_by", "answered_by_es"])
def test_who_answers_is_said_without_a_number(name):
    line = admissions()
    setattr(line, name, "our staff, best at 213.555.0177")

    with pytest.raises(ValidationError) as refused:
        line.full_clean()

    assert list(refused.value.message_dict) == [name]


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("manager", "facilities.view_source"),
        ("manager", "facilities.change_source"),
        ("reviewer", "facilities.view_phoneline"),
    ],
)
def test_role_may_see_what_it_answers_for(role, permission):
    assert make_user(role).has_perm(permission)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": 1799}, "year"),
        ({"year": 2999}, "year"),
        ({"accessed_on": date(2999, 1, 1)}, "accessed_on"),
    ],
)
def test_source_of_no_possible_date_is_refused(changes, field):
    source = Source.objects.first()
    for name, value in changes.items():
        setattr(source, name, value)

    with pytest.raises(ValidationError) as caught:
        source.full_clean()

    assert list(caught.value.message_dict) == [field]


@pytest.mark.parametrize(("field", "value"), [("state", "XX"), ("postal_code", "8910")])
def test_facility_has_an_address_in_the_united_states(field, value):
    facility = Facility.objects.get()
    setattr(facility, field, value)

    with pytest.raises(ValidationError) as caught:
        facility.full_clean()

    assert list(caught.value.message_dict) == [field]


def test_title_of_the_home_page_fills_its_slug(as_superuser):
    html = as_superuser.get(reverse("wagtailadmin_pages:edit", args=[HomePage.objects.get().pk])).text

    assert re.search(r'name="title"[^>]*data-w-sync-target-value="#id_slug"', html)


def test_closed_block_shows_its_words_and_not_its_sources():
    parts = PageBody().child_blocks["section"].child_blocks["content"].child_blocks

    assert {name: part.meta.label_format for name, part in parts.items() if part.meta.label_format} == {
        "text": "{text}",
        "question": "{question}",
        "key_fact": "{fact}",
        "care_card": "{heading}",
        "warning": "{heading}",
        "image": "{caption}",
        "call_to_action": "{heading}",
    }


@pytest.mark.parametrize(("role", "may"), [("editor", 3), ("reviewer", 1), ("manager", 3), ("consultant", 0)])
def test_role_may_do_with_pictures_what_its_pages_need(role, may):
    user = make_user(role)

    assert GroupCollectionPermission.objects.filter(group__in=user.groups.all()).count() == may


def forms_of_the_cms() -> list[str]:
    """Every address under /cms/, with ID where it names a page; not the one that ends the session of who asks."""

    def walk(patterns: list, before: str) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, before + str(each.pattern))
            else:
                yield before + str(each.pattern)

    def fill(part: re.Match) -> str:
        named = {"app": "facilities", "model": "articlepage", "uuid": "00000000-0000-4000-8000-000000000000"}
        return next((value for name, value in named.items() if name in part[0]), "ID")

    found = (re.sub(r"<[\w:]+>|\(\?P<\w+>[^)]*\)", fill, path) for path in walk(get_resolver().url_patterns, "/"))
    return sorted({path for path in found if path.startswith("/cms/") and path != "/cms/logout/"})


def names_that_wagtail_reads() -> set[str]:
    """Of what is sent to it, as its own code has them."""
    code = "".join(
        file.read_text() for file in Path(wagtail.__file__).parent.rglob("*.py") if "tests" not in file.parts
    )
    return set(re.findall(r"""\b(?:GET|POST)(?:\.get|\.getlist|\.pop)?[(\[]\s*["'](\w+)["']""", code))


NAMES = names_that_wagtail_reads()


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        ("post", {}),
        ("post", {"x": "x"}),
        *((method, dict.fromkeys(NAMES, value)) for value in ("x", "-1", "\0") for method in ("get", "post")),
    ],
)
def test_form_without_its_fields_is_refused_and_breaks_nothing(client, method, sent):
    sign_in(client, make_user("manager"))
    client.raise_request_exception = False
    home = str(HomePage.objects.get().pk)

    answers = {}
    for path in forms_of_the_cms():
        with transaction.atomic():
            answers[path] = getattr(client, method)(path.replace("ID", home), sent).status_code
            transaction.set_rollback(True)

    assert len(answers) > 150
    assert {path: status for path, status in answers.items() if status >= 500} == {}
    assert answers["/cms/pages/ID/edit/"] == (400 if method == "post" else 200)
    assert client.get("/cms/").status_code == 200  # still signed in: each address was really asked
