"""Error pages: one calm template that needs no database, with the crisis lines on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, *, status: int, heading: str, advice: str) -> HttpResponse:
    context = {"heading": heading, "advice": advice, "is_staff_page": request.path.startswith(("/desk/", "/cms/"))}
    response = render(request, "error.html", context, status=status, using=None)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        status=400,
        heading="We could not read that",
        advice="Go back one page and try again. Nothing was sent.",
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        status=403,
        heading="Your account may not open this page",
        advice="If your work needs it, ask your manager to give your account the role for it.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        status=403,
        heading="This page was open for too long",
        advice="Go back, reload the page and do it once more. Nothing was changed.",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        status=404,
        heading="We cannot find this page",
        advice="Check the address, or start again from the first page.",
    )


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        status=405,
        heading="This address only takes what a form sends",
        advice="Nothing was changed. Go back to your work and do it once more.",
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        status=413,
        heading="That was too much to send",
        advice="Go back and make the note shorter. A few words are enough. Nothing was sent.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        status=500,
        heading="Something went wrong on our side",
        advice="Nothing you did caused it. Go back and try once more, or call us.",
    )
