"""The front: takes each request from Granian (RSGI), awaits its body, and only then takes a thread for Django.

A connection that sends nothing waits on the event loop, where it costs a few kilobytes and no thread
(docs/decisions/0009). Here is also the place to answer what needs no Django.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple
from wsgiref.util import FileWrapper

from django.conf import settings

from config.edge.middleware import REFUSED, body_limit

THREADS = 6
BODY_SECONDS = 10  # for a whole body, and a second more for each BYTES_A_SECOND that have come
BYTES_A_SECOND = 50_000

Environ = dict[str, Any]
Application = Callable[[Environ, Callable], Iterable[bytes]]


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    file: str  # the path of a file to send instead of the body, or nothing


class Front:
    """An RSGI application around a WSGI application."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(HTTPStatus.FORBIDDEN)
            return
        environ = to_environ(scope)
        with SpooledTemporaryFile(max_size=settings.PUBLIC_BODY_LIMIT) as body:
            environ["wsgi.input"] = body
            await fill(body, protocol, environ)
            answer = await asyncio.get_running_loop().run_in_executor(self.threads, self.answer, environ)
        if answer.file:
            protocol.response_file(answer.status, answer.headers, answer.file)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.body)

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


def to_environ(scope: Any) -> Environ:
    """A request as WSGI has it (PEP 3333), without the environment of the process, where secrets are."""
    (server, _, port), (client, _, _) = scope.server.rpartition(":"), scope.client.rpartition(":")
    environ = {"REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "PATH_INFO": scope.path.encode().decode("latin-1")}
    environ |= {"QUERY_STRING": scope.query_string, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}"}
    environ |= {"SERVER_NAME": server, "SERVER_PORT": port, "REMOTE_ADDR": client.strip("[]")}
    environ |= {"wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.errors": sys.stderr}
    environ |= {"wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False}
    environ["wsgi.file_wrapper"] = FileWrapper
    for header, value in scope.headers.items():
        if "_" in header:  # else a client could forge the header that has a hyphen there
            continue
        key = header.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


def call(application: Application, environ: Environ) -> Answer:
    started, written = [], []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started.append((int(status[:3]), headers))
        return written.append

    body = application(environ, start_response)
    try:
        file = path_of(body)
        content = b"" if file else b"".join([*written, *body])
    finally:
        if hasattr(body, "close"):
            body.close()
    return Answer(*started[-1], content, file)


def path_of(body: Iterable[bytes]) -> str:
    """Of a whole file of ours. Granian sends it piece by piece, and a slow reader keeps none of it in memory."""
    name = getattr(getattr(body, "filelike", None), "name", "")
    is_ours = isinstance(name, str) and name.startswith((f"{settings.STATIC_ROOT}/", f"{settings.MEDIA_ROOT}/"))
    return name if is_ours else ""
