"""What a pasted text is taken apart into, before anybody asks which of it is a heading, a citation or a source."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum


class Kind(Enum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET = "bullet"
    NUMBERED = "numbered"


@dataclass(frozen=True)
class Run:
    """Words of one look. A "\\n" is a break within a line."""

    text: str
    bold: bool = False
    italic: bool = False
    raised: bool = False
    href: str = ""

    def looks_like(self, other: "Run") -> bool:
        return replace(self, text="") == replace(other, text="")


@dataclass
class Line:
    """One paragraph, heading or item of a list. `level` is that of a heading, or how deep an item stands, from 0."""

    kind: Kind
    runs: list[Run] = field(default_factory=list)
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def is_item(self) -> bool:
        return self.kind in (Kind.BULLET, Kind.NUMBERED)

    @property
    def is_bold(self) -> bool:
        return all(run.bold for run in self.runs if run.text.strip())


@dataclass
class Table:
    """Rows of cells of lines; every row has as many. `has_headings`: the first row was marked as such."""

    rows: list[list[list[Line]]]
    caption: str = ""
    has_headings: bool = False


@dataclass
class Place:
    """Where a picture stood: what it said to who cannot see it, and the words below it."""

    alt: str = ""
    caption: list[Line] = field(default_factory=list)


Piece = Line | Table | Place


def joined(runs: Iterable[Run]) -> list[Run]:
    """The same words with neighbours of one look as one run, one space between words, and none at the ends."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].looks_like(run):
            found[-1] = replace(run, text=found[-1].text + run.text)
        elif run.text:
            found.append(run)
    return _without_ends(_spaced(found))


def _spaced(runs: list[Run]) -> list[Run]:
    """One space where there were several, also over the border of two runs."""
    before, spaced = "\n", []
    for run in runs:
        text = ""
        for sign in run.text:
            if sign == " " and before in " \n":
                continue
            if sign == "\n":
                text = text.rstrip(" ")
            text += sign
            before = sign
        spaced.append(replace(run, text=text))
    return [run for run in spaced if run.text]


def _without_ends(runs: list[Run]) -> list[Run]:
    while runs and (text := runs[0].text.lstrip()) != runs[0].text:
        runs = [replace(runs[0], text=text), *runs[1:]] if text else runs[1:]
    while runs and (text := runs[-1].text.rstrip()) != runs[-1].text:
        runs = [*runs[:-1], replace(runs[-1], text=text)] if text else runs[:-1]
    return runs
