"""The facts of a site: what head and foot of a page, the form, the receipts and the error pages say."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page, Site

from facilities.directory.models import CrisisLine, Facility, PhoneLine
from facilities.pages.models import SiteSettings

AGE_LIMIT = 1.0  # seconds; an editor's change shows within one, and a flood adds no queries

# Used while no line is entered, or while the database was never reached.
EVERYWHERE = [
    CrisisLine(
        label="Emergency",
        label_es="Emergencia",
        number="911",
        when="someone is in danger",
        when_es="alguien está en peligro",
        in_strip=True,
        strip_words="Emergency? 911",
        strip_words_es="Emergencia: 911",
    ),
    CrisisLine(
        label="Crisis line",
        label_es="Línea de crisis",
        number="988",
        text_number="988",
        text_word_es="AYUDA",
        when="any crisis",
        when_es="cualquier crisis; para español, oprima 2",
        in_strip=True,
        strip_words="Crisis? 988",
        strip_words_es="Crisis: 988, oprima 2",
    ),
]


@dataclass(frozen=True)
class SiteFacts:
    """Nothing of them asks the database again later, in a template."""

    site_name: str
    facility: Facility | None
    phone_line: PhoneLine | None
    leave_address: str
    crisis_lines: Sequence[CrisisLine]
    is_live: bool = True  # not while nobody has said who answers, and Wagtail's welcome page stands where ours should

    @property
    def strip(self) -> Sequence[CrisisLine]:
        """The lines at the top of every page, which is never empty."""
        return [line for line in self.crisis_lines if line.in_strip] or EVERYWHERE

    @property
    def leave_host(self) -> str:
        return urlsplit(self.leave_address).netloc


class KnownSites:
    """What this process read last, of all sites together. The database may be down: then it stays as it is."""

    def __init__(self) -> None:
        self.sites: Sequence[Site] = []
        self.crisis_lines: Sequence[CrisisLine] = EVERYWHERE
        self.read_at = -inf  # on the monotonic clock
        self.was_read = False  # else nothing is known: a process that starts while the database is down takes requests

    def read(self) -> None:
        """A read that fails is not tried again within the age limit, so that few wait for a slow database."""
        self.read_at = time.monotonic()
        with suppress(Error):
            sites = Site.objects.select_related("root_page", "sitesettings__facility", "sitesettings__phone_line")
            found = list(sites.prefetch_related("sitesettings__phone_line__hours"))
            self.crisis_lines = list(CrisisLine.objects.all()) or EVERYWHERE
            self.sites, self.was_read = found, True

    def facts(self, hostname: str, port: str) -> SiteFacts:
        site = find_site(self.sites, hostname, port)
        kept = getattr(site, "sitesettings", None) or SiteSettings()  # whose defaults serve a site without any
        return SiteFacts(
            site_name=kept.site_name,
            facility=kept.facility,
            phone_line=kept.phone_line,
            leave_address=kept.leave_address,
            crisis_lines=self.crisis_lines,
            is_live=not self.was_read or bool(kept.phone_line) or is_made(site),
        )


_known = KnownSites()


def facts_of(request: HttpRequest) -> SiteFacts:
    """The facts of the site that was asked. With the database down, those that were read last."""
    if time.monotonic() - _known.read_at > AGE_LIMIT:
        _known.read()
    return _known.facts(*_asked_host(request))


def is_made(site: Site | None) -> bool:
    """Whether somebody has made its first page; Wagtail's own is of no type of ours."""
    return not settings.FIRST_STEPS or (bool(site) and site.root_page.specific_class is not Page)


def names_and_numbers() -> list[str]:
    """Of all sites together, as their pages say them: what anybody knows who has read one."""
    _known.read()
    found = []
    for site in _known.sites:
        facts = _known.facts(site.hostname, str(site.port))
        found.append(facts.site_name)
        if facts.facility:
            found += [facts.facility.name, facts.facility.street, facts.facility.city, facts.facility.postal_code]
        if facts.phone_line:
            found += [facts.phone_line.number.as_national, facts.phone_line.number.as_e164]
    return found


def read_facts() -> None:
    """For the start of a process, whose first visitor may come while the database is down."""
    _known.read()


def forget_facts() -> None:
    """For tests: as in a process that has just started."""
    global _known
    _known = KnownSites()


def site_facts(request: HttpRequest) -> dict[str, SiteFacts]:
    """A context processor. Lazy, so that a page without head and foot costs no query."""
    return {"facts": SimpleLazyObject(lambda: facts_of(request))}


def find_site(sites: Sequence[Site], hostname: str, port: str) -> Site | None:
    """As Wagtail finds it: by name and port, then by name if only one site has it, then the default site."""
    of_name = [site for site in sites if site.hostname == hostname]
    of_port = [site for site in of_name if str(site.port) == port]
    default = [site for site in sites if site.is_default_site]
    if not of_port and len(of_name) > 1:
        return next(iter(default), None)
    return next(iter(of_port + of_name + default), None)


def _asked_host(request: HttpRequest) -> tuple[str, str]:
    try:
        hostname, _ = split_domain_port(request.get_host())
    except DisallowedHost:  # the page that refuses it shows the facts of the default site
        hostname = ""
    return hostname, request.get_port()
