"""What the head and the foot of every page need."""

from contextlib import suppress
from dataclasses import dataclass

from django.db import Error
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from facilities.directory.models import CrisisLine, Facility, PhoneLine
from facilities.pages.models import SiteSettings


@dataclass
class SiteFacts:
    site_name: str
    facility: Facility | None
    phone_line: PhoneLine | None
    crisis_lines: list[CrisisLine]


_last_known = SiteFacts(site_name="Quietline", facility=None, phone_line=None, crisis_lines=[])


def site_facts(request: HttpRequest) -> dict[str, SiteFacts]:
    """A context processor. Lazy, so that a page without head and foot costs no query."""
    return {"facts": SimpleLazyObject(lambda: read_site_facts(request))}


def read_site_facts(request: HttpRequest) -> SiteFacts:
    """The facts of this site; with the database down, those that this process read last.

    So the page that says "we could not save your request" still shows whom to call.
    """
    global _last_known
    with suppress(Error):
        _last_known = _read(request)
    return _last_known


def last_known_line() -> PhoneLine | None:
    """The header's phone line as this process read it last, its hours too; asks the database nothing."""
    return _last_known.phone_line


def _read(request: HttpRequest) -> SiteFacts:
    crisis_lines = list(CrisisLine.objects.all())
    if Site.find_for_request(request) is None:
        return SiteFacts(site_name="Quietline", facility=None, phone_line=None, crisis_lines=crisis_lines)
    settings = SiteSettings.for_request(request)
    if settings.phone_line:
        settings.phone_line.hours.get_object_list()  # keeps them in memory, for each part of the page and for later
    return SiteFacts(
        site_name=settings.site_name,
        facility=settings.facility,
        phone_line=settings.phone_line,
        crisis_lines=crisis_lines,
    )
