"""What was left out of a pasted text, or changed: one sentence for each kind of thing, so that nothing is silent."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_NAMED = 5  # of one kind; more would hide the other kinds
MOST_QUOTED = 80  # characters


@dataclass
class Told:
    """Sentences, with the words or addresses that each is about, in the order in which they were met."""

    _about: dict[str, list[str]] = field(default_factory=dict)

    def say(self, sentence: str, about: str = "") -> None:
        """`sentence` ends with a full stop, and is the same for each thing of its kind."""
        self._about.setdefault(sentence, []).append(" ".join(about.split()))

    def sentences(self) -> list[str]:
        return [sentence + "".join(_named(about)) for sentence, about in self._about.items()]


def _named(about: list[str]) -> Iterator[str]:
    named = list(dict.fromkeys(filter(None, about)))
    if named:
        yield " It was: " + ", ".join(f"“{_short(each)}”" for each in named[:MOST_NAMED])
        yield f" and {len(named) - MOST_NAMED} more." if len(named) > MOST_NAMED else "."
    elif len(about) > 1:
        yield f" ({len(about)} times.)"


def _short(words: str) -> str:
    return words if len(words) <= MOST_QUOTED else f"{words[: MOST_QUOTED - 1]}…"
