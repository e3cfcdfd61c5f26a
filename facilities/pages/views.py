"""Leaving the site fast."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from facilities.facts import facts_of


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to a plain site, in the same tab. What it can and cannot hide is said on the privacy page."""
    return HttpResponse(status=303, headers={"Location": facts_of(request).leave_address})
