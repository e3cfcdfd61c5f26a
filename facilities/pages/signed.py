"""What a signature on a page covers: its words, and what the sources and facts that it names say to its readers."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import models
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText

from facilities.directory.claims import Claim
from facilities.directory.models import PhoneLine
from facilities.pages.wording import parts_of
from facilities.pictures.models import Picture
from facilities.sources.models import Source

# What pages show of a row. Hours and days of a check change all the time, and a second person looks at them elsewhere.
SHOWN = {
    Source: ("title", "authors", "publisher", "year", "url"),
    PhoneLine: ("number", "answered_by", "answered_by_es", "languages"),
    Claim: ("wording", "wording_es"),
    Picture: ("file", "credit"),
}
OF_THE_EDITOR = re.compile(r' data-block-key="[^"]*"')  # the editor numbers paragraphs; nobody reads that


def what_is_signed(words: dict[str, str], body: StreamValue) -> dict[str, Any]:
    """`words` are the fields of the page beside its body."""
    return {"words": words, "body": _told(body.stream_block, body), "rows": dict(_rows(body))}


def _told(block: blocks.Block, value: Any) -> Any:
    """A block's value without what is stored beside it, so that the same words are the same however they were saved."""
    if parts := [(str(place), child, inner) for place, child, inner in parts_of(block, value)]:
        told = [[place, _kind(child), _told(child, inner)] for place, child, inner in parts]
        return [*told, _plain(value)] if isinstance(value, models.Model) else told
    return "" if isinstance(block, blocks.StreamBlock | blocks.ListBlock) else _plain(value)


def _kind(block: blocks.Block) -> str:
    return type(block).__name__


def _plain(value: Any) -> str:
    if isinstance(value, RichText):
        return OF_THE_EDITOR.sub("", value.source)
    if isinstance(value, models.Model):
        return str(value.pk)
    return "" if value is None else str(value)


def _rows(body: StreamValue) -> Iterator[tuple[str, list[str]]]:
    named: dict[type[models.Model], set[str]] = defaultdict(set)
    for model, key, *_ in body.stream_block.extract_references(body):
        named[model].add(key)
    for model, names in SHOWN.items():
        rows = model.objects.filter(pk__in=named[model]).values_list("pk", *names) if named[model] else ()
        yield from ((f"{model._meta.label} {key}", [str(value) for value in told]) for key, *told in rows)
