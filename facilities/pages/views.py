"""Leaving the site fast."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from facilities.pages.context import read_site_facts


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to a plain site, in the same tab. What it can and cannot hide is said on the privacy page."""
    address = read_site_facts(request).leave_address
    return HttpResponse(status=303, headers={"Location": address, "Referrer-Policy": "no-referrer"})
