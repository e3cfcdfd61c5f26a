"""What every request passes: a body's length is checked before it is read, and a 405 has words."""

import pytest
from django.test import RequestFactory

from config.middleware import BodyLimit
from config.roles import give_role


def answer_to(**headers: str) -> int:
    request = RequestFactory().post("/request-a-call/", "phone=1", content_type="application/x-www-form-urlencoded")
    request.META.update(headers)
    return BodyLimit(lambda _: pytest.fail("the request got through"))(request).status_code


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

    response = client.get("/desk/intake/lead/search/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address only takes what a form sends" in response.text


@pytest.mark.django_db
def test_an_answer_that_comes_early_carries_the_strict_policy_too(client):
    response = client.post("/request-a-call/", "x" * 200_000, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 413
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "That was too much to send" in response.text
