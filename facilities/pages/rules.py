"""What a page must keep to before it is published, beside its words. A draft may break it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import BoundBlock
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import get_text_for_indexing

from facilities.sources.rich_text import LINKTYPE

MOST = {
    "call_to_action": (2, "A page asks at most 2 times. Remove this one."),
    "warning": (2, "A page warns at most 2 times: more would scare. Remove this one, or write it as text."),
    "related_pages": (1, "A page names related pages once. Put these into that list."),
}
HAVE_A_HEADING = ("section", "care_card", "warning", "call_to_action", "related_pages")
BELOW_A_SECTION = "Above this stands a section with a heading. Move this into that section, or before the first one."
REPEATED = "The text says this already, and a screen reader would read it twice. Give a fact that is new, or leave it."
ALONE = "A source stands alone here, and nobody sees what it proves. Put it behind the line or sentence that it proves."
CITATION = rf'<a\b[^>]*\blinktype="{LINKTYPE}"[^>]*>[^<]*</a>'
ONLY_CITED = re.compile(rf"<(p|li)\b[^>]*>\s*(?:{CITATION}[\s,.]*)+</\1>")

Place = tuple[int, ...]  # in the body, and in a section's content


def broken(body: Any) -> StreamBlockValidationError | None:
    """Every rule that a body breaks, at the block that breaks it, in the form in which blocks hand errors up."""
    errors: dict[Place, str] = {}
    for place, words in _complaints(list(_places(body))):
        errors.setdefault(place, words)
    return _as_errors(errors) if errors else None


def _places(body: Any) -> Iterator[tuple[Place, BoundBlock]]:
    """Each part with where it stands, in the order of reading; a section before what it holds."""
    for place, block in enumerate(body):
        yield (place,), block
        if block.block_type == "section":
            yield from (((place, inner), part) for inner, part in enumerate(block.value["content"]))


def _complaints(parts: list[tuple[Place, BoundBlock]]) -> Iterator[tuple[Place, str]]:
    seen: Counter[str] = Counter()
    said = " ".join(_plain(block.value["text"]) for _, block in parts if block.block_type == "text")
    for place, block in parts:
        kind = block.block_type
        seen[kind] += 1
        if kind in MOST and seen[kind] > MOST[kind][0]:
            yield place, MOST[kind][1]
        if len(place) == 1 and seen["section"] and kind not in HAVE_A_HEADING:
            yield place, BELOW_A_SECTION
        if kind == "key_fact" and (fact := _plain(block.value["fact"])) and fact in said:
            yield place, REPEATED
        if kind == "text" and ONLY_CITED.search(block.value["text"].source):
            yield place, ALONE


def _plain(text: Any) -> str:
    return " ".join(get_text_for_indexing(re.sub(CITATION, "", text.source)).lower().split()).rstrip(".")


def _as_errors(errors: dict[Place, str]) -> StreamBlockValidationError:
    tree: dict[int, Any] = {}
    for (place, *inner), words in errors.items():
        error = StructBlockValidationError(non_block_errors=[ValidationError(words)])
        if inner:
            tree.setdefault(place, {})[inner[0]] = error
        else:
            tree[place] = error
    return StreamBlockValidationError(
        block_errors={place: _of_section(error) if isinstance(error, dict) else error for place, error in tree.items()}
    )


def _of_section(errors: dict[int, ValidationError]) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={"content": StreamBlockValidationError(block_errors=errors)})
