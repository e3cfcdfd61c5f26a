"""Asking for a call: what is taken, what is refused, what is stored, and that nothing typed is ever lost."""

import re
from datetime import datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Site

from facilities.directory.models import PhoneHours, PhoneLine
from facilities.pages.site_settings import SiteSettings
from intake.callbacks.forms import (
    GOOD_AND_NOT,
    NAME_LENGTH,
    NO_TIME_LEFT,
    NOTE_LENGTH,
    OUR_OWN,
    SWITCHBOARD,
    WHICH_ZONE,
    CallbackForm,
)
from intake.callbacks.inbox import open_messages, read
from intake.callbacks.models import CallbackMessage
from intake.callbacks.promise import is_late, next_calls, promise
from intake.callbacks.receipts import Rules, find_receipt, token_hash
from intake.leads.models import Lead
from intake.phone import dialled
from tests.intake.at_once import at_once
from tests.intake.form_page import FormPage

pytestmark = pytest.mark.django_db

URL = "/request-a-call/"
FORM = "application/x-www-form-urlencoded"
MINIMAL = {"phone": "(702) 555-0163", "consent": "on"}
EVERYTHING = {
    "about": ["someone_else"],
    "name": ["Zebulon & <Quux>"],
    "phone": ["(702) 555-0163"],
    "times": ["morning", "evening"],
    "time_zone": ["America/Denver"],
    "voicemail": ["name_only"],
    "text": ["yes"],
    "if_other_answers": ["ask_for_me"],
    "language": ["es"],
    "note": ['\n  Speak "slowly",\n</textarea> please. '],
    "consent": ["on"],
    "website": ["shop.example"],
}
QUESTIONS = {
    "about": "Who is this about?",
    "time_zone": "Which time zone are you in?",
    "voicemail": "If nobody answers",
    "text": "Text messages",
    "if_other_answers": "If someone else answers",
    "language": "Which language would you like to speak?",
}


def post(client: Client, answers: dict, path: str = URL, **headers: str):
    """As a browser sends the form."""
    return client.post(path, urlencode(answers, doseq=True), content_type=FORM, headers=headers)


def ask(client: Client, **answers):
    """Post a request with `answers`; returns the contents of the one message, as the desk reads them."""
    response = post(client, MINIMAL | answers)
    assert response.status_code == 303, response.context["form"].errors
    return vars(read(CallbackMessage.objects.get()))


def refusal(client: Client, **answers) -> dict[str, list[str]]:
    """Post a request that is wrong in `answers`; returns the errors by field. Nothing may be stored."""
    response = post(client, MINIMAL | answers)
    assert (response.status_code, CallbackMessage.objects.count()) == (422, 0)
    return dict(response.context["form"].errors)


def end_session(pid: int) -> None:
    """As a restart of the database does to every connection that was open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def raw_row() -> tuple[dict, bytes]:
    """The one message as the database holds it: its columns, and all their bytes in a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_callbackmessage")
        [row] = cursor.fetchall()
        columns = {column.name: value for column, value in zip(cursor.description, row, strict=True)}
    parts = [bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in row]
    return columns, b"\n".join(parts)


def test_page_sets_no_cookie_and_holds_no_script_but_our_files(client):
    response = client.get(URL)

    assert response.status_code == 200
    assert "Ask for a call" in response.text
    assert (response.cookies, "Set-Cookie" in response.headers) == ({}, False)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", response.text, re.DOTALL)
    assert scripts == [(' src="/static/visitor.js" data-leave="/leave"', "")]


def test_page_and_answer_are_kept_by_no_cache(client):
    answers = [client.get(URL), post(client, MINIMAL), post(client, {})]

    assert [response.status_code for response in answers] == [200, 303, 422]
    assert all("no-store" in response["Cache-Control"] for response in answers)


def test_phone_and_consent_alone_are_a_request(client):
    response = post(client, MINIMAL)

    message = CallbackMessage.objects.get()
    address, request, token, end = response["Location"].split("/")
    assert (response.status_code, address, request, end) == (303, "", "request", "")
    assert token_hash(token) == bytes(message.token_hash)
    assert response.cookies == {}


def test_receipt_is_readable_right_after_the_redirect(client):
    response = post(client, MINIMAL)

    receipt = client.get(response["Location"])

    assert receipt.status_code == 200
    assert "We will call the number ending 63" in receipt.text


def test_nothing_of_the_answers_is_readable_in_the_row(client):
    post(client, MINIMAL | {"name": "Zebulon Quux", "note": "canary in a coal mine", "time_zone": "America/Denver"})

    columns, everything = raw_row()
    for canary in (b"Zebulon", b"Quux", b"7025550163", b"5550163", b"canary", b"coal mine", b"Denver"):
        assert canary.lower() not in everything.lower()
    columns = {
        name: columns[name] for name in columns.keys() - {"id", "received_at", "sealed", "receipt", "token_hash"}
    }
    assert columns == {
        "kind": "request",
        "public_status": "received",
        "opened_at": None,
        "open_failed_at": None,
        "is_unreadable": False,
        "from_crowd": False,
    }


def test_row_of_a_short_request_is_as_long_as_that_of_a_longer_one(client):
    post(client, MINIMAL)
    post(client, MINIMAL | {"name": "Maximilian Alexander", "note": "Please speak slowly.", "times": ["morning"]})

    lengths = {(len(row.sealed), len(row.receipt)) for row in CallbackMessage.objects.all()}

    assert len(lengths) == 1


def test_what_is_left_out_gets_the_safest_answer(client):
    contents = ask(client)

    answers = {name: contents[name] for name in EVERYTHING if name != "consent"}
    assert answers == {
        "about": "",
        "name": "",
        "phone": "+17025550163",
        "times": [],
        "time_zone": "",
        "voicemail": "no",
        "text": "no",
        "if_other_answers": "hang_up",
        "language": "en",
        "note": "",
        "website": False,
    }


def test_every_answer_reaches_the_desk(client):
    contents = ask(client, **EVERYTHING)

    answers = {name: contents[name] for name in EVERYTHING if name != "consent"}
    assert answers == {
        "about": "someone_else",
        "name": "Zebulon & <Quux>",
        "phone": "+17025550163",
        "times": ["morning", "evening"],
        "time_zone": "America/Denver",
        "voicemail": "name_only",
        "text": "yes",
        "if_other_answers": "ask_for_me",
        "language": "es",
        "note": 'Speak "slowly",\n</textarea> please.',
        "website": True,
    }


@pytest.mark.parametrize("typed", ["", "702", "call me, please", "(702) 555-0163, or (702) 555-0128 in the evening"])
def test_number_that_cannot_be_read_is_an_error_of_its_field(client, typed):
    assert list(refusal(client, phone=typed)) == ["phone"]


CRISIS = [
    "911", "988", "9-1-1", "call 988", "1-911", "nine one one", "Nine-One-One", "nine eleven", "nueve uno uno",
    "nueve once", "nine eight eight", "nine eighty-eight", "nueve ocho ocho", "nueve ochenta y ocho",
    "call nine one one", "9 one one", "one nine one one", "800-273-8255", "1-800-273-TALK",
    "911 or 988", "911/988", "911 o 988", "988 press 1", "nine double one", "novecientos once", "911 911",
    "nineoneone", "(415) 555-0199 call 911", "suicide hotline",
]  # fmt: skip


@pytest.mark.parametrize("typed", CRISIS)
def test_crisis_number_as_ones_own_shows_the_crisis_card(client, typed):
    response = post(client, MINIMAL | {"phone": typed})

    assert (response.status_code, dict(response.context["form"].errors)) == (422, {"phone": [dialled.FOR_HELP_NOW]})
    assert response.text.index("care emergency") < response.text.index("There is a problem")
    assert [f'href="tel:{number}"' in response.text for number in ("911", "988")] == [True, True]
    assert CallbackMessage.objects.count() == 0


@pytest.mark.parametrize(("field", "words", "is_shown"), [
    ("note", "I want to die", True), ("name", "quiero morir", True), ("note", "Please ring twice", False),
])  # fmt: skip
def test_danger_words_show_the_crisis_card_also_where_the_form_comes_back_for_another_reason(
    client, field, words, is_shown
):
    response = post(client, MINIMAL | {"phone": "", field: words})

    assert response.status_code == 422
    assert ("care emergency" in response.text) == is_shown
    assert words in response.text


ASKED_ABOUT = [
    ("55 1234 5678", ["+15512345678", "+525512345678"]),
    ("65 9255 5014", ["+16592555014", "+6592555014"]),
    ("45 33 13 12 34", ["+4533131234", "+14533131234"]),
    ("44 20 7946 0958", ["+442079460958"]),
]


@pytest.mark.parametrize(("typed", "readings"), ASKED_ABOUT)
def test_number_that_is_asked_about_is_taken_when_the_form_is_sent_again_as_it_is(client, typed, readings):
    asked = post(client, MINIMAL | {"phone": typed})
    page = FormPage(asked.text)

    sent_again = post(client, page.fields | page.hidden | {"time_zone": "America/Denver"})

    assert (list(asked.context["form"].errors), page.fields["phone"]) == (["phone"], [typed])
    assert sent_again.status_code == 303
    assert read(CallbackMessage.objects.get()).phone == readings[0]


@pytest.mark.parametrize(("typed", "readings"), ASKED_ABOUT)
def test_each_number_that_is_offered_can_be_chosen(client, typed, readings):
    answers = {"phone": typed, "time_zone": "America/Denver"}

    page = post(client, MINIMAL | answers).text
    for number in readings:
        assert f'value="{number}"' in page
        assert post(client, MINIMAL | answers | {"reading": number}).status_code == 303

    assert sorted(read(message).phone for message in CallbackMessage.objects.all()) == sorted(readings)


def test_choice_among_numbers_outlasts_another_error(client):
    response = post(client, {"phone": "55 1234 5678", "reading": "+525512345678"})

    assert list(response.context["form"].errors) == ["consent"]
    assert FormPage(response.text).fields["reading"] == ["+525512345678"]


def test_choice_says_nothing_about_another_number(client):
    assert list(refusal(client, phone="33 1234 5678", reading="+525512345678")) == ["phone"]
    assert ask(client, reading="+525512345678")["phone"] == "+17025550163"


@pytest.mark.parametrize("typed", ["(436) 212-3456", "868-780-4765", "876-383-1234", "441-295-1234", "+1 710 627 4387"])
def test_number_whose_zone_nobody_knows_is_taken_and_the_zone_is_asked(client, typed):
    assert refusal(client, phone=typed) == {"time_zone": [WHICH_ZONE]}
    assert ask(client, phone=typed, time_zone="America/Puerto_Rico")["time_zone"] == "America/Puerto_Rico"


def test_promise_is_on_the_usual_clock_of_a_number_with_several(client):
    post(client, MINIMAL | {"phone": "907-200-1234"})
    open_messages()

    lead = Lead.objects.get()
    receipt, _ = find_receipt(read(CallbackMessage.objects.get()).token)
    assert (lead.clock, lead.number_zones) == ("America/Anchorage", ["America/Anchorage", "America/Adak"])
    assert "(Alaska time)" in promise(receipt.rules, receipt.asked_at)[0]


def test_name_of_300_characters_is_refused_and_kept(client):
    response = post(client, MINIMAL | {"name": "x" * 300})

    assert response.status_code == 422
    assert dict(response.context["form"].errors) == {
        "name": ["Use 80 characters or fewer for the name. A first name is enough."]
    }
    assert FormPage(response.text).fields["name"] == ["x" * 300]
    assert CallbackMessage.objects.count() == 0


def test_longest_name_and_note_in_emoji_are_taken(client):
    contents = ask(client, name="😀" * NAME_LENGTH, note="😀" * NOTE_LENGTH)

    assert (contents["name"], contents["note"]) == ("😀" * NAME_LENGTH, "😀" * NOTE_LENGTH)


def test_note_one_character_too_long_is_refused(client):
    problem = "Use 200 characters or fewer here. You can tell us the rest when we call."

    assert refusal(client, note="x" * (NOTE_LENGTH + 1)) == {"note": [problem]}


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Ångström",
        "محمد عبد الله",
        "דנה",
        "李小龍",
        "Владимир",
        "สมชาย",
        "👩‍👩‍👧 Sam 🏳️‍🌈",
        "a\u0301\u0323",
        "Robert'); DROP TABLE intake_lead;--",
        "<b>Sam</b> & “Co”",
        "{{ 7|add:7 }} %s %(x)s",
    ],
)
def test_name_in_any_script_reaches_the_lead_unchanged(client, name):
    post(client, MINIMAL | {"name": name})
    open_messages()

    assert Lead.objects.get().name == name


def test_nul_bytes_and_control_characters_are_dropped(client):
    contents = ask(client, name="\x00Sa\x00m\x1b", note="one\r\ntwo\x00\tthree\x7f")

    assert (contents["name"], contents["note"]) == ("Sam", "one\ntwo\tthree")


def test_characters_that_turn_the_direction_of_text_are_dropped(client):
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

    contents = ask(client, name=f"Sam{turning}live", note=f"{turning}one")

    assert (contents["name"], contents["note"]) == ("Samlive", "one")


@pytest.mark.parametrize("field", QUESTIONS)
@pytest.mark.parametrize("value", ["maybe", "NO", "no\x00", "']--"])
def test_unknown_choice_is_refused_with_its_question(client, field, value):
    assert refusal(client, **{field: value}) == {field: [f"Choose one of the answers to “{QUESTIONS[field]}”."]}


def test_unknown_time_of_day_is_refused(client):
    problem = "Choose good times from the list, or none at all."

    assert refusal(client, times=["morning", "midnight"]) == {"times": [problem]}


def test_time_that_is_sent_twice_counts_once(client):
    contents = ask(client, times=["evening", "morning", "morning"])

    assert contents["times"] == ["morning", "evening"]


def test_time_zone_starts_unchosen(client):
    page = FormPage(client.get(URL).text)

    assert page.fields["time_zone"] == [""]


def test_number_that_tells_no_place_needs_a_time_zone(client):
    assert refusal(client, phone="(800) 555-0163") == {"time_zone": [WHICH_ZONE]}
    assert ask(client, phone="(800) 555-0163", time_zone="America/New_York")["time_zone"] == "America/New_York"


def test_without_consent_nothing_is_taken(client):
    problem = "Check the box that says we may call you. Without it we do not call."

    assert refusal(client, consent="") == {"consent": [problem]}


def test_empty_post_names_both_required_fields(client):
    response = post(client, {})

    assert response.status_code == 422
    assert dict(response.context["form"].errors) == {
        "phone": ["Enter the phone number we can call."],
        "consent": ["Check the box that says we may call you. Without it we do not call."],
    }
    assert CallbackMessage.objects.count() == 0


def test_error_page_keeps_every_typed_character(client):
    wrong = EVERYTHING | {"phone": ['call "me" & <mine>']}

    response = post(client, wrong)

    assert response.status_code == 422
    assert FormPage(response.text).fields == wrong


def test_error_summary_leads_to_every_wrong_field(client):
    wrong = dict.fromkeys([*QUESTIONS, "times"], "wrong") | {"phone": "wrong", "name": "x" * 300, "note": "x" * 600}

    page = FormPage(post(client, wrong).text)

    names = [
        "phone",
        "name",
        "about",
        "times",
        "time_zone",
        "voicemail",
        "if_other_answers",
        "text",
        "language",
        "note",
    ]
    assert page.targets == [f"id_{name}" for name in [*names, "consent"]]
    assert set(page.targets) <= page.ids


def test_language_that_was_chosen_is_kept_although_the_line_no_longer_lists_it(client):
    english = PhoneLine.objects.create(label="Admissions", number="+17025550142", languages=["en"])
    SiteSettings.objects.update_or_create(site=Site.objects.get(), defaults={"phone_line": english})

    asked = FormPage(client.get(URL).text).fields
    kept = FormPage(post(client, EVERYTHING | {"phone": "1"}).text).fields

    assert "language" not in asked
    assert kept["language"] == ["es"]


def test_spanish_is_promised_only_if_the_line_speaks_it():
    form = CallbackForm(MINIMAL | {"language": "es"})
    assert form.is_valid(), form.errors

    said = [
        promise(Rules.of(form.answers, []), timezone.now(), PhoneLine(languages=languages, caller_id=""))[1]
        for languages in (["en", "es"], ["en"])
    ]

    assert said == ["We will speak Spanish.", "You asked to speak Spanish. We cannot promise that."]


def test_error_page_says_so_in_its_title_and_announces_the_summary(client):
    text = post(client, {}).text

    assert "<title>Error: " in text
    assert 'role="alert"' in text


@pytest.mark.parametrize("filled", ["shop.example", "on", "x\x00y", "1" * 5000])
def test_filled_honeypot_is_accepted_like_any_other_and_quarantined_later(client, filled):
    response = post(client, MINIMAL | {"website": filled})
    open_messages()

    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 200
    assert [lead.is_quarantined for lead in Lead.objects.all()] == [True]
    assert (Lead.objects.open().count(), Lead.objects.quarantined().count()) == (0, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8001"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://[not-an-address"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_post_from_another_site_is_refused_with_the_text_kept(client, headers):
    response = post(client, EVERYTHING, **headers)

    assert response.status_code == 403
    problem = "This did not come from our own page. Check your answers, then ask for the call here."
    assert dict(response.context["form"].errors) == {"__all__": [problem]}
    assert escape(problem) in response.text
    assert FormPage(response.text).fields == EVERYTHING
    assert CallbackMessage.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_post_from_our_own_page_is_accepted(client, headers):
    response = post(client, MINIMAL, **headers)

    assert (response.status_code, CallbackMessage.objects.count()) == (303, 1)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(client, method):
    response = getattr(client, method)(URL, urlencode(MINIMAL), content_type=FORM)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert CallbackMessage.objects.count() == 0


def test_body_of_10_megabytes_is_refused_unread(client, django_assert_max_num_queries):
    class Unreadable:
        def read(self, *args):
            raise AssertionError("the body was read")

        readline = read

    environ = {"CONTENT_LENGTH": "10000000", "wsgi.input": Unreadable(), "CONTENT_TYPE": FORM}
    client.get(URL)

    with django_assert_max_num_queries(0):
        response = client.generic("POST", URL, **environ)

    assert response.status_code == 413
    assert "That was too much to send" in response.text
    assert "Your request was not sent." in response.text


def test_multipart_form_is_taken_too(client):
    response = client.post(URL, MINIMAL)

    assert (response.status_code, CallbackMessage.objects.count()) == (303, 1)


def test_post_is_one_insert_and_nothing_else(client, django_assert_num_queries):
    client.get(URL)

    with django_assert_num_queries(1) as queries:
        post(client, EVERYTHING)

    assert queries[0]["sql"].strip().startswith("INSERT INTO intake_callbackmessage")
    assert "RETURNING" not in queries[0]["sql"]


def test_receipt_names_the_day_without_another_query(client, django_assert_num_queries):
    line = PhoneLine.objects.create(label="Admissions", number="+17025550142", caller_id="an unknown number")
    for weekday in range(7):
        PhoneHours.objects.create(line=line, weekday=weekday, opens=time(8), closes=time(21))
    SiteSettings.objects.update_or_create(site=Site.objects.get(), defaults={"phone_line": line})
    client.get(URL)

    with django_assert_num_queries(1):
        token = post(client, MINIMAL)["Location"].split("/")[2]

    text = client.get(f"/request/{token}/").text
    assert re.search(r"ending 63 (today|tomorrow) (between|before) .* \(Pacific time\)\.", text)
    assert "Your phone will show: an unknown number." in text


def promised(now: str, hours: dict[int, tuple[int, int]], **answers: object) -> str:
    """The end of the first sentence at `now` on the Pacific clock, if somebody works in `hours` of each weekday."""
    line = PhoneLine(time_zone="America/Los_Angeles")
    line.hours = [PhoneHours(weekday=day, opens=time(start), closes=time(end)) for day, (start, end) in hours.items()]
    form = CallbackForm(MINIMAL | answers)
    assert form.is_valid(), form.errors
    at = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("America/Los_Angeles"))
    return promise(Rules.of(form.answers, form.number_zones), at, line)[0].removeprefix(
        "We will call the number ending "
    )


DAILY = dict.fromkeys(range(7), (7, 20))


@pytest.mark.parametrize(
    ("now", "hours", "answers", "sentence"),
    [
        ("2026-11-24T16:10", DAILY, {"times": ["evening"]}, "63 today between 5 and 8 pm (Pacific time)."),
        ("2026-11-24T18:10", DAILY, {"times": ["evening"]}, "63 today before 8 pm (Pacific time)."),
        ("2026-11-24T19:45", DAILY, {"times": ["evening"]}, "63 tomorrow between 5 and 8 pm (Pacific time)."),
        ("2026-11-24T06:00", DAILY, {}, "63 today between 8 am and 8 pm (Pacific time)."),
        ("2026-11-24T12:30", DAILY, {"times": ["morning"]}, "63 tomorrow between 8 am and noon (Pacific time)."),
        ("2026-11-24T12:30", {0: (9, 17)}, {}, "63 on Monday between 9 am and 5 pm (Pacific time)."),
        ("2026-11-24T12:30", {0: (9, 17)}, {"times": ["evening"]}, "63 in the evening (Pacific time)."),
        ("2026-11-24T12:30", {}, {}, "63 between 8 am and 9 pm (Pacific time)."),
        ("2026-11-24T16:10", {1: (7, 0)}, {}, "63 today before 9 pm (Pacific time)."),
        ("2026-11-24T16:10", DAILY, {"phone": "(212) 555-0163"}, "63 today before 9 pm (Eastern time)."),
        ("2026-11-24T19:10", DAILY, {"phone": "+49 30 12345678"}, "78 today between 4 and 9 pm (Berlin time)."),
    ],
)
def test_promise_names_the_next_hours_in_which_somebody_works(now, hours, answers, sentence):
    assert promised(now, hours, **answers) == sentence


@pytest.mark.parametrize(
    ("asked", "read", "sentence", "late"),
    [
        ("2026-11-24T12:30", "2026-11-24T19:59", "63 today before 8 pm (Pacific time).", False),
        ("2026-11-24T21:30", "2026-11-24T23:00", "63 tomorrow between 8 am and 8 pm (Pacific time).", False),
        ("2026-11-24T21:30", "2026-11-25T09:00", "63 today before 8 pm (Pacific time).", False),
        ("2026-11-24T12:30", "2026-11-25T07:00", "63 today between 8 am and 8 pm (Pacific time).", True),
    ],
)
def test_promise_is_true_on_the_day_on_which_it_is_read(asked, read, sentence, late):
    line = PhoneLine(time_zone="America/Los_Angeles")
    line.hours = [PhoneHours(weekday=day, opens=time(7), closes=time(20)) for day in range(7)]
    form = CallbackForm(MINIMAL)
    assert form.is_valid(), form.errors
    rules = Rules.of(form.answers, form.number_zones)
    asked_at, now = (datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("America/Los_Angeles")) for at in (asked, read))

    said = promise(rules, asked_at, line, now)[0].removeprefix("We will call the number ending ")

    assert (said, is_late(rules, asked_at, line, now)) == (sentence, late)


def test_nobody_is_chosen_already_as_the_one_whom_it_is_about(client):
    page = FormPage(client.get(URL).text)

    assert "about" not in page.fields
    assert page.fields["voicemail"] == ["no"]


def test_times_that_are_not_good_leave_the_others(client):
    form = CallbackForm(MINIMAL | {"not_times": ["morning"]})
    assert form.is_valid(), form.errors

    assert form.answers.times == ["afternoon", "evening"]
    assert ask(client, not_times=["morning"], times=["evening"])["times"] == ["evening"]


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"times": ["evening"], "not_times": ["evening"]}, GOOD_AND_NOT),
        ({"not_times": ["morning", "afternoon", "evening"]}, NO_TIME_LEFT),
    ],
)
def test_times_that_contradict_each_other_are_refused(client, answers, problem):
    assert refusal(client, **answers) == {"not_times": [problem]}


def test_nobody_can_be_hung_up_on_at_a_switchboard(client):
    with_extension = {"phone": "(702) 555-0163 ext. 12", "name": "Sam"}

    assert refusal(client, **with_extension) == {"if_other_answers": [SWITCHBOARD]}
    assert ask(client, **with_extension, if_other_answers="ask_for_me")["phone"] == "+17025550163;ext=12"


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ({}, []),
        ({"phone": "(702) 555-0163 x1"}, ["Keeping it private"]),
        ({"not_times": ["morning", "afternoon", "evening"]}, ["When we may call"]),
        ({"note": "x" * 201}, ["Anything else"]),
        ({"time_zone": "nowhere"}, ["When we may call"]),
    ],
)
def test_part_of_the_page_with_an_error_is_open(client, answers, opened):
    text = post(client, {"phone": "702 555 0163"} | answers).text

    folds = re.findall(r'<details class="fold[^"]*"( open)?>\s*<summary><b>([^<]+)', text)
    assert [name for is_open, name in folds if is_open] == opened


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "no message, no text, we hang up if someone else answers"),
        ({"voicemail": "yes", "text": "yes"}, "a message may say where we call from, texts are fine, "),
        ({"if_other_answers": "ask_for_me", "name": "Sam"}, "no message, no text, we ask for you"),
        ({"voicemail": "nonsense"}, "no text, we hang up"),
    ],
)
def test_one_line_says_how_private_it_is_as_the_form_stands(client, answers, said):
    assert said in post(client, answers).text


def test_what_happens_is_said_before_the_first_question(client):
    line = PhoneLine.objects.create(
        label="Admissions", number="+17025550142", caller_id="an unknown number", answered_by="our own staff"
    )
    for weekday in range(7):
        PhoneHours.objects.create(line=line, weekday=weekday, opens=time(8), closes=time(21))
    SiteSettings.objects.update_or_create(site=Site.objects.get(), defaults={"phone_line": line})

    before = client.get(URL).text.partition('name="phone"')[0]

    for said in (line.answered_by, line.caller_id, next_calls(line, timezone.now())):
        assert said and said in before


def test_who_asks_to_be_asked_for_gives_a_name(client):
    problem = "Enter a name we can ask for, or choose to hang up if someone else answers."

    assert refusal(client, if_other_answers="ask_for_me") == {"name": [problem]}


def test_form_keeps_nothing_from_one_person_to_the_next(client):
    post(client, EVERYTHING | {"phone": ["abc"]})

    response = client.get(URL)

    assert "Quux" not in response.text
    assert FormPage(response.text).fields == FormPage(Client().get(URL).text).fields


def test_request_is_stored_although_the_database_had_closed_the_connection(committed, client):
    connection.ensure_connection()
    [_] = at_once(lambda pid=connection.connection.info.backend_pid: end_session(pid))

    response = post(client, MINIMAL)

    assert (response.status_code, CallbackMessage.objects.count()) == (303, 1)


def test_request_that_cannot_be_stored_anywhere_says_so_and_keeps_the_text(client, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path / "file"
    settings.SPOOL_DIR.touch()
    point = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_callbackmessage RENAME TO away")

    response = post(client, EVERYTHING)

    transaction.set_rollback(False)  # the failed INSERT marked it; the savepoint undoes both
    transaction.savepoint_rollback(point)
    problem = "We could not save your request just now. It was not sent. Please try again, or call us."
    assert response.status_code == 503
    assert dict(response.context["form"].errors) == {"__all__": [problem]}
    assert escape(problem) in response.text
    assert FormPage(response.text).fields == EVERYTHING
    assert CallbackMessage.objects.count() == 0


@pytest.mark.parametrize("source", ["/", "/learn/stopping-heroin-or-fentanyl-safely/", "/facilities/", "/" + "a" * 199])
def test_page_that_led_to_the_form_is_kept(client, source):
    form = FormPage(client.get(URL, headers={"Referer": f"http://testserver{source}"}).text)
    post(client, form.fields | MINIMAL | {"from": form.hidden["from"]}, Referer=f"http://testserver{URL}")
    open_messages()

    assert form.hidden["from"] == source
    assert Lead.objects.get().source == source


def test_page_that_led_to_the_form_is_kept_through_an_error(client):
    wrong = FormPage(post(client, {"from": "/learn/", "phone": "1"}).text)

    assert wrong.hidden["from"] == "/learn/"


@pytest.mark.parametrize("referrer", ["https://evil.example/learn/", "https://testserver.evil/", "http://[", "", "x"])
def test_form_names_no_page_of_somebody_else(client, referrer):
    assert "from" not in FormPage(client.get(URL, headers={"Referer": referrer}).text).hidden


@pytest.mark.parametrize("path", [URL, f"{URL}?from=/learn/"])
def test_address_of_the_form_names_no_page(client, path):
    text = client.get(path).text

    assert ("?from=" in text, f'action="{URL}"' in text) == (False, True)


def test_browser_is_asked_to_remember_nothing_that_is_typed(client):
    text = client.get(URL).text

    typed = re.findall(
        r'<(?:form|input|textarea)(?=[^>]*(?:class="ask"|name="(?:phone|name|note|website)"))[^>]*>', text
    )
    assert len(typed) == 5
    assert [tag for tag in typed if 'autocomplete="off"' not in tag] == []


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/",
        "//evil/",
        "/learn/?name=Sam",
        "/" + "a" * 200,
        "javascript:alert(1)",
        "/é/",
        "/a\n",
        "a",
    ],
)
def test_what_is_no_page_of_ours_is_not_kept_as_the_source(client, source):
    post(client, MINIMAL | {"from": source})
    open_messages()

    assert Lead.objects.get().source == ""


def test_note_of_exactly_the_limit_is_taken_with_its_line_breaks(client):
    note = ("line\r\n" * (NOTE_LENGTH // 5))[:-2] + "x"

    assert ask(client, note=note)["note"] == note.replace("\r\n", "\n")


def test_our_own_number_is_none_on_which_we_can_call(client):
    line = PhoneLine.objects.create(label="Admissions", number="+17025550142")
    SiteSettings.objects.update_or_create(site=Site.objects.get(), defaults={"phone_line": line})

    refused = client.post(URL, MINIMAL | {"phone": "702.555.0142"})

    assert refused.context["form"].errors["phone"] == [OUR_OWN]
    assert not CallbackMessage.objects.exists()


def test_words_beside_the_number_reach_the_desk_with_the_note(client):
    client.post(URL, MINIMAL | {"phone": "702 555 0163 he reads my texts", "note": "Speak slowly."})
    open_messages()

    assert Lead.objects.get().note == "Speak slowly.\nhe reads my texts"


def test_words_of_danger_beside_the_number_are_heard(client):
    sent = client.post(URL, MINIMAL | {"phone": "702 555 0163 please he overdosed"})
    open_messages()
    refused = client.post(URL, {"phone": "702 555 0163 kill myself"})

    assert Lead.objects.get().is_crisis
    assert "911" in client.get(sent["Location"]).text.split("<h1")[0].split("</header>")[-1]
    assert refused.context["form"].is_crisis
