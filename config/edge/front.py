"""The front: takes each request from Granian (RSGI), awaits its body, and only then takes a thread for Django.

A connection that sends nothing waits on the event loop, where it costs a few kilobytes and no thread
(docs/decisions/0009). Here is also the place to answer what needs no Django.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings

from config.edge.addresses import ACCOUNTS, CARD
from config.edge.bridge import Answer, Application, Environ, call, to_environ
from config.edge.middleware import REFUSED, body_limit

BODY_SECONDS = 10  # for a whole body, and a second more for each BYTES_A_SECOND that have come
BYTES_A_SECOND = 50_000
CARDS_AT_ONCE = 6


class Lane:
    """Threads for one kind of work, which so cannot keep another kind waiting. Used from the event loop alone."""

    def __init__(self, name: str, *, threads: int, waiting: float = float("inf")) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.taken, self.limit = 0, threads + waiting

    @property
    def is_full(self) -> bool:
        return self.taken >= self.limit

    async def run(self, work: Callable[[Environ], Answer], environ: Environ) -> Answer:
        self.taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work, environ)
        finally:
            self.taken -= 1


class Front:
    """An RSGI application around a WSGI application."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.cards = 0  # that come in now
        self.pages = Lane("pages", threads=6)
        # A hash takes a core for some 40 ms, and 19 MiB: one at a time, and who would wait long is told so.
        self.passwords = Lane("passwords", threads=1, waiting=10)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(HTTPStatus.FORBIDDEN)
            return
        environ = to_environ(scope)
        with self.card(environ) as is_card:
            memory = settings.CARD_BODY_LIMIT if is_card else settings.PUBLIC_BODY_LIMIT
            with SpooledTemporaryFile(max_size=memory) as body:
                environ["wsgi.input"] = body
                await fill(body, protocol, environ)
                answer = await self.lane_of(environ).run(self.answer, environ)
        if answer.file:
            protocol.response_file(answer.status, answer.headers, answer.file)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.body)

    @contextmanager
    def card(self, environ: Environ) -> Iterator[bool]:
        """Whether this is a photo of an insurance card: few at a time, because none of them may touch the disk."""
        is_card = bool(CARD.fullmatch(environ["PATH_INFO"]))
        self.cards += is_card
        if is_card and self.cards > CARDS_AT_ONCE:
            environ[REFUSED] = HTTPStatus.TOO_MANY_REQUESTS
        try:
            yield is_card
        finally:
            self.cards -= is_card

    def lane_of(self, environ: Environ) -> Lane:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].startswith(ACCOUNTS):
            return self.pages
        if not self.passwords.is_full:
            return self.passwords
        environ[REFUSED] = HTTPStatus.TOO_MANY_REQUESTS
        return self.pages

    def answer(self, environ: Environ) -> Answer:
        try:
            return call(self.application, environ)
        except (LookupError, ValueError):  # Django could not even make a request of it, as with `charset=hex`
            return call(self.application, environ | {"CONTENT_TYPE": "", REFUSED: HTTPStatus.BAD_REQUEST})


async def fill(body: SpooledTemporaryFile, protocol: Any, environ: Environ) -> None:
    """Read what was declared. What comes late or falls short is marked, and what is too long is not read at all."""
    declared = int(environ.get("CONTENT_LENGTH", 0))
    if REFUSED in environ:
        return
    if "HTTP_TRANSFER_ENCODING" in environ or not 0 < declared <= body_limit(environ["PATH_INFO"]):
        return
    try:
        async with asyncio.timeout(BODY_SECONDS) as deadline:
            async for chunk in protocol:
                body.write(chunk)
                deadline.reschedule(deadline.when() + len(chunk) / BYTES_A_SECOND)
    except TimeoutError:
        environ[REFUSED] = HTTPStatus.REQUEST_TIMEOUT
    else:
        if body.tell() != declared:
            environ[REFUSED] = HTTPStatus.BAD_REQUEST
    body.seek(0)
