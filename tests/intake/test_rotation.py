"""Keys change and people are forgotten: every row moves to the new key, and an erased person leaves a timeline."""

import base64
import os

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.launch.prepare import check_data_keys
from intake.insurance.electronic import ElectronicAnswer
from intake.insurance.lines import BenefitLine
from intake.insurance.verification import VerificationOfBenefits
from intake.leads import acts
from intake.leads.models import Lead
from intake.leads.search import find_leads
from intake.privacy.fields import UnreadableText, encrypted_fields, models_with_encrypted_fields
from intake.privacy.needed_keys import keys_that_are_missing
from tests.factories import (
    PHONE,
    WHY,
    make_coverage,
    make_lead,
    make_line,
    make_user,
    make_verification,
    page_of,
    receive_lead,
    sign_in,
)

pytestmark = pytest.mark.django_db


def key_text(key_id: str) -> str:
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def make_every_kind_of_row(name: str) -> Lead:
    """A lead with every encrypted field filled, of itself and of all that hangs on it."""
    lead = make_lead(name=name, note=f"{name} wrote this")
    acts.add_note(lead, by=make_user(), note=f"About {name}")
    born, payer = "1980-03-27", f"Payer of {name}"
    acts.keep_draft(lead, by=make_user(), form="work", answers={"note": [f"Half a note about {name}"]})
    coverage = make_coverage(
        lead=lead,
        group_number=f"G {name}",
        subscriber_name=f"Spouse of {name}",
        subscriber_born_on=born,
        patient_born_on=born,
        cobra_begins_on="2026-01-02",
        cobra_ends_on="2027-01-02",
        premium_paid_to="2026-02-03",
        payer_as_written=payer,
    )
    verification = make_verification(coverage=coverage, note=f"Said of {name}")
    make_line(verification=verification, words=f"Not for {name}")
    ElectronicAnswer.objects.create(verification=verification, text=f"ISA {name}", digest="d" * 64)
    return lead


def texts() -> dict[tuple, str]:
    """Every encrypted value of every row, by label and row."""
    return {
        (field.label, row.pk): getattr(row, field.name)
        for model in models_with_encrypted_fields()
        for row in model.objects.all()
        for field in encrypted_fields(model)
    }


def test_every_row_moves_to_the_new_key_and_the_old_one_can_go(set_keys, settings):
    make_every_kind_of_row("Zebulon")
    make_every_kind_of_row("Quux")
    before, new = texts(), key_text("k2")
    assert "" not in before.values()

    set_keys(DATA_KEYS=[new, *settings.DATA_KEYS])
    call_command("reencrypt", verbosity=0)
    set_keys(DATA_KEYS=[new])

    assert texts() == before
    assert len(before) == 2 * 19


def test_what_no_key_opens_stays_as_it_is_and_keeps_the_old_keys_needed(set_keys, settings):
    lead = make_every_kind_of_row("Zebulon")
    Lead.objects.update(note=b"not an envelope")

    set_keys(DATA_KEYS=[key_text("k2"), *settings.DATA_KEYS])
    with pytest.raises(CommandError, match=f"intake_lead.note of {lead.pk}"):
        call_command("reencrypt", verbosity=0)

    assert [label for (label, _), text in texts().items() if isinstance(text, UnreadableText)] == ["intake_lead.note"]


def test_second_rotation_with_the_same_keys_has_nothing_to_do(set_keys, settings, capsys):
    make_every_kind_of_row("Zebulon")
    set_keys(DATA_KEYS=[key_text("k2"), *settings.DATA_KEYS])
    call_command("reencrypt")

    call_command("reencrypt")

    counts = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[0].isdigit()]
    assert counts == ["19", "0"]


def test_what_is_written_while_the_keys_change_is_not_lost(set_keys, settings, monkeypatch):
    lead = make_lead(note="old")
    set_keys(DATA_KEYS=[key_text("k2"), *settings.DATA_KEYS])
    read = Lead._base_manager.iterator

    def iterator():
        rows = list(read())
        Lead.objects.get(pk=lead.pk).save()
        fresh = Lead.objects.get(pk=lead.pk)
        fresh.note = "new"
        fresh.save()
        return iter(rows)

    monkeypatch.setattr(Lead._base_manager, "iterator", iterator, raising=False)
    call_command("reencrypt", verbosity=0)

    assert Lead.objects.get().note == "new"


def test_erased_person_leaves_a_timeline_and_nothing_else():
    lead, consultant = receive_lead(name="Zebulon", note="Zebulon wrote this"), make_user()
    acts.claim(lead, by=consultant)
    acts.add_note(lead, by=consultant, note="About Zebulon")
    make_verification(coverage=make_coverage(lead=lead, subscriber_name="Zebulon's spouse"))
    other = make_every_kind_of_row("Quux")
    acts.close(lead, by=consultant, reason=Lead.CloseReason.DECLINED, note=WHY)
    before = list(lead.activities.order_by("at").values("kind", "by", "at"))

    acts.erase(lead, by=consultant)

    rows_of_other = {other.pk, *other.notes.values_list("pk", flat=True), *other.coverages.values_list("pk", flat=True)}
    rows_of_other |= {*other.drafts.values_list("pk", flat=True)}
    rows_of_other |= {*VerificationOfBenefits.objects.filter(coverage__lead=other).values_list("pk", flat=True)}
    for model in (BenefitLine, ElectronicAnswer):
        rows_of_other |= {*model.objects.filter(verification__coverage__lead=other).values_list("pk", flat=True)}
    assert {pk for (_, pk), text in texts().items() if text} == rows_of_other
    [*kept, erased] = lead.activities.order_by("at").values("kind", "by", "at")
    assert (kept, erased["kind"], erased["by"]) == (before, "erased", consultant.pk)
    assert list(find_leads(Lead.objects.all(), "Zebulon")) == list(find_leads(Lead.objects.all(), PHONE)) == []
    message = lead.messages.get().message
    assert (bytes(message.sealed), bytes(message.receipt)) == (b"", b"")


def test_page_of_an_erased_person_opens_and_offers_no_way_back(client):
    consultant = make_user()
    lead = receive_lead(name="Zebulon")
    acts.claim(lead, by=consultant)
    acts.close(lead, by=consultant, reason=Lead.CloseReason.DECLINED, note=WHY)
    acts.erase(lead, by=consultant)
    sign_in(client, consultant)

    page = client.get(page_of(lead))
    refused = client.post(reverse("desk:reopen", args=[lead.pk]))

    assert (page.status_code, refused.status_code, "Zebulon" in page.text) == (200, 409, False)
    assert reverse("desk:reopen", args=[lead.pk]) not in page.text


def test_open_lead_is_not_erased(capsys):
    lead = receive_lead(name="Zebulon")

    with pytest.raises(CommandError):
        call_command("erase_lead", str(lead.pk))

    assert Lead.objects.get().name == "Zebulon"


# --- A key that something stored still needs ------------------------------------------------------------------------


def test_dropped_key_that_an_older_row_needs_stops_the_start_by_its_name(set_keys, settings):
    old, new = settings.DATA_KEYS[0], key_text("k2")
    make_lead()
    set_keys(DATA_KEYS=[new, old])
    make_lead()
    check_data_keys()
    set_keys(DATA_KEYS=[new])

    with pytest.raises(CommandError, match=f"lacks {old.partition(':')[0]},"):
        check_data_keys()


def test_dropped_key_that_anything_else_than_a_lead_needs_stops_the_start_too(set_keys, settings):
    old, new = settings.DATA_KEYS[0], key_text("k2")
    set_keys(DATA_KEYS=[new, old])
    lead = make_lead()
    set_keys(DATA_KEYS=[old, new])
    acts.add_note(lead, by=make_user(), note="She calls back on Monday.")

    before = keys_that_are_missing()
    set_keys(DATA_KEYS=[new])

    assert (before, keys_that_are_missing()) == ([], [old.partition(":")[0]])


def test_key_can_go_once_everything_is_encrypted_anew(set_keys, settings):
    make_every_kind_of_row("Sam")
    new = key_text("k2")
    set_keys(DATA_KEYS=[new, *settings.DATA_KEYS])
    call_command("reencrypt", verbosity=0)
    set_keys(DATA_KEYS=[new])

    check_data_keys()


def test_one_row_that_was_tampered_with_stops_no_start(settings):
    make_lead()
    lead = make_lead()
    Lead.objects.filter(pk=lead.pk).update(name=Lead.objects.exclude(pk=lead.pk).get().__dict__["name"])

    check_data_keys()


def test_each_part_checks_with_its_own_rights(become):
    make_lead()
    become("desk")

    check_data_keys()
