"""How a page is laid out: what stands before the first heading, its sections, and their anchors.

As with citations, nothing is written into the values of blocks.
"""

from dataclasses import dataclass
from itertools import takewhile

from wagtail.blocks import BoundBlock, StreamValue

from facilities.pages.anchors import all_different

FEWEST_SECTIONS_FOR_CONTENTS = 3


@dataclass(frozen=True)
class Part:
    """One block at the top level of a body; a section has an anchor and a heading."""

    block: BoundBlock
    anchor: str = ""

    @property
    def heading(self) -> str:
        return self.block.value["heading"] if self.anchor else ""


class Outline:
    """`cards` are the care cards that a page begins with: who needs them reads nothing else first."""

    def __init__(self, body: StreamValue) -> None:
        blocks = list(body)
        is_section = [block.block_type == "section" for block in blocks]
        anchors = iter(all_different(block.value for block, it_is in zip(blocks, is_section, strict=True) if it_is))
        parts = [Part(block, next(anchors) if it_is else "") for block, it_is in zip(blocks, is_section, strict=True)]
        first = is_section.index(True) if True in is_section else len(parts)
        self.cards = list(takewhile(lambda part: part.block.block_type == "care_card", parts))
        self.opening, self.rest = parts[len(self.cards) : first], parts[first:]

    @property
    def sections(self) -> list[Part]:
        return [part for part in self.rest if part.anchor]

    @property
    def contents(self) -> list[Part]:
        """What “On this page” lists: nothing on a short page."""
        return self.sections if len(self.sections) >= FEWEST_SECTIONS_FOR_CONTENTS else []
