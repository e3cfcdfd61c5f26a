"""Finds lines of a pasted list among the sources that are there already: by link, or else by title."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from facilities.pasting.references import Reference
from facilities.sources.models import Source


@dataclass(frozen=True)
class Found:
    """`is_certain`: by the link, which no two sources share, and nothing newer has replaced it."""

    source: Source
    is_certain: bool


def find_all(references: list[Reference]) -> dict[int, Found]:
    """By the number of the line. What a newer source has replaced leads to the newer one, and is never certain."""
    sources = list(Source.objects.select_related("superseded_by")) if references else []
    by_link = {link: source for source in sources if (link := plain_link(source.url))}
    by_title = {plain_title(source.title): source for source in sources}
    found = {}
    for reference in references:
        linked = by_link.get(plain_link(reference.url))
        if source := linked or by_title.get(plain_title(reference.title) or None):
            newest = [source, *source.newer()][-1]
            found[reference.number] = Found(newest, is_certain=linked == newest)
    return found


def plain_link(url: str) -> str:
    """The same for http and https, with and without www, and with or without a slash at the end."""
    parts = urlsplit(url.strip())
    query = f"?{parts.query}" if parts.query else ""
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}{query}"


def plain_title(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))
