"""Whether what somebody wrote may mean danger now. It is decided on this machine, from crisis_words.toml."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("crisis_words.toml")
APOSTROPHES = re.compile(r"['’‘`´ʼ]")
NOT_A_WORD = re.compile(r"[\W_]+")


def means_danger(*texts: str) -> bool:
    """In English or Spanish, whatever language was chosen; unsure means True. Nothing of a text is kept or logged."""
    danger, harmless = _patterns()
    return any(danger.search(harmless.sub(" ", folded)) for folded in map(fold, texts) if folded)


def fold(text: str) -> str:
    """Small letters without accents and apostrophes, one space between words: "Can’t go ON!" is "cant go on"."""
    decomposed = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold()
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return NOT_A_WORD.sub(" ", plain).strip()


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    contents = tomllib.loads(WORDS.read_text())
    danger = [pattern for words in contents["words"] for pattern in words["patterns"]]
    return _any_of(danger), _any_of(contents["harmless"]["patterns"])


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + r")\b")
