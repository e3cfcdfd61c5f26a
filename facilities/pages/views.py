"""Leaving the site fast, the pages whose address staff do not write, and what is said while there is no site yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from facilities.directory.models import Facility
from facilities.facts import facts_of
from facilities.pages.places import FacilityIndexPage, FacilityPage, what_is_proved


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to a plain site, in the same tab. What it can and cannot hide is said on the privacy page."""
    return HttpResponse(status=303, headers={"Location": facts_of(request).leave_address})


@require_safe
def facility_list(request: HttpRequest) -> HttpResponse:
    if page := FacilityIndexPage.of(request):
        return page.serve(request)
    return render(request, "facilities/facility_list.html", {"facilities": Facility.objects.live()})


@require_safe
def facility(request: HttpRequest, slug: str) -> HttpResponse:
    """Its page, or else its facts: every page of the site leads here."""
    found = get_object_or_404(Facility.objects.live().select_related("phone_line"), slug=slug)
    if page := FacilityPage.objects.live().filter(facility=found).first():
        page.facility = found
        return page.serve(request)
    return render(request, "facilities/facility.html", {"facility": found, **what_is_proved(found)})


def not_there_yet(request: HttpRequest) -> HttpResponse:
    """Before the first steps are done. Whoever comes by in danger reads whom to call."""
    context = {
        "heading": gettext("This site is being set up"),
        "advice": gettext("Nobody reads what is sent here yet, so nothing can be sent.")
        + " "
        + gettext("In danger of life, call 911. In a crisis, call or text 988, day and night."),
        "is_error": True,
        "is_shut": True,  # there is no other page to go to
    }
    response = render(request, "error.html", context, status=503)
    response["Retry-After"] = "3600"
    return response
