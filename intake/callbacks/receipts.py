"""Receipts: a few sentences that only who holds the link can read, not who holds the table."""

import hashlib
import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.callbacks.models import CallbackMessage

TOKEN_BYTES = 16
# The key is used for one message only, because every token is new; so a fixed nonce is safe here.
NONCE = b"\x00" * 12
PADDING = 1024


@dataclass(frozen=True)
class Receipt:
    """What the visitor may read back: a reference and the sentences of the promise."""

    reference: str
    sentences: list[str]


def new_token() -> str:
    """128 random bits as 22 characters that are safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def encrypt_receipt(receipt: Receipt, token: str) -> bytes:
    text = json.dumps(vars(receipt)).encode()
    return AESGCM(_key(token)).encrypt(NONCE, text + b" " * (-len(text) % PADDING), None)


def find_receipt(token: str) -> tuple[Receipt, str] | None:
    """The receipt and public status of a token, or None. Reads the three columns that the public role may read."""
    public = CallbackMessage.objects.values_list("receipt", "public_status")
    try:
        encrypted, status = public.get(token_hash=token_hash(token))  # not first(), which orders by id
        text = AESGCM(_key(token)).decrypt(NONCE, bytes(encrypted), None)
    except (CallbackMessage.DoesNotExist, InvalidTag):
        return None
    return Receipt(**json.loads(text)), status


def _key(token: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quietline receipt v1").derive(token.encode())
