"""Keeps a phone number on one line wherever it stands in a text."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

TAG = re.compile(r"(<[^>]*>)")
NUMBER = re.compile(r"(?:\+?\d{1,3}[ -])?(?:\(\d{3}\) ?|\d{3}[ -])\d{3}-\d{4}|\+\d[\d -]{6,}\d", re.ASCII)


@register.filter
def whole_numbers(text: str) -> SafeString:
    """The text with each phone number in a span that no line breaks."""
    parts = TAG.split(str(conditional_escape(text)))
    parts[::2] = [NUMBER.sub(r'<span class="whole">\g<0></span>', part) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 - escaped above, or safe before
