"""The words around the pages, as staff changed them: {% words "safe_leaving" host=facts.leave_host %}."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from facilities.pages.words import words_at

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context: Context, place: str, **values: Any) -> SafeString:
    facts = context.get("facts")
    return words_at(place, facts.words if facts else {}, **values)
