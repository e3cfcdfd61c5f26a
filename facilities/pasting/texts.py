"""Writes lines as the editor would store them: its features decide what is kept, through Wagtail's own converter."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from facilities.pasting.lines import Kind, Line

BLOCK_TYPES = {Kind.BULLET: ("ul", "unordered-list-item"), Kind.NUMBERED: ("ol", "ordered-list-item")}
MOST_DEEP = 4  # levels of a list, as Draftail has them


@cache
def _converter(features: tuple[str, ...]) -> ContentstateConverter:
    return ContentstateConverter(features)


def stored(lines: Sequence[Line], features: Sequence[str]) -> str:
    """As the database has a text of these features."""
    state = content_state(lines, features)
    return _converter(tuple(features)).to_database_format(json.dumps(state)) if state["blocks"] else ""


def content_state(lines: Sequence[Line], features: Sequence[str]) -> dict[str, Any]:
    """Draft.js's form of a text. A heading within a section is an h3, however deep it stood."""
    blocks, entities, depth = [], {}, -1
    for line in lines:
        kind = _block_type(line, features)
        depth = min(line.level, depth + 1, MOST_DEEP) if line.is_item else -1
        blocks.append(
            {
                "key": f"p{len(blocks):04}",
                "text": line.text,
                "type": kind,
                "depth": max(depth, 0) if kind.endswith("item") else 0,
                **_ranges(line, entities),
            }
        )
    return {"blocks": blocks, "entityMap": entities}


def _block_type(line: Line, features: Sequence[str]) -> str:
    feature, kind = BLOCK_TYPES.get(line.kind, ("h3", "header-three") if line.kind is Kind.HEADING else ("", ""))
    return kind if feature in features else "unstyled"


def _ranges(line: Line, entities: dict[str, Any]) -> dict[str, list]:
    styles, links, offset = [], [], 0
    for run in line.runs:
        place = {"offset": offset, "length": len(run.text)}
        is_bold = run.bold and line.kind is not Kind.HEADING
        styles += [{**place, "style": name} for name, has in (("BOLD", is_bold), ("ITALIC", run.italic)) if has]
        if run.href:
            links.append({**place, "key": len(entities)})
            entities[str(len(entities))] = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": run.href}}
        offset += len(run.text)
    return {"inlineStyleRanges": styles, "entityRanges": links}
