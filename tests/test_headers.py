"""The headers of an answer: what one function says of a path and a scheme, and nothing else, is what is sent."""

import pytest

from config.edge.addresses import STAFF
from config.edge.headers import headers
from tests.factories import make_user, send_request, sign_in

pytestmark = pytest.mark.django_db

PATHS = [
    "/",
    "/learn/",
    "/facilities/",
    "/request-a-call/",
    "/request/aaaaaaaaaaaaaaaaaaaaaa/",
    "/leave",
    "/es/",
    "/es/request-a-call/",
    "/es/staying-safe-here/",
    "/es/request/aaaaaaaaaaaaaaaaaaaaaa/",
    "/es/leave",
    "/es/no-such-page/",
    "/es/desk/",
    "/es/cms/",
    "/no-such-page/",
    "/no-slash",
    "/desk/",
    "/desk/no-such-page/",
    "/cms/",
    "/cms/pages/",
    "/accounts/login/",
    "/accounts/signed-in/",
    "/healthz",
    "/readyz",
    "/robots.txt",
]
EVERY_NAME = {name for path in PATHS for name in headers(path, https=True)} | {"Strict-Transport-Security"}


@pytest.fixture(autouse=True)
def _as_in_production(settings, demo_pages):
    settings.SECURE_HSTS_SECONDS = 1000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


def sent(response) -> dict[str, str]:
    return {name: response[name] for name in EVERY_NAME if name in response}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("https", [True, False])
def test_answer_has_the_headers_of_its_path_and_scheme(client, path, https):
    assert sent(client.get(path, secure=https)) == headers(path, https=https)


@pytest.mark.parametrize("https", [True, False])
def test_page_of_staff_has_the_headers_of_its_path_and_scheme(client, https):
    sign_in(client, make_user("manager"))

    for path in ("/desk/queue/", "/cms/", "/cms/pages/", "/accounts/2fa/"):
        response = client.get(path, follow=True, secure=https)

        assert response.status_code == 200
        assert sent(response) == headers(response.request["PATH_INFO"], https=https)


def test_receipt_has_the_headers_of_its_path(client):
    path = f"/request/{send_request()}/"

    response = client.get(path)

    assert (response.status_code, sent(response)) == (200, headers(path, https=False))
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")


def test_redirect_to_https_has_the_headers_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/request-a-call/")

    assert (response.status_code, sent(response)) == (301, headers("/request-a-call/", https=False))


def test_machines_are_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 503]


def test_page_that_crashes_has_the_headers_too(client, monkeypatch):
    monkeypatch.setattr("intake.callbacks.views.submit_request", None)
    client.raise_request_exception = False

    response = client.post("/request-a-call/", {"phone": "(702) 555-0163", "consent": "on"})

    assert (response.status_code, sent(response)) == (500, headers("/request-a-call/", https=False))


def test_headers_protect_by_path():
    told = {path: headers(path, https=True) for path in PATHS}

    assert {path for path in PATHS if "no-store" in told[path]["Cache-Control"]} == {
        path for path in PATHS if path.removeprefix("/es").startswith(("/request", "/leave")) or path.startswith(STAFF)
    }
    assert {path for path in PATHS if "X-Robots-Tag" in told[path]} == {
        path for path in PATHS if path.removeprefix("/es").startswith("/request/") or path.startswith(STAFF)
    }
    assert {path for path in PATHS if "unsafe-inline" in told[path]["Content-Security-Policy"]} == {
        path for path in PATHS if path.startswith("/cms/")
    }
    assert "Cache-Control" not in headers("/static/site.css", https=True)


@pytest.mark.parametrize("is_wanted", [True, False])
def test_name_goes_into_the_lists_of_browsers_only_where_that_is_asked_for(settings, is_wanted):
    settings.SECURE_HSTS_PRELOAD = is_wanted

    assert ("preload" in headers("/", https=True)["Strict-Transport-Security"]) == is_wanted
