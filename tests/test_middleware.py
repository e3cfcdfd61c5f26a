"""What every request passes: a body's length is checked before it is read, and a 405 has words."""

import pytest
from django.test import Client, RequestFactory

from config.accounts.roles import give_role
from config.edge import errors
from config.edge.middleware import Bodies


def answer_to(**headers: str) -> int:
    request = RequestFactory().post("/request-a-call/", "phone=1", content_type="application/x-www-form-urlencoded")
    request.META.update(headers)
    return Bodies(lambda _: pytest.fail("the request got through"))(request).status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"CONTENT_LENGTH": "10000000"}, 413),
        ({"CONTENT_LENGTH": "²"}, 400),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 400),
    ],
)
def test_a_body_too_long_or_of_no_declared_length_goes_no_further(headers, status):
    assert answer_to(**headers) == status


@pytest.mark.django_db
def test_the_address_of_a_form_says_so_when_it_is_opened_as_a_page(client, roles, django_user_model, settings):
    settings.DEMO = True
    user = django_user_model.objects.create(username="someone")
    give_role(user, "consultant")
    client.force_login(user)

    response = client.get("/desk/save-filter/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address only takes what a form sends" in response.text


@pytest.mark.django_db
def test_an_answer_that_comes_early_carries_the_strict_policy_too(client):
    response = client.post("/request-a-call/", "x" * 200_000, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 413
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "That was too much to send" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete"])
def test_what_the_form_does_not_take_is_refused_in_words(client, method):
    response = getattr(client, method)("/request-a-call/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert "That cannot be sent to this page" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/learn/", "/leave"])
def test_post_to_a_page_that_takes_none_says_so_and_nothing_of_time(path):
    response = Client(enforce_csrf_checks=True).post(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "That cannot be sent to this page" in response.text
    assert "open for too long" not in response.text


@pytest.mark.django_db
def test_form_whose_session_ended_still_says_that_it_was_open_for_too_long():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")

    assert response.status_code == 403
    assert "This page was open for too long" in response.text


@pytest.mark.django_db
def test_receipt_that_is_not_found_speaks_of_the_request(client):
    response = client.get("/request/aaaaaaaaaaaaaaaaaaaaaa/")

    assert response.status_code == 404
    assert "We cannot find this request" in response.text
    assert "Check the address, or call us and say your reference." in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "says_so"), [("/request-a-call/", True), ("/desk/", False)])
def test_page_for_a_failure_says_whether_a_request_was_sent(path, says_so):
    response = errors.server_error(RequestFactory().post(path))

    assert response.status_code == 500
    assert ("Your request was not sent." in response.text) is says_so


@pytest.mark.django_db
def test_page_for_a_body_too_long_says_that_nothing_was_sent():
    response = errors.too_large(RequestFactory().post("/request-a-call/"))

    assert response.status_code == 413
    assert "Your request was not sent." in response.text
    assert 'href="/leave"' in response.text
