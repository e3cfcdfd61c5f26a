"""Takes HTML apart into lines, tables and places of pictures: that of a browser, of Word, or of Google Docs.

Beautiful Soup reads it. Nothing of it is put into a page: only words, and what the editor has a mark for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from facilities.pasting.lines import Kind, Line, Piece, Place, Run, Table, joined
from facilities.pasting.told import Told

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "address", "body", "html", "pre"),
    *("blockquote", "figure", "figcaption", "dl", "dt", "dd", "fieldset", "legend", "form", "details", "summary"),
    *("center", "hgroup", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "hr"),
}
UNREAD = [
    "head",
    "title",
    "meta",
    "link",
    "base",
    "xml",
    "o:officedocumentsettings",
    "w:worddocument",
]  # settings of programs
LEFT_OUT = {
    "Scripts were left out: a page runs none.": ["script"],
    "Styles were left out: pages have their own.": ["style"],
    "Words for browsers without scripts were left out.": ["noscript"],
    "Frames, videos and sounds from elsewhere were left out: a page loads nothing from other sites.": [
        *("iframe", "frame", "frameset", "object", "embed", "applet", "video", "audio"),
    ],
    "Drawings in code (SVG, canvas, formulas) were left out. Add a picture of them.": ["svg", "canvas", "math"],
    "Fields and buttons of a form were left out: only our own form asks people something.": [
        *("input", "select", "textarea", "button", "output", "datalist"),
    ],
    "Words that were marked as deleted were left out.": ["del"],
    "Templates that a browser does not show were left out.": ["template"],
}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
LOOK_GONE = "Marks that our editor does not have were taken off; their words are kept."
LOOKS = {"u", "s", "strike", "mark", "code", "kbd", "small", "big", "sub", "blink", "marquee", "q", "ins"}
NO_QUOTE = "A quotation became plain paragraphs: our pages have no part for it."
NO_RULE = "Lines drawn across the text were left out: sections part it."
DEEP = "A part that was nested very deeply is kept as plain words."
MOST_DEEP = 150  # tags within one another
BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
NOT_BOLD = re.compile(r"font-weight\s*:\s*(normal|[1-5]00)", re.IGNORECASE)
ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
NOT_ITALIC = re.compile(r"font-style\s*:\s*normal", re.IGNORECASE)
RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
OUTLINE = re.compile(r"mso-outline-level\s*:\s*([1-6])", re.IGNORECASE)
WORDS_LIST = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d+)", re.IGNORECASE)
WORDS_BULLET = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
WORDS_NOTES = re.compile(r"mso-element\s*:\s*(?:foot|end)note-list", re.IGNORECASE)
NUMBER = re.compile(r"\s*[\[(]?(?:\d{1,3}|[a-z]|[ivxlc]+)[.)\]]", re.IGNORECASE)
OF_A_MARK = re.compile(r"[\s\d,;\[\]()^*†–-]*")
GOOGLES = re.compile(r"https?://(?:www\.)?google\.\w+(?:\.\w+)?/url\?")
MOST_SPAN = 20  # columns or rows
SOURCES = "Sources"


@dataclass(frozen=True)
class Look:
    """What the words at one place inherit from the tags around them."""

    bold: bool = False
    italic: bool = False
    raised: bool = False
    href: str = ""
    lists: tuple[str, ...] = ()  # "ul" or "ol", from outside

    def run(self, text: str) -> Run:
        return Run(text, self.bold, self.italic, self.raised, self.href)


def take_apart(html: str, told: Told) -> list[Piece]:
    soup = BeautifulSoup(html, "html.parser")
    _leave_out(soup, told)
    walk = Walk(told)
    walk.into(soup, Look())
    walk.end_line()
    return walk.pieces


def _leave_out(soup: BeautifulSoup, told: Told) -> None:
    for tag in soup.find_all(UNREAD):
        tag.decompose()
    for sentence, names in LEFT_OUT.items():
        for tag in soup.find_all(names):
            if not tag.decomposed:
                told.say(sentence, _what_it_was(tag))
                tag.decompose()
    for tag in soup.find_all(lambda tag: tag.has_attr("hidden") or HIDDEN.search(_style(tag))):
        if not tag.decomposed:
            if tag.get_text(strip=True):
                told.say("Words that were hidden were left out.", tag.get_text(" "))
            tag.decompose()


def _what_it_was(tag: Tag) -> str:
    """Code is not repeated; the words of a button or a deleted sentence are, and where a frame came from."""
    if tag.name in ("script", "style", "svg", "math", "canvas"):
        return ""
    value = str(tag.get("value") or tag.get("placeholder") or "") if tag.name == "input" else ""
    source = str(tag.get("src") or tag.get("data") or "")
    return tag.get_text(" ", strip=True) or value or (source if source.startswith("http") else "")


def _style(tag: Tag) -> str:
    return str(tag.get("style") or "")


@dataclass
class Walk:
    """Goes through tags in the order of reading, and collects what they say."""

    told: Told
    pieces: list[Piece] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    depth: int = 0

    def begin_line(self, kind: Kind = Kind.PARAGRAPH, level: int = 0) -> None:
        self.end_line()
        self.kind, self.level = kind, level

    def end_line(self) -> None:
        if runs := joined(self.runs):
            self.pieces.append(Line(self.kind, runs, self.level))
            if self.kind is not Kind.HEADING and self.kind is not Kind.PARAGRAPH:
                self.kind, self.level = Kind.PARAGRAPH, 0  # what follows within the same item
        self.runs = []

    def into(self, tag: Tag, look: Look) -> None:
        if self.depth > MOST_DEEP:
            self.told.say(DEEP)
            self.runs.append(look.run(_plain(tag.get_text(" "))))
            return
        self.depth += 1
        for child in list(tag.children):
            if isinstance(child, Tag):
                self.tag(child, look)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self.runs.append(look.run(_plain(str(child))))
        self.depth -= 1

    def tag(self, tag: Tag, look: Look) -> None:
        name = tag.name.lower()
        if name == "br":
            self.runs.append(look.run("\n"))
        elif name in ("img", "v:imagedata"):
            self.picture(tag)
        elif name == "table":
            self.table(tag)
        elif name in ("ul", "ol", "menu", "dir"):
            self.items(tag, look, "ol" if name == "ol" else "ul")
        elif name == "li" or name in BLOCKS or name in HEADINGS or WORDS_NOTES.search(_style(tag)):
            self.block(tag, look)
        elif WORDS_BULLET.search(_style(tag)):
            return  # the sign of a list of Word: the list makes its own
        else:
            self.into(tag, self.looked(tag, look))

    def block(self, tag: Tag, look: Look) -> None:
        name, style = tag.name.lower(), _style(tag)
        if name == "hr":
            self.told.say(NO_RULE)
        if name == "blockquote":
            self.told.say(NO_QUOTE)
        if WORDS_NOTES.search(style):
            self.pieces_of_notes()
        if name == "figcaption" and self.is_below_a_picture(tag):
            return
        self.begin_line(*self.kind_of(tag, look))
        self.into(tag, replace(look, bold=False) if self.kind is Kind.HEADING else self.looked(tag, look))
        self.begin_line()

    def kind_of(self, tag: Tag, look: Look) -> tuple[Kind, int]:
        style, name = _style(tag), tag.name.lower()
        if name in HEADINGS or (outline := OUTLINE.search(style)):
            return Kind.HEADING, HEADINGS.get(name) or int(outline[1])
        if "MsoTitle" in (tag.get("class") or ()):
            return Kind.HEADING, 0
        if listed := WORDS_LIST.search(style):
            sign = tag.find(style=WORDS_BULLET)
            is_numbered = bool(sign and NUMBER.match(sign.get_text()))
            return (Kind.NUMBERED if is_numbered else Kind.BULLET), int(listed[1]) - 1
        if name == "li":
            is_numbered = bool(look.lists) and look.lists[-1] == "ol"
            return (Kind.NUMBERED if is_numbered else Kind.BULLET), max(len(look.lists) - 1, 0)
        # A paragraph within an item, as Google Docs writes it, is the item.
        is_inner = self.kind in (Kind.BULLET, Kind.NUMBERED) and not joined(self.runs)
        return (self.kind, self.level) if is_inner else (Kind.PARAGRAPH, 0)

    def items(self, tag: Tag, look: Look, kind: str) -> None:
        self.end_line()
        self.into(tag, replace(look, lists=(*look.lists, kind)))
        self.begin_line()

    def looked(self, tag: Tag, look: Look) -> Look:
        name, style = tag.name.lower(), _style(tag)
        if name in LOOKS or "line-through" in style:
            self.told.say(LOOK_GONE, f"{name}: {tag.get_text(' ')}")
        bold = (look.bold or name in ("b", "strong") or bool(BOLD.search(style))) and not NOT_BOLD.search(style)
        italic = (look.italic or name in ("i", "em", "cite") or bool(ITALIC.search(style))) and not NOT_ITALIC.search(
            style
        )
        raised = look.raised or name == "sup" or bool(RAISED.search(style))
        href = self.address(tag) if name == "a" else look.href
        return replace(look, bold=bold, italic=italic, raised=raised, href=href)

    def address(self, link: Tag) -> str:
        """Of a link that a page may have, or ""; its words are kept either way."""
        href = "".join(str(link.get("href") or "").split())
        if GOOGLES.match(href):
            href = parse_qs(urlsplit(href).query).get("q", [href])[0]
        kind = href.partition(":")[0].lower() if ":" in href else ""
        words = link.get_text(" ", strip=True)
        if kind in ("http", "https", "mailto"):
            return href
        if kind == "tel":
            self.told.say("Links on phone numbers were taken off: “Call to action” shows a number.", words)
        elif href.startswith("#") or (kind == "file" and "#" in href):
            if not OF_A_MARK.fullmatch(words):
                self.told.say("Links within the text were taken off; their words are kept.", words)
        elif href:
            self.told.say("Links that a page may not have were taken off; their words are kept.", f"{words} ({href})")
        return ""

    def picture(self, tag: Tag) -> None:
        """Nothing is fetched: a remote picture would tell its server, and who may use it is not known."""
        runs, kind, level = self.runs, self.kind, self.level
        self.end_line()
        self.pieces.append(Place(alt=" ".join(str(tag.get("alt") or tag.get("o:title") or "").split())))
        self.kind, self.level = (kind, level) if not joined(runs) else (Kind.PARAGRAPH, 0)

    def is_below_a_picture(self, caption: Tag) -> bool:
        self.end_line()
        if not self.pieces or not isinstance(self.pieces[-1], Place):
            return False
        self.pieces[-1].caption = [line for line in self.inside(caption) if isinstance(line, Line)]
        return True

    def inside(self, tag: Tag) -> list[Piece]:
        """What a part says for itself, as a cell of a table does."""
        walk = Walk(self.told, depth=self.depth)
        walk.into(tag, Look())
        walk.end_line()
        return walk.pieces

    def pieces_of_notes(self) -> None:
        """Word keeps footnotes in a part of its own at the end, without a heading."""
        self.end_line()
        self.pieces.append(Line(Kind.HEADING, [Run(SOURCES)], 1))

    def table(self, tag: Tag) -> None:
        self.begin_line()
        rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
        cells = [list(row.find_all(["td", "th"], recursive=False)) for row in rows]
        caption = tag.find("caption")
        if not any(cells):
            self.into(tag, Look())
        elif max(map(len, cells)) < 2:  # no table, but a box around text
            for cell in (cell for row in cells for cell in row):
                self.pieces += self.inside(cell)
        else:
            self.pieces += self.table_of(cells, caption.get_text(" ", strip=True) if caption else "")
        self.begin_line()

    def table_of(self, cells: list[list[Tag]], caption: str) -> Iterator[Piece]:
        others: list[Piece] = []
        grid = [[self.cell(cell, others) for cell in row] for row in self.spread(cells)]
        has_headings = all(cell.name == "th" for cell in cells[0]) or cells[0][0].find_parent("thead") is not None
        yield Table(_even(grid), " ".join(caption.split()), has_headings)
        yield from others

    def spread(self, cells: list[list[Tag]]) -> Iterator[list[Tag | None]]:
        """Rows with a place for each column: a cell that spans several is followed by empty ones."""
        below: dict[int, int] = {}  # rows that a column is still covered from above
        for row in cells:
            found: list[Tag | None] = []
            for cell in row:
                while below.get(len(found), 0):
                    below[len(found)] -= 1
                    found.append(None)
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                if across > 1 or down > 1:
                    self.told.say("Cells of a table that went over several were parted: the first has the words.")
                below |= {len(found) + place: down - 1 for place in range(across)}
                found += [cell, *[None] * (across - 1)]
            yield found

    def cell(self, cell: Tag | None, others: list[Piece]) -> list[Line]:
        lines: list[Line] = []
        for piece in self.inside(cell) if cell else []:
            if isinstance(piece, Line):
                lines.append(replace(piece, kind=Kind.PARAGRAPH, level=0))
            elif isinstance(piece, Table):
                self.told.say("A table within a table was taken apart: its cells stand in the outer one as lines.")
                lines += [line for row in piece.rows for each in row for line in each]
            else:
                others.append(piece)
        return lines


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return max(1, min(int(value), MOST_SPAN)) if value.isascii() and value.isdigit() else 1


def _even(grid: list[list[list[Line]]]) -> list[list[list[Line]]]:
    columns = max(map(len, grid))
    return [[*row, *([] for _ in range(columns - len(row)))] for row in grid]


def _plain(text: str) -> str:
    """With one kind of space. Line ends of the code are spaces."""
    return re.sub(r"[\s\u00a0]+", " ", text)
