"""Look-up tokens: a lead is found by phone, last four digits, name word or reference, and none of them is readable.

A token is HMAC-SHA-256 (RFC 2104) under INDEX_KEY, which is none of the keys that encrypt. The kind is part of
what is hashed, so that equal values of two kinds do not look alike.
"""

import hashlib
import hmac
import re
import unicodedata

from anyascii import anyascii

from intake.privacy import keys

TOKEN_BYTES = 16
MOST_JOINED = 3  # words that some write as one: de la Cruz, Delacruz
LONGEST_UNPARTED = 12  # characters of a name that is written without spaces
SHORTEST_START, LONGEST_START = 3, 6  # letters by which somebody is found before the name is typed to its end
AS_TYPED = {"ŋ": "n"}  # what people type who do not have the letter, where anyascii knows its sound instead
NOT_A_LETTER = r"[\u02b0-\u02ff]"  # ʻokina, the modifier apostrophe and their like count as letters in Unicode
# Chinese, Japanese and Korean names, in which no space parts the family name from the other.
WITHOUT_SPACES = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def token(kind: str, value: str) -> bytes:
    return hmac.digest(keys.index_key(), f"{kind}\x00{value}".encode(), hashlib.sha256)[:TOKEN_BYTES]


def name_words(text: str) -> list[str]:
    """The words of a name in order, folded: "José O’Neill-Łuć" gives ["jose", "o", "neill", "luc"]."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(_folded(character) for character in decomposed if not unicodedata.combining(character))
    # Composed again, because a Korean syllable was taken apart into its sounds.
    return re.findall(r"[^\W_]+", re.sub(NOT_A_LETTER, " ", unicodedata.normalize("NFC", folded)))


def _folded(character: str) -> str:
    """A Latin letter that no decomposition takes apart, such as ł, ø or ƙ, in the letters of ASCII."""
    if character.isascii() or not unicodedata.name(character, "").startswith("LATIN"):
        return character
    letters = re.sub(r"[^a-z]", "", AS_TYPED.get(character) or anyascii(character).lower())
    return letters or character


def starts(word: str) -> set[str]:
    """The first three letters of a word, the first four, and so on up to LONGEST_START; without the whole word."""
    return {word[:length] for length in range(SHORTEST_START, min(len(word) - 1, LONGEST_START) + 1)}


def parts(word: str) -> set[str]:
    """What one may know of a name that is written without spaces: 王小明 by 王, by 小明 and by each other part."""
    if len(word) > LONGEST_UNPARTED or not WITHOUT_SPACES.fullmatch(word):
        return set()
    return {word[start:end] for end in range(1, len(word) + 1) for start in range(end)}


def joined_words(words: list[str]) -> list[list[str]]:
    """For each word, the ways it may be written: alone, or as one with its neighbours, since O'Connor is OConnor."""
    runs = [(start, start + length) for length in range(1, MOST_JOINED + 1) for start in range(len(words) - length + 1)]
    return [["".join(words[start:end]) for start, end in runs if start <= at < end] for at in range(len(words))]
