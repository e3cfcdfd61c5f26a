"""Threads for one kind of work, which so cannot keep another kind waiting; nor one client the others."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from config.edge.bridge import Environ
from config.edge.clients import client_of

STUCK_AFTER = 30  # seconds in which no thread of a lane came free; every wait of ours has a shorter limit

Found = TypeVar("Found")


class Places:
    """So many at a time, of which one client has at most `each`. Used from the event loop alone."""

    def __init__(self, count: float, each: float) -> None:
        self.count, self.each = count, each
        self.of = Counter[str]()

    @property
    def taken(self) -> int:
        return self.of.total()

    def is_full_for(self, client: str) -> bool:
        return self.taken >= self.count or self.of[client] >= self.each

    @contextmanager
    def taken_by(self, client: str) -> Iterator[None]:
        self.of[client] += 1
        try:
            yield
        finally:
            self.of -= Counter([client])  # which also forgets who has none


class Lane:
    """`waiting` is how many may wait for one of its threads, `each` how many places one client may have."""

    def __init__(self, name: str, *, threads: int, waiting: float = float("inf"), each: float = float("inf")) -> None:
        self.threads, self.count = ThreadPoolExecutor(threads, thread_name_prefix=name), threads
        self.places = Places(threads + waiting, each)
        self.moved = time.monotonic()  # when it last had a thread to spare, or one came free

    @property
    def is_stuck(self) -> bool:
        return self.places.taken >= self.count and time.monotonic() - self.moved > STUCK_AFTER

    async def run(self, work: Callable[[Environ], Found], environ: Environ) -> Found:
        if self.places.taken < self.count:
            self.moved = time.monotonic()
        with self.places.taken_by(client_of(environ)):
            try:
                return await asyncio.get_running_loop().run_in_executor(self.threads, work, environ)
            finally:
                self.moved = time.monotonic()
