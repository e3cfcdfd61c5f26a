"""Threads for one kind of work, which so cannot keep another kind waiting; nor one client the others."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from config.edge.bridge import Environ
from config.edge.clients import client_of

STUCK_AFTER = 30  # seconds in which no thread of a lane came free; every wait of ours has a shorter limit

Found = TypeVar("Found")


class Lane:
    """Used from the event loop alone.

    `waiting` is how many may wait for a thread, `each` how many places one client may have.
    """

    def __init__(self, name: str, *, threads: int, waiting: float = float("inf"), each: float = float("inf")) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.taken, self.count, self.limit = 0, threads, threads + waiting
        self.places, self.each = Counter[str](), each
        self.moved = time.monotonic()  # when it last had a thread to spare, or one came free

    def is_full_for(self, client: str) -> bool:
        return self.taken >= self.limit or self.places[client] >= self.each

    @property
    def is_stuck(self) -> bool:
        return self.taken >= self.count and time.monotonic() - self.moved > STUCK_AFTER

    async def run(self, work: Callable[[Environ], Found], environ: Environ) -> Found:
        client = client_of(environ)
        if self.taken < self.count:
            self.moved = time.monotonic()
        self.taken += 1
        self.places[client] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work, environ)
        finally:
            self.taken -= 1
            self.places -= Counter([client])  # which also forgets who has none
            self.moved = time.monotonic()
