"""Words that promise what nobody can keep: found in what is about to be published, with the reason for each."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.fields import RichTextField
from wagtail.rich_text import RichText, get_text_for_indexing

BANNED = Path(__file__).with_suffix(".toml")
UNSEEN = {ord(sign): None for sign in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}  # between letters, and not to be seen
PARAGRAPH_END = re.compile(r"</(?:p|li|h\d)>")
PHONE_LINK = re.compile(r"""<a\b[^>]*\bhref=["']?\s*(?:tel|sms|callto):""", re.IGNORECASE)
LINKED_NUMBER = (
    "A phone link in a text stays when the number changes, and does not say who answers. Take the link out: use the "
    "part “Call to action”. Numbers of crisis lines become links by themselves."
)
REACH = 120  # characters before a match in which "not" may stand


@dataclass(frozen=True)
class Banned:
    """One kind of wording, as wording.toml has it."""

    word: str
    reason: str
    instead: str
    pattern: re.Pattern
    unless_before: re.Pattern | None
    unless_in_text: re.Pattern | None

    def find(self, text: str) -> str | None:
        """The first words in the text that may not be published."""
        if self.unless_in_text and self.unless_in_text.search(text):
            return None
        matches = (found for found in self.pattern.finditer(text) if not self._is_undone(found, text))
        return next((found[0].strip() for found in matches), None)

    def _is_undone(self, found: re.Match, text: str) -> bool:
        before = text[max(0, found.start() - REACH) : found.start()]
        return bool(self.unless_before and self.unless_before.search(before))


@cache
def all_banned() -> list[Banned]:
    names = ("pattern", "unless_before", "unless_in_text")
    entries = tomllib.loads(BANNED.read_text())["banned"]
    return [Banned(**{**dict.fromkeys(names), **entry, **_compiled(entry, names)}) for entry in entries]


def _compiled(entry: dict[str, str], names: tuple[str, ...]) -> dict[str, re.Pattern]:
    return {name: re.compile(entry[name], re.IGNORECASE | re.VERBOSE) for name in names if name in entry}


def complaints(written: str | RichText) -> list[str]:
    """A sentence for each kind of banned wording in a text: the words, why not, and what to write instead."""
    if isinstance(written, RichText):
        texts = [get_text_for_indexing(part) for part in PARAGRAPH_END.split(written.source)]
    else:
        texts = [written]
    found = [complaint for text in texts for complaint in _complaints(_as_read(text))]
    if isinstance(written, RichText) and PHONE_LINK.search(written.source):
        found.append(LINKED_NUMBER)
    return list(dict.fromkeys(found))


def _as_read(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(UNSEEN).split())


def _complaints(text: str) -> Iterator[str]:
    for banned in all_banned():
        if words := banned.find(text):
            yield f"“{words}” cannot be published. {banned.reason} {banned.instead}"


def check_fields(instance: models.Model, *names: str) -> None:
    """For the `clean` of what is published as soon as it is saved. Raises ValidationError, by field."""
    found = {}
    for name in names:
        is_rich = isinstance(instance._meta.get_field(name), RichTextField)
        value = getattr(instance, name)
        if complained := complaints(RichText(value) if is_rich else value):
            found[name] = complained
    if found:
        raise ValidationError(found)


def check_wording(written: str | RichText) -> None:
    """Raises ValidationError with every complaint about a text."""
    if found := complaints(written):
        raise ValidationError(found)
