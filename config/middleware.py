"""What every request and answer passes: the size of a body, the content security policy, and the other headers."""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER as CSP_HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]
STAFF_PATHS = ("/cms/", "/desk/", "/accounts/")


class BodyLimit:
    """Answers 413 from the declared length alone, before a byte of a large body is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if request.path.startswith("/cms/") else settings.PUBLIC_BODY_LIMIT
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not (declared.isascii() and declared.isdigit()) or "Transfer-Encoding" in request.headers:
            # WSGI cannot read a body of undeclared length; no browser sends a form like that.
            return errors.bad_request(request)
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
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            page = errors.method_not_allowed(request)
            page["Allow"] = response["Allow"]
            return page
        return response


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere but under /cms/, whose editor cannot run with it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/cms/"):
            # A preview comes from an inner request for the page itself, whose policy forbids every frame.
            del response[CSP_HEADER]
        return super().process_response(request, response)

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - the signature is django-csp's
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/cms/") and not report_only:
            parts.config = settings.CMS_CONTENT_SECURITY_POLICY
        return parts


class ResponseHeaders:
    """Headers that neither Django nor django-csp sets. What staff see is never kept by a cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        if request.path.startswith(STAFF_PATHS):
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex, nofollow"
        elif isinstance(response, HttpResponse):
            response.setdefault("Cache-Control", "no-cache")
        return response
