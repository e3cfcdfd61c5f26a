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
MOST_JOINED = 3  # words that some write as one: de la Cruz, Delacruz
# Letters that no decomposition takes apart, by what people type who do not have them. "ß" is "ss" by casefold().
UNDIVIDED = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n"}
)
NOT_A_LETTER = r"[\u02b0-\u02ff]"  # ʻokina, the modifier apostrophe and their like count as letters in Unicode


def token(kind: str, value: str) -> bytes:
    return hmac.digest(keys.index_key(), f"{kind}\x00{value}".encode(), hashlib.sha256)[:TOKEN_BYTES]


def name_words(text: str) -> list[str]:
    """The words of a name in order, folded: "José O’Neill-Łuć" gives ["jose", "o", "neill", "luc"]."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(UNDIVIDED))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[^\W_]+", re.sub(NOT_A_LETTER, " ", plain))


def joined_words(words: list[str]) -> list[list[str]]:
    """For each word, the ways it may be written: alone, or as one with its neighbours, since O'Connor is OConnor."""
    runs = [(start, start + length) for length in range(1, MOST_JOINED + 1) for start in range(len(words) - length + 1)]
    return [["".join(words[start:end]) for start, end in runs if start <= at < end] for at in range(len(words))]
