"""Encrypted columns: a value opens in its own row and field, or it reads as unreadable and is kept as it is."""

import base64
import os

import pytest
from django.contrib.auth.models import User
from django.core import checks
from django.db import connection, models
from django.forms import modelform_factory
from django.test.utils import isolate_apps
from hypothesis import example, given
from hypothesis import strategies as st

from intake.leads import acts
from intake.leads.activity import Note
from intake.leads.models import Lead
from intake.privacy import encryption, keys
from intake.privacy.encryption import Unreadable, decrypt, encrypt
from intake.privacy.fields import (
    EncryptedTextField,
    UnreadableText,
    encrypted_fields,
    models_with_encrypted_fields,
)
from intake.privacy.sealing import BadKey
from tests.factories import make_lead, make_user

KEYS = {"k1": os.urandom(32)}
DATA = b"intake_lead\x00name\x001b4e28ba-2fa1-11d2-883f-0016d3cca427"
CANARY = "Zebulon Quux"
ENVELOPE = encrypt(CANARY, keys=KEYS, associated_data=DATA)


def key_text(key_id: str = "k1") -> str:
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def envelope_of(row, column: str) -> bytes:
    """What the database holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def write_envelope(row, column: str, envelope: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [envelope, row.pk])


@given(st.text())
@example("")
@example("x" * 60)
@example("\x00")
@example("👩‍👩‍👧\u202e")
def test_any_text_comes_back_as_it_was(text):
    assert decrypt(encrypt(text, keys=KEYS, associated_data=DATA), keys=KEYS, associated_data=DATA) == text


def test_same_text_never_gives_the_same_envelope():
    assert encrypt(CANARY, keys=KEYS, associated_data=DATA) != ENVELOPE


def test_envelope_holds_nothing_of_the_text():
    assert [word for word in CANARY.encode().split() if word in ENVELOPE] == []


def test_another_key_under_the_same_name_does_not_decrypt():
    with pytest.raises(Unreadable, match="changed, or moved from another row or field"):
        decrypt(ENVELOPE, keys={"k1": os.urandom(32)}, associated_data=DATA)


def test_missing_key_does_not_decrypt():
    with pytest.raises(Unreadable, match="encrypted with a key that is not among DATA_KEYS"):
        decrypt(ENVELOPE, keys={"k2": KEYS["k1"]}, associated_data=DATA)


@given(bit=st.integers(0, len(ENVELOPE) * 8 - 1))
@example(bit=0)
@example(bit=8)
@example(bit=15)
@example(bit=16)
@example(bit=len(ENVELOPE) * 8 - 1)
def test_a_flipped_bit_anywhere_is_noticed(bit):
    changed = bytearray(ENVELOPE)
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Unreadable):
        decrypt(bytes(changed), keys=KEYS, associated_data=DATA)


@given(length=st.integers(0, len(ENVELOPE) - 1))
def test_a_truncated_envelope_is_noticed(length):
    with pytest.raises(Unreadable):
        decrypt(ENVELOPE[:length], keys=KEYS, associated_data=DATA)


@pytest.mark.parametrize(
    "other",
    [
        DATA.replace(b"intake_lead", b"intake_note"),
        DATA.replace(b"name", b"phone"),
        DATA[:-1] + b"8",
        DATA.replace(b"\x00name", b"name\x00"),
    ],
)
def test_envelope_moved_to_another_row_or_field_is_noticed(other):
    with pytest.raises(Unreadable, match="changed, or moved from another row or field"):
        decrypt(ENVELOPE, keys=KEYS, associated_data=other)


@given(pasted=st.binary(max_size=200))
@example(pasted=CANARY.encode())
@example(pasted=b"\x01\x02k1" + CANARY.encode())
@example(pasted=b"\x01\xff" + b"x" * 30)
def test_text_pasted_in_place_of_an_envelope_is_never_shown(pasted):
    with pytest.raises(Unreadable):
        decrypt(pasted, keys=KEYS, associated_data=DATA)


def test_length_tells_only_the_number_of_64_bytes():
    lengths = [len(encrypt("x" * size, keys=KEYS, associated_data=DATA)) for size in (1, 3, 60, 61, 124)]

    shortest = lengths[0]
    assert lengths == [shortest, shortest, shortest, shortest + 64, shortest + 64]


def test_newest_key_encrypts_and_the_old_one_still_decrypts():
    rotated = {"k2": os.urandom(32)} | KEYS

    fresh = encrypt(CANARY, keys=rotated, associated_data=DATA)

    assert decrypt(ENVELOPE, keys=rotated, associated_data=DATA) == CANARY
    assert decrypt(fresh, keys={"k2": rotated["k2"]}, associated_data=DATA) == CANARY
    with pytest.raises(Unreadable):
        decrypt(fresh, keys=KEYS, associated_data=DATA)


@pytest.mark.parametrize(
    "texts",
    [
        ["secretsecret"],
        [":c2VjcmV0"],
        [""],
        ["k1:"],
        ["k1:secretsecret"],
        ["k1:sëcret"],
        ["k1:secre"],
        [key_text(), "secretsecret"],
        [f"{'s' * 33}:{key_text().partition(':')[2]}"],
    ],
)
def test_bad_data_keys_give_a_sentence_without_the_key(set_keys, texts):
    set_keys(DATA_KEYS=texts)

    with pytest.raises(BadKey) as refusal:
        keys.data_keys()

    sentence = str(refusal.value)
    assert sentence.startswith("DATA_KEYS ")
    assert not any(part in sentence for text in texts for part in (text[3:], text[:33]) if len(part) > 3)


@pytest.mark.django_db
def test_row_reads_as_text_and_holds_ciphertext():
    lead = make_lead(name=CANARY, phone="+17025550163", note="canary in a coal mine")

    found = Lead.objects.get()

    assert (found.name, found.phone, found.note) == (CANARY, "+17025550163", "canary in a coal mine")
    stored = b"".join(envelope_of(lead, column) for column in ("name", "phone", "note"))
    assert [word for word in (b"Zebulon", b"Quux", b"7025550163", b"canary", b"coal") if word in stored] == []


@pytest.mark.django_db
def test_empty_text_is_an_empty_column():
    lead = make_lead(name="")

    assert (envelope_of(lead, "name"), Lead.objects.get().name) == (b"", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "how", ["flipped", "truncated", "another column", "another row", "another table", "plain text"]
)
def test_tampered_column_reads_as_unreadable_and_is_saved_byte_for_byte(how):
    lead, other = make_lead(name=CANARY, phone="+17025550163"), make_lead(name="Somebody else")
    note = Note.objects.create(lead=lead, body="A note", written_by=make_user())
    envelope = envelope_of(lead, "name")
    tampered = {
        "flipped": envelope[:-1] + bytes([envelope[-1] ^ 1]),
        "truncated": envelope[:-1],
        "another column": envelope_of(lead, "phone"),
        "another row": envelope_of(other, "name"),
        "another table": envelope_of(note, "body"),
        "plain text": b"Somebody else",
    }[how]
    write_envelope(lead, "name", tampered)

    found = Lead.objects.get(pk=lead.pk)
    found.language = "es"
    found.save()

    assert type(found.name) is UnreadableText
    assert found.name == "(unreadable: integrity check failed)"
    assert envelope_of(lead, "name") == tampered
    assert Lead.objects.get(pk=lead.pk).phone == "+17025550163"


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["refresh_from_db", "assignment", "claim"])
def test_unreadable_column_survives_what_is_done_to_its_row(act):
    lead = make_lead(name=CANARY)
    tampered = envelope_of(lead, "name")[:-1]
    write_envelope(lead, "name", tampered)
    found = Lead.objects.get()

    if act == "refresh_from_db":
        found.refresh_from_db()
    elif act == "assignment":
        found.name = found.name
    else:
        acts.claim(found, by=make_user())
    found.save()

    assert envelope_of(lead, "name") == tampered


@pytest.mark.django_db
def test_row_of_a_lost_key_is_unreadable_and_readable_again_with_the_key(set_keys, settings):
    ours = list(settings.DATA_KEYS)
    lead = make_lead(name=CANARY)
    stored = envelope_of(lead, "name")

    set_keys(DATA_KEYS=[key_text("k9")])
    Lead.objects.get().save()
    without = str(Lead.objects.get().name)
    set_keys(DATA_KEYS=[key_text("k9"), *ours])

    assert without == "(unreadable: integrity check failed)"
    assert envelope_of(lead, "name") == stored
    assert Lead.objects.get().name == CANARY


@pytest.mark.django_db
def test_value_written_after_a_rotation_carries_the_new_key(set_keys, settings):
    set_keys(DATA_KEYS=[key_text("k2"), *settings.DATA_KEYS])

    lead = make_lead(name=CANARY)

    assert envelope_of(lead, "name")[:4] == bytes([encryption.VERSION, 2]) + b"k2"


@pytest.mark.django_db
def test_deferred_column_is_read_when_asked_for():
    make_lead(name=CANARY)

    assert Lead.objects.defer("name").get().name == CANARY


@pytest.mark.django_db
def test_form_of_a_model_shows_and_takes_text():
    lead = make_lead(name=CANARY)
    form = modelform_factory(Lead, fields=["name"])({"name": "Ben"}, instance=lead)

    assert form.is_valid(), form.errors
    form.save()

    assert Lead.objects.get().name == "Ben"


# Never change a label: what was stored under it could not be read again. Write a new field, and move the values.
LABELS = {
    "intake_benefitline.words",
    "intake_coverage.cobra_begins_on",
    "intake_coverage.cobra_ends_on",
    "intake_coverage.group_number",
    "intake_coverage.member_id",
    "intake_coverage.patient_born_on",
    "intake_coverage.payer_as_written",
    "intake_coverage.premium_paid_to",
    "intake_coverage.subscriber_born_on",
    "intake_coverage.subscriber_name",
    "intake_draft.answers",
    "intake_electronicanswer.text",
    "intake_lead.name",
    "intake_lead.note",
    "intake_lead.phone",
    "intake_note.text",
    "intake_verificationofbenefits.call_reference",
    "intake_verificationofbenefits.note",
    "intake_verificationofbenefits.representative",
}


def test_labels_of_encrypted_fields_stay_for_ever_and_are_used_once():
    labels = [field.label for model in models_with_encrypted_fields() for field in encrypted_fields(model)]

    assert sorted(labels) == sorted(LABELS)


@pytest.mark.parametrize("label", ["", "name", "Lead.name", "intake_lead.name.x", "intake_lead.n\x00"])
def test_encrypted_field_needs_a_label(label):
    field = EncryptedTextField(label=label, name="name")
    field.model = Lead

    assert [problem.level for problem in field.check()] == [checks.ERROR]


def test_model_with_an_encrypted_field_says_whom_a_row_is_about():
    field = EncryptedTextField(label="auth_user.name", name="name")
    field.model = User

    assert ["subject" in problem.msg for problem in field.check()] == [True]


@pytest.mark.django_db
@isolate_apps("intake")
def test_what_was_stored_is_read_after_its_table_and_its_column_got_other_names():
    note = Note.objects.create(lead=make_lead(), body=CANARY, written_by=make_user())

    class Remark(models.Model):  # noqa: DJ008
        id = models.UUIDField(primary_key=True)
        words = EncryptedTextField(label="intake_note.text")

        class Meta:
            app_label = "intake"
            db_table = "intake_remark"

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE intake_note RENAME TO intake_remark")
        cursor.execute("ALTER TABLE intake_remark RENAME COLUMN body TO words")

    assert Remark.objects.get(pk=note.pk).words == CANARY


def test_row_without_a_key_refuses_to_encrypt():
    with pytest.raises(ValueError, match="Lead needs its key before name can be encrypted"):
        Lead(id=None, name=CANARY)
