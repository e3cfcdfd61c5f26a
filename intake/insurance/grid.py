"""The grid of a coverage: for each level of care and network, what holds of all that was said, and what differs."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from facilities.directory.levels import LevelOfCare
from intake.insurance.amounts import is_placeholder
from intake.insurance.lines import Answer, BenefitLine
from intake.insurance.verification import VerificationOfBenefits

Network = BenefitLine.Network
PARTS = {part: place for place, part in enumerate(BenefitLine.Part.values)}
ORDER = {what: place for place, what in enumerate(BenefitLine.What.values)}


class Cell(NamedTuple):
    """What was said of one thing. More than one is `shown` where one answer says two things: nobody chose."""

    name: str
    shown: list[BenefitLine]
    differing: list[BenefitLine]

    @property
    def is_contested(self) -> bool:
        return len(self.shown) > 1 and self.shown[0].what != BenefitLine.What.EXCLUSION  # of which there may be many

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to ask."""
        line = self.shown[0]
        return not self.is_contested and line.is_known and not line.verification.is_outdated


class Column(NamedTuple):
    """What was said of a level in one network."""

    network: str
    heading: str
    cells: list[Cell]


class Row(NamedTuple):
    """A level of care, or the plan as a whole (None), in each network of which anything was said."""

    level: LevelOfCare | None
    columns: list[Column]


Cells = dict[tuple[int | None, str], dict[tuple, Cell]]


def cells_of(lines: Iterable[BenefitLine]) -> Cells:
    """By level and network, and then by what they are about."""
    said = defaultdict(list)
    for line in lines:
        for network in line.networks:
            said[network, line.facts].append(line)
    found: Cells = defaultdict(dict)
    for (network, facts), of_it in said.items():
        found[facts[0], network][facts] = _cell(of_it)
    return found


class Said:
    """What is said of a level (or of the plan) in a network. Of what is contested, nothing is."""

    def __init__(self, cells: Cells, level: LevelOfCare | None, network: str) -> None:
        found = cells.get((level.pk if level else None, network), {})
        self.cells = {facts: cell for facts, cell in found.items() if not cell.is_contested and cell.shown[0].is_known}

    @property
    def is_outdated(self) -> bool:
        """Whether any of it is to be asked again."""
        return any(line.verification.is_outdated for cell in self.cells.values() for line in cell.shown)

    def lines(self, what: str, whose: str = "", part: str = "") -> list[BenefitLine]:
        return [line for facts, cell in self.cells.items() if facts[1:4] == (what, whose, part) for line in cell.shown]

    def one(self, what: str, whose: str = "", part: str = "") -> BenefitLine | None:
        """None if nobody said it, or if it was said in two units, of which nobody chose."""
        lines = self.lines(what, whose, part)
        return lines[0] if len(lines) == 1 else None

    def number(self, what: str, whose: str = "", part: str = "") -> Decimal | None:
        """What a payer's system shows where there is none is not taken for an amount."""
        line = self.one(what, whose, part)
        if line is None or line.number is None or (what in line.MONEY and is_placeholder(line.number)):
            return None
        return line.number

    def answer(self, what: str) -> str:
        line = self.one(what)
        return line.answer if line else Answer.UNKNOWN


def lines_of(verifications: Iterable[VerificationOfBenefits]) -> list[BenefitLine]:
    return [line for verification in verifications for line in verification.said]


def _cell(lines: list[BenefitLine]) -> Cell:
    """Of the lines of the answer that counts most; a line of both networks counts less than one of this network."""
    lines = sorted(lines, key=_weight, reverse=True)
    first = lines[0]
    of_it = [line for line in lines if _weight(line) == _weight(first)]
    shown = _once(of_it)
    return Cell(first.name_in_words, shown, [line for line in _once(lines) if not _is_among(line, shown)])


def _weight(line: BenefitLine) -> tuple:
    return (*line.verification.weight, line.network != Network.BOTH)


def _once(lines: Iterable[BenefitLine]) -> list[BenefitLine]:
    kept: list[BenefitLine] = []
    for line in lines:
        if not _is_among(line, kept):
            kept.append(line)
    return kept


def _is_among(line: BenefitLine, others: Iterable[BenefitLine]) -> bool:
    return any(line.value == other.value for other in others)


def grid_of(lines: Iterable[BenefitLine], levels: Iterable[LevelOfCare]) -> list[Row]:
    """The plan first, then the levels of which anything was said, in the order of `levels`."""
    cells = cells_of(lines)
    rows = [_row(cells, level) for level in (None, *levels)]
    return [row for row in rows if row.columns]


def _row(cells: Cells, level: LevelOfCare | None) -> Row:
    key = level.pk if level else None
    of_level = [(network, cells.get((key, network.value))) for network in (Network.IN, Network.OUT, Network.UNSAID)]
    return Row(level, [Column(each.value, each.label, _in_order(said)) for each, said in of_level if said])


def _in_order(cells: dict[tuple, Cell]) -> list[Cell]:
    def place(facts: tuple) -> tuple:
        _, what, whose, part, *rest = facts
        return ORDER[what], whose != BenefitLine.Whose.INDIVIDUAL, PARTS.get(part, 0), *rest

    return [cells[facts] for facts in sorted(cells, key=place)]
