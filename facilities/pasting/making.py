"""Makes the draft of an article of a pasted text and of what a person confirmed of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import Page

from facilities.directory.models import PLAIN_TEXT
from facilities.pages.models import ArticlePage
from facilities.pages.parts import LINE
from facilities.pasting.lines import Kind, Line, Place, Run, Table
from facilities.pasting.marks import TOKEN, Mark, written_out
from facilities.pasting.pasted import Pasted
from facilities.pasting.sections import Section
from facilities.pasting.texts import stored
from facilities.pictures.models import Picture
from facilities.sources.models import Source
from facilities.sources.rich_text import FEATURE, cite

TEXT = [*PLAIN_TEXT, FEATURE]
LEFT_OVER = "Sources that were not entered"

Block = dict[str, Any]


@dataclass(frozen=True)
class Confirmed:
    """What a person said about a text: sources by the number of their line, numbers of marks, pictures by place."""

    sources: Mapping[int, Source]
    marks: frozenset[int]
    pictures: Sequence[tuple[Picture | None, str]]
    captions: Sequence[str]  # of the tables
    calls: Sequence[Block | None]  # after half of the sections, and at the end


@transaction.atomic
def make_draft(
    parent: Page, pasted: Pasted, confirmed: Confirmed, *, title: str, summary: str, by: User
) -> ArticlePage:
    page = ArticlePage(title=title, summary=summary, owner=by, live=False, has_unpublished_changes=True)
    page.body = json.dumps(list(_Writing(pasted, confirmed).body()))
    parent.add_child(instance=page)
    page.save_revision(user=by, log_action=True, clean=False)
    return page


class _Writing:
    def __init__(self, pasted: Pasted, confirmed: Confirmed) -> None:
        self.pasted, self.confirmed = pasted, confirmed
        self.marks = {mark.number: mark for mark in pasted.marks}
        self.pictures, self.captions = iter(confirmed.pictures), iter(confirmed.captions)

    def body(self) -> Iterator[Block]:
        sections = [section for section in self.pasted.sections if section.heading]
        half = sections[(len(sections) - 1) // 2] if sections else None
        middle, end = self.confirmed.calls
        for section in self.pasted.sections:
            yield from self.section(section)
            if section is half and middle:
                yield middle
        if middle and half is None:
            yield middle
        if lines := list(self.left_over()):
            yield from self.section(Section(LEFT_OVER, lines))
        if end:
            yield end

    def section(self, section: Section) -> Iterator[Block]:
        parts = list(self.parts(section))
        if section.heading:
            yield {"type": "section", "value": {"heading": section.heading, "content": parts}}
        else:
            yield from parts

    def parts(self, section: Section) -> Iterator[Block]:
        """Lines that follow one another are one text."""
        lines: list[Line] = []
        for piece in [*section.pieces, None]:
            if isinstance(piece, Line):
                lines.append(piece)
                continue
            if lines:
                yield {"type": "text", "value": {"text": self.text(lines, TEXT)}}
                lines = []
            if isinstance(piece, Table):
                yield self.table(piece)
            elif isinstance(piece, Place):
                yield self.picture(piece)

    def text(self, lines: Sequence[Line], features: Sequence[str]) -> str:
        return TOKEN.sub(lambda token: self.citation(self.marks[int(token[1])]), stored(lines, features))

    def citation(self, mark: Mark) -> str:
        """What nobody confirmed stays in words."""
        if mark.number not in self.confirmed.marks:
            return escape(written_out(mark))
        known = [self.confirmed.sources[line] for line in mark.lines if line in self.confirmed.sources]
        missing = [str(line) for line in mark.lines if line not in self.confirmed.sources]
        return "".join(map(cite, dict.fromkeys(known))) + (f" [{', '.join(missing)}]" if missing else "")

    def table(self, table: Table) -> Block:
        headings, *rows = table.rows
        columns = [{"type": "text", "heading": " ".join(line.text for line in cell)} for cell in headings]
        values = [{"values": [self.text(cell, LINE) for cell in row]} for row in rows]
        caption = next(self.captions, table.caption)
        return {"type": "table", "value": {"table": {"columns": columns, "rows": values, "caption": caption}}}

    def picture(self, place: Place) -> Block:
        """Without one, words keep its place, and nothing is published until somebody has chosen it."""
        image, alt = next(self.pictures, (None, place.alt))
        caption = self.text(place.caption, LINE)
        if image is None:
            said = f", and said: “{alt or place.alt}”" if alt or place.alt else ""
            caption = f"<p>{escape(f'A picture stood here{said}.')}</p>{caption}"
        shown = {"image": image.pk if image else None, "alt_text": alt, "decorative": False}
        return {"type": "image", "value": {"image": shown, "caption": caption}}

    def left_over(self) -> Iterator[Line]:
        for reference in self.pasted.references:
            if reference.number not in self.confirmed.sources:
                yield Line(Kind.PARAGRAPH, [Run(f"{reference.number}. {reference.words}")])
