"""The door for requests for a call: a plain good one is taken in front of Django's middleware, all else goes inside.

Of that whole chain, an accepted request needs the checks below and the headers of the answer; the rest serves sessions,
staff and pages, and costs a quarter of the time (docs/decisions/0007). The door refuses nothing and shows nothing: what
it does not take, for whatever reason, Django answers as if there were no door.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection

from config.errors import FORM_PATH
from config.middleware import declared_length
from intake.callbacks.forms import CallbackForm
from intake.callbacks.taking import NOT_STORED, NotStored, take_request

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

PLAIN_FORM = "application/x-www-form-urlencoded"  # without a charset, as browsers send it
SEE_OTHER = "303 See Other"


class Door:
    """A WSGI application in front of Django's.

    It makes up no header of its own. It stays shut until Django has accepted a request, and then sends what Django
    sent, but for the address of the receipt. Over HTTPS the headers are others, so that each way is opened by itself.
    """

    def __init__(self, django: Application) -> None:
        self.django = django
        self.headers: dict[bool, Headers] = {}  # by whether the request came over HTTPS

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not is_plain(environ):
            return self.django(environ, start_response)
        try:
            body = BytesIO(environ["wsgi.input"].read(declared_length(environ)))
        except OSError:  # whoever sent it is gone
            return self.django(environ, start_response)
        environ["wsgi.input"] = body
        if headers := self._take(WSGIRequest(environ)):
            start_response(SEE_OTHER, headers)
            return [b""]
        body.seek(0)
        return self.django(environ, self._remembering(environ, start_response))

    def _take(self, request: WSGIRequest) -> Headers | None:
        """The headers of the answer to a request that is stored now; None if Django must answer."""
        known = self.headers.get(request.is_secure())
        if not known:
            return None
        try:
            request.get_host()  # raises DisallowedHost
            connection.close_if_unusable_or_obsolete()  # as Django does before each request
            return [*known, ("Location", take_request(request, CallbackForm(request.POST)))]
        except NotStored:
            request.META[NOT_STORED] = True
        except Exception:  # noqa: BLE001, S110  # whatever it is, Django meets it too, and answers and reports it
            pass
        return None

    def _remembering(self, environ: Environ, start_response: StartResponse) -> StartResponse:
        def start(status: str, headers: Headers, *rest: Any) -> Any:
            if status == SEE_OTHER:
                known = [(name, value) for name, value in headers if name != "Location"]
                self.headers[WSGIRequest(environ).is_secure()] = known
            return start_response(status, headers, *rest)

        return start


def is_plain(environ: Environ) -> bool:
    """Whether this is a posted form of a length that we take, without a cookie: staff have one, visitors never."""
    if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != FORM_PATH:
        return False
    length = declared_length(environ)
    return (
        length is not None
        and length <= settings.PUBLIC_BODY_LIMIT
        and environ.get("CONTENT_TYPE") == PLAIN_FORM
        and "HTTP_COOKIE" not in environ
    )
