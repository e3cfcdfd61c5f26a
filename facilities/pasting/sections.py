"""Finds the title of a text and its sections: headings of any level, with skipped levels mended."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from facilities.pasting.lines import Kind, Line, Piece
from facilities.pasting.told import Told

LONGEST_HEADING = 120  # characters, as the part "Section" takes
LONGEST_TITLE = 255
BOLD_LINES = "Bold lines that stand alone were taken for headings: the text has no others."
MENDED = "Levels of headings were mended: a level was skipped, and pages skip none."
FLATTENED = "Headings on a third level stand on the second now: a page has no deeper ones."
TOO_LONG = "A heading was too long for one, and became a paragraph."


@dataclass
class Section:
    """`heading` is "" for what stands before the first one."""

    heading: str = ""
    pieces: list[Piece] = field(default_factory=list)


def bold_lines_as_headings(pieces: list[Piece], told: Told) -> None:
    """Of a text that has no heading but, perhaps, its title."""
    headings = [piece for piece in pieces if _is_heading(piece)]
    if len(headings) > 1 or (headings and headings[0] is not pieces[0]):
        return
    bold = [piece for piece in pieces if isinstance(piece, Line) and _is_short_and_bold(piece)]
    if bold:
        told.say(BOLD_LINES)
    for line in bold:
        line.kind, line.level = Kind.HEADING, 2


def _is_heading(piece: Piece) -> bool:
    return isinstance(piece, Line) and piece.kind is Kind.HEADING


def _is_short_and_bold(line: Line) -> bool:
    is_short = len(line.text) <= LONGEST_HEADING and not line.text.endswith((".", ",", ";", ":"))
    return line.kind is Kind.PARAGRAPH and is_short and line.is_bold


def unlong(pieces: Iterable[Piece], told: Told) -> None:
    for piece in pieces:
        if isinstance(piece, Line) and piece.kind is Kind.HEADING and len(piece.text) > LONGEST_HEADING:
            told.say(TOO_LONG, piece.text)
            piece.kind, piece.level = Kind.PARAGRAPH, 0


def take_title(pieces: list[Piece]) -> str:
    """The first piece, where it is a heading that stands above all others. It is taken out of the pieces."""
    first = pieces[0] if pieces else None
    if not isinstance(first, Line) or first.kind is not Kind.HEADING or len(first.text) > LONGEST_TITLE:
        return ""
    others = [piece.level for piece in pieces[1:] if isinstance(piece, Line) and piece.kind is Kind.HEADING]
    if others and min(others) <= first.level:
        return ""
    pieces.pop(0)
    return first.text.replace("\n", " ")


def into_sections(pieces: list[Piece], told: Told) -> list[Section]:
    """Headings that stand under no other begin a section; those below become headings within its text."""
    sections, above, tops = [Section()], [], []
    for piece in pieces:
        if not isinstance(piece, Line) or piece.kind is not Kind.HEADING:
            sections[-1].pieces.append(piece)
            continue
        level = piece.level
        above = [each for each in above if each < level]
        if level - (above[-1] if above else (tops or [level])[-1]) > (1 if above else 0):
            told.say(MENDED)
        if above:
            _keep_within(sections[-1], piece, len(above), told)
        else:
            sections.append(Section(piece.text.replace("\n", " ")))
            tops.append(level)
        above.append(level)
    return [section for section in sections if section.heading or section.pieces]


def _keep_within(section: Section, heading: Line, depth: int, told: Told) -> None:
    if depth > 1:
        told.say(FLATTENED, heading.text)
    section.pieces.append(heading)
