"""Leaving the site fast, and what is said while there is no site yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from facilities.facts import facts_of


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to a plain site, in the same tab. What it can and cannot hide is said on the privacy page."""
    return HttpResponse(status=303, headers={"Location": facts_of(request).leave_address})


def not_there_yet(request: HttpRequest) -> HttpResponse:
    """Before the first steps are done. Whoever comes by in danger reads whom to call."""
    context = {
        "heading": gettext("This site is being set up"),
        "advice": gettext("Nobody reads what is sent here yet, so nothing can be sent.")
        + " "
        + gettext("In danger of life, call 911. In a crisis, call or text 988, day and night."),
        "is_error": True,
    }
    response = render(request, "error.html", context, status=503)
    response["Retry-After"] = "3600"
    return response
