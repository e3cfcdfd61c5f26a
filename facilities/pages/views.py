"""Leaving the site fast."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from facilities.pages.models import SiteSettings

SOMEWHERE_PLAIN = "https://www.weather.gov/"


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to a plain site, in the same tab. What it can and cannot hide is said on the privacy page."""
    site = Site.find_for_request(request)
    address = SiteSettings.for_site(site).leave_address if site else SOMEWHERE_PLAIN
    return HttpResponse(status=303, headers={"Location": address, "Referrer-Policy": "no-referrer"})
