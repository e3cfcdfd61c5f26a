"""What every request and answer passes: language, headers, the refusal of a body, and words for a 405."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils import translation

from config.edge import errors
from config.edge.addresses import CARD, CMS, HEALTHZ, READYZ, language_of
from config.edge.clients import client_of
from config.edge.headers import headers

REFUSED = "quietline.refused"  # in the environment of a request: why the front does not hand it on
REFUSALS = {
    HTTPStatus.BAD_REQUEST: errors.bad_request,
    HTTPStatus.FORBIDDEN: errors.signed_out,
    HTTPStatus.REQUEST_TIMEOUT: errors.too_slow,
    HTTPStatus.TOO_MANY_REQUESTS: errors.too_many_at_once,
    HTTPStatus.SERVICE_UNAVAILABLE: errors.unavailable,
}

UTF_8 = ("utf-8", "utf8")  # our pages are, so browsers send nothing else

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Languages:
    """Speaks the language that the address names. Django's own middleware adds `Vary: Accept-Language`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request.path_info)):
            return self.get_response(request)


class Clients:
    """Tells the views whom a request comes from, as `request.client`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.client = client_of(request.META)
        return self.get_response(request)


class Headers:
    """Replaces what a view has set: a preview under /cms/ frames a page whose own policy forbids it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in headers(request.path, https=request.is_secure()).items():
            response[name] = value
        return response


class ErrorPages:
    """Gives words to a 405, for which Django sends an empty page.

    Staff get there when a session ended: after signing in again they land on the address of a form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            page = errors.method_not_allowed(request)
            page["Allow"] = response["Allow"]
            return page
        return response


class Hosts(CommonMiddleware):
    """Refuses names that are not ours. Who asks whether we are well may know this machine by its address alone."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        return None if request.path in (HEALTHZ, READYZ) else super().process_request(request)


class Bodies:
    """Answers 413 from the declared length alone, and says in words why the front hands a request on to no view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not (declared.isascii() and declared.isdigit()) or "HTTP_TRANSFER_ENCODING" in request.META:
            return errors.bad_request(request)  # a body of unknown length may end early, and no browser sends one
        if (request.encoding or "utf-8").lower() not in UTF_8:
            return errors.bad_request(request)  # some that a client may name are no encoding of text, and fail late
        if int(declared) > body_limit(request.path):
            return errors.too_large(request)
        if REFUSED in request.META:
            return REFUSALS[request.META[REFUSED]](request)
        return self.get_response(request)


def body_limit(path: str) -> int:
    """In bytes. The editor takes long articles of who is signed in, a receipt the photo of an insurance card."""
    if CARD.fullmatch(path):
        return settings.CARD_BODY_LIMIT
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE if path.startswith(CMS) else settings.PUBLIC_BODY_LIMIT
