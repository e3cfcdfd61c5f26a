"""Look-up tokens: a lead is found by phone, last four digits, name word or reference, and none of them is readable.

A token is HMAC-SHA-256 (RFC 2104) under INDEX_KEY, which is none of the keys that encrypt. The kind is part of
what is hashed, so that equal values of two kinds do not look alike.
"""

import hashlib
import hmac
import re
import unicodedata

from intake.privacy import keys

TOKEN_BYTES = 16


def token(kind: str, value: str) -> bytes:
    return hmac.digest(keys.index_key(), f"{kind}\x00{value}".encode(), hashlib.sha256)[:TOKEN_BYTES]


def name_words(text: str) -> set[str]:
    """The words of a name, without case and accents: "José María" gives {"jose", "maria"}."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return set(re.findall(r"\w+", plain))


def plain_reference(text: str) -> str:
    """A reference as a person types it ("lark 4821", "LARK4821") in its one written form, or ""."""
    match = re.fullmatch(r"\s*([A-Za-z]{3,12})[\s\-–]*(\d{4})\s*", text)
    return f"{match[1].upper()}-{match[2]}" if match else ""
