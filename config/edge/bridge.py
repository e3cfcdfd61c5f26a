"""Between RSGI and WSGI: a request as an application of PEP 3333 expects it, and what it answers."""

import sys
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NamedTuple
from wsgiref.util import FileWrapper

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from config.edge.addresses import language_of
from config.edge.headers import headers

Environ = dict[str, Any]
Application = Callable[[Environ, Callable], Iterable[bytes]]

WORDS = {
    HTTPStatus.BAD_REQUEST: _("We could not read it. Go back one page and try again."),
    HTTPStatus.FORBIDDEN: "Only who edits pages may send that much. Sign in first.",
    HTTPStatus.REQUEST_TIMEOUT: _("It took too long to arrive. Go back one page and try again."),
    HTTPStatus.TOO_MANY_REQUESTS: _(
        "Too much is asked from your network at this moment. Wait a few seconds, go back one page and try again."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong on our side. Try again in a minute."),
    HTTPStatus.SERVICE_UNAVAILABLE: _("Our records do not answer. Try again in a minute."),
}
LONGEST_LENGTH = 15  # digits
NOT_SENT = _("Your request was not sent.")
CRISIS = _("In danger of life, call 911. In a crisis, call or text 988, day and night.")


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    file: str  # the path of a file to send instead of the body, or nothing


def to_environ(scope: Any) -> Environ:
    """A request without the environment of the process, where secrets are."""
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
    if len(environ.get("CONTENT_LENGTH", "")) > LONGEST_LENGTH:  # Python reads no number of 4,300 digits
        environ["CONTENT_LENGTH"] = "9" * LONGEST_LENGTH
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


def in_words(environ: Environ, status: HTTPStatus) -> Answer:
    """What is said without Django, because it failed or has too much to do: plain text, with nothing to fail."""
    found = headers(environ["PATH_INFO"], https=environ["wsgi.url_scheme"] == "https")
    found |= {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "5"}
    with override(language_of(environ["PATH_INFO"])):
        words = f"{NOT_SENT} {WORDS[status]} {CRISIS}\n"
    return Answer(status, [*found.items()], words.encode(), "")


def path_of(body: Iterable[bytes]) -> str:
    """Of a whole file of ours. Granian sends it piece by piece, and a slow reader keeps none of it in memory."""
    name = getattr(getattr(body, "filelike", None), "name", "")
    is_ours = isinstance(name, str) and name.startswith((f"{settings.STATIC_ROOT}/", f"{settings.MEDIA_ROOT}/"))
    return name if is_ours else ""
