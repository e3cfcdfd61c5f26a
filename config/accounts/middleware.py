"""Sessions, sign-in and messages exist under the addresses of staff alone. A visitor's cookie asks no question."""

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase

from config.accounts.sessions import is_key
from config.edge.addresses import STAFF

LOOKS = "X-Looks-By-Itself"  # sent by a page that asks by itself for what is new: no click, so no longer session


def is_preview(request: HttpRequest) -> bool:
    """Of a page, at its public address, which the editor asks for with the request of whoever writes it."""
    return getattr(request, "is_dummy", False)  # no request from outside has it


class ForStaff:
    """Mixed into a middleware of Django's, lets it see the requests of staff and no others."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(STAFF) or is_preview(request):
            return super().__call__(request)
        return self.get_response(request)


class StaffSessions(ForStaff, SessionMiddleware):
    """Keeps only sessions that a view has looked at: Django would store one for any cookie, even of a refused POST."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_key(request.COOKIES.get(settings.SESSION_COOKIE_NAME)):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_look = LOOKS in request.headers and request.method == "GET"
        return super().process_response(request, response) if request.session.accessed and not is_look else response


class StaffUsers(ForStaff, AuthenticationMiddleware):
    pass


class StaffMessages(ForStaff, MessageMiddleware):
    pass
