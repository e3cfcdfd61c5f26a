"""How many requests came from one network within the hour, so that a flood is asked for more than a person is.

Nothing of it is stored. Networks are counted by an HMAC, in the memory of this process; the key was drawn at random and
goes with the counts when the hour is over. Each process counts by itself.
"""

import hmac
import secrets
import threading
import time
from collections import Counter

from django.conf import settings
from django.http import HttpRequest

LASTS = 3600  # seconds
FLOOD = 50  # times the limit: no clinic, and no phone network behind one address, sends as much without a calculation
MOST_NETWORKS = 100_000  # some 20 MB; then counting begins anew


class Tally:
    """Counts, by the network that they came from, the requests of at most LASTS seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    def add(self, network: str) -> int:
        """Count one more; returns how many they are with it."""
        with self._lock:
            self._renew()
            name = self._name(network)
            self._counts[name] += 1
            return self._counts[name]

    def count(self, network: str) -> int:
        with self._lock:
            self._renew()
            return self._counts[self._name(network)]

    def _renew(self) -> None:
        is_over = not 0 <= time.time() - self._began < LASTS  # also after a clock was put back
        if is_over or len(self._counts) >= MOST_NETWORKS:
            self._begin()

    def _begin(self) -> None:
        self._key, self._counts, self._began = secrets.token_bytes(32), Counter(), time.time()

    def _name(self, network: str) -> bytes:
        return hmac.digest(self._key, network.encode(), "sha256")[:16]


_tally = Tally()
_wishes = Tally()
_photos = Tally()


def is_expected(request: HttpRequest) -> bool:
    """Whether the next requests from there may be over the limit, so that the form should come with a calculation.

    Half the limit is enough: other processes count too, and somebody else there may send meanwhile.
    """
    return _tally.count(request.client) >= settings.REQUESTS_AN_HOUR // 2


def joins(request: HttpRequest) -> bool:
    """Count this request; returns whether it is over the limit."""
    return _tally.add(request.client) > settings.REQUESTS_AN_HOUR


def floods(request: HttpRequest) -> bool:
    """Whether so much came from there that more of it would only fill the disk."""
    most = FLOOD * max(1, settings.REQUESTS_AN_HOUR)
    return _tally.count(request.client) > most or _wishes.count(request.client) > most


def sends_many_wishes(request: HttpRequest) -> bool:
    """Count something that is sent to a receipt from there; returns whether it is over the limit."""
    return _wishes.add(request.client) > 2 * settings.REQUESTS_AN_HOUR


def sends_many_photos(request: HttpRequest) -> bool:
    """Count a photo from there; returns whether it is one too many. A flood of them would fill the disk."""
    return _photos.add(request.client) > 2 * settings.REQUESTS_AN_HOUR


def forget() -> None:
    """Begin anew, as after a restart."""
    global _tally, _wishes, _photos
    _tally, _wishes, _photos = Tally(), Tally(), Tally()
