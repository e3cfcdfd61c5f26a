"""Error pages: calm words in the usual page, with whom to call. None of them fails where the database does."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.edge.addresses import CARD, DESK, FORM, RECEIPTS, STAFF

TOO_LARGE_A_PHOTO = _(
    "The photo was not sent. Go back, and choose one of at most 8 MB, or read the card out when we call."
)


def _page(request: HttpRequest, *, status: int, heading: str, advice: str, back: str = "") -> HttpResponse:
    context = {"heading": heading, "advice": advice, "back": back, "is_staff_page": _is_staff_page(request)}
    context["is_error"] = True  # the address of such a page leads to nothing in another language either
    return render(request, "error.html", context, status=status)


def _is_staff_page(request: HttpRequest) -> bool:
    """Whether its links lead to staff's pages or to the public ones; a role may serve only one of them."""
    return settings.SERVES_STAFF and (request.path.startswith(STAFF) or not settings.SERVES_PAGES)


def _is_request_for_a_call(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path in FORM


def _what_was_sent(request: HttpRequest) -> str:
    return gettext("Your request was not sent.") if _is_request_for_a_call(request) else gettext("Nothing was sent.")


def _receipt_of_photo(request: HttpRequest) -> str:
    """The address of the receipt to which a photo was sent, or ""."""
    card = CARD.fullmatch(request.path)
    return f"{card[1]}{card['token']}/" if card else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        status=400,
        heading=gettext("We could not read that"),
        advice=_what_was_sent(request) + " " + gettext("Go back one page and try again."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        status=403,
        heading=gettext("Your account may not open this page"),
        advice=gettext("If your work needs it, ask whoever runs this server to give your account the role for it."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Only staff have forms that carry a token; elsewhere, nothing takes what was sent."""
    if not _is_staff_page(request):
        return _cannot_send_here(request)
    return _page(
        request,
        status=403,
        heading="This page was open for too long",
        advice="Nothing was changed. Go back, and copy what you typed. Then reload the page and do it once more.",
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """Before so much is taken from somebody."""
    return _page(
        request,
        status=403,
        heading="Sign in before you send that much",
        advice="Nothing was changed. If your session has ended, sign in in another tab, then send this once more. "
        "Only an account that edits pages may send files.",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(RECEIPTS):
        heading = gettext("We cannot find this request")
        advice = gettext("Check the address, or call us and say your reference.")
    else:
        heading = gettext("We cannot find this page")
        advice = gettext("Check the address, or start again from the home page.")
    return _page(request, status=404, heading=heading, advice=advice)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    if not _is_staff_page(request):
        return _cannot_send_here(request)
    return _page(
        request,
        status=405,
        heading="This address only takes what a form sends",
        advice="Nothing was changed. Go back to your work and do it once more.",
    )


def _cannot_send_here(request: HttpRequest) -> HttpResponse:
    response = _page(
        request,
        status=405,
        heading=gettext("That cannot be sent to this page"),
        advice=gettext("Nothing was sent. To reach us, ask for a call or call us."),
    )
    response["Allow"] = "GET, HEAD"
    return response


def too_slow(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        status=408,
        heading=gettext("That took too long to arrive"),
        back=_receipt_of_photo(request),
        advice=f"{_what_was_sent(request)} "
        + gettext("Your connection may be slow. Go back and try once more, or call us."),
    )


def too_many_at_once(request: HttpRequest) -> HttpResponse:
    """More passwords than we check, or more photos than we hold in memory."""
    if request.path.startswith(RECEIPTS):
        heading = gettext("Too many photos arrive at this moment")
        advice = gettext("It was not sent. Wait a few seconds, go back one page and try again.")
    else:
        heading = gettext("Too many people are signing in at this moment")
        advice = gettext("Wait a few seconds, go back one page and try again.")
    response = _page(request, status=429, heading=heading, advice=advice, back=_receipt_of_photo(request))
    response["Retry-After"] = "5"
    return response


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """More tries than somebody has, by a limit of sign-in's."""
    response = _page(
        request,
        status=429,
        heading="That was tried too often",
        advice="Nothing was changed. Wait five minutes, then go back and try once more.",
    )
    response["Retry-After"] = "300"
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        status=413,
        heading=gettext("That was too much to send"),
        back=_receipt_of_photo(request),
        advice=_how_to_send_less(request),
    )


def _how_to_send_less(request: HttpRequest) -> str:
    if CARD.fullmatch(request.path):
        return TOO_LARGE_A_PHOTO
    if request.path.startswith(DESK):
        return "Nothing was saved. Go back, and check what you chose: no text and no file for this page is so large."
    return f"{_what_was_sent(request)} " + gettext("Go back and make the note shorter. A few words are enough.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception."""
    if isinstance(sys.exc_info()[1], (InterfaceError, OperationalError)):
        return unavailable(request)
    return _page(
        request,
        status=500,
        heading=gettext("Something went wrong on our side"),
        advice=_not_sent(request) + gettext("Nothing you did caused it. Go back and try once more, or call us."),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is down, or hangs."""
    response = _page(
        request,
        status=503,
        heading=gettext("We cannot show this page just now"),
        advice=_not_sent(request) + gettext("Our records do not answer. Try again in a minute, or call us."),
    )
    response["Retry-After"] = "60"
    return response


def _not_sent(request: HttpRequest) -> str:
    return f"{_what_was_sent(request)} " if _is_request_for_a_call(request) else ""
