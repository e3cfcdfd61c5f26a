"""The front: takes each request from Granian (RSGI), awaits its body, and only then takes a thread for Django.

A connection that sends nothing waits on the event loop, where it costs a few kilobytes and no thread
(docs/decisions/0009). Here is also the place to answer what needs no Django.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from http import HTTPStatus
from re import Match
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.db import Error

from config.edge.addresses import ACCOUNTS, CARD, HEALTHZ
from config.edge.bridge import Answer, Application, Environ, call, in_words, to_environ
from config.edge.clients import client_of
from config.edge.lanes import Lane, Places
from config.edge.middleware import REFUSED, body_limit
from config.edge.pulse import beat, folder_of
from config.edge.unread import give_up_unread_answers

BODY_SECONDS = 10  # for a whole body, and a second more for each BYTES_A_SECOND that have come
BYTES_A_SECOND = 50_000

logger = logging.getLogger(__name__)


class Front:
    """An RSGI application around a WSGI application.

    Of a request whose headers have come, `may_edit` says whether its cookie is of somebody who edits pages, and
    `takes_photo` whether the receipt of a token takes one now. Both raise django.db.Error.
    """

    def __init__(
        self, application: Application, may_edit: Callable[[Environ], bool], takes_photo: Callable[[str], bool]
    ) -> None:
        self.application, self.may_edit, self.takes_photo = application, may_edit, takes_photo
        # At some 25 pages a second, who asks for 50 at once waits two seconds.
        self.pages = Lane("pages", threads=6, each=50)
        self.health = Lane("health", threads=1, waiting=10, each=4)  # so that a flood of pages does not look like death
        # A hash takes a core for some 40 ms, and 19 MiB: one at a time, and an address has few, so that a colleague
        # waits for one of each of those who guess.
        self.passwords = Lane("passwords", threads=1, waiting=200, each=3)
        self.bodies = Places(8000, each=200)  # that come in now, in memory
        self.cards = Places(10, each=2)  # as photos do, which are large: none of them may touch the disk
        self.give_up_unread_answers = cache(give_up_unread_answers)  # at the first request, when the server listens

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.pulse = loop.create_task(beat(folder_of(settings.VAR_DIR, settings.ROLE), self.is_well))

    def is_well(self) -> bool:
        return not (self.pages.is_stuck or self.passwords.is_stuck)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(HTTPStatus.FORBIDDEN)
            return
        self.give_up_unread_answers()
        environ = to_environ(scope)
        try:
            answer = await self.respond(environ, protocol)
        except Exception:
            logger.exception("the error page failed too")
            answer = in_words(environ, HTTPStatus.INTERNAL_SERVER_ERROR)
        if answer.file:
            protocol.response_file(answer.status, answer.headers, answer.file)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.body)

    async def respond(self, environ: Environ, protocol: Any) -> Answer:
        card = CARD.fullmatch(environ["PATH_INFO"])
        memory = settings.CARD_BODY_LIMIT if card else settings.PUBLIC_BODY_LIMIT
        is_read = bool(declared(environ)) and await self.may_send(environ, card)
        place = place_for(environ, self.cards if card else self.bodies) if is_read else nullcontext()
        with place, SpooledTemporaryFile(max_size=memory) as body:
            environ["wsgi.input"] = body
            if is_read:
                await fill(body, protocol, environ)
            lane = self.lane_of(environ)
            # Without one, too many wait already, and a page that says so would only make them more.
            why = environ.get(REFUSED, HTTPStatus.TOO_MANY_REQUESTS)
            return await lane.run(self.answer, environ) if lane else in_words(environ, why)

    async def may_send(self, environ: Environ, card: Match | None) -> bool:
        """More than a form is read only where it is expected: the bodies of strangers would fill disk or memory.

        What a receipt takes no photo for goes on without its body: the page says why.
        """
        if not settings.PUBLIC_BODY_LIMIT < declared(environ) <= body_limit(environ["PATH_INFO"]):
            return True
        try:
            may = self.may_edit if card is None else lambda _: self.takes_photo(card["token"])
            if await self.pages.run(may, environ):
                return True
            if card is None:
                environ[REFUSED] = HTTPStatus.FORBIDDEN
        except Error:
            environ[REFUSED] = HTTPStatus.SERVICE_UNAVAILABLE
        return False

    def lane_of(self, environ: Environ) -> Lane | None:
        """Nothing, if that many wait that one more would wait too long."""
        client, path = client_of(environ), environ["PATH_INFO"]
        lane = self.health if path == HEALTHZ else self.pages
        if environ["REQUEST_METHOD"] == "POST" and path.startswith(ACCOUNTS):
            if not self.passwords.places.is_full_for(client):
                return self.passwords
            environ[REFUSED] = HTTPStatus.TOO_MANY_REQUESTS
        return None if lane.places.is_full_for(client) else lane

    def answer(self, environ: Environ) -> Answer:
        try:
            return call(self.application, environ)
        except (LookupError, ValueError):  # Django could not even make a request of it, as with `charset=hex`
            return call(self.application, environ | {"CONTENT_TYPE": "", REFUSED: HTTPStatus.BAD_REQUEST})


def place_for(environ: Environ, places: Places) -> AbstractContextManager:
    """Of a body, as long as it is here. One too many is not read."""
    client = client_of(environ)
    if places.is_full_for(client):
        environ[REFUSED] = HTTPStatus.TOO_MANY_REQUESTS
        return nullcontext()
    return places.taken_by(client)


def declared(environ: Environ) -> int:
    """The length of the body, in bytes."""
    return int(environ.get("CONTENT_LENGTH", 0))


async def fill(body: SpooledTemporaryFile, protocol: Any, environ: Environ) -> None:
    """Read what was declared. What comes late or falls short is marked, and what is too long is not read at all."""
    if REFUSED in environ or "HTTP_TRANSFER_ENCODING" in environ:
        return
    if not 0 < declared(environ) <= body_limit(environ["PATH_INFO"]):
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
