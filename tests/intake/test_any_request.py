"""Whatever is posted to the form: it is answered, and with no error but the honest "not sent"."""

import os
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intake.callbacks.forms import CallbackForm
from intake.callbacks.inbox import failed_messages, open_messages
from intake.callbacks.models import CallbackMessage
from intake.leads.models import Lead

URL = "/request-a-call/"
EXAMPLES = int(os.environ.get("FORM_EXAMPLES", "200"))  # 10,000 in `make test-faults`
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "frontier"

FIELDS = [*CallbackForm.base_fields, "from", "shown", "proof"]
HONEST = {
    "phone": ["(702) 555-0163", "55 1234 5678", "+44 20 7946 0958", "702 555 0142 x12", "911", "988"],
    "reading": ["+15512345678", "+525512345678", ""],
    "about": ["self", "someone_else", "professional"],
    "times": ["morning", "evening"],
    "not_times": ["morning", "afternoon", "evening"],
    "time_zone": ["", "America/Denver"],
    "voicemail": ["no", "name_only", "yes"],
    "text": ["no", "yes"],
    "if_other_answers": ["hang_up", "ask_for_me"],
    "language": ["en", "es"],
    "consent": ["on"],
    "from": ["/learn/", "//evil", "/" + "a" * 300],
}
ANY_BYTES = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
LONG = st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=4), st.integers(1, 3000))


def values(name: str) -> st.SearchStrategy[bytes]:
    """What may stand in a field: mostly what belongs there, so that many requests are whole, and anything else."""
    honest = st.sampled_from([text.encode() for text in HONEST.get(name, ["Sam", "", "Zoë 李 🌵"])])
    return honest | honest | honest | ANY_BYTES | LONG


def names(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name, name, name, f"{name}[]", f"{name}[0]", name.upper()])


@st.composite
def pairs(draw: st.DrawFn) -> list[tuple[str, bytes]]:
    """The fields of one request: each missing, once, or many times, in any order, and some that nobody asked for."""
    sent = []
    for name in FIELDS:
        often = draw(st.sampled_from([1, 1, 1, 1, 0, 2, 3] if name in ("phone", "consent") else [0, 0, 1, 1, 2]))
        sent += [(draw(names(name)), draw(values(name))) for _ in range(often)]
    sent += draw(st.lists(st.tuples(st.text(max_size=10), ANY_BYTES), max_size=2))
    return draw(st.permutations(sent))


def encoded(sent: list[tuple[str, bytes]]) -> bytes:
    parts = (
        quote_from_bytes(name.encode("utf-8", "surrogatepass")) + "=" + quote_from_bytes(value) for name, value in sent
    )
    return "&".join(parts).encode()


def multipart(sent: list[tuple[str, bytes]]) -> bytes:
    lines = b""
    for name, value in sent:
        shown = name.encode("utf-8", "surrogatepass").replace(b'"', b"%22")
        lines += b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (BOUNDARY.encode(), shown, value)
    return lines + f"--{BOUNDARY}--\r\n".encode()


CONTENT_TYPES = [
    FORM,
    f"{FORM}; charset=utf-8",
    f"{FORM}; charset=latin-1",
    f"{FORM}; charset=utf-7",
    f"{FORM}; charset=nonsense",
    f"multipart/form-data; boundary={BOUNDARY}",
    "multipart/form-data",
    f"multipart/form-data; boundary={'b' * 300}",
    f"multipart/form-data; boundary={BOUNDARY}; charset=hex",
    "multipart/mixed",
    "application/json",
    "text/plain",
    "",
    ";",
    "\xff",
]
HONEST_BODIES = pairs().map(lambda sent: (encoded(sent), FORM))
ODD_BODIES = st.tuples(
    pairs().map(encoded) | pairs().map(multipart) | st.binary(max_size=300), st.sampled_from(CONTENT_TYPES)
)


@pytest.fixture
def every_error_is_an_answer() -> Iterator[Client]:
    """As the server does it: what a view raises becomes a page."""
    yield Client(raise_request_exception=False)


@pytest.mark.django_db
@example(sent=(multipart([("phone", b"1")]), f"multipart/form-data; boundary={BOUNDARY}; charset=hex"))  # was a 500
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(sent=HONEST_BODIES | HONEST_BODIES | ODD_BODIES)
def test_whatever_is_posted_is_answered_and_what_is_acknowledged_is_opened(every_error_is_an_answer, sent):
    body, content_type = sent
    before = CallbackMessage.objects.count()

    response = every_error_is_an_answer.generic("POST", URL, body, content_type=content_type)

    taken = CallbackMessage.objects.count() - before
    assert (response.status_code, taken) in [(303, 1), (422, 0), (400, 0), (413, 0)]
    if taken:
        assert every_error_is_an_answer.get(response["Location"]).status_code == 200
        open_messages()
        assert (failed_messages(), Lead.objects.exists()) == ([], True)


@pytest.mark.django_db
def test_these_examples_reach_the_acknowledgement_too():
    """Else the rule above could hold for refusals alone."""
    found = []

    @settings(max_examples=50, deadline=None, derandomize=True)
    @given(HONEST_BODIES)
    def post(sent):
        found.append(
            Client(raise_request_exception=False).generic("POST", URL, sent[0], content_type=sent[1]).status_code
        )

    post()

    assert {303, 422} <= set(found)
