"""The front: takes each request from Granian (RSGI), awaits its body, and only then takes a thread for Django.

A connection that sends nothing waits on the event loop, where it costs a few kilobytes and no thread
(docs/decisions/0009). Here is also the place to answer what needs no Django.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings

from config.edge.addresses import ACCOUNTS
from config.edge.bridge import Answer, Application, Environ, call, to_environ
from config.edge.middleware import REFUSED, body_limit
from config.edge.pulse import beat

BODY_SECONDS = 10  # for a whole body, and a second more for each BYTES_A_SECOND that have come
BYTES_A_SECOND = 50_000
STUCK_AFTER = 30  # seconds in which no thread of a lane came free; every wait of ours has a shorter limit


class Lane:
    """Threads for one kind of work, which so cannot keep another kind waiting. Used from the event loop alone."""

    def __init__(self, name: str, *, threads: int, waiting: float = float("inf")) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.taken, self.count, self.limit = 0, threads, threads + waiting
        self.moved = time.monotonic()  # when it last had a thread to spare, or one came free

    @property
    def is_full(self) -> bool:
        return self.taken >= self.limit

    @property
    def is_stuck(self) -> bool:
        return self.taken >= self.count and time.monotonic() - self.moved > STUCK_AFTER

    async def run(self, work: Callable[[Environ], Answer], environ: Environ) -> Answer:
        if self.taken < self.count:
            self.moved = time.monotonic()
        self.taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work, environ)
        finally:
            self.taken -= 1
            self.moved = time.monotonic()


class Front:
    """An RSGI application around a WSGI application."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.pages = Lane("pages", threads=6)
        # A hash takes a core for some 40 ms, and 19 MiB: one at a time, and who would wait long is told so.
        self.passwords = Lane("passwords", threads=1, waiting=10)

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
            await fill(body, protocol, environ)
            answer = await self.lane_of(environ).run(self.answer, environ)
        if answer.file:
            protocol.response_file(answer.status, answer.headers, answer.file)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.body)

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
