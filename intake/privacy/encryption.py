"""Encryption of one value: AES-256-GCM (NIST SP 800-38D), bound by associated data to the one row and field it is for.

An envelope is: version (1 byte), length of the key id (1 byte), key id, nonce (12 bytes), ciphertext and tag.
The plaintext is padded to a multiple of PADDING bytes, so that a three-letter name and a long one look alike.
A value that was changed, or copied to another row or field, does not decrypt: it is never shown wrong.
"""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE_BYTES = 12
PADDING = 64


class Unreadable(Exception):
    """An encrypted value that fails its integrity check, or whose key we do not hold."""


def encrypt(text: str, *, keys: Mapping[str, bytes], associated_data: bytes) -> bytes:
    """The envelope of `text`, encrypted with the first (newest) of `keys`."""
    key_id, key = next(iter(keys.items()))
    head = head_of(key_id)
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, _pad(text.encode()), head + associated_data)


def decrypt(envelope: bytes, *, keys: Mapping[str, bytes], associated_data: bytes) -> str:
    """The text of an envelope; raises Unreadable."""
    if len(envelope) < 2 + NONCE_BYTES or envelope[0] != VERSION:
        raise Unreadable("not an envelope")
    length = 2 + envelope[1]
    head, rest = envelope[:length], envelope[length:]
    key = keys.get(head[2:].decode(errors="replace"))
    if key is None:
        raise Unreadable("encrypted with a key that is not among DATA_KEYS")
    try:
        padded = AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + associated_data)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("changed, or moved from another row or field") from error
    return _unpad(padded).decode()


def is_encrypted_with(key_id: str, envelope: bytes) -> bool:
    return envelope.startswith(head_of(key_id))


def head_of(key_id: str) -> bytes:
    """How every envelope of a key begins."""
    return bytes([VERSION, len(key_id.encode())]) + key_id.encode()


def _pad(plaintext: bytes) -> bytes:
    length = len(plaintext).to_bytes(4)
    return length + plaintext + b"\x00" * (-(len(plaintext) + 4) % PADDING)


def _unpad(padded: bytes) -> bytes:
    return padded[4 : 4 + int.from_bytes(padded[:4])]
