"""The visitor's side in Spanish: every page and answer, nothing of it in English, and the address alone decides."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from html.parser import HTMLParser
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from urllib.parse import urlencode

import django
import pytest
from babel.messages.mofile import read_mo
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from config.edge import bridge, errors
from facilities.directory import opening
from facilities.directory.models import CrisisLine, PhoneLine
from facilities.facts import forget_facts
from intake.callbacks import crowd, receipt_views, views
from intake.callbacks.inbox import open_messages, read
from intake.callbacks.models import CallbackMessage
from intake.callbacks.spool import NotKept
from intake.leads.instructions import instructions
from intake.leads.models import Lead
from intake.phone.areas import AREAS
from tests.factories import send_request
from tests.intake.form_page import FormPage
from tests.test_catalogue import catalogue, key_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

FORM = "/es/request-a-call/"
URLENCODED = "application/x-www-form-urlencoded"
MINIMAL = {"phone": "(702) 555-0163", "consent": "on"}
Status, Kind = CallbackMessage.PublicStatus, CallbackMessage.Kind

WRONG_NUMBERS = [
    "", "hello", "555-0163", "702 555 016", "702 555 01", "702 555 01633", "702 555 0163 555", "000 555 0163",
    "900 555 0163", "911", "(702) 555-0163 or (702) 555-0164", "9" * 121, "4155550163 1", "020 7946 0958",
    "52 55 5555 0163", "01 702 555 0163", "800 555 01 63", "702 55 50163", "8765550163 12", "+1 702",
    "702 555 0163 after 6",
]  # fmt: skip
WRONG_ANSWERS = [
    *({"phone": number} for number in WRONG_NUMBERS),
    {"phone": "(800) 555-0163"},
    {"phone": "(702) 555-0163 ext. 5"},
    {"consent": ""},
    {"name": "x" * 81},
    {"note": "x" * 201},
    {"if_other_answers": "ask_for_me"},
    {"times": ["evening"], "not_times": ["evening"]},
    {"not_times": ["morning", "afternoon", "evening"]},
    *({name: "no such answer"} for name in ("about", "times", "not_times", "time_zone", "voicemail", "text",
                                            "if_other_answers", "language")),
]  # fmt: skip


class Texts(HTMLParser):
    """What a page says in its own language: texts between tags, and attributes that are read aloud or shown."""

    SHOWN = (
        "aria-label",
        "alt",
        "title",
        "placeholder",
        "data-twice",
        "data-once",
        "data-wait",
        "data-done",
        "data-failed",
    )
    EMPTY = {"meta", "link", "input", "br", "img"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.language, self.said = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        language = values.get("lang") or (self.open[-1][1] if self.open else "")
        if tag == "html":
            self.language = language
        if language == self.language:
            self.said += [values[name] for name in self.SHOWN if values.get(name)]
        if tag not in self.EMPTY:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = " ".join(data.split())
        in_script = any(tag in ("script", "style") for tag, _ in self.open)
        if text and not in_script and self.open[-1][1] == self.language:
            self.said.append(text)


def said(html: str) -> list[str]:
    return Texts(html).said


@pytest.fixture
def asked(monkeypatch) -> set[tuple[str, str]]:
    """Collects what is asked of the catalogues while Spanish is spoken."""
    import_module(django_settings.ROOT_URLCONF)  # as at a start: Wagtail's table asks for words of its own
    found = set()

    def record(name: str, context: int | None, sentence: int) -> None:
        asks = getattr(translation._trans, name)

        def asks_and_tells(*args):
            if translation.get_language() == "es":
                found.add((str(args[context]) if context is not None else "", str(args[sentence])))
            return asks(*args)

        monkeypatch.setattr(translation._trans, name, asks_and_tells)

    record("gettext", None, 0)
    record("pgettext", 0, 1)
    record("ngettext", None, 0)
    record("npgettext", 0, 1)
    return found


def missing(asked: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What neither our catalogue has nor Django's own, which knows the days and months."""
    folder = Path(django.__file__).parent / "conf/locale/es/LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        of_django = {key_of(message) for message in read_mo(file)}
    return asked - {key_of(message) for message in catalogue()} - of_django - {("", "")}


@pytest.fixture(autouse=True)
def _nobody_came_before():
    crowd.forget()


def post(client, path: str = FORM, **answers):
    return client.post(path, urlencode(answers, doseq=True), content_type=URLENCODED)


def wish(client, token: str, kind: str):
    return post(client, f"/es/request/{token}/", wish=kind)


def token_with(**changes) -> str:
    """The receipt of a new request, whose row has these values."""
    token = send_request(name=changes.pop("name", "Sam"))
    CallbackMessage.objects.filter(kind=Kind.REQUEST).update(**changes)
    return token


def receipts(client) -> Iterator[HttpResponse]:
    """A receipt in each state, with its pages."""
    for status in Status:
        token = token_with(public_status=status)
        yield from (client.get(f"/es/request/{token}/{page}") for page in ("", "change/", "insurance/"))
    for kind in ("pause", "stop", "erase"):
        token = token_with()
        assert wish(client, token, kind).status_code == 303
        yield client.get(f"/es/request/{token}/")
    token = send_request(name="Sam", note="quiero morir")
    yield client.get(f"/es/request/{token}/")
    token = token_with()
    post(client, f"/es/request/{token}/change/", name="Kim", times="evening", voicemail="yes", text="yes")
    yield client.get(f"/es/request/{token}/")
    post(client, f"/es/request/{token}/insurance/", payer="Plan")
    picture = SimpleUploadedFile("card.jpg", b"\xff\xd8\xff\xe0" + bytes(20))
    client.post(f"/es/request/{token}/insurance/front/", {"photo": picture})
    yield client.get(f"/es/request/{token}/")
    yield client.get(f"/es/request/{token}/insurance/")
    yield wish(client, token, "nothing")
    yield client.post(f"/es/request/{token}/", {"wish": "stop"}, headers={"sec-fetch-site": "cross-site"})
    yield post(client, f"/es/request/{token}/change/", phone="12", not_times=["morning", "afternoon", "evening"])
    yield post(client, f"/es/request/{token}/insurance/", subscriber_born_on="yesterday", member_id="x" * 121)
    yield client.post(f"/es/request/{token}/insurance/front/")
    yield client.post(f"/es/request/{token}/insurance/back/", {"photo": SimpleUploadedFile("a.jpg", b"none")})


def promises(client) -> Iterator[HttpResponse]:
    """Receipts of other answers, times and lines."""
    for answers in (
        {"phone": "(702) 555-0163 x5", "voicemail": "name_only"},
        {"time_zone": "America/New_York", "times": ["morning"], "language": "es"},
        {"phone": "+52 55 5555 0163", "times": ["morning", "evening"], "name": ""},
    ):
        token = send_request(**answers)
        yield client.get(f"/es/request/{token}/")
        PhoneLine.objects.update(languages=["en"])
        forget_facts()
        yield client.get(f"/es/request/{token}/")
        for line in PhoneLine.objects.all():
            line.hours.all().delete()
        forget_facts()
        yield client.get(f"/es/request/{token}/")


def forms(client, settings, monkeypatch) -> Iterator[HttpResponse]:
    yield client.get(FORM)
    yield client.get("/es/staying-safe-here/")
    for wrong in WRONG_ANSWERS:
        yield post(client, **MINIMAL | wrong)
    yield client.post(FORM, MINIMAL, headers={"sec-fetch-site": "cross-site"})
    settings.REQUESTS_AN_HOUR = 0
    yield client.get(FORM)
    settings.REQUESTS_AN_HOUR = 1000

    def fails(*args, **kwargs):
        raise NotKept

    monkeypatch.setattr(views, "submit_request", fails)
    monkeypatch.setattr(receipt_views, "submit_wish", fails)
    yield post(client, **MINIMAL)
    yield wish(client, token_with(), "stop")


def error_pages(client) -> Iterator[HttpResponse]:
    yield client.get("/es/no-such-page/")
    yield client.get("/es/request/AAAAAAAAAAAAAAAAAAAAAA/")
    yield client.post("/es/staying-safe-here/")
    yield client.post("/es/leave")
    yield client.post(FORM, b"x", content_type=f"{URLENCODED}; charset=utf-16")
    yield client.post(FORM, b"x" * (django_settings.PUBLIC_BODY_LIMIT + 1), content_type=URLENCODED)
    card = "/es/request/AAAAAAAAAAAAAAAAAAAAAA/insurance/front/"
    yield client.post(card, b"x" * (django_settings.CARD_BODY_LIMIT + 1), content_type=URLENCODED)
    for path in (FORM, card):
        request = RequestFactory().post(path)
        request.client = "198.51.100.7"
        for page in (errors.server_error, errors.unavailable, errors.too_slow, errors.too_many_at_once,
                     errors.bad_request, errors.permission_denied, errors.csrf_failure):  # fmt: skip
            yield in_spanish(page, request)


def in_spanish(page: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    with translation.override("es"):
        return page(request)


def english_left(spanish: list[str]) -> set[str]:
    """Sentences of the catalogue that stand there in English, although they read otherwise in Spanish."""
    same = {message.id for message in catalogue() if message.id == message.string}
    english = {
        re.sub("<[^>]*>", "", key_of(message)[1]) for message in catalogue() if message.id and message.id not in same
    }
    return {text for text in spanish if text in english} | {
        text for text in spanish if re.search(r"\b(the|and|your|you|we|of|with|is|are|not|call)\b", text, re.IGNORECASE)
    }


def test_every_page_and_answer_is_in_spanish_and_nothing_of_it_is_missing(client, settings, monkeypatch, asked):
    seen = 0

    for response in [*receipts(client), *error_pages(client), *promises(client)]:
        check(response)
        seen += 1
    for response in forms(client, settings, monkeypatch):
        check(response)
        seen += 1

    assert seen > 80
    assert len(asked) > 200
    assert missing(asked) == set()


def check(response: HttpResponse) -> None:
    if response.status_code == 303:
        assert response["Location"].startswith("/es/request/")
        return
    page = Texts(response.text)
    assert page.language == "es", response
    assert english_left(page.said) == set()
    assert response.cookies == {}
    assert "Vary" not in response.headers or response["Vary"] == "", response["Vary"]


def test_planted_sentence_that_the_catalogue_lacks_is_found(client, monkeypatch, asked):
    monkeypatch.setattr(views, "FROM_ELSEWHERE", translation.gettext_lazy("This sentence was planted."))

    response = client.post(FORM, MINIMAL, headers={"sec-fetch-site": "cross-site"})

    assert missing(asked) == {("", "This sentence was planted.")}
    assert english_left(said(response.text.replace("planted", "with the planted"))) != set()


def test_planted_english_is_found_but_for_what_is_marked_as_such():
    page = '<html lang="es"><p aria-label="Call us">Hola</p><p lang="en">We call you</p><p>You <b>and</b> yo</p>'

    assert english_left(said(page)) == {"Call us", "You", "and"}


def test_every_area_has_its_name_in_spanish():
    known = {key_of(message)[1] for message in catalogue()}

    assert set(AREAS) <= known


# --- Beside the words -----------------------------------------------------------------------------------------------


def test_address_alone_decides_the_language(client):
    asked = {"accept-language": "es-US,es;q=0.9"}
    client.cookies["django_language"] = "es"

    english = client.get("/request-a-call/", headers=asked)
    spanish = client.get(FORM, headers={"accept-language": "en"})

    assert [Texts(page.text).language for page in (english, spanish)] == ["en", "es"]
    assert [page.get("Vary", "") for page in (english, spanish)] == ["", ""]
    assert (english.cookies, spanish.cookies) == ({}, {})


def test_language_of_one_visitor_does_not_reach_the_next(client):
    client.get(FORM)

    assert translation.get_language() == "en"
    assert Texts(client.get("/request-a-call/").text).language == "en"


def test_first_page_in_spanish_is_the_form(client):
    response = client.get("/es/")

    assert (response.status_code, response["Location"]) == (302, FORM)


@pytest.mark.parametrize("path", ["/es/learn/", "/es/facilities/", "/es/desk/", "/es/cms/", "/es/accounts/login/"])
def test_what_is_not_said_in_spanish_has_no_address_there(client, path):
    response = client.get(path)

    assert (response.status_code, Texts(response.text).language) == (404, "es")


def other_language(client, path: str) -> tuple[str, str]:
    """Where the link in the header leads, and in which language it is written."""
    link = re.search(r'class="other">\s*<a href="([^"]+)" lang="(\w+)" hreflang="(\w+)"', client.get(path).text)
    assert link[2] == link[3]
    return link[1], link[2]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/", (FORM, "es")),
        ("/learn/stopping-heroin-or-fentanyl-safely/", (FORM, "es")),
        ("/facilities/desert-willow/", (FORM, "es")),
        ("/no-such-page/", (FORM, "es")),
        ("/request/AAAAAAAAAAAAAAAAAAAAAA/", (FORM, "es")),
        ("/request-a-call/", (FORM, "es")),
        ("/staying-safe-here/", ("/es/staying-safe-here/", "es")),
        (FORM, ("/request-a-call/", "en")),
        ("/es/staying-safe-here/", ("/staying-safe-here/", "en")),
        ("/es/no-such-page/", ("/", "en")),
    ],
)
def test_header_leads_to_the_same_page_in_the_other_language(client, path, there):
    assert other_language(client, path) == there


def test_receipt_is_found_under_both_languages(client):
    token = send_request(name="Sam")

    assert other_language(client, f"/request/{token}/") == (f"/es/request/{token}/", "es")
    assert other_language(client, f"/es/request/{token}/") == (f"/request/{token}/", "en")


def test_header_never_leads_to_another_host(client):
    response = client.get("//elsewhere.example/request-a-call/")

    assert "//elsewhere.example" not in response.text


def test_links_of_a_spanish_page_stay_in_spanish_but_for_those_that_say_so(client):
    token = send_request(name="Sam")
    english = {"/", "/learn/", "/facilities/", "/facilities/desert-willow/", "/request-a-call/", "/staying-safe-here/"}
    english |= {"/paying/", "/when-you-ask-us-to-call/", "/medicines/", "/detox-here/"}
    english |= {"/how-we-write-and-check/", "/accessibility/"}
    english |= {f"/request/{token}/", f"/request/{token}/change/", f"/request/{token}/insurance/"}

    for path in (FORM, "/es/staying-safe-here/", f"/es/request/{token}/", f"/es/request/{token}/change/"):
        html = client.get(path).text
        tags = re.findall(r"<(?:a|form)\b[^>]*>", html)
        inner = [(re.search(r'(?:href|action)="(/[^"]*)"', tag), tag) for tag in tags]
        away = {found[1] for found, tag in inner if found and not found[1].startswith("/es/") and "hreflang" not in tag}

        assert away == set()
        assert {found[1] for found, tag in inner if found and "hreflang" in tag} <= english
        assert 'data-leave="/es/leave"' in html


def test_way_out_leads_where_the_english_one_does(client):
    assert client.get("/es/leave")["Location"] == client.get("/leave")["Location"]


def test_whoever_asks_in_spanish_has_spanish_chosen(client):
    page = FormPage(client.get(FORM).text)

    response = post(client, **MINIMAL)
    request = read(CallbackMessage.objects.get())

    assert page.fields["language"] == ["es"]
    assert response["Location"].startswith("/es/request/")
    assert request.language == "es"


def test_whoever_asks_in_spanish_may_choose_english(client):
    post(client, **MINIMAL, language="en")

    assert read(CallbackMessage.objects.get()).language == "en"


@pytest.mark.parametrize(("form", "language"), [(FORM, "es"), ("/request-a-call/", "en")])
def test_consent_is_kept_with_the_language_in_which_it_was_read(client, form, language):
    client.post(form, MINIMAL)
    open_messages()

    assert Lead.objects.get().consent_version.endswith(f"/{language}")


def test_whoever_asks_in_english_has_english_chosen(client):
    page = FormPage(client.get("/request-a-call/").text)
    post(client, "/request-a-call/", **MINIMAL)

    assert page.fields["language"] == ["en"]
    assert read(CallbackMessage.objects.get()).language == "en"


def test_spanish_that_nobody_on_the_line_speaks_is_asked_for_and_not_promised(client):
    def warns() -> bool:
        return translation.gettext("We cannot promise that whoever calls you speaks Spanish.") in client.get(FORM).text

    with translation.override("es"):
        before = warns()
        PhoneLine.objects.update(languages=["en"])
        forget_facts()

        assert (before, warns()) == (False, True)
        assert FormPage(client.get(FORM).text).fields["language"] == ["es"]


def test_desk_reads_english_whatever_the_visitor_spoke(client):
    post(client, **MINIMAL, name="Sam", times="evening", voicemail="yes", time_zone="America/Denver")
    token = CallbackMessage.objects.get()
    while open_messages():
        pass

    lead = Lead.objects.get()
    told = instructions(lead)

    assert token.kind == Kind.REQUEST
    assert told[0] == "Speak Spanish."
    assert any("evening, 5 to 9" in line for line in told)
    assert any("(Mountain)" in line for line in told)


def test_words_of_staff_that_are_not_in_spanish_are_marked_as_english(client):
    PhoneLine.objects.update(answered_by_es="", answered_by="our nurses & friends")
    CrisisLine.objects.filter(number="911").update(label_es="")
    forget_facts()

    html = client.get(FORM).text

    assert '<span lang="en">our nurses &amp; friends</span>' in html
    assert '<b><span lang="en">Emergency</span></b>' in html
    assert "our nurses &amp; friends" in client.get("/request-a-call/").text
    assert "<span lang=" not in client.get("/request-a-call/").text.replace('<span lang="en">English', "").replace(
        '<span lang="es">Español', ""
    )


def test_crisis_lines_say_how_to_be_answered_in_spanish(client):
    for lines in ("from the database", "as they are everywhere"):
        forget_facts()
        strip = client.get(FORM).text.partition('class="strip"')[2].partition("</p>")[0]

        assert "oprima 2" in strip and "AYUDA" in strip, lines
        CrisisLine.objects.all().delete()


@pytest.mark.parametrize("status", bridge.WORDS)
def test_last_net_speaks_the_language_of_the_address(status):
    def words(path: str) -> str:
        return bridge.in_words({"PATH_INFO": path, "wsgi.url_scheme": "http"}, status).body.decode()

    assert words("/request-a-call/").startswith("Your request was not sent.")
    if status != HTTPStatus.FORBIDDEN:  # which only the editor's addresses can answer
        assert english_left(re.findall(r"[^.]+\.", words(FORM))) == set()
        assert "oprima 2" in words(FORM)


def test_hours_are_said_with_their_article():
    with translation.override("es"):
        said = [opening.clock(time(hour)) for hour in (0, 1, 9, 12, 13, 20)] + [
            opening.clock(time(8, 30), is_bare=True)
        ]

    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in said] == [
        "las 12 de la noche", "la 1 a. m.", "las 9 a. m.", "las 12 del mediodía", "la 1 p. m.", "las 8 p. m.",
        "las 8:30",
    ]  # fmt: skip


def test_day_and_hour_are_said_as_people_write_them(client):
    token = send_request(time_zone="America/Denver")
    now = datetime(2026, 11, 25, 20, 5, tzinfo=UTC)
    receipt = receipt_views.find(token).receipt

    with translation.override("es"):
        said = receipt_views._in_words(now, receipt)

    assert said.replace("\N{NO-BREAK SPACE}", " ") == "miércoles 25 de noviembre, a la 1:05 p. m. (hora de la Montaña)"
