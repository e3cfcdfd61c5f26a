"""The contact budget of a number: how often it was tried since the person asked or spoke with us, and what is left."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from intake.callbacks.tries import COOL_DOWN, DAY, TRIES, TRIES_A_DAY


class Budget(NamedTuple):
    """Made of the instants of the tries, newest first."""

    tried_at: Sequence[datetime]

    @property
    def left(self) -> int:
        return max(TRIES - len(self.tried_at), 0)

    @property
    def is_spent(self) -> bool:
        """Whether we tried as often as we said that we would: from here a person decides."""
        return self.left == 0

    @property
    def in_words(self) -> str:
        tries = "1 try" if self.left == 1 else f"{self.left or 'no'} tries"
        return f"This number: {tries} left of the {TRIES} that we promised, {TRIES_A_DAY} a day at most."

    def rests_until(self, now: datetime) -> datetime | None:
        """When the next try may be, if it may not be `now`."""
        ends = [at + COOL_DOWN for at in self.tried_at[:1]]
        ends += [at + DAY for at in self.tried_at[TRIES_A_DAY - 1 : TRIES_A_DAY]]
        return max((end for end in ends if end > now), default=None)


def is_spent() -> Q:
    """The leads whose number has no try left, as `Budget.is_spent` says of one."""
    return Q(contact_point__tried_at__len__gte=TRIES)


def rests(now: datetime) -> Q:
    """The leads whose number may not be tried `now`, as `Budget.rests_until` says of one."""
    of_day = {f"contact_point__tried_at__{TRIES_A_DAY - 1}__gt": now - DAY}
    return Q(contact_point__tried_at__0__gt=now - COOL_DOWN) | Q(**of_day)
