"""Makes the numbers of crisis lines tappable wherever they stand in a text."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from facilities.directory.models import CrisisLine

register = template.Library()

LINK_OR_TAG = re.compile(r"(<a\b.*?</a>|<[^>]*>)", re.DOTALL | re.IGNORECASE)


@register.filter
def crisis_links(text: str, lines: Iterable[CrisisLine]) -> SafeString:
    """The text with a link on each number of these lines, but for those that are in a link already."""
    addresses = {line.text_number: f"sms:{line.text_number}" for line in lines if line.text_number}
    addresses |= {line.number: f"tel:{line.number}" for line in lines}
    longest_first = sorted(addresses, key=len, reverse=True)
    numbers = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
    parts = LINK_OR_TAG.split(str(conditional_escape(text)))
    parts[::2] = [numbers.sub(lambda found: _link(addresses, found[0]), part) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 - escaped above, or safe before


def _link(addresses: dict[str, str], number: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', addresses[number], number)
