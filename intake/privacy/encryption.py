"""Encryption of one value for one place: AES-256-GCM (NIST SP 800-38D) with the place as associated data.

An envelope is: version (1 byte), length of the key id (1 byte), key id, nonce (12 bytes), ciphertext and tag.
The plaintext is padded to a multiple of PADDING bytes, so that a three-letter name and a long one look alike.
A value that was changed, or copied to another row, column or table, does not decrypt: it is never shown wrong.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE_BYTES = 12
PADDING = 64


class Unreadable(Exception):
    """An encrypted value that fails its integrity check, or whose key we do not hold."""


class Place(NamedTuple):
    table: str
    column: str
    row_id: str

    def associated_data(self) -> bytes:
        # The parts are joined by a byte that no table, column or UUID holds, so that no two places look alike.
        return b"\x00".join(part.encode() for part in self)


def encrypt(text: str, *, keys: Mapping[str, bytes], place: Place) -> bytes:
    """The envelope of `text`, encrypted with the first (newest) of `keys`."""
    key_id, key = next(iter(keys.items()))
    head = bytes([VERSION, len(key_id.encode())]) + key_id.encode()
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, _pad(text.encode()), head + place.associated_data())


def decrypt(envelope: bytes, *, keys: Mapping[str, bytes], place: Place) -> str:
    """The text of an envelope; raises Unreadable."""
    if len(envelope) < 2 + NONCE_BYTES or envelope[0] != VERSION:
        raise Unreadable("not an envelope")
    head_length = 2 + envelope[1]
    head, rest = envelope[:head_length], envelope[head_length:]
    key = keys.get(head[2:].decode(errors="replace"))
    if key is None:
        raise Unreadable("encrypted with a key that is not among DATA_KEYS")
    try:
        padded = AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + place.associated_data())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("changed, or moved from another place") from error
    return _unpad(padded).decode()


def _pad(plaintext: bytes) -> bytes:
    length = len(plaintext).to_bytes(4)
    return length + plaintext + b"\x00" * (-(len(plaintext) + 4) % PADDING)


def _unpad(padded: bytes) -> bytes:
    return padded[4 : 4 + int.from_bytes(padded[:4])]
