"""Numbers the sources of a page: by first mention, each once, across all of its sections."""

from wagtail.blocks import StreamValue, StructValue

from facilities.sources.models import Source


def number_sources(body: StreamValue) -> list[Source]:
    """The sources in the order of their numbers. Each cited block learns its own as `numbers`, for its template."""
    numbers: dict[Source, int] = {}
    for block in _cited_blocks(body):
        cited = [source for source in block["sources"] if source is not None]
        block.numbers = sorted(numbers.setdefault(source, len(numbers) + 1) for source in cited)
    return list(numbers)


def _cited_blocks(body: StreamValue) -> list[StructValue]:
    sections = [block.value for block in body if block.block_type == "section"]
    return [part.value for section in sections for part in section["content"] if "sources" in part.value]
