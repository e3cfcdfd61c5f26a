"""Renders a text with the numbers of what it cites."""

from django import template
from django.utils.safestring import SafeString
from wagtail.rich_text import RichText

from facilities.pages.citations import Citations

register = template.Library()


@register.filter
def cited(text: RichText, citations: Citations | str) -> SafeString | RichText:
    """Without a page that numbers (citations is then ""), each citation is named instead."""
    return citations.render(text) if citations else text
