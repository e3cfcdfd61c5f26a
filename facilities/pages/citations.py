"""Numbers the sources of a page while it is rendered: by first appearance, each once, whatever the order of its parts.

Nothing is written into the values of blocks, so that a draft, a preview and a comparison see what was stored.
"""

import re
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText, expand_db_html
from wagtail.rich_text.rewriters import extract_attrs

from facilities.sources.models import Source
from facilities.sources.rich_text import LINKTYPE, is_key

CITATION = rf'<a\b([^>]*\blinktype="{LINKTYPE}"[^>]*)>[^<]*</a>'
TOGETHER = re.compile(rf"(?:\s*{CITATION.replace('(', '(?:', 1)})+")
EACH = re.compile(CITATION)


@dataclass
class Mark:
    """One place where a source is cited: the number there, which the list leads back to."""

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


class Citations:
    """The citations of one rendering of one page: `render` gives each text its numbers, then `used` is the list."""

    def __init__(self, body: StreamValue) -> None:
        keys = {int(key) for model, key, *_ in body.stream_block.extract_references(body) if model is Source}
        self._sources = Source.objects.in_bulk(keys) if keys else {}
        self._citations: dict[int, Citation] = {}

    def render(self, text: RichText) -> SafeString:
        html = TOGETHER.sub(lambda found: self._marks(found[0]), text.source)
        return mark_safe(expand_db_html(html))  # noqa: S308 - as Wagtail renders rich text, which staff write

    def used(self) -> list[Citation]:
        """What was cited up to here, in the order of the numbers."""
        return list(self._citations.values())

    def _marks(self, together: str) -> str:
        """The numbers of sources that are cited at one place. A source that is gone has none."""
        keys = [extract_attrs(attributes).get("id") for attributes in EACH.findall(together)]
        cited = {int(key): self._citation(int(key)) for key in keys if is_key(key) and int(key) in self._sources}
        in_order = sorted(cited.values(), key=lambda citation: citation.number)
        marks = [citation.cite() for citation in in_order]
        return render_to_string("facilities/_marks.html", {"marks": marks}).strip() if marks else ""

    def _citation(self, key: int) -> Citation:
        if key not in self._citations:
            self._citations[key] = Citation(len(self._citations) + 1, self._sources[key])
        return self._citations[key]
