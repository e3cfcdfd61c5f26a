"""Reads a pasted text: its title, summary, sections, list of sources, and where it cites them.

It asks nobody and stores nothing: the same text is read the same way each time. A person confirms what it found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape

from facilities.pages.cited import paragraphs
from facilities.pages.models import SUMMARY_LENGTH
from facilities.pasting import html, plain
from facilities.pasting.lines import Kind, Line, Piece, Place, Run, Table, joined
from facilities.pasting.marks import CLOSES, OPENS, TOKEN, Mark, Marks, without_tokens
from facilities.pasting.references import Reference, part_off
from facilities.pasting.sections import Section, bold_lines_as_headings, into_sections, take_title, unlong
from facilities.pasting.told import Told
from facilities.sources.rich_text import LINKTYPE

IS_HTML = re.compile(r"<(?:html|body|p|h[1-6]|div|ul|ol|table|span|b|meta)\b[^>]*>", re.IGNORECASE)
MOST_WORDS_OF_A_SUMMARY = 40
IN_A_HEADING = "A heading or caption holds no citations: the mark in it stays as words. Cite behind a sentence instead."
RAISED_GONE = "Raised words that cite nothing stand on the line now."
UNCITED = "Lines of the list of sources that nothing in the text cites stay out of the page, unless you cite them."
FIRST_ROW = "The first row of a table became the headings of its columns: no row was marked as such."


@dataclass
class Pasted:
    """What a text says. `told` are sentences on what was left out or changed."""

    title: str
    summary: str
    sections: list[Section]
    references: list[Reference]
    marks: list[Mark]
    told: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """Of pictures."""
        return [piece for section in self.sections for piece in section.pieces if isinstance(piece, Place)]

    @property
    def tables(self) -> list[Table]:
        return [piece for section in self.sections for piece in section.pieces if isinstance(piece, Table)]


def read(words: str) -> Pasted:
    """HTML, with or without a whole page around it, or plain text."""
    told = Told()
    words = words.replace(OPENS, "").replace(CLOSES, "").replace("\x00", "")
    pieces = html.take_apart(words, told) if IS_HTML.search(words) else plain.take_apart(words, told)
    pieces, references = part_off(pieces, told)
    bold_lines_as_headings(pieces, told)
    title = take_title(pieces)
    unlong(pieces, told)
    marks = Marks(frozenset(reference.number for reference in references), told)
    for line in _lines(pieces):
        marks.within(line)
    for table in (piece for piece in pieces if isinstance(piece, Table)):
        _give_headings(table, told)
    _keep_out_of_headings(pieces, marks.found, told)
    _say_what_is_raised(pieces, told)
    summary = _take_summary(pieces)
    sections = into_sections(pieces, told)
    _find_sentences(sections, marks.found)
    cited = {number for mark in marks.found for number in mark.lines}
    for reference in references:
        if reference.number not in cited:
            told.say(UNCITED, reference.words)
    return Pasted(title, summary, sections, references, marks.found, told.sentences())


def _lines(pieces: list[Piece]) -> Iterator[Line]:
    """All of them, also within tables and below pictures, in the order of reading."""
    for piece in pieces:
        if isinstance(piece, Line):
            yield piece
        elif isinstance(piece, Table):
            yield from (line for row in piece.rows for cell in row for line in cell)
        else:
            yield from piece.caption


def _give_headings(table: Table, told: Told) -> None:
    if not table.has_headings:
        told.say(FIRST_ROW)


def _keep_out_of_headings(pieces: list[Piece], marks: list[Mark], told: Told) -> None:
    """A mark there is written out again, and no longer one: nobody could confirm it."""
    headings = [line for line in pieces if isinstance(line, Line) and line.kind is Kind.HEADING]
    for table in (piece for piece in pieces if isinstance(piece, Table)):
        headings += [line for cell in table.rows[0] for line in cell]
    for line in headings:
        if TOKEN.search(line.text):
            words = without_tokens(line.text, marks)
            told.say(IN_A_HEADING, words)
            line.runs = joined([Run(words)])


def _say_what_is_raised(pieces: list[Piece], told: Told) -> None:
    for run in (run for line in _lines(pieces) for run in line.runs if run.raised and run.text.strip()):
        told.say(RAISED_GONE, run.text)


def _take_summary(pieces: list[Piece]) -> str:
    """The first paragraph, where it is short and stands before the first heading. It is taken out of the pieces."""
    first = pieces[0] if pieces else None
    if not isinstance(first, Line) or first.kind is not Kind.PARAGRAPH or TOKEN.search(first.text):
        return ""
    if any(run.href for run in first.runs):  # a summary has no links
        return ""
    if len(first.text) > SUMMARY_LENGTH or len(first.text.split()) > MOST_WORDS_OF_A_SUMMARY:
        return ""
    pieces.pop(0)
    return first.text.replace("\n", " ")


def _find_sentences(sections: list[Section], marks: list[Mark]) -> None:
    """In which each mark stands, and their order. One that ended in no text is left out."""
    stands: dict[int, Mark] = {}
    for section in sections:
        for line in _lines(section.pieces):
            cited = TOKEN.sub(lambda token: f'<a linktype="{LINKTYPE}" id="{token[1]}"></a>', escape(line.text))
            for words, numbers in (each for text in paragraphs(f"<p>{cited}</p>") for each in text):
                for number in numbers:
                    stands[number] = replace(marks[number - 1], sentence=words, section=section.heading)
    marks[:] = stands.values()
