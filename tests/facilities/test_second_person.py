"""Facts change like pages: what one person writes is a draft, and goes live when another has approved it."""

from datetime import time

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from config.accounts.roles import read_roles
from facilities.directory.models import CrisisLine, Facility, PhoneHours, PhoneLine
from facilities.facts import forget_facts
from facilities.pages.models import ArticlePage, HomePage
from facilities.pages.places import FacilityPage
from facilities.pages.site_settings import SiteSettings
from facilities.review.models import NOT_THE_SECOND
from facilities.review.second_person import editors_since_approval
from tests.facilities.test_editing import address, admissions, fact_form
from tests.factories import make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

OLD, NEW = "(702) 555-0142", "(702) 555-0177"
ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"
FACTS = [PhoneLine, CrisisLine, Facility, SiteSettings]


@pytest.fixture
def manager():
    return make_user("manager")


@pytest.fixture
def reviewer():
    return make_user("reviewer")


def save(client, user, line, *, action="action-submit", **changes):
    sign_in(client, user)
    return client.post(address(line, "edit"), fact_form(line, label=line.label, **changes) | {action: "1"}, follow=True)


def approve(client, user, fact):
    """By the link of the list of what waits."""
    sign_in(client, user)
    state = fact.current_workflow_task_state
    name = fact.snippet_viewset.get_url_name("workflow_action")
    return client.post(reverse(name, args=[fact.pk, "approve", state.pk]), follow=True)


def numbers_shown(client, path="/"):
    forget_facts()
    client.logout()
    html = client.get(path).text
    return [number for number in (OLD, NEW) if number in html]


# --- Two people -----------------------------------------------------------------------------------------------------


def test_saved_number_changes_no_page_until_a_second_person_approves(client, manager, reviewer):
    save(client, manager, admissions(), number=NEW)
    before = numbers_shown(client), admissions().has_unpublished_changes

    approve(client, reviewer, admissions_by_label())

    assert before == ([OLD], True)
    assert numbers_shown(client) == [NEW]
    assert str(admissions_by_label().number) == NEW


def admissions_by_label():
    return PhoneLine.objects.get(label="Admissions")


def test_who_changed_the_number_does_not_approve_it(client, manager):
    save(client, manager, admissions(), number=NEW)

    approve(client, manager, admissions())

    assert numbers_shown(client) == [OLD]
    assert admissions().workflow_in_progress


def test_who_changed_it_reads_why_they_may_not_approve(client, manager):
    save(client, manager, admissions(), number=NEW)

    page = client.get(address(admissions(), "edit")).text

    assert NOT_THE_SECOND in page
    assert 'data-workflow-action-name="approve"' not in page


@pytest.mark.parametrize("by", ["editor", "manager"])
def test_change_of_an_editor_goes_live_when_a_manager_approves(client, manager, by):
    save(client, make_user(by), admissions(), answered_by="our night staff")

    approve(client, manager, admissions())

    assert admissions().answered_by == "our night staff"


def test_approver_who_changes_something_while_approving_is_refused_and_their_words_are_kept(client, manager, reviewer):
    save(client, manager, admissions(), number=NEW)
    sent = fact_form(admissions().get_latest_revision_as_object(), label="Admissions", answered_by="somebody new")
    sign_in(client, reviewer)

    page = client.post(
        address(admissions(), "edit"),
        sent | {"action-workflow-action": "1", "workflow-action-name": "approve"},
        follow=True,
    ).text

    assert NOT_THE_SECOND in page
    assert admissions().get_latest_revision_as_object().answered_by == "somebody new"
    assert numbers_shown(client) == [OLD]


def test_approver_who_saves_the_same_words_has_changed_nothing(client, manager, reviewer):
    save(client, manager, admissions(), number=NEW)
    save(client, reviewer, admissions().get_latest_revision_as_object(), action="action-save")

    assert editors_since_approval(admissions()) == {manager.pk}


def test_approval_ends_who_counts_as_an_editor(client, manager, reviewer):
    save(client, manager, admissions(), number=NEW)
    approve(client, reviewer, admissions())

    assert editors_since_approval(admissions_by_label()) == set()


@pytest.mark.parametrize("role", read_roles())
def test_no_role_may_publish_a_fact_alone(role):
    names = {f"facilities.publish_{model._meta.model_name}" for model in FACTS}

    assert Permission.objects.filter(codename="publish_phoneline").exists()
    assert names & make_user(role).get_all_permissions() == set()


@pytest.mark.parametrize("action", ["action-publish", "action-save"])
def test_forged_publishing_of_a_fact_only_keeps_a_draft(client, manager, action):
    save(client, manager, admissions(), action=action, number=NEW)

    assert numbers_shown(client) == [OLD]
    assert str(admissions().get_latest_revision_as_object().number) == NEW


@pytest.mark.parametrize("model", FACTS)
def test_every_kind_of_fact_waits_for_a_second_person(client, reviewer, manager, model):
    fact = model.objects.first()
    editor = make_user("manager")
    name = {PhoneLine: "label", CrisisLine: "label", Facility: "name", SiteSettings: "site_name"}[model]
    setattr(fact, name, "Changed")
    fact.save_revision(user=editor)
    fact.get_workflow().start(fact, editor)
    before = getattr(model.objects.get(pk=fact.pk), name)

    approve(client, reviewer, fact)

    assert before != "Changed"
    assert getattr(model.objects.get(pk=fact.pk), name) == "Changed"


def test_editors_change_keeps_the_number_that_a_manager_has_drafted(client, manager):
    save(client, manager, admissions(), action="action-save", number=NEW)

    save(client, make_user("editor"), admissions().get_latest_revision_as_object(), action="action-save", number=OLD)

    assert str(admissions().get_latest_revision_as_object().number) == NEW


def test_locked_fact_is_not_changed_by_others(client, manager):
    line = admissions()
    sign_in(client, manager)
    client.post(reverse(line.snippet_viewset.get_url_name("lock"), args=[line.pk]))

    save(client, make_user("editor"), admissions(), answered_by="our night staff")

    assert admissions().locked_by == manager
    assert admissions().get_latest_revision_as_object().answered_by != "our night staff"


# --- What is not live -----------------------------------------------------------------------------------------------


def test_line_that_was_never_approved_stands_on_no_page_and_is_not_offered(client, manager):
    line = PhoneLine.objects.create(label="Draft line", number=NEW, answered_by="our staff", live=False)
    SiteSettings.objects.update(phone_line=line)
    sign_in(client, manager)

    offered = client.get(reverse(f"{PhoneLine.snippet_viewset.chooser_viewset.name}:choose")).text

    assert "Draft line" not in offered and "Admissions" in offered
    assert NEW not in numbers_shown(client)


def test_call_to_action_with_a_line_that_is_not_live_shows_the_headers(client):
    line = PhoneLine.objects.get(number="+18885550119")
    admissions_pk = admissions().pk
    PhoneLine.objects.exclude(pk=line.pk).update(live=False)
    SiteSettings.objects.update(phone_line=line)

    html = client.get(ARTICLE_PATH).text

    assert PhoneLine.objects.filter(pk=admissions_pk, live=False).exists()
    assert 'class="talk"' in html and OLD not in html.partition("<article")[2].partition("shows")[0]


def test_crisis_line_that_is_not_live_is_in_no_footer(client):
    CrisisLine.objects.filter(number="1-800-222-1222").update(live=False)

    html = client.get("/").text

    assert "1-800-222-1222" not in html and "988" in html


def test_facility_that_is_not_live_has_no_page(client):
    Facility.objects.update(live=False)

    assert client.get("/facilities/desert-willow/").status_code == 404
    assert "desert-willow" not in client.get("/facilities/").text


# --- Preview --------------------------------------------------------------------------------------------------------


def draft_of_number():
    line = admissions()
    line.number = NEW
    return line


def test_preview_shows_each_page_with_the_draft_and_visitors_see_nothing_of_it(client):
    draft = draft_of_number()
    pages = dict(draft.preview_modes)
    article, home = str(ArticlePage.objects.earliest("pk").pk), str(HomePage.objects.get().pk)
    place = str(FacilityPage.objects.get().pk)

    shown = {mode: draft.make_preview_request(preview_mode=mode).text for mode in ("", article, home, place)}

    assert {"", article, home, place} <= set(pages)
    assert {mode: (NEW in html, "tel:+1-702-555-0142" in html) for mode, html in shown.items()} == dict.fromkeys(
        shown, (True, False)
    )
    assert numbers_shown(client) == [OLD]


def test_preview_names_the_pages_that_show_the_fact():
    html = draft_of_number().make_preview_request().text

    assert f"<li>{ArticlePage.objects.earliest('pk').title}</li>" in html
    assert f"<li>{HomePage.objects.get().title}</li>" in html


def test_preview_of_a_crisis_line_that_is_new_shows_it_among_the_others():
    line = CrisisLine(label="Nights", number="1-702-555-0177", when="at night", sort_order=9, live=False)

    html = line.make_preview_request().text

    assert "1-702-555-0177" in html and "tel:988" in html


@pytest.mark.parametrize(
    ("model", "changes", "words"),
    [
        (Facility, {"licence": "License 4711"}, "License 4711"),
        (SiteSettings, {"site_name": "Another name"}, "Another name"),
        (CrisisLine, {"label": "A new label"}, "A new label"),
    ],
)
def test_preview_of_each_kind_of_fact_shows_what_would_change(model, changes, words):
    fact = model.objects.first()
    for name, value in changes.items():
        setattr(fact, name, value)

    html = fact.make_preview_request().text.replace("\N{NO-BREAK SPACE}", " ")

    assert words in html


def test_preview_of_a_page_that_is_none_shows_where_the_fact_stands():
    assert draft_of_number().make_preview_request(preview_mode="0").status_code == 200


def test_hours_of_a_line_go_live_with_it(client, manager, reviewer):
    line = admissions()
    line.hours = [PhoneHours(weekday=0, opens=time(10), closes=time(11))]
    line.save_revision(user=manager)
    line.get_workflow().start(line, manager)
    before = admissions().hours.count()

    approve(client, reviewer, line)

    assert (before, admissions().hours.count()) == (7, 1)


# --- Pages ----------------------------------------------------------------------------------------------------------


def page_form_sent(client, page, action):
    """As the editor's page sends the home page back, with another summary."""
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {
            "title": page.title,
            "slug": page.slug,
            "heading": page.heading,
            "summary": "Another summary.",
            "body-count": "0",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            action: "1",
        },
        follow=True,
    )


@pytest.mark.parametrize("role", read_roles())
def test_no_role_may_publish_a_page_alone(role):
    user = make_user(role)

    testers = [page.permissions_for_user(user) for page in (HomePage.objects.get(), HomePage.objects.get().page_ptr)]

    assert [(tester.can_publish(), tester.can_publish_subpage()) for tester in testers] == [(False, False)] * 2


def test_page_of_an_editor_goes_live_when_a_reviewer_approves(client, reviewer):
    sign_in(client, make_user("editor"))
    page_form_sent(client, HomePage.objects.get(), "action-submit")
    page = HomePage.objects.get()
    before = page.summary

    sign_in(client, reviewer)
    state = page.current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))

    assert before != "Another summary."
    assert HomePage.objects.get().summary == "Another summary."


def test_reviewer_does_not_approve_what_they_wrote(client, reviewer):
    page = HomePage.objects.get()
    sign_in(client, reviewer)
    page_form_sent(client, page, "action-submit")

    state = HomePage.objects.get().current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))

    assert HomePage.objects.get().get_latest_revision_as_object().summary == "Another summary."
    assert HomePage.objects.get().summary == page.summary


@pytest.mark.parametrize("role", ["editor", "reviewer", "manager"])
def test_forged_publishing_of_a_page_only_keeps_a_draft(client, role):
    page = HomePage.objects.get()
    sign_in(client, make_user(role))

    page_form_sent(client, page, "action-publish")

    assert HomePage.objects.get().summary == page.summary
    assert HomePage.objects.get().get_latest_revision_as_object().summary == "Another summary."


@pytest.mark.parametrize(("role", "live"), [("manager", False), ("reviewer", True), ("editor", True)])
def test_manager_alone_takes_a_page_down(client, role, live):
    sign_in(client, make_user(role))

    client.post(reverse("wagtailadmin_pages:unpublish", args=[ArticlePage.objects.earliest("pk").pk]))

    assert ArticlePage.objects.earliest("pk").live is live
