"""Danger words raise a card and a mark, look-alikes do not, and nobody's request is ever held up by them."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from facilities.directory.checks import check_crisis_lines
from facilities.directory.models import CrisisLine
from intake.callbacks.crisis import WORDS, means_danger
from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.promise import AT_ONCE
from intake.leads import acts
from intake.leads.acts.by_the_person import withdraw
from intake.leads.models import Lead
from tests.factories import HOW, make_lead, make_user, page_of, receive_lead, send_request, sign_in, zone_where_it_is

SENTENCES = tomllib.loads(Path(__file__).with_name("crisis_sentences.toml").read_text())
LANGUAGES = ["en", "es"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_danger_raises_and_no_look_alike_does(language):
    missed = [text for text in SENTENCES[language]["raises"] if not means_danger(text)]
    false = [text for text in SENTENCES[language]["quiet"] if means_danger(text)]

    raises, quiet = len(SENTENCES[language]["raises"]), len(SENTENCES[language]["quiet"])
    print(f"{language}: raised {raises - len(missed)} of {raises}, falsely {len(false)} of {quiet}")  # noqa: T201
    assert (missed, false) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_notation_makes_no_difference(language):
    for text in SENTENCES[language]["raises"]:
        ways = (text.upper(), text.replace(" ", "   "), text.replace("'", "’"), f"…{text}!!!", text.replace(" ", "\n"))
        assert [way for way in ways if not means_danger(way)] == []


def test_any_of_several_texts_raises():
    assert means_danger("Sam", "I want to die")
    assert means_danger("I want to die", "")
    assert not means_danger("", "Sam")


@given(st.text(max_size=500))
def test_any_text_is_read_without_an_error(text):
    assert means_danger(text) in (True, False)


def test_long_repetitions_are_read_fast():
    for text in ("no " * 200, "want to " * 100, "a" * 500, "cant " * 120, "se me " * 100):
        means_danger(text)


def test_each_group_of_words_names_its_language_and_a_public_source():
    groups = tomllib.loads(WORDS.read_text())["words"]

    assert {group["language"] for group in groups} == set(LANGUAGES)
    assert [group["about"] for group in groups if not re.search(r"https://\S+", group["source"])] == []


# --- The receipt and the desk ----------------------------------------------------------------------------------------

DANGER = "I don't want to live anymore."


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [{"note": DANGER}, {"name": "want to die"}])
def test_receipt_opens_with_whom_to_call_above_everything(client, answers):
    text = client.get(f"/request/{send_request(**answers)}/").text
    calm = client.get(f"/request/{send_request(note='Speak slowly.')}/").text

    main = text.partition('<main id="main"')[2]
    assert main.index("tel:911") < main.index("naloxone") < main.index("sms:988") < main.index("<h1>")
    assert "naloxone" not in calm


@pytest.mark.django_db
def test_receipt_in_danger_names_no_time_but_the_end_of_a_pause(client):
    receipt = f"/request/{send_request(note=DANGER, times=['morning'])}/"

    urgent = client.get(receipt).context
    client.post(receipt, {"wish": "pause"})
    paused = client.get(receipt).context

    assert [str(AT_ONCE) in page["sentences"][0] for page in (urgent, paused)] == [True, False]


@pytest.mark.django_db
def test_receipt_in_danger_names_no_time_of_the_next_try(client):
    receipt = f"/request/{send_request(note=DANGER)}/"
    CallbackMessage.objects.update(public_status=CallbackMessage.PublicStatus.TRIED)

    sentences = client.get(receipt).context["sentences"]

    assert (len(sentences) > 1, [each for each in sentences if "ending" in each]) == (True, [])


@pytest.mark.django_db
def test_danger_holds_up_no_request(client):
    response = client.post("/request-a-call/", {"phone": "702 555 0163", "note": DANGER, "consent": "on"})
    open_messages()

    assert (response.status_code, Lead.objects.get().note) == (303, DANGER)


@pytest.mark.django_db
def test_lead_with_danger_words_is_marked_and_never_quarantined():
    lead = receive_lead(note=DANGER, website="shop.example")
    other = receive_lead(note="Speak slowly.", website="shop.example")

    assert [(each.is_crisis, each.is_quarantined) for each in (lead, other)] == [(True, False), (False, True)]


@pytest.mark.django_db
def test_danger_words_that_are_written_later_lead_out_of_quarantine(client):
    token = send_request(phone="(702) 555-0163", name="Sam", website="shop.example")
    open_messages()
    assert Lead.objects.get().is_quarantined

    client.post(f"/request/{token}/change/", HOW | {"name": DANGER})
    open_messages()

    lead = Lead.objects.get()
    assert (lead.is_crisis, lead.is_quarantined) == (True, False)


@pytest.mark.django_db
def test_words_of_before_are_read_again_when_a_person_leaves_quarantine():
    lead = make_lead(is_quarantined=True, name=DANGER)

    acts.clear_quarantine(lead, by=make_user("lead"), is_spam=False)

    assert Lead.objects.get().is_crisis


@pytest.mark.django_db
def test_database_refuses_a_crisis_in_quarantine():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_lead(is_crisis=True, is_quarantined=True)


@pytest.mark.django_db
def test_crisis_is_on_top_of_the_desk_at_any_hour(client):
    consultant = make_user()
    sign_in(client, consultant)
    waits_long = make_lead(received_at=timezone.now() - timedelta(hours=5))
    overdue = make_lead(follow_up_at=timezone.now() - timedelta(hours=1))
    crisis = make_lead(is_crisis=True, time_zone=zone_where_it_is(3))

    page = client.get(reverse("desk:queue"))

    assert [lead.pk for lead in page.context["rows"]] == [crisis.pk, overdue.pk, waits_long.pk]
    assert re.search(r"!!</span> crisis", page.text)
    assert re.search(r"!!</span> crisis", client.get(page_of(crisis)).text)


@pytest.mark.django_db
def test_erasure_takes_the_mark_too():
    lead = receive_lead(note=DANGER)

    withdraw(lead)

    assert not Lead.objects.get().is_crisis


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "count"), [(90, 0), (91, 1)])
def test_check_warns_of_a_crisis_line_that_nobody_has_checked_for_90_days(days, count):
    CrisisLine.objects.all().delete()
    CrisisLine.objects.create(label="Line", number="988", when="any", checked_on=timezone.localdate() - timedelta(days))

    found = check_crisis_lines(databases=["default"])

    assert [(warning.id, "988" in warning.msg) for warning in found] == [("quietline.W001", True)] * count
    assert check_crisis_lines() == []
