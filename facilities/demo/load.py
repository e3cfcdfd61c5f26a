"""Puts the demo content into the database: sources, phone and crisis lines, the facility, and the pages."""

import re
from datetime import date, time
from typing import Any

from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from facilities.demo.article import ARTICLE
from facilities.demo.site import CRISIS_LINES, FACILITY, HOME, PHONE_LINES, REFERRAL_PLACES
from facilities.demo.sources import SOURCES
from facilities.directory.models import CrisisLine, Facility, Payer, PhoneHours, PhoneLine
from facilities.directory.referral import ReferralPlace
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage, SiteSettings
from facilities.sources.models import Source
from facilities.sources.rich_text import cite

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PAYERS = ("Example Health Plan (demo)", "Sagebrush Mutual (demo)", "Nevada Medicaid", "Medicare", "TRICARE")
STRIP = {"911": ("Emergency? 911", "Emergencia: 911"), "988": ("Crisis? 988", "Crisis: 988, oprima 2")}

CITED = re.compile(r"\[([a-z0-9_, ]+)\]")

Block = dict[str, Any]


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
    Payer.objects.bulk_create(Payer(name=name) for name in PAYERS)
    facility = Facility.objects.create(**FACILITY, phone_line=lines["admissions"])
    home = _page_tree(sources, lines)
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


def _page_tree(sources: dict[str, Source], lines: dict[str, PhoneLine]) -> HomePage:
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth=2).exclude(content_type__app_label="facilities").delete()  # Wagtail's welcome page
    root.refresh_from_db()
    home = HomePage(
        title=HOME["title"], slug="home", heading=HOME["heading"], summary=HOME["summary"],
        body=_blocks(HOME["body"], sources, lines),
    )  # fmt: skip
    root.add_child(instance=home)
    index = ArticleIndexPage(title="Learn", slug="learn", summary="Honest answers, with where they come from.")
    home.add_child(instance=index)
    article = {name: value for name, value in ARTICLE.items() if name != "body"}
    for name in ("last_reviewed_on", "next_review_on"):
        article[name] = date.fromisoformat(article[name])
    index.add_child(instance=ArticlePage(**article, body=_blocks(ARTICLE["body"], sources, lines)))
    for page in (home, index, *index.get_children().specific()):
        page.save_revision().publish()
    return home


def _site(home: HomePage, facility: Facility, line: PhoneLine) -> None:
    site, _ = Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home}
    )
    SiteSettings.objects.update_or_create(
        site=site, defaults={"site_name": "Desert Willow", "facility": facility, "phone_line": line}
    )


def _blocks(written: list[Block], sources: dict[str, Source], lines: dict[str, PhoneLine]) -> list[tuple[str, Any]]:
    return [(block["type"], _value(block["value"], sources, lines)) for block in written]


def _value(value: Block, sources: dict[str, Source], lines: dict[str, PhoneLine]) -> Block:
    """The written form of a block's value with its keys replaced by what they stand for."""
    ready = dict(value)
    if "phone_line" in ready:
        ready["phone_line"] = lines[ready["phone_line"]]
    if "content" in ready:
        ready["content"] = _blocks(ready["content"], sources, lines)
    for name in ("text", "fact", "body"):
        if name in ready:
            ready[name] = RichText(_with_citations(ready[name], sources))
    return ready


def _with_citations(text: str, sources: dict[str, Source]) -> str:
    """Where the text says "[cdc_fentanyl, nida_moud]", it cites these two."""
    return CITED.sub(lambda cited: "".join(cite(sources[key]) for key in cited[1].split(", ")), text)
