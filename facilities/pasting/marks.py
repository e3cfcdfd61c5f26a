"""Finds where a text cites a line of its list of sources: "1,2", "[1, 2]", "¹,²", raised or not.

A mark is certain where it is written as one (raised, or in square brackets) and each of its numbers has a line in the
list. That says which line is meant, and no more: whether the source proves the sentence, a clinician ticks later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from facilities.pasting.lines import Line, Run
from facilities.pasting.told import Told

OPENS, CLOSES = "\ue000", "\ue001"  # around the place of a mark in a text; what is pasted has these taken out first
TOKEN = re.compile(f"{OPENS}(\\d+){CLOSES}")
POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
RAISES = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LISTED = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
RAISED = re.compile(rf"[\s\[(]*({LISTED})[\s\])]*,?")
AFTER_A_NUMBER = re.compile(r"\d$|(?:^|\W)(?:mm|cm|m|km|ft|in|kg)$")  # 10⁶, m²: a power, and perhaps no mark
CERTAIN = re.compile(rf"\s?(?:\[\s*{LISTED}\s*\]\s?)+(?<! )")
POWER = re.compile(r"[⁰¹²³⁴-⁹]+(?:\s?[,،;⁻˒–-]\s?[⁰¹²³⁴-⁹]+)*")
IN_BRACKETS = re.compile(rf"(?<=\w)\s?\(({LISTED})\)(?=\s|[.,;:]|$)")
BARE = re.compile(
    r"""(?: (?<=[a-z)”"’][.,;:!?]) | (?<=[.!?][”"’)]) | (?<=[a-z]{3}) | (?<=[a-z]{3})\s(?=\d+\s?,\s?\d+(?:[.]|$)) )
        \d{1,3} (?: ,\s?\d{1,3} | [–-]\d{1,3} )* (?! [\w%] | [.,]\d | \s?[%°] )""",
    re.VERBOSE,
)
NO_LINE = "A mark names no line of the list of sources, and stays as it is written."


@dataclass
class Mark:
    """One place where the text cites. `number` counts the marks of a text, from 1; `sentence` is what it stands in."""

    number: int
    written: str
    lines: tuple[int, ...]
    is_certain: bool
    sentence: str = ""
    section: str = ""


@dataclass
class Marks:
    """The marks of one text. `known` are the numbers of the lines of its list of sources."""

    known: frozenset[int]
    told: Told
    found: list[Mark] = field(default_factory=list)

    def within(self, line: Line) -> None:
        """Puts a token where each mark was."""
        line.runs = list(self._runs(line.runs))

    def _runs(self, runs: list[Run]) -> Iterator[Run]:
        before = ""
        for run in runs:
            if run.raised:
                yield from self._raised(run, before)
            else:
                yield replace(run, text=self._in_text(run.text, before))
            before = run.text

    def _raised(self, run: Run, before: str) -> Iterator[Run]:
        match = RAISED.fullmatch(run.text)
        is_certain = not AFTER_A_NUMBER.search(before)
        token = match and self._token(match[1], run.text, is_certain=is_certain, is_told=is_certain)
        yield replace(run, text=token, raised=False) if token else _kept_raised(run)

    def _in_text(self, text: str, before: str) -> str:
        text = CERTAIN.sub(lambda match: self._or_as_it_was(match, is_certain=True, is_told=True), text)
        text = POWER.sub(lambda match: self._power(match, before), text)
        for pattern in (IN_BRACKETS, BARE):
            text = pattern.sub(lambda match: self._or_as_it_was(match, is_certain=False, is_told=False), text)
        return text

    def _power(self, match: re.Match, before: str) -> str:
        is_certain = not AFTER_A_NUMBER.search(match.string[: match.start()] or before)
        numbers = match[0].translate(POWERS)
        return self._token(numbers, match[0], is_certain=is_certain, is_told=is_certain) or match[0]

    def _or_as_it_was(self, match: re.Match, *, is_certain: bool, is_told: bool) -> str:
        if _is_within_a_token(match):
            return match[0]
        return self._token(match[0], match[0], is_certain=is_certain, is_told=is_told) or match[0]

    def _token(self, numbers: str, written: str, *, is_certain: bool, is_told: bool) -> str:
        lines = tuple(numbered(numbers))
        if not lines or not self.known.issuperset(lines):
            if is_told:
                self.told.say(NO_LINE, written)
            return ""
        self.found.append(Mark(len(self.found) + 1, written.strip(), lines, is_certain))
        return f"{OPENS}{len(self.found)}{CLOSES}"


def _kept_raised(run: Run) -> Run:
    """A power of ten stays one: on the line, 10⁶ would be 106. Other raised words have no sign of their own."""
    is_number = re.fullmatch(r"[\d–-]+", run.text)
    return replace(run, text=run.text.replace("–", "-").translate(RAISES), raised=False) if is_number else run


def _is_within_a_token(match: re.Match) -> bool:
    return match.string[: match.start()].rfind(OPENS) > match.string[: match.start()].rfind(CLOSES)


def numbered(text: str) -> Iterator[int]:
    """1, 2, 3 and 7 of "1-3, 7", each once. Of what cannot be meant, such as "9-2", nothing."""
    seen: set[int] = set()
    for part in re.findall(r"\d+(?:\s*[–-]\s*\d+)?", text):
        first, *last = map(int, re.findall(r"\d+", part))
        for number in range(first, (last[0] if last else first) + 1):
            if number not in seen:
                seen.add(number)
                yield number


def without_tokens(text: str, marks: list[Mark]) -> str:
    """As it was written, for what no citation can stand in."""
    return TOKEN.sub(lambda token: written_out(marks[int(token[1]) - 1]), text)


def written_out(mark: Mark) -> str:
    """Of a mark that stays in the text: a raised one would run into its word."""
    plain = mark.written.translate(POWERS)
    return plain if not plain[:1].isdigit() else f" [{plain}]"
