"""The front: takes each request from Granian (RSGI), awaits its body, and only then takes a thread for Django.

A connection that sends nothing waits on the event loop, where it costs a few kilobytes and no thread
(docs/decisions/0009). Here is also the place to answer what needs no Django.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error

from config.edge.addresses import ACCOUNTS
from config.edge.bridge import Answer, Application, Environ, call, last_words, to_environ
from config.edge.clients import client_of
from config.edge.middleware import REFUSED, body_limit
from config.edge.pulse import beat

BODY_SECONDS = 10  # for a whole body, and a second more for each BYTES_A_SECOND that have come
BYTES_A_SECOND = 50_000
STUCK_AFTER = 30  # seconds in which no thread of a lane came free; every wait of ours has a shorter limit

Found = TypeVar("Found")
logger = logging.getLogger(__name__)


class Lane:
    """Threads for one kind of work, which so cannot keep another kind waiting. Used from the event loop alone.

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


class Front:
    """An RSGI application around a WSGI application; `is_signed_in` says it of who sends a request, by its cookie."""

    def __init__(self, application: Application, is_signed_in: Callable[[Environ], bool]) -> None:
        self.application, self.is_signed_in = application, is_signed_in
        self.pages = Lane("pages", threads=6)
        # A hash takes a core for some 40 ms, and 19 MiB: one at a time, and who would wait long is told so.
        self.passwords = Lane("passwords", threads=1, waiting=10, each=3)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.pulse = loop.create_task(beat(settings.VAR_DIR, self.is_well))

    def is_well(self) -> bool:
        return not (self.pages.is_stuck or self.passwords.is_stuck)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(HTTPStatus.FORBIDDEN)
            return
        environ = to_environ(scope)
        with SpooledTemporaryFile(max_size=settings.PUBLIC_BODY_LIMIT) as body:
            environ["wsgi.input"] = body
            if await self.may_send(environ):
                await fill(body, protocol, environ)
            answer = await self.lane_of(environ).run(self.answer, environ)
        if answer.file:
            protocol.response_file(answer.status, answer.headers, answer.file)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.body)

    async def may_send(self, environ: Environ) -> bool:
        """More than a visitor ever sends is read from who is signed in: the bodies of strangers would fill the disk."""
        if not settings.PUBLIC_BODY_LIMIT < declared(environ) <= body_limit(environ["PATH_INFO"]):
            return True
        try:
            if await self.pages.run(self.is_signed_in, environ):
                return True
            environ[REFUSED] = HTTPStatus.FORBIDDEN
        except Error:
            environ[REFUSED] = HTTPStatus.SERVICE_UNAVAILABLE
        return False

    def lane_of(self, environ: Environ) -> Lane:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].startswith(ACCOUNTS):
            return self.pages
        if not self.passwords.is_full_for(client_of(environ)):
            return self.passwords
        environ[REFUSED] = HTTPStatus.TOO_MANY_REQUESTS
        return self.pages

    def answer(self, environ: Environ) -> Answer:
        try:
            try:
                return call(self.application, environ)
            except (LookupError, ValueError):  # Django could not even make a request of it, as with `charset=hex`
                return call(self.application, environ | {"CONTENT_TYPE": "", REFUSED: HTTPStatus.BAD_REQUEST})
        except Exception:
            logger.exception("the error page failed too")
            return last_words(environ)


def declared(environ: Environ) -> int:
    """The length of the body, in bytes."""
    return int(environ.get("CONTENT_LENGTH", 0))


async def fill(body: SpooledTemporaryFile, protocol: Any, environ: Environ) -> None:
    """Read what was declared. What comes late or falls short is marked, and what is too long is not read at all."""
    if "HTTP_TRANSFER_ENCODING" in environ or not 0 < declared(environ) <= body_limit(environ["PATH_INFO"]):
        return
    try:
        async with asyncio.timeout(BODY_SECONDS) as deadline:
            async for chunk in protocol:
                body.write(chunk)
                deadline.reschedule(deadline.when() + len(chunk) / BYTES_A_SECOND)
    except TimeoutError:
        environ[REFUSED] = HTTPStatus.REQUEST_TIMEOUT
    else:
        if body.tell() != declared(environ):
            environ[REFUSED] = HTTPStatus.BAD_REQUEST
    body.seek(0)
