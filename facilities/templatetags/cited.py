"""Renders a text with the numbers of what it cites, and fits it into the place where it stands."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from facilities.pages.citations import Citations

register = template.Library()

BETWEEN_PARAGRAPHS = re.compile(r"</p>\s*<p\b[^>]*>")
PARAGRAPH = re.compile(r"</?p\b[^>]*>")
HEADING = re.compile(r"(</?)h3\b")


@register.filter
def cited(text: RichText, citations: Citations | str) -> SafeString | RichText:
    """Without a page that numbers (citations is then ""), each citation is named instead."""
    return citations.render(text) if citations else text


@register.filter
def one_line(html: SafeString | RichText) -> SafeString:
    """What an editor wrote as paragraphs, for a line of a list or a cell, which are not to hold any."""
    joined = PARAGRAPH.sub("", BETWEEN_PARAGRAPHS.sub("<br>", _html(html)))
    return mark_safe(joined)  # noqa: S308 - safe before


@register.filter
def headings_at(html: SafeString | RichText, level: int | str) -> SafeString:
    """The smaller headings within a text, one step below what they stand under."""
    return mark_safe(HEADING.sub(rf"\1h{level or 3}", _html(html)))  # noqa: S308 - safe before


def _html(html: SafeString | RichText) -> str:
    return html.__html__() if isinstance(html, RichText) else str(html)
