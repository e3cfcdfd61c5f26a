"""The keys of this process, read from the settings once. Which of them exist depends on ROLE."""

import base64
import binascii
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from intake.privacy.sealing import BadKey, PrivateKey, PublicKey

SYMMETRIC_KEY_BYTES = 32


@cache
def public_key() -> PublicKey:
    return PublicKey.from_text(settings.INTAKE_PUBLIC_KEY)


@cache
def private_keys() -> tuple[PrivateKey, ...]:
    return tuple(PrivateKey.from_text(text) for text in settings.INTAKE_PRIVATE_KEYS)


@cache
def data_keys() -> dict[str, bytes]:
    """Key id to 32 bytes, newest first; the first encrypts, all decrypt. Raises BadKey."""
    keys = {}
    for pair in settings.DATA_KEYS:
        key_id, colon, text = pair.strip().partition(":")
        if not colon or not key_id or len(key_id.encode()) > 32:
            raise BadKey("DATA_KEYS must be id:key pairs parted by commas, such as k1:AAAA…, newest first.")
        keys[key_id] = _symmetric(text, "DATA_KEYS")
    return keys


@cache
def index_key() -> bytes:
    return _symmetric(settings.INDEX_KEY, "INDEX_KEY")


def check_keys() -> None:
    """Read every key that this role must hold; raises ImproperlyConfigured with a sentence that says what to set."""
    try:
        if settings.SERVES_SITE:
            public_key()
        if settings.OPENS_REQUESTS:
            private_keys()
            data_keys()
            index_key()
        if settings.SERVES_SITE and settings.OPENS_REQUESTS and public_key().key_id not in _private_key_ids():
            raise BadKey(
                "INTAKE_PUBLIC_KEY belongs to none of INTAKE_PRIVATE_KEYS: what visitors send could not be opened. "
                "Set the two that were made together."
            )
    except BadKey as error:
        raise ImproperlyConfigured(str(error)) from error


def _private_key_ids() -> set[bytes]:
    return {private.key_id for private in private_keys()}


def forget_keys() -> None:
    """Read the settings anew at the next use (after a rotation, and in tests)."""
    for reader in (public_key, private_keys, data_keys, index_key):
        reader.cache_clear()


def _symmetric(text: str, name: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError) as error:
        raise BadKey(f"{name} is not base64url text. Copy the whole key.") from error
    if len(raw) != SYMMETRIC_KEY_BYTES:
        raise BadKey(f"{name} holds a key of {len(raw)} bytes instead of {SYMMETRIC_KEY_BYTES}.")
    return raw
