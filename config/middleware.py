"""What every request and answer passes: the size of a body, the content security policy, and the other headers."""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER as CSP_HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]
CONFIDENTIAL_PATHS = (*errors.STAFF_PATHS, "/request-a-call/", "/request/", "/leave")


class BodyLimit:
    """Answers 413 from the declared length alone, before a byte of a large body is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if request.path.startswith("/cms/") else settings.PUBLIC_BODY_LIMIT
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not (declared.isascii() and declared.isdigit()) or "HTTP_TRANSFER_ENCODING" in request.META:
            return errors.bad_request(request)  # WSGI cannot read a body of unknown length, and no browser sends one
        if int(declared) > limit:
            return errors.too_large(request)
        return self.get_response(request)


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


class ContentSecurityPolicy:
    """The strict policy everywhere but under /cms/, whose editor cannot run with it.

    Both headers are built once, by django-csp. A preview under /cms/ comes from an inner request for the page
    itself, whose policy forbids every frame; the outer answer replaces it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.strict = build_policy()
        self.cms = build_policy(config=settings.CMS_CONTENT_SECURITY_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response[CSP_HEADER] = self.cms if request.path.startswith("/cms/") else self.strict
        return response


class ResponseHeaders:
    """Headers that neither Django nor django-csp sets. What is confidential is never kept by a cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        if request.path.startswith(errors.STAFF_PATHS):
            response["X-Robots-Tag"] = "noindex, nofollow"
        if request.path.startswith(CONFIDENTIAL_PATHS):
            response["Cache-Control"] = "no-store, private"
        elif isinstance(response, HttpResponse):
            response.setdefault("Cache-Control", "no-cache")
        return response
