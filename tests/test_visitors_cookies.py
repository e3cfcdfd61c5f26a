"""Whatever cookies a visitor's browser sends, a public page has no session, and asks the database for none."""

from contextlib import suppress

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import Resolver404, resolve

from facilities.demo.load import load_pages

pytestmark = pytest.mark.django_db

SPANISH = ["/es/", "/es/request-a-call/", "/es/staying-safe-here/", "/es/leave", "/es/no-such-page/"]
PUBLIC = [
    *SPANISH,
    "/",
    "/learn/",
    "/facilities/",
    "/request-a-call/",
    "/leave",
    "/no-such-page/",
    "/healthz",
    "/robots.txt",
]
TABLES = (Session._meta.db_table, "auth_user")


def no_staff_tables(execute, sql, params, many, context):
    if any(f'"{table}"' in sql for table in TABLES):
        raise DatabaseError(f"a visitor asked for {sql[:60]}")
    return execute(sql, params, many, context)


@pytest.mark.parametrize("path", PUBLIC)
def test_session_cookie_on_a_public_page_makes_no_row_and_no_query(client, path):
    load_pages()
    client.cookies[settings.SESSION_COOKIE_NAME] = "abcdefgh"

    with connection.execute_wrapper(no_staff_tables):
        response = client.get(path)

    assert response.status_code in (200, 302, 303, 404)
    assert response.cookies == {}
    assert Session.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/desk/x", "/desk/queue/", "/cms/", "/cms/pages/", "/accounts/login/", "/accounts/"])
def test_made_up_session_at_an_address_of_staff_makes_no_row(path, method):
    client = Client(enforce_csrf_checks=True)
    client.cookies["session"] = "abcdefgh"

    getattr(client, method)(path, {"login": "casey", "password": "x"})

    assert not Session.objects.exists()


def test_cookie_of_staff_is_still_seen_by_the_desk(admin_client):
    with connection.execute_wrapper(no_staff_tables), pytest.raises(DatabaseError):
        admin_client.get("/desk/")


def test_words_of_a_form_are_kept_whatever_cookie_came_with_them(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "abcdefgh"

    with connection.execute_wrapper(no_staff_tables):
        response = client.post("/request-a-call/", {"phone": "nonsense", "note": "please not at noon"})

    assert (response.status_code, "please not at noon" in response.text) == (422, True)


@pytest.mark.parametrize(
    "path",
    [
        "/_util/login/",
        "/_util/authenticate_with_password/1/1/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/login/code/confirm/",
    ],
)
def test_address_that_a_library_has_and_we_have_not_does_not_exist(client, path):
    with suppress(Resolver404):
        assert resolve(path).url_name == "wagtail_serve"  # which takes what is left, and finds no such page

    assert client.get(path).status_code == 404
    assert client.post(path).status_code in (404, 405)


def test_sign_in_offers_no_mail_for_a_lost_password(client):
    page = client.get("/accounts/login/")

    assert (page.status_code, "password/reset" in page.text) == (200, False)
