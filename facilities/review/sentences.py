"""Sentences that cite a source: each is read beside it before a page is approved."""

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CitedSentence:
    """One sentence of a page as it is read, and the rows of the sources that it cites."""

    words: str
    sources: tuple[Any, ...]
    place: str  # the heading under which it stands, "" before the first

    @property
    def key(self) -> str:
        """The same while the words and the sources are the same. SHA-256 in hex."""
        told = "\n".join([self.words, *(str(source.pk) for source in self.sources)])
        return hashlib.sha256(told.encode()).hexdigest()
