"""The public pages about the places of treatment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from facilities.directory.models import Facility


@require_safe
def facility_list(request: HttpRequest) -> HttpResponse:
    return render(request, "facilities/facility_list.html", {"facilities": Facility.objects.all()})


@require_safe
def facility(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Facility.objects.select_related("phone_line"), slug=slug)
    return render(request, "facilities/facility.html", {"facility": found})
