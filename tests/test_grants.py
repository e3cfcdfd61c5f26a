"""The rights of each process in the database: its pages work with them, and what is not its own is refused."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse
from psycopg2.errorcodes import INSUFFICIENT_PRIVILEGE

from config.launch import grants
from config.launch.keys import new_keys
from facilities.directory.models import PhoneLine
from facilities.pages.models import ArticlePage
from facilities.sources import links
from facilities.sources.models import LinkCheck
from intake.leads import acts
from intake.privacy import keys
from tests.factories import (
    make_lead,
    make_source,
    make_user,
    make_verification,
    page_of,
    receive_lead,
    send_request,
    sign_in,
    tick_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

OLD_PASSWORD, NEW_PASSWORD = "violet kettle march tundra", "amber ladder quiet walnut"
ARTICLE = "/learn/stopping-heroin-or-fentanyl-safely/"


def refuses(statement: str) -> bool:
    """In a savepoint, so that a refusal does not end the test's transaction."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return error.__cause__.pgcode == INSUFFICIENT_PRIVILEGE
    return False


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        (ARTICLE, 200),
        ("/facilities/", 200),
        ("/facilities/desert-willow/", 200),
        ("/request-a-call/", 200),
        ("/request/abcdef/", 404),
        ("/no-such-page/", 404),
        ("/healthz", 200),
    ],
)
def test_site_serves_its_pages_with_its_rights(client, become, path, status):
    become("site")

    assert client.get(path).status_code == status


def test_site_takes_a_request_and_shows_its_receipt_with_its_rights(client, become):
    become("site")

    answer = client.post("/request-a-call/", {"phone": "(702) 555-0163", "consent": "on"})

    assert (answer.status_code, client.get(answer["Location"]).status_code) == (303, 200)


def test_editor_writes_and_reviewer_publishes_with_the_rights_of_the_cms(client, become):
    article, manager, reviewer = ArticlePage.objects.earliest("pk"), make_user("manager"), make_user("reviewer")
    line = PhoneLine.objects.first()
    become("cms")
    sign_in(client, manager)
    pages = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        reverse("wagtailadmin_pages:history", args=[article.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[article.pk]),
        "/cms/snippets/facilities/source/",
        reverse(line.snippet_viewset.get_url_name("edit"), args=[line.pk]),
        "/accounts/2fa/",
        reverse("reviews"),
        reverse("forced_publishings"),
        reverse("advice", args=[article.pk]),
    ]

    answers = {page: client.get(page).status_code for page in pages}
    article.title = "Another title"
    article.save_revision(user=manager)
    state = article.get_workflow().start(article, manager).current_task_state
    tick_all(article, reviewer)
    state.task.specific.on_action(state, reviewer, "approve")

    assert answers == dict.fromkeys(pages, 200)
    assert "Another title" in client.get(ARTICLE).text


def test_links_are_looked_at_with_the_rights_of_the_cms(client, become):
    source, editor = make_source(), make_user("editor")
    become("cms")
    sign_in(client, editor)

    links.write_down(source, LinkCheck.State.NOT_FOUND, "Status 404.")

    assert source.title in client.get(reverse("links_of_sources")).text


def test_consultant_works_a_lead_with_the_rights_of_the_desk(client, become):
    lead, consultant = receive_lead(name="Sam"), make_user()
    send_request(name="Robin")
    become("desk")
    sign_in(client, consultant)
    make_lead()

    act = f"{page_of(lead)}claim/"
    answers = [client.post(act, follow=True), client.get(page_of(lead)), client.get("/desk/queue/?q=sam")]
    closed = client.get("/desk/queue/?show=closed")
    lead.refresh_from_db()

    assert [answer.status_code for answer in [*answers, closed]] == [200] * 4
    assert lead.claimed_by == consultant


@pytest.mark.parametrize("role", ["cms", "desk"])
def test_account_signs_in_and_changes_its_password_with_the_rights_of_the_role(client, become, role):
    user = make_user("manager")
    user.set_password(OLD_PASSWORD)
    user.save()
    become(role)

    signed_in = client.post("/accounts/login/", {"login": user.username, "password": OLD_PASSWORD})
    typed = {"oldpassword": OLD_PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    sign_in(client, user)
    changed = client.post("/accounts/password/change/", typed)

    user.refresh_from_db()
    assert (signed_in.status_code, changed.status_code, user.check_password(NEW_PASSWORD)) == (302, 302, True)


def test_desk_writes_notes_rotates_keys_and_erases_with_its_rights(become, settings):
    lead, consultant = receive_lead(name="Sam"), make_user()
    make_verification()
    settings.DATA_KEYS = [f"k2:{new_keys()['DATA_KEYS'].partition(':')[2]}", *settings.DATA_KEYS]
    keys.forget_keys()
    become("desk")

    acts.add_note(lead, by=consultant, note="Prefers mornings.")
    printed = StringIO()
    call_command("reencrypt", stdout=printed)
    acts.record_call(lead, by=consultant, outcome="asked_to_stop")
    acts.erase(lead, by=None)

    lead.refresh_from_db()
    assert lead.is_erased
    assert int(re.search(r"\d+", printed.getvalue())[0]) > 0


@pytest.mark.parametrize("role", ["cms", "desk"])
def test_address_that_does_not_exist_is_not_found_with_the_rights_of_the_role(client, become, role):
    become(role)

    assert client.get("/accounts/no-such-page/").status_code == 404


@pytest.mark.parametrize("table", [model._meta.db_table for model in apps.get_app_config("intake").get_models()])
def test_writers_pages_have_no_right_to_anything_of_intake(become, table):
    become("cms")

    assert refuses(f"SELECT FROM {table}")
    assert refuses(f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.parametrize("role", ["site", "cms", "desk"])
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE intake_activity",
        "TRUNCATE facilities_source CASCADE",
        "ALTER TABLE intake_activity DISABLE TRIGGER keeps_rows",
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "UPDATE auth_user_groups SET group_id = 1",
        "UPDATE auth_group_permissions SET group_id = 1",
        "DELETE FROM intake_activity",
        "UPDATE intake_activity SET at = now()",
        "UPDATE intake_note SET written_by_id = 1",
        "UPDATE intake_verificationofbenefits SET entered_by_id = 1",
        "UPDATE auth_user SET is_superuser = true",
        "UPDATE auth_user SET is_active = true",
        "INSERT INTO auth_user DEFAULT VALUES",
    ],
)
def test_no_process_changes_the_shape_of_the_database_or_its_own_rights(become, role, statement):
    become(role)

    assert refuses(statement)


@pytest.mark.parametrize("role", ["", "site", "cms", "desk"])
def test_no_process_takes_out_what_a_person_sent(become, role):
    send_request()
    if role:
        become(role)

    with pytest.raises((ProgrammingError, InternalError), match=r"permission denied|Cannot delete"):
        connection.cursor().execute("DELETE FROM intake_callbackmessage")


def test_site_signs_nobody_in(become):
    become("site")

    assert refuses("SELECT FROM auth_user")
    assert refuses("SELECT FROM django_session")
    assert refuses("SELECT FROM mfa_authenticator")


def test_every_table_is_somebodys_or_the_owners_alone(become):
    """A new model that grants.toml does not name is nobody's: this test says so before a process finds out."""
    named = {table for rights in grants.read_grants().values() for table in grants.rights_by_table(rights)}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}

    assert tables - named - OWNERS_ALONE == set()


OWNERS_ALONE = {"account_emailconfirmation"}


def test_grants_can_be_given_again_and_take_away_what_was_added(become):
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON intake_lead TO quietline_site")

    call_command("grants", stdout=StringIO())
    become("site")

    assert refuses("SELECT FROM intake_lead")


def test_grants_are_printed_for_who_runs_the_database(db):
    printed = StringIO()

    call_command("grants", sql=True, stdout=printed)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(printed.getvalue())
        cursor.execute("SET LOCAL ROLE quietline_site")
        cursor.execute("SELECT FROM facilities_phoneline")


def test_who_may_not_give_rights_is_told_what_to_do(become):
    become("cms")

    with pytest.raises(CommandError, match="grants --sql"):
        call_command("grants", stdout=StringIO())


def test_name_that_is_no_model_no_app_and_no_table_is_refused(db):
    with pytest.raises(LookupError, match="no_such_table"):
        grants.rights_by_table({"no_such_table": "SELECT"})
