"""Takes plain text apart into lines. Its headings are guessed: short lines that stand alone."""

import re
from collections.abc import Iterator

from facilities.pasting.lines import Kind, Line, Run, joined
from facilities.pasting.told import Told

MOST_HEADING = 90  # characters
GUESSED = "This was plain text: short lines that stand alone were taken for headings. Bold, links and tables are lost."
BULLET = re.compile(r"\s*[-*•·▪‣o]\s+(?=\S)")
NUMBERED = re.compile(r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+(?=\S)")
MARKED_HEADING = re.compile(r"\s*(#{1,6})\s+(?=\S)")  # as Markdown writes them
ENDS_A_SENTENCE = re.compile(r"[.,;:!…\"”)\]\d¹²³⁰-⁹]\s*$")


def take_apart(words: str, told: Told) -> list[Line]:
    told.say(GUESSED)
    lines = list(_lines(words))
    headings = [line for line in lines if line.kind is Kind.HEADING]
    if lines and headings and headings[0] is lines[0] and all(line.level for line in headings):
        lines[0].level = 1
    return lines


def _lines(words: str) -> Iterator[Line]:
    paragraphs = re.split(r"\n\s*\n", words.replace("\r\n", "\n").replace("\r", "\n"))
    are_lines_paragraphs = len([each for each in paragraphs if each.strip()]) < 2
    for paragraph in paragraphs:
        rows = [row for row in paragraph.split("\n") if row.strip()]
        for row in rows if are_lines_paragraphs else _unwrapped(rows):
            yield _line(row, stands_alone=are_lines_paragraphs or len(rows) == 1)


def _unwrapped(rows: list[str]) -> list[str]:
    """Rows that a program broke are one again; items of a list stay apart."""
    found: list[str] = []
    for row in rows:
        if found and not BULLET.match(row) and not NUMBERED.match(row) and not MARKED_HEADING.match(row):
            found[-1] += f" {row.strip()}"
        else:
            found.append(row)
    return found


def _line(row: str, *, stands_alone: bool) -> Line:
    if marked := MARKED_HEADING.match(row):
        return Line(Kind.HEADING, _runs(row[marked.end() :].rstrip("# ")), len(marked[1]))
    if NUMBERED.match(row):
        return Line(Kind.NUMBERED, _runs(row))  # with its number: a list of sources is counted by it
    if bullet := BULLET.match(row):
        return Line(Kind.BULLET, _runs(row[bullet.end() :]))
    is_heading = stands_alone and len(row.strip()) <= MOST_HEADING and not ENDS_A_SENTENCE.search(row)
    return Line(Kind.HEADING, _runs(row), 2) if is_heading else Line(Kind.PARAGRAPH, _runs(row))


def _runs(text: str) -> list[Run]:
    return joined([Run(re.sub(r"[\s\u00a0]+", " ", text))])
