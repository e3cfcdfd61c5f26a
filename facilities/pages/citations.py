"""Numbers the sources of a page: by first mention, each once, across all of its sections."""

from dataclasses import dataclass, field

from wagtail.blocks import StreamValue, StructValue

from facilities.sources.models import Source


@dataclass
class Mark:
    """One place where a source is cited: the link there, which the list leads back to."""

    citation: "Citation"
    place: int  # among the marks of this source, from 1

    @property
    def anchor(self) -> str:
        return f"cited-{self.citation.number}-{self.place}"

    @property
    def way_back(self) -> str:
        """What the link from the list says."""
        which = f", mention {self.place}" if len(self.citation.marks) > 1 else ""
        return f"Back to source {self.citation.number} in the text{which}"


@dataclass
class Citation:
    """A source with its number on a page, and the marks that cite it."""

    number: int
    source: Source
    marks: list[Mark] = field(default_factory=list)

    def cite(self) -> Mark:
        mark = Mark(self, len(self.marks) + 1)
        self.marks.append(mark)
        return mark


def number_sources(body: StreamValue) -> list[Citation]:
    """The sources in the order of their numbers. Each cited block learns its own as `marks`, for its template."""
    citations: dict[Source, Citation] = {}
    for block in _cited_blocks(body):
        cited = [source for source in block["sources"] if source is not None]
        for source in cited:
            citations.setdefault(source, Citation(len(citations) + 1, source))
        in_order = sorted({citations[source].number: citations[source] for source in cited}.items())
        block.marks = [citation.cite() for _, citation in in_order]
    return list(citations.values())


def _cited_blocks(body: StreamValue) -> list[StructValue]:
    sections = [block.value for block in body if block.block_type == "section"]
    return [part.value for section in sections for part in section["content"] if "sources" in part.value]
