"""Where a lead stands, in a word and a shape: no state is told by colour alone."""

from enum import Enum


class State(Enum):
    """Each with the word and the shape that staff see."""

    MERGED = "merged", "▣"
    CLOSED = "closed", "■"
    QUARANTINE = "quarantine", "◆"
    OVERDUE = "overdue", "▲"
    DUE = "due now", "▶"
    IN_HAND = "in hand", "◐"
    SNOOZED = "snoozed", "○"
    WAITING = "waiting", "●"
    NOT_YET = "not yet", "◔"

    def __init__(self, word: str, shape: str) -> None:
        self.word, self.shape = word, shape

    @property
    def style(self) -> str:
        """Its class in the stylesheet."""
        return self.name.lower().replace("_", "-")
