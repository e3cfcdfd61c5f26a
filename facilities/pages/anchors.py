"""The ends of links to the sections of a page: each its own, and none that the page has for something else."""

import re
from collections.abc import Iterable, Mapping

from django.utils.text import slugify

LENGTH = 60
OF_THE_PAGE = re.compile(
    r"(?:main|sources|on-this-page|more-pages|getting-here|who|(?:source|note)-\d+|cited-\d+-\d+|topic-\d+)"
)


def all_different(sections: Iterable[Mapping[str, str]]) -> list[str]:
    """One for each section, from its stored anchor or else its heading. The first of several equal ones keeps it."""
    found: list[str] = []
    for section in sections:
        wanted = slugify(section.get("anchor") or section.get("heading") or "")[: LENGTH - 4].strip("-") or "part"
        anchor, count = wanted, 1
        while anchor in found or OF_THE_PAGE.fullmatch(anchor):
            count += 1
            anchor = f"{wanted}-{count}"
        found.append(anchor)
    return found
