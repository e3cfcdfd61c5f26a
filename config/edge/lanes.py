"""Threads for one kind of work, which so cannot keep another kind waiting; nor one client the others."""

import asyncio
import time
from asyncio import Future
from collections import Counter, deque
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
    """`waiting` is how many may wait for one of its threads, `each` how many places one client may have.

    Clients take turns: who asks for one page waits for one page of each of the others, whatever they asked for before.
    """

    def __init__(self, name: str, *, threads: int, waiting: float = float("inf"), each: float = float("inf")) -> None:
        self.threads, self.free = ThreadPoolExecutor(threads, thread_name_prefix=name), threads
        self.places = Places(threads + waiting, each)
        self.waiting: dict[str, deque[Future[None]]] = {}  # each client's, and whose turn it is comes first
        self.moved = time.monotonic()  # when it last had a thread to spare, or one came free

    @property
    def is_stuck(self) -> bool:
        return not self.free and time.monotonic() - self.moved > STUCK_AFTER

    async def run(self, work: Callable[[Environ], Found], environ: Environ) -> Found:
        client = client_of(environ)
        with self.places.taken_by(client):
            await self._turn(client)
            try:
                return await asyncio.get_running_loop().run_in_executor(self.threads, work, environ)
            finally:
                self._come_free()

    async def _turn(self, client: str) -> None:
        """Of this client, to take a thread."""
        self.moved = time.monotonic() if self.free else self.moved
        if self.free:
            self.free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came at the same moment
                self._come_free()
            raise

    def _come_free(self) -> None:
        self.moved = time.monotonic()
        while self.waiting:
            client = next(iter(self.waiting))
            queue = self.waiting.pop(client)
            turn = queue.popleft()
            if queue:
                self.waiting[client] = queue  # behind all others
            if not turn.cancelled():
                turn.set_result(None)
                return
        self.free += 1
