"""The facts of a site: what head and foot of a page, the form, the receipts and the error pages say."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import inf
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page, Site

from facilities.demo.site import FACILITY as DEMO_FACILITY
from facilities.directory.claims import Claim
from facilities.directory.fact import Fact
from facilities.directory.models import CrisisLine, Facility, PhoneLine
from facilities.pages.menu import PageLink, pages_below
from facilities.pages.site_settings import SiteSettings
from facilities.pages.words import Changed

MADE_UP = DEMO_FACILITY["name"]
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
    pages: Sequence[PageLink] = ()
    claims: Sequence[Claim] = ()  # of the footer, also those that have expired since they were read
    words: Changed = field(default_factory=dict)  # around the pages, where staff changed them
    draft: Fact | None = None  # in a preview: what is not live yet, and is shown in the place of what is
    is_live: bool = True  # not while nobody has said who answers, and Wagtail's welcome page stands where ours should

    @property
    def menu(self) -> Sequence[PageLink]:
        """What the menu shows; the footer shows all pages."""
        return [page for page in self.pages if page.is_in_menu]

    @property
    def strip(self) -> Sequence[CrisisLine]:
        """The lines at the top of every page, which is never empty."""
        return [line for line in self.crisis_lines if line.in_strip] or EVERYWHERE

    @property
    def current_claims(self) -> Sequence[Claim]:
        """What the footer says of this site's facility, or of all."""
        ours = [claim for claim in self.claims if claim.facility_id in (None, self.facility and self.facility.pk)]
        return [claim for claim in ours if claim.is_current]

    def with_draft(self, draft: Fact) -> "SiteFacts":
        """As if this draft were live."""
        facts = replace(self, draft=draft)
        if isinstance(draft, SiteSettings):
            names = ("site_name", "facility", "phone_line", "leave_address")
            kept = {name: getattr(draft, name) for name in names}
            facts = replace(facts, words=draft.changed_words, **kept)
        if isinstance(draft, CrisisLine):
            others = [line for line in self.crisis_lines if line.pk != draft.pk]
            facts = replace(facts, crisis_lines=sorted([*others, draft], key=lambda line: line.sort_order))
        if isinstance(draft, Claim):
            others = [claim for claim in self.claims if claim.pk != draft.pk]
            facts = replace(facts, claims=[*others, draft] if draft.in_footer else others)
        return replace(facts, facility=facts.shown(facts.facility), phone_line=facts.shown(facts.phone_line))

    def shown(self, fact: Fact | None) -> Fact | None:
        """The draft, where it is one of this fact; nothing in place of what is not live."""
        if self.draft and fact and (type(fact), fact.pk) == (type(self.draft), self.draft.pk):
            return self.draft
        return live(fact)

    @property
    def leave_host(self) -> str:
        return urlsplit(self.leave_address).netloc


def live(fact: Fact | None) -> Fact | None:
    return fact if fact and fact.live else None


class KnownSites:
    """What this process read last, of all sites together. The database may be down: then it stays as it is."""

    def __init__(self) -> None:
        self.sites: Sequence[Site] = []
        self.crisis_lines: Sequence[CrisisLine] = EVERYWHERE
        self.claims: Sequence[Claim] = ()
        self.pages: Mapping[int, Sequence[PageLink]] = {}  # by the root page of a site
        self.read_at = -inf  # on the monotonic clock
        self.was_read = False  # else nothing is known: a process that starts while the database is down takes requests

    def read(self) -> None:
        """A read that fails is not tried again within the age limit, so that few wait for a slow database."""
        self.read_at = time.monotonic()
        with suppress(Error):
            sites = Site.objects.select_related("root_page", "sitesettings__facility", "sitesettings__phone_line")
            found = list(sites.prefetch_related("sitesettings__phone_line__hours"))
            crisis_lines = list(CrisisLine.objects.live()) or EVERYWHERE
            claims, pages = list(Claim.objects.current().filter(in_footer=True)), pages_below(found)
            self.sites, self.crisis_lines, self.claims, self.pages = found, crisis_lines, claims, pages
            self.was_read = True

    def facts(self, hostname: str, port: str) -> SiteFacts:
        site = find_site(self.sites, hostname, port)
        kept = live(getattr(site, "sitesettings", None)) or SiteSettings()  # whose defaults serve a site without any
        line = live(kept.phone_line)
        return SiteFacts(
            site_name=kept.site_name,
            facility=live(kept.facility),
            phone_line=line,
            leave_address=kept.leave_address,
            crisis_lines=self.crisis_lines,
            claims=self.claims,
            words=kept.changed_words,
            pages=self.pages.get(site.root_page_id, ()) if site else (),
            is_live=not self.was_read or (not is_made_up(kept) and (bool(line) or is_made(site))),
        )


_known = KnownSites()


def facts_of(request: HttpRequest) -> SiteFacts:
    """The facts of the site that was asked. With the database down, those that were read last."""
    if time.monotonic() - _known.read_at > AGE_LIMIT:
        _known.read()
    facts = _known.facts(*_asked_host(request))
    draft = getattr(request, "draft_of_fact", None)
    return facts.with_draft(draft) if draft else facts


def is_made(site: Site | None) -> bool:
    """Whether somebody has made its first page; Wagtail's own is of no type of ours."""
    return not settings.FIRST_STEPS or (bool(site) and site.root_page.specific_class is not Page)


def is_made_up(kept: SiteSettings) -> bool:
    """Whether the site still shows the demo's facility where nobody plays: what people send would reach nobody."""
    facility = live(kept.facility)
    return bool(settings.FIRST_STEPS and not settings.DEMO and facility) and facility.name == MADE_UP


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
