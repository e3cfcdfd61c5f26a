"""What the head and the foot of every page need."""

from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import Error, connection
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from facilities.directory.models import CrisisLine, Facility, PhoneLine
from facilities.pages.models import SiteSettings

# For a site whose staff have written down no line yet, and for a process that could never ask.
EVERYWHERE = [
    CrisisLine(
        label="Emergency",
        number="911",
        when="someone is in danger",
        in_strip=True,
        strip_words="Emergency? 911",
    ),
    CrisisLine(
        label="Crisis line",
        number="988",
        text_number="988",
        when="any crisis",
        in_strip=True,
        strip_words="Crisis? 988",
    ),
]
SOMEWHERE_PLAIN = "https://www.weather.gov/"


@dataclass
class SiteFacts:
    site_name: str = "Quietline"
    facility: Facility | None = None
    phone_line: PhoneLine | None = None
    crisis_lines: list[CrisisLine] = field(default_factory=lambda: EVERYWHERE)
    leave_address: str = SOMEWHERE_PLAIN

    @property
    def strip(self) -> list[CrisisLine]:
        """The lines at the top of every page, which is never empty."""
        return [line for line in self.crisis_lines if line.in_strip] or EVERYWHERE

    @property
    def leave_host(self) -> str:
        return urlsplit(self.leave_address).netloc


_last_known = SiteFacts()


def site_facts(request: HttpRequest) -> dict[str, SiteFacts]:
    """A context processor. Lazy, so that a page without head and foot costs no query."""
    return {"facts": SimpleLazyObject(lambda: read_site_facts(request))}


def read_site_facts(request: HttpRequest) -> SiteFacts:
    """The facts of this site; with the database down, those that this process read last.

    So the page that says "we could not save your request" still shows whom to call. Nothing of them may
    ask the database again later, in a template.
    """
    global _last_known
    with suppress(Error):
        _last_known = _read(Site.find_for_request(request))
    return _last_known


def remember_site_facts() -> None:
    """For the start of a process, whose first visitor may come while the database is down."""
    global _last_known
    with suppress(Error):
        _last_known = _read(Site.objects.filter(is_default_site=True).first())
    connection.close()


def last_known_facts() -> SiteFacts:
    """For a page that must not ask the database at all."""
    return _last_known


def _read(site: Site | None) -> SiteFacts:
    crisis_lines = list(CrisisLine.objects.all()) or EVERYWHERE
    if site is None:
        return SiteFacts(crisis_lines=crisis_lines)
    settings = SiteSettings.for_site(site)
    if settings.phone_line:
        prefetch_related_objects([settings.phone_line], "hours")
    return SiteFacts(
        site_name=settings.site_name,
        facility=settings.facility,
        phone_line=settings.phone_line,
        crisis_lines=crisis_lines,
        leave_address=settings.leave_address,
    )
