"""An X12 interchange as segments: the delimiters are read from its ISA, and every way people pass it on is put up with.

A byte order mark, indentation, line breaks between or instead of terminators, spaces that a mail program ate: none of
these makes an answer unreadable. What is no X12 at all is named, so that the person knows what they pasted.
"""

from typing import NamedTuple

ISA_ELEMENTS = 16
BLANK = " \t\r\n"  # not what Python strips by default, which may be a delimiter
FIRST_WITH_REPETITION = "00402"  # before, ISA11 names a standard instead of a separator
OTHER_FILES = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"PK\x03\x04": "an Office file"}


class NotReadable(ValueError):
    """Not an answer that can be read. The message is a sentence for the consultant and holds nothing of the file."""


class Delimiters(NamedTuple):
    element: str
    repetition: str  # "" where the version knows none
    component: str
    segment: str


class Segment:
    """One segment: its name, its elements (the name is number 0), and its number in the interchange, from 1."""

    __slots__ = ("elements", "name", "number")

    def __init__(self, elements: list[str], number: int) -> None:
        self.elements, self.number = [element.strip() for element in elements], number
        self.name = self.elements[0]

    def __getitem__(self, index: int) -> str:
        """An element by its number in the standard (EB07 is 7); "" where it was left out."""
        return self.elements[index] if index < len(self.elements) else ""


def read_segments(raw: bytes | str) -> tuple[Delimiters, list[Segment]]:
    """Raises NotReadable."""
    text = _decoded(raw)
    start = text.find("ISA")
    if start < 0:
        raise NotReadable("This is not an X12 answer: it does not contain an ISA segment.")
    text = text[start:]
    delimiters = _delimiters(text)
    pieces = (piece.strip(BLANK) for piece in text.split(delimiters.segment))
    found = [piece.split(delimiters.element) for piece in pieces if piece]
    return delimiters, [Segment(each, number) for number, each in enumerate(found, 1)]


def _decoded(raw: bytes | str) -> str:
    if isinstance(raw, str):
        return raw
    for beginning, kind in OTHER_FILES.items():
        if raw.startswith(beginning):
            raise NotReadable(f"This is {kind}, not an X12 answer. Ask the payer's portal for the raw 271.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _delimiters(text: str) -> Delimiters:
    """From the ISA, by counting its elements: the fixed 106 characters do not survive every mail program."""
    element = text[3:4]
    if not element or element.isalnum() or element in BLANK:
        raise NotReadable("The ISA segment is damaged: it has no separator of elements. Copy the whole answer.")
    parts = text.split(element, ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS or len(parts[ISA_ELEMENTS]) < 2:
        raise NotReadable("The ISA segment is cut off. Copy the whole answer, from ISA to IEA.")
    last = parts[ISA_ELEMENTS]
    component, segment = last[0], last[1]
    if segment == "\r" and last[2:3] == "\n":
        segment = "\n"
    repetition = parts[11].strip(BLANK)
    if parts[12].strip() < FIRST_WITH_REPETITION or len(repetition) != 1 or repetition.isalnum():
        repetition = ""
    return Delimiters(element, repetition, component, segment)
