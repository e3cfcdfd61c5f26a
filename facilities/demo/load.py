"""Puts the demo content into the database: sources, phone and crisis lines, the facility, and the pages."""

import re
from datetime import date, time
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.images.models import Filter
from wagtail.models import Page, Site

from facilities.demo.article import ARTICLE
from facilities.demo.house_pages import HOUSE_PAGES
from facilities.demo.more_articles import MORE_ARTICLES
from facilities.demo.more_pages import ASK_US_TO_CALL, INSURANCE
from facilities.demo.pictures import PICTURES, png
from facilities.demo.rates import load_rates
from facilities.demo.safety import staying_safe
from facilities.demo.site import CRISIS_LINES, FACILITY, FACILITY_PAGE, HOME, PHONE_LINES, REFERRAL_PLACES, TOPICS
from facilities.demo.sources import SOURCES
from facilities.directory.models import CrisisLine, Facility, PhoneHours, PhoneLine
from facilities.directory.payers import Payer
from facilities.directory.referral import ReferralPlace
from facilities.pages.blocks import PageBody
from facilities.pages.insurance import InsurancePage
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage, StandardPage
from facilities.pages.places import FacilityIndexPage, FacilityPage
from facilities.pages.safety import StayingSafePage
from facilities.pages.site_settings import SiteSettings
from facilities.pages.topics import Topic
from facilities.pictures.models import Picture
from facilities.review.pages import Signed
from facilities.sources.models import Source
from facilities.sources.rich_text import cite

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PAYERS = ("Example Health Plan (demo)", "Sagebrush Mutual (demo)", "Nevada Medicaid", "Medicare", "TRICARE")
STRIP = {"911": ("Emergency? 911", "Emergencia: 911"), "988": ("Crisis? 988", "Crisis: 988, oprima 2")}

DRAWN = {
    "tolerance": "Two bars and one level line across both. The tall one ends above the line, the short one below it.",
    "withdrawal": "A curve over seven days that rises steeply, is highest on the second, and falls back to low.",
}
CITED = re.compile(r"\[([a-z0-9_, ]+)\]")

Block = dict[str, Any]
Rows = dict[str, dict[str, Any]]  # what the name of a block's part stands for, by the key that the pages use


def load_pages() -> bool:
    """Load everything unless there is a home page already; returns whether it did."""
    if HomePage.objects.exists():
        return False
    sources = {key: Source.objects.create(**fields) for key, fields in SOURCES.items()}
    lines = {fields["key"]: _phone_line(fields) for fields in PHONE_LINES}
    for order, fields in enumerate(CRISIS_LINES):
        words, words_es = STRIP.get(fields["number"], ("", ""))
        strip = {"in_strip": bool(words), "strip_words": words, "strip_words_es": words_es}
        CrisisLine.objects.create(**fields, **strip, sort_order=order)
    ReferralPlace.objects.bulk_create(ReferralPlace(**fields) for fields in REFERRAL_PLACES)
    Payer.objects.bulk_create((Payer(name=name) for name in PAYERS), ignore_conflicts=True)
    facility = Facility.objects.create(
        **FACILITY, phone_line=lines["admissions"], takes_new_patients=True, asked_on=timezone.localdate()
    )
    load_rates(facility)
    home = _page_tree({"source": sources, "phone_line": lines, "image": _pictures()}, facility)
    _site(home, facility, lines["admissions"])
    return True


def _phone_line(fields: dict[str, Any]) -> PhoneLine:
    kept = {name: value for name, value in fields.items() if name not in ("key", "hours")}
    line = PhoneLine(**kept)
    line.hours = [
        PhoneHours(weekday=WEEKDAYS.index(day), opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for day, (opens, closes) in fields["hours"].items()
    ]
    line.save()
    return line


def _page_tree(rows: Rows, facility: Facility) -> HomePage:
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth=2).exclude(content_type__app_label="facilities").delete()  # Wagtail's welcome page
    root.refresh_from_db()
    home = HomePage(
        title=HOME["title"], slug="home", heading=HOME["heading"], summary=HOME["summary"],
        body=_body(HOME["body"], rows),
    )  # fmt: skip
    root.add_child(instance=home)
    _articles(home, rows)
    _places(home, facility)
    home.add_child(
        instance=InsurancePage(**_fields(INSURANCE), show_in_menus=True, body=_body(INSURANCE["body"], rows))
    )
    for written in (ASK_US_TO_CALL, *HOUSE_PAGES):
        page = StandardPage(**_fields(written), show_in_menus=False, body=_body(written["body"], rows))
        home.add_child(instance=page)
    _staying_safe(home)
    for page in home.get_descendants(inclusive=True).specific():
        if isinstance(page, Signed):
            page.signed_digest = page.digest()  # as if the reviewer of the demo had approved it
        page.save_revision().publish()
    return home


def _articles(home: HomePage, rows: Rows) -> None:
    index = ArticleIndexPage(
        title="Learn", title_es="Artículos (en inglés)", slug="learn", show_in_menus=True,
        summary="Honest answers, with where they come from.",
    )  # fmt: skip
    home.add_child(instance=index)
    topics = {slug: Topic.objects.create(slug=slug, name=name) for slug, name in TOPICS.items()}
    for written in (ARTICLE, *MORE_ARTICLES):
        page = ArticlePage(**_fields(written), body=_body(written["body"], rows))
        page.topics = [topics[slug] for slug in written["topics"]]
        index.add_child(instance=page)


def _fields(written: dict[str, Any]) -> dict[str, Any]:
    """The plain fields of a page, with days read."""
    kept = {name: value for name, value in written.items() if name not in ("body", "topics")}
    return {name: date.fromisoformat(value) if name.endswith("_on") else value for name, value in kept.items()}


def _places(home: HomePage, facility: Facility) -> None:
    index = FacilityIndexPage(title="Our center", title_es="Nuestro centro (en inglés)", show_in_menus=True)
    home.add_child(instance=index)
    words = {name: value for name, value in FACILITY_PAGE.items() if name != "about"}
    text = [{"type": "text", "value": {"text": FACILITY_PAGE["about"]}}]
    about = {"type": "section", "value": {"heading": "About the center", "anchor": "about", "content": text}}
    index.add_child(instance=FacilityPage(**words, facility=facility, body=_body([about], {})))


def _staying_safe(home: HomePage) -> None:
    english, spanish = staying_safe("en"), staying_safe("es")
    page = StayingSafePage(
        title=english["title"], summary=english["summary"], body=_body(english["body"], {}),
        title_es=spanish["title"], summary_es=spanish["summary"], body_es=_body(spanish["body"], {}),
    )  # fmt: skip
    home.add_child(instance=page)


def _site(home: HomePage, facility: Facility, line: PhoneLine) -> None:
    site, _ = Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home}
    )
    SiteSettings.objects.update_or_create(
        site=site, defaults={"site_name": "Desert Willow", "facility": facility, "phone_line": line}
    )


def _pictures() -> dict[str, Picture]:
    """With the sizes that pages show, so that no visitor waits for them."""
    pictures = {}
    for name in PICTURES:
        file = ContentFile(png(name), name=f"{name}.png")
        pictures[name] = Picture.objects.create(
            title=f"Demo: {name}", description=DRAWN[name], licence="Drawn for this demonstration", file=file
        )
        pictures[name].get_renditions(*(Filter(spec=f"width-{width}|format-webp") for width in (360, 720, 1080)))
    return pictures


def _body(written: list[Block], rows: Rows) -> StreamValue:
    return StreamValue(PageBody(), _blocks(written, rows), is_lazy=True)


def _blocks(written: list[Block], rows: Rows) -> list[Block]:
    """In the form in which blocks are stored."""
    return [{"type": block["type"], "value": _stored(block["value"], rows)} for block in written]


def _stored(value: Any, rows: Rows, name: str = "") -> Any:
    """A written value with its keys and citations replaced by what they stand for."""
    if isinstance(value, dict) and "type" in value and "value" in value:
        return _blocks([value], rows)[0]
    if isinstance(value, dict):
        return {name: _stored(inner, rows, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_stored(inner, rows, name) for inner in value]
    if isinstance(value, str) and value in rows.get(name, {}):
        return rows[name][value].pk
    return _with_citations(value, rows.get("source", {})) if isinstance(value, str) else value


def _with_citations(text: str, sources: dict[str, Source]) -> str:
    """Where the text says "[cdc_fentanyl, nida_moud]", it cites these two."""
    return CITED.sub(lambda cited: "".join(cite(sources[key]) for key in cited[1].split(", ")), text)
