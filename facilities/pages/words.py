"""The words around the pages that staff may change: each has a name, and says what came with the site until then."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from facilities.languages import SPANISH
from facilities.wording import complaints

NAMES = re.compile(r"\{(.*?)\}")  # what stands for a fact
TWICE = "These words are changed further up already. Keep one of the two."
NO_SPANISH = "Write the Spanish, too: the Spanish pages show these words."
Changed = Mapping[str, tuple[str, str]]  # English and Spanish, by the name of the place


@dataclass(frozen=True)
class Place:
    """Where words stand, for staff, and what stands there today. Spanish pages show those that are translated."""

    where: str
    today: str | Promise

    @property
    def is_in_spanish(self) -> bool:
        return isinstance(self.today, Promise)

    @property
    def english(self) -> str:
        with override("en"):
            return str(self.today)

    @property
    def facts(self) -> set[str]:
        return set(NAMES.findall(self.english))


EVERYWHERE = {
    "menu": Place("Head, the button of the menu on a phone", _("Menu")),
    "call_us": Place("Head, beside the number", _("Call us")),
    "help_now": Place("Foot, heading of the crisis lines", _("Help right now")),
    "who_we_are": Place("Foot, heading of the facility", _("Who we are")),
    "on_this_site": Place("Foot, heading of the pages", _("On this site")),
    "safe": Place("Foot, heading on safety", _("Safe on this site")),
    "safe_words": Place(
        "Foot, on safety",
        _(
            "We set no cookie while you read or ask for a call. "
            "We load nothing from other sites, and we have no trackers."
        ),
    ),
    "safe_leaving": Place(
        "Foot, on “Leave this page”", _("“Leave this page” takes you to {host}. It does not erase your history.")
    ),
    "demo": Place("Foot, of a demonstration", _("This is a demonstration. The center is made up.")),
    "talk": Place("Heading of the panel with the number", _("Talk to someone")),
    "private": Place(
        "Below what asks for a call",
        _(
            "What you send is encrypted before it is stored; only staff of the admissions desk can open it. "
            "We may have to share it if someone is in danger or the law requires it."
        ),
    ),
    "or_call": Place("Before a number, beside another way", _("Or call us:")),
}
PAGES = {
    "home_or_call": Place("Home page, before the number", "or call"),
    "on_this_page": Place("Heading of the contents of a page", _("On this page")),
    "sources": Place("Heading of the sources", "Sources"),
    "sources_below": Place("Below a table", pgettext_lazy("below a table", "Sources:")),
    "key_fact": Place("Part “Key fact”", _("Key fact")),
    "do": Place("Part “Do list”, heading", pgettext_lazy("heading of a list", "Do")),
    "dont": Place("Part “Don't list”, heading", pgettext_lazy("heading of a list", "Don't")),
    "read_next": Place("Part “Related pages”, heading", _("Read next")),
    "no_article": Place("Index of articles, while it is empty", "There is no article here yet."),
    "no_article_then": Place("Index of articles, after “Ask for a call”", "and we will answer what we can."),
    "plans": Place("Insurance, heading of the plans", "Plans that we work with"),
    "plan_missing": Place(
        "Insurance, below the plans", "Is your plan not here? Call us, and we will ask it what it pays."
    ),
    "no_plans": Place(
        "Insurance, while there is no plan",
        "We list a plan only while we can prove that we work with it. Call us, and we will ask yours what it pays.",
    ),
}
CENTERS = {
    "made_up": Place(
        "Page of a center that is a demonstration",
        "This is a demonstration. The center, its staff and its license are made up.",
    ),
    "offers": Place("Center, heading of what it offers", "What it offers"),
    "levels": Place("Center, above the levels of care", "Kinds of care"),
    "medicines": Place("Center, above the medicines", "Medicines for opioid use disorder"),
    "languages": Place("Center, above the languages", "Languages"),
    "signs": Place("Center, heading of the signs", "Five signs of good treatment"),
    "no_proof": Place(
        "Center, at a sign without a proof", "We have no current proof of this here. Ask us when you call."
    ),
    "payers": Place("Center, heading of the payers", "Who pays"),
    "getting_here": Place("Center, heading of the way there", "Getting here"),
    "license": Place("Center, heading of license and owner", "License and owner"),
    "talk_words": Place("Center, in the panel with the number", "Call us, or tell us when we can safely call you."),
    "none_fits": Place("List of centers, when none fits", "No center of ours fits all of this."),
    "none_listed": Place("List of centers, while it is empty", "No center is listed yet."),
    "none_then": Place("List of centers, after “Ask for a call”", "and we will help you find one."),
}
REQUESTS = {
    "any_name": Place("Form, before the fields", _("Any name will do. You can stop or erase it at any time.")),
    "or_call_us": Place("Form, heading of the number beside it", _("Or call us")),
    "received": Place("Receipt, heading", _("We have your request")),
    "late": Place(
        "Receipt, when we are late", _("We are later than we said, and we are sorry. You are still on our list.")
    ),
    "next": Place("Receipt, heading of what comes", _("What happens next")),
    "rules_first": Place("Receipt, what comes", _("They see your rules first, and your number only when they call.")),
    "good_time": Place("Receipt, what comes then", _("They ask if it is a good time. You can say no.")),
    "reference": Place("Receipt, heading of the reference", _("Your reference")),
    "say_it": Place("Receipt, before the number", _("You can also call us and say it:")),
    "wishes": Place("Receipt, heading of what can be changed", _("Change or stop this")),
    "wishes_over": Place("Receipt of a request that is over, the same", _("What you can still do")),
    "insurance": Place(
        "Insurance of a request, before the fields",
        _("Only if you like. Then we can look up what it pays before we call, and you need not read it out."),
    ),
}
GROUPS = {"Every page": EVERYWHERE, "Pages": PAGES, "Centers": CENTERS, "Requests": REQUESTS}
PLACES = {name: place for group in GROUPS.values() for name, place in group.items()}


def words_at(name: str, changed: Changed, **facts: Any) -> SafeString:
    """In the language of the page, with each fact where its name stands in braces. Raises KeyError."""
    place = PLACES[name]
    english, spanish = changed.get(name, ("", ""))
    words = (spanish if get_language() == SPANISH else english) or str(place.today)
    filled = NAMES.sub(lambda found: conditional_escape(facts[found[1]]), conditional_escape(words))
    return mark_safe(filled)  # noqa: S308 - each part is escaped


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (group, [(name, f"{place.where}: {place.english}") for name, place in places.items()])
        for group, places in GROUPS.items()
    ]


class WordsBlock(blocks.StructBlock):
    """What one place says instead of what came with the site."""

    place = blocks.ChoiceBlock(choices=_choices, help_text="Where the words stand, and what came with the site.")
    english = blocks.TextBlock(
        max_length=400, rows=2, help_text="What it says instead. Keep what stands in braces: it is a fact."
    )
    spanish = blocks.TextBlock(max_length=400, rows=2, required=False, help_text="The same in Spanish.")

    class Meta:
        icon = "edit"
        label = "Words"
        label_format = "{english}"

    def clean(self, value: Any) -> Any:
        """Drafts too: what was sent to the check is published without this form."""
        cleaned = super().clean(value)
        if errors := {
            name: ValidationError(found) for name in ("english", "spanish") if (found := _wrong(name, cleaned))
        }:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


def _wrong(name: str, value: Mapping[str, str]) -> list[str]:
    """What speaks against the words of one language."""
    place, words = PLACES.get(value["place"]), (value[name] or "").strip()
    if place is None:
        return []
    if not words:
        return [NO_SPANISH] if name == "spanish" and place.is_in_spanish and value["english"] else []
    found = complaints(words)
    if set(NAMES.findall(words)) != place.facts:
        wanted = " and ".join(sorted(f"{{{fact}}}" for fact in place.facts)) or "no braces"
        found.append(f"These words need {wanted}, and nothing else in braces.")
    return found


class ChangedWords(blocks.StreamBlock):
    """All that staff changed, each place once."""

    words = WordsBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if again := dict.fromkeys(_again(cleaned), ValidationError(TWICE)):
            raise StreamBlockValidationError(block_errors=again)
        return cleaned


def _again(value: Any) -> Iterator[int]:
    """Where a place stands that stood before."""
    names = [block.value["place"] for block in value]
    yield from (at for at, name in enumerate(names) if name and name in names[:at])


def changed_words(value: Any) -> Changed:
    """Of a stream of these blocks; a place that is gone, and a row that is not finished, change nothing."""
    rows = [block.value for block in value if block.value["place"] in PLACES and block.value["english"]]
    return {row["place"]: (row["english"], row["spanish"] or "") for row in rows}
