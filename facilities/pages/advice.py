"""What would make a page better, for who writes it. What is refused stands in wording.py, rules.py and parts.py."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.rich_text import RichText

from facilities.pages.cited import SENTENCE_END, paragraphs
from facilities.pages.reading import LONG_SENTENCE, Reading, read
from facilities.pages.wording import parts_of
from facilities.pictures.alt_text import check_alt_text

PERSON_FIRST = Path(__file__).parents[1] / "person_first.toml"
MOST_GRADE, MOST_LIX = 8, 35
MOST_SUMMARY = 40  # words
MOST_ALT = 150  # characters: who listens cannot skim
NUMBER = re.compile(
    r"""\d (?: [\d.,]* \s? (?: % | percent\b | per\scent\b | million\b | billion\b | times\s (?:as|more|less) )
        | [\d,]* \s (?: in | out\sof ) \s \d )
      | \b (?: half | a\sthird | a\squarter | one | two | three | four | nine ) \s (?: of | in ) \s
        (?: all | two | three | four | five | ten | people | adults | the\speople ) \b""",
    re.IGNORECASE | re.VERBOSE,
)
RISKS = re.compile(r"\b(?:opioid|heroin|fentanyl|alcohol|benzodiazepine|withdrawal|overdose|detox)s?\b", re.IGNORECASE)
TWO_TITLES = re.compile(r"\s*[/|·•]\s*|\s+[-–—]\s+|\s*[()]\s*")
SPANISH_SIGN = re.compile(
    r"[¿¡ñáéíóúü]|\b(?:cómo|qué|el|la|los|las|del|sin|ayuda|para|tratamiento|una|dejar)\b", re.IGNORECASE
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")


@dataclass(frozen=True)
class Advice:
    about: str
    words: str


@dataclass(frozen=True)
class Advised:
    """What the panel shows: how the page reads, and one line for each thing to look at."""

    reading: Reading | None
    is_hard: bool
    advice: list[Advice]


def advise(page: Any) -> Advised:
    """`page` is a draft with title, summary and body."""
    texts = list(_texts(page.body.stream_block, page.body))
    sentences = [words for text in texts for words, _ in text]
    reading = _reading(page, sentences)
    lines = [*_long(reading), *_title(page), *_summary(page), *_care_card(page), *_numbers(texts)]
    lines += [*_person_first([page.title, page.summary, *_headings(page.body.stream_block, page.body), *sentences])]
    return Advised(reading, is_hard(reading), [*lines, *_pictures(page.body.stream_block, page.body)])


def reading_of(page: Any) -> Reading | None:
    texts = _texts(page.body.stream_block, page.body)
    return _reading(page, [words for text in texts for words, _ in text])


def _reading(page: Any, sentences: list[str]) -> Reading | None:
    return read([*SENTENCE_END.split(page.summary), *sentences])


def is_hard(reading: Reading | None) -> bool:
    return bool(reading) and (reading.grade > MOST_GRADE or reading.lix >= MOST_LIX)


def _long(reading: Reading | None) -> Iterator[Advice]:
    for sentence in reading.longest if reading else ():
        yield Advice("Long sentence", f"More than {LONG_SENTENCE} words. Make two of it: “{sentence}”")


def _title(page: Any) -> Iterator[Advice]:
    parts = [part.strip() for part in TWO_TITLES.split(page.title) if part.strip()]
    if len(parts) > 1 and any(SPANISH_SIGN.search(part) for part in parts):
        words = "It seems to be in two languages. Keep one: a page has one language, and who listens hears one voice."
        yield Advice("Title", f"{words} Where the form has a title in Spanish, the other belongs there.")


def _summary(page: Any) -> Iterator[Advice]:
    if (count := len(page.summary.split())) > MOST_SUMMARY:
        yield Advice("Summary", f"It has {count} words. Give the plain answer in {MOST_SUMMARY} or fewer.")


def _care_card(page: Any) -> Iterator[Advice]:
    topics = " ".join(topic.name for topic in page.topics.all()) if hasattr(page, "topics") else ""
    found = RISKS.search(f"{page.title} {topics}")
    first = page.body[0].block_type if len(page.body) else ""
    if found and first != "care_card":
        words = f"A page about “{found[0].lower()}” begins with a care card: who to call, and when."
        yield Advice("Care card", words)


def _numbers(texts: list[list[tuple[str, tuple[int, ...]]]]) -> Iterator[Advice]:
    """A source behind a later sentence of the same paragraph counts for what stands before it."""
    for text in texts:
        for place, (words, _) in enumerate(text):
            if (found := NUMBER.search(words)) and not any(keys for _, keys in text[place:]):
                yield Advice("Number without a source", f"Say where “{found[0].strip()}” comes from: “{words}”")


def _person_first(sentences: list[str]) -> Iterator[Advice]:
    seen = set()
    for sentence in sentences:
        for pattern, instead in _judging():
            for found in pattern.finditer(QUOTED.sub(" ", sentence)):
                if (word := found[0].lower()) not in seen:
                    seen.add(word)
                    yield Advice("Person first", f"Instead of “{found[0]}”, write: {instead}.")


@cache
def _judging() -> list[tuple[re.Pattern, str]]:
    entries = tomllib.loads(PERSON_FIRST.read_text())["words"]
    return [(re.compile(entry["pattern"], re.IGNORECASE | re.VERBOSE), entry["instead"]) for entry in entries]


def _pictures(block: blocks.Block, value: Any) -> Iterator[Advice]:
    if isinstance(value, blocks.StructValue) and "image" in value and (picture := value["image"]):
        alt, caption = picture.contextual_alt_text or "", value.get("caption")
        yield from _alt_text(alt, caption.source if caption else "")
    for _, child, inner in parts_of(block, value):
        yield from _pictures(child, inner)


def _alt_text(alt: str, caption: str) -> Iterator[Advice]:
    try:
        check_alt_text(alt)
    except ValidationError as error:
        yield Advice("Alt text", next(iter(error)))
    said = " ".join(words for text in paragraphs(caption) for words, _ in text)
    if alt and alt.strip(". ").lower() == said.strip(". ").lower():
        yield Advice(
            "Alt text", "It says what the caption says. Say what the picture shows, below it what to conclude."
        )
    if len(alt) > MOST_ALT:
        words = f"It has {len(alt)} characters. Say the most important in {MOST_ALT}, and the rest in the text."
        yield Advice("Alt text", words)


def _texts(block: blocks.Block, value: Any) -> Iterator[list[tuple[str, tuple[int, ...]]]]:
    """Each paragraph, line and cell, as sentences with the keys of what they cite."""
    if isinstance(value, RichText):
        yield from (text for text in paragraphs(value.source) if text)
    for _, child, inner in parts_of(block, value):
        yield from _texts(child, inner)


def _headings(block: blocks.Block, value: Any) -> Iterator[str]:
    for name, child, inner in parts_of(block, value):
        if isinstance(child, blocks.CharBlock) and name != "anchor":
            yield inner or ""
        yield from _headings(child, inner)
