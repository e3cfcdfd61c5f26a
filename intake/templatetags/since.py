"""How long ago something was, for a list that is looked at seconds after it happened."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def since(at: datetime) -> str:
    """As `timesince`, but for its "0 minutes"."""
    words = timesince(at)
    return "less than a minute" if words.startswith("0") else words
