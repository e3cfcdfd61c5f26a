"""Finds the list of sources at the end of a text, and reads each of its lines: who, what, when, where.

What is read is a proposal: nobody writes lists of sources in one way, so a person looks at each before it is entered.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from facilities.pasting.lines import Kind, Line, Piece, Run
from facilities.pasting.told import Told

HEADING = re.compile(
    r"\W*(?:\d+\W+)?(?:(?:list\s+of\s+)?(?:sources?|references?|citations?|bibliography|literature|works\s+cited|"
    r"foot\s?notes|end\s?notes|notes|further\s+sources|sources?\s+(?:and|&)\s+references?|references?\s+cited))\W*",
    re.IGNORECASE,
)
MARKER = re.compile(r"\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)](?=\s)|(\d{1,3})(?=\s+[A-Z“\"])|\^)\s*")
LINK = re.compile(r"https?://[^\s<>\"”]+", re.IGNORECASE)
DOI = re.compile(r"\bdoi:?\s*(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
YEAR_BEHIND_WHO = re.compile(
    r"\s*\(\s*(?:\w+\.?\s+)?(1[89]\d\d|20\d\d|n\.?d\.?)[^)]{0,20}\)\s*[.,:]?\s*", re.IGNORECASE
)
READ_ON = re.compile(
    r"[\s(,;.]*\b(?:accessed|retrieved|last\s+(?:accessed|viewed)|viewed|read)\s*(?:on|:)?\s+"
    r"(\d{4}-\d\d-\d\d|\w{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+\w{3,9}\.?\s+\d{4})\s*(?:,?\s*from)?[).,:;]*",
    re.IGNORECASE,
)
RETRIEVED_FROM = re.compile(r"[\s(,;.]*\b(?:retrieved|available)\s+(?:from|at)\s*:?\s*$", re.IGNORECASE)
DATE_FORMS = ("%Y-%m-%d", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")
QUOTED = re.compile(r"[“\"]([^”\"]{8,})[”\"]")
# "Jones CM, Han B.", as journals of medicine name people.
PEOPLE = re.compile(r"(?:[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?\s[A-Z]{1,3}(?:,\s+(?:and\s+)?|(?=\.)))+(?:et\s+al)?\.\s+")
STRAY_TAG = re.compile(r"\s*<?/?li>\s*")  # half of a tag that a page showed
SENTENCE = re.compile(r"(?<!\b[A-Z])(?<!\bU\.S)(?<!\bet al)(?<!\bJr)(?<!\bvs)[.?!]\s+(?=[\W\d]*[A-Z])|(?<=[?!])\s+")
NO_LIST = "No list of sources was found at the end. Marks such as [1] stay as they are written; cite in the editor."
FEWEST_WITHOUT_A_HEADING = 2


@dataclass
class Reference:
    """One line of the list, by the number that the text calls it."""

    number: int
    words: str
    title: str = ""
    authors: str = ""
    publisher: str = ""
    year: int | None = None
    url: str = ""
    accessed_on: date | None = None


def part_off(pieces: list[Piece], told: Told) -> tuple[list[Piece], list[Reference]]:
    """The text without its list of sources, and the lines of the list."""
    start, end = _where(pieces)
    lines = [piece for piece in pieces[start:end] if isinstance(piece, Line)]
    others = [piece for piece in pieces[start:end] if not isinstance(piece, Line)]
    if lines and _is_heading(lines[0]):
        lines = lines[1:]
    if not lines:
        told.say(NO_LIST)
        return pieces, []
    return [*pieces[:start], *others, *pieces[end:]], _numbered([each for line in lines for each in _rows(line)])


def _where(pieces: list[Piece]) -> tuple[int, int]:
    headings = [place for place, piece in enumerate(pieces) if _is_heading(piece)]
    if headings:
        start = headings[-1]
        later = (place for place in range(start + 1, len(pieces)) if _ends_the_list(pieces[place]))
        return start, next(later, len(pieces))
    start = len(pieces)
    while start and _looks_like_a_source(pieces[start - 1]):
        start -= 1
    return (start, len(pieces)) if len(pieces) - start >= FEWEST_WITHOUT_A_HEADING else (len(pieces), len(pieces))


def _is_heading(piece: Piece) -> bool:
    """Also where it is only a short line, bold or not, as in plain text."""
    return isinstance(piece, Line) and not piece.is_item and bool(HEADING.fullmatch(piece.text))


def _ends_the_list(piece: Piece) -> bool:
    return isinstance(piece, Line) and piece.kind is Kind.HEADING


def _looks_like_a_source(piece: Piece) -> bool:
    if not isinstance(piece, Line) or piece.kind is Kind.HEADING:
        return False
    is_numbered = piece.kind is Kind.NUMBERED or MARKER.match(piece.text)
    return bool(is_numbered and (YEAR.search(piece.text) or LINK.search(piece.text) or _link_of(piece.runs)))


def _rows(line: Line) -> list[tuple[str, str]]:
    """A line with breaks in it is several. Each with the address of its link, "" without."""
    rows: list[list[Run]] = [[]]
    for run in line.runs:
        first, *others = run.text.split("\n")
        rows[-1].append(Run(first, href=run.href))
        rows += [[Run(text, href=run.href)] for text in others]
    told = [("".join(run.text for run in runs).strip(), _link_of(runs)) for runs in rows]
    return [(words, link) for words, link in told if words]


def _link_of(runs: list[Run]) -> str:
    return next((run.href for run in runs if run.href.startswith("http")), "")


def _numbered(rows: list[tuple[str, str]]) -> list[Reference]:
    """By its own number where it has one, else by its place. What has none among those that have goes on before it."""
    own = [MARKER.match(words) for words, _ in rows]
    are_marked = sum(bool(marker) for marker in own) * 2 > len(rows)
    found: list[tuple[int, str, str]] = []
    for (words, link), marker in zip(rows, own, strict=True):
        number = int(next(filter(None, marker.groups()), 0)) if marker and are_marked else 0
        rest = words[marker.end() :] if marker and are_marked else words
        is_more = bool(found) and ((are_marked and not marker) or bool(LINK.fullmatch(words)))
        if is_more:
            before, so_far, so_far_link = found[-1]
            found[-1] = (before, f"{so_far} {words}", so_far_link or link)
        else:
            found.append((number or (found[-1][0] + 1 if found else 1), rest, link))
    first: dict[int, Reference] = {}
    for number, words, link in found:
        free = number if number not in first else max(first) + 1
        first[free] = read_reference(free, words, link)
    return list(first.values())


def read_reference(number: int, words: str, link: str = "") -> Reference:
    words = STRAY_TAG.sub(" ", words).strip()
    rest, url = _address(words, link)
    rest, accessed_on = _read_on(rest)
    who, title, where, year = _parts(rest)
    authors, publisher = (who, where) if where else ("", who)
    return Reference(
        number,
        words,
        title=title[:300],
        authors=authors[:300],
        publisher=publisher[:160],
        year=year,
        url=url[:500],
        accessed_on=accessed_on,
    )


def _address(words: str, link: str) -> tuple[str, str]:
    if found := LINK.search(words):
        url = found[0].rstrip(".,;:)]")
        return f"{words[: found.start()]} {words[found.start() + len(url) :]}", link or url
    if found := DOI.search(words):
        return words[: found.start()], link or f"https://doi.org/{found[1].rstrip('.,;')}"
    return words, link


def _read_on(words: str) -> tuple[str, date | None]:
    if not (found := READ_ON.search(words)):
        return RETRIEVED_FROM.sub("", words.strip()), None
    plain = re.sub(r"[.,]", "", found[1])
    return f"{words[: found.start()]}. {words[found.end() :]}".strip(), _date(" ".join(plain.split()))


def _date(text: str) -> date | None:
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _parts(words: str) -> tuple[str, str, str, int | None]:
    """Who, title, where it was published, year."""
    years = YEAR.findall(words)
    if behind := YEAR_BEHIND_WHO.search(words):
        who, rest = words[: behind.start()], words[behind.end() :]
        year = int(behind[1]) if behind[1].isdigit() else None
        title, *where = _sentences(rest)
        return _trimmed(who), title, _publisher(where), year
    year = int(years[-1]) if years else None
    if quoted := QUOTED.search(words):
        return _trimmed(words[: quoted.start()]), _trimmed(quoted[1]), _publisher([words[quoted.end() :]]), year
    people = PEOPLE.match(words)
    first, *others = [_trimmed(people[0]), *_sentences(words[people.end() :])] if people else _sentences(words)
    others = [text for text in map(_without_year, others) if text]
    if not others:
        return "", _without_year(first), "", year
    title, *where = others
    return first, title, _publisher(where), year


def _sentences(words: str) -> list[str]:
    return [text for each in SENTENCE.split(words) if each and (text := _trimmed(each))] or [""]


def _publisher(parts: list[str]) -> str:
    """Without the year, which has a field of its own."""
    first = _trimmed(parts[0]) if parts else ""
    return "" if YEAR.fullmatch(first) else _trimmed(re.split(r"[;,]?\s*\(?\b(?:1[89]\d\d|20\d\d)\b", first)[0])


def _without_year(text: str) -> str:
    return _trimmed(re.sub(r"(?:^|[.,;]\s*)\(?(?:1[89]\d\d|20\d\d)\)?$", "", text))


def _trimmed(text: str) -> str:
    return text.strip().strip('“”"').strip(" .,;:(").strip()
