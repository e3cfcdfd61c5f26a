"""Sealed boxes: only the private key opens them, unchanged and for what they were sealed; their length tells little."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intake.privacy import keys
from intake.privacy.sealing import (
    KEY_ID_BYTES,
    BadKey,
    CannotOpen,
    PrivateKey,
    PublicKey,
    generate_key_pair,
    key_id_of,
    open_sealed,
    seal,
)

PUBLIC_TEXT, PRIVATE_TEXT = generate_key_pair()
PUBLIC, PRIVATE = PublicKey.from_text(PUBLIC_TEXT), PrivateKey.from_text(PRIVATE_TEXT)
OTHER = PrivateKey.from_text(generate_key_pair()[1])
INFO = "callbacks.message:request:1"
CANARY = b"Zebulon Quux, 702 555 0163"
BOX = seal(CANARY, to=PUBLIC, info=INFO)


@given(st.binary(max_size=5000))
@example(b"")
@example(b"\x80")
@example(b"\x00")
@example(b"\x80\x00" * 600)
@settings(max_examples=60)
def test_any_bytes_come_back_as_they_were(plaintext):
    box = seal(plaintext, to=PUBLIC, info=INFO)

    assert open_sealed(box, keys=[PRIVATE], info=INFO) == plaintext


def test_box_holds_nothing_of_the_text():
    assert [word for word in CANARY.split() if word in BOX] == []


def test_same_text_never_gives_the_same_box():
    assert seal(CANARY, to=PUBLIC, info=INFO) != BOX


def test_box_names_the_key_it_was_sealed_to():
    assert key_id_of(BOX) == PUBLIC.key_id == PRIVATE.key_id
    assert PRIVATE.key_id != OTHER.key_id


def test_another_key_does_not_open_it_and_is_told_which_one_would():
    with pytest.raises(CannotOpen, match=f"sealed to key {PUBLIC.key_id.hex()}, which is not among ours"):
        open_sealed(BOX, keys=[OTHER], info=INFO)


def test_no_key_opens_nothing():
    with pytest.raises(CannotOpen):
        open_sealed(BOX, keys=[], info=INFO)


def test_key_with_a_forged_id_does_not_open_it():
    forged = PrivateKey(key_id=PRIVATE.key_id, key=OTHER.key)

    with pytest.raises(CannotOpen, match="changed or moved"):
        open_sealed(BOX, keys=[forged], info=INFO)


def test_old_key_still_opens_after_a_rotation():
    assert open_sealed(BOX, keys=[OTHER, PRIVATE], info=INFO) == CANARY


@given(bit=st.integers(0, len(BOX) * 8 - 1))
@example(bit=0)
@example(bit=8)
@example(bit=(1 + KEY_ID_BYTES) * 8)
@example(bit=(1 + KEY_ID_BYTES + 1088 + 32) * 8 - 1)  # the top bit of the X25519 share, which X25519 itself ignores
@example(bit=len(BOX) * 8 - 1)
@settings(max_examples=100)
def test_a_flipped_bit_anywhere_keeps_it_shut(bit):
    changed = bytearray(BOX)
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CannotOpen):
        open_sealed(bytes(changed), keys=[PRIVATE], info=INFO)


@given(length=st.integers(0, len(BOX) - 1))
@example(length=0)
@example(length=1)
@example(length=1 + KEY_ID_BYTES)
@settings(max_examples=50)
def test_a_truncated_box_stays_shut(length):
    with pytest.raises(CannotOpen):
        open_sealed(BOX[:length], keys=[PRIVATE], info=INFO)


@pytest.mark.parametrize("info", ["callbacks.message:request:2", "callbacks.message:erase:1", ""])
def test_a_box_moved_to_another_row_or_kind_stays_shut(info):
    with pytest.raises(CannotOpen, match="changed or moved"):
        open_sealed(BOX, keys=[PRIVATE], info=info)


@pytest.mark.parametrize(
    "pasted",
    [b"", CANARY, b"\x01" + CANARY, b"\x00" * 3000, b"\x01" + PUBLIC.key_id + CANARY * 100],
    ids=["empty", "text", "versioned", "zeros", "with-key-id"],
)
def test_text_pasted_in_place_of_a_box_is_never_taken_for_one(pasted):
    with pytest.raises(CannotOpen):
        open_sealed(pasted, keys=[PRIVATE], info=INFO)


def test_length_tells_only_the_number_of_kilobytes():
    lengths = [len(seal(b"x" * size, to=PUBLIC, info=INFO)) for size in (0, 1, 1023, 1024, 2047)]

    shortest = lengths[0]
    assert lengths == [shortest, shortest, shortest, shortest + 1024, shortest + 1024]


def test_key_pair_as_text_fits_one_line_of_an_environment():
    assert [len(base64.urlsafe_b64decode(text)) for text in (PUBLIC_TEXT, PRIVATE_TEXT)] == [1216, 96]
    assert not {" ", "\n", ","} & {*PUBLIC_TEXT, *PRIVATE_TEXT}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secretsecretsecret",
        "sëcrët",
        PUBLIC_TEXT[:-8],
        PRIVATE_TEXT[:-8],
        f'"{PRIVATE_TEXT[4:]}"',
        "secre",
        base64.urlsafe_b64encode(b"\xff" * 1216).decode(),
    ],
    ids=["empty", "words", "accents", "short-public", "short-private", "in-quotes", "five-letters", "no-curve-point"],
)
@pytest.mark.parametrize("kind", [PublicKey, PrivateKey])
def test_bad_key_text_gives_a_sentence_without_the_key(kind, text):
    with pytest.raises(BadKey) as refusal:
        kind.from_text(text)

    sentence = str(refusal.value)
    assert sentence.startswith(("INTAKE_PUBLIC_KEY ", "INTAKE_PRIVATE_KEYS "))
    assert sentence.endswith(("Copy the whole key.", "Copy the whole key, without quotes or line breaks."))
    assert [text[at : at + 6] for at in range(len(text) - 5) if text[at : at + 6] in sentence] == []


@pytest.mark.parametrize("name", ["INTAKE_PUBLIC_KEY", "INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY"])
def test_start_stops_at_a_bad_key_and_names_the_setting(set_keys, name):
    bad = "k1:c2VjcmV0c2VjcmV0" if name == "DATA_KEYS" else "c2VjcmV0c2VjcmV0"
    set_keys(**{name: [bad] if name.endswith("KEYS") else bad})

    with pytest.raises(ImproperlyConfigured) as refusal:
        keys.check_keys()

    assert str(refusal.value).startswith(f"{name} ")
    assert "c2Vj" not in str(refusal.value)
