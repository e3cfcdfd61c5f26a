"""Finds the sentences of a page that cite a source, with what they cite, in the order of reading."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText
from wagtail.rich_text.rewriters import extract_attrs

from facilities.pages.citations import EACH
from facilities.pages.wording import parts_of
from facilities.review.sentences import CitedSentence
from facilities.sources.models import Source
from facilities.sources.rich_text import is_key
from facilities.wording import PARAGRAPH_END

TAG = re.compile(r"<[^>]+>")
MARK = re.compile(r"⟦(\d+)⟧")  # where a source is cited, while a text is taken apart
AFTER_THE_STOP = re.compile(r"([.!?:]+[\"”’)]*)((?:\s*⟦\d+⟧)+)")
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bU\.S\.)(?<!\be\.g\.)(?<!\bi\.e\.)[\"”’)]*\s+(?=\S)")


def cited_sentences(body: StreamValue) -> list[CitedSentence]:
    """A source that is gone is left out, and a sentence that cites nothing else with it."""
    found = list(_within(body.stream_block, body, ""))
    sources = Source.objects.in_bulk({key for _, keys, _ in found for key in keys})
    told = [(words, tuple(sources[key] for key in keys if key in sources), place) for words, keys, place in found]
    return [CitedSentence(words, cited, place) for words, cited, place in told if cited]


def _within(block: blocks.Block, value: Any, place: str) -> Iterator[tuple[str, tuple[int, ...], str]]:
    if isinstance(value, RichText):
        yield from ((words, keys, place) for words, keys in _sentences(value.source, block.label))
        return
    heading = value.get("heading", "") if isinstance(value, blocks.StructValue) else ""
    for _, child, inner in parts_of(block, value):
        yield from _within(child, inner, heading or place)


def _sentences(html: str, label: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each sentence that cites something, with the keys of what it cites; a source alone stands for what is above."""
    for words, keys in (sentence for paragraph in paragraphs(html) for sentence in paragraph):
        if keys:
            yield (words.strip(" ,.") and words) or f"({label}: all of what stands above it)", keys


def paragraphs(html: str) -> Iterator[list[tuple[str, tuple[int, ...]]]]:
    """A text as it is stored, as sentences in plain words, each with the keys of the sources that it cites."""
    for paragraph in PARAGRAPH_END.split(EACH.sub(lambda mark: _mark(mark[1]), html)):
        text = " ".join(unescape(TAG.sub(" ", paragraph)).split())
        yield [_sentence(each) for each in SENTENCE_END.split(AFTER_THE_STOP.sub(r"\2\1", text)) if each.strip()]


def _sentence(text: str) -> tuple[str, tuple[int, ...]]:
    words = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(MARK.sub(" ", text).split()))
    return words, tuple(dict.fromkeys(int(key) for key in MARK.findall(text)))


def _mark(attributes: str) -> str:
    key = extract_attrs(attributes).get("id")
    return f"⟦{int(key)}⟧" if is_key(key) else ""
