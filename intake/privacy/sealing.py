"""Sealed boxes: what a visitor types is encrypted to the desk's public key, which cannot open it again.

HPKE (RFC 9180), base mode, with the hybrid post-quantum KEM X-Wing style ML-KEM-768 + X25519, HKDF-SHA256
and AES-256-GCM. A box is: version (1 byte), key id (4 bytes), encapsulated key and ciphertext. HPKE's `info` says
what the box is for, so that a box moved to another row does not open. The plaintext is
padded to a multiple of PADDING bytes, so that its length tells next to nothing.

This module needs no Django. `python -m intake.privacy.sealing` prints a new key pair.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
VERSION = b"\x01"
KEY_ID_BYTES = 4
MLKEM_PUBLIC_BYTES = 1184
MLKEM_SEED_BYTES = 64
X25519_BYTES = 32
PADDING = 1024


class BadKey(ValueError):
    """A key text that is not a key; the message says what to do and holds nothing of the key."""


class CannotOpen(Exception):
    """A sealed box that no key we hold opens, or that was changed or moved."""


@dataclass(frozen=True)
class PublicKey:
    key_id: bytes
    key: MLKEM768X25519PublicKey

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        """Read base64url text; raises BadKey."""
        raw = _decode(text, MLKEM_PUBLIC_BYTES + X25519_BYTES, "INTAKE_PUBLIC_KEY")
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_BYTES])
        except ValueError as error:
            raise BadKey("INTAKE_PUBLIC_KEY is not a public key. Copy the whole key.") from error
        x25519 = X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_BYTES:])
        return cls(_key_id(raw), MLKEM768X25519PublicKey(mlkem, x25519))


@dataclass(frozen=True)
class PrivateKey:
    key_id: bytes
    key: MLKEM768X25519PrivateKey

    @classmethod
    def from_text(cls, text: str) -> "PrivateKey":
        """Read base64url text; raises BadKey."""
        raw = _decode(text, MLKEM_SEED_BYTES + X25519_BYTES, "INTAKE_PRIVATE_KEYS")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED_BYTES:])
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(_key_id(public), MLKEM768X25519PrivateKey(mlkem, x25519))


def generate_key_pair() -> tuple[str, str]:
    """A new (public, private) pair as base64url text."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    private = mlkem.private_bytes_raw() + x25519.private_bytes_raw()
    return base64.urlsafe_b64encode(public).decode(), base64.urlsafe_b64encode(private).decode()


def seal(plaintext: bytes, *, to: PublicKey, info: str) -> bytes:
    """A sealed box that opens only with the same `info`, such as "callbacks.message:request:<uuid>"."""
    return VERSION + to.key_id + SUITE.encrypt(_pad(plaintext), to.key, info=info.encode())


def open_sealed(box: bytes, *, keys: Iterable[PrivateKey], info: str) -> bytes:
    """The plaintext of a box; raises CannotOpen."""
    if box[:1] != VERSION:
        raise CannotOpen("unknown version")
    wanted = key_id_of(box)
    for private_key in keys:
        if private_key.key_id == wanted:
            try:
                return _unpad(SUITE.decrypt(box[1 + KEY_ID_BYTES :], private_key.key, info=info.encode()))
            except (InvalidTag, ValueError) as error:
                raise CannotOpen("changed or moved") from error
    raise CannotOpen(f"sealed to key {wanted.hex()}, which is not among ours")


def key_id_of(box: bytes) -> bytes:
    return box[1 : 1 + KEY_ID_BYTES]


def _key_id(public: bytes) -> bytes:
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES]


def _pad(plaintext: bytes) -> bytes:
    """ISO/IEC 7816-4 padding: one 0x80, then zeros."""
    marked = plaintext + b"\x80"
    return marked + b"\x00" * (-len(marked) % PADDING)


def _unpad(padded: bytes) -> bytes:
    plaintext, mark, _ = padded.rpartition(b"\x80")
    if not mark:
        raise CannotOpen("no padding")
    return plaintext


def _decode(text: str, length: int, name: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError) as error:
        raise BadKey(f"{name} is not base64url text. Copy the whole key, without quotes or line breaks.") from error
    if len(raw) != length:
        raise BadKey(f"{name} has {len(raw)} bytes instead of {length}. Copy the whole key.")
    return raw


if __name__ == "__main__":
    print("INTAKE_PUBLIC_KEY={}\nINTAKE_PRIVATE_KEYS={}".format(*generate_key_pair()))
