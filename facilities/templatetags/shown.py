"""A fact as a page shows it: none that is not live, and in a preview its draft."""

from django import template

from facilities.directory.fact import Fact
from facilities.facts import SiteFacts

register = template.Library()


@register.filter
def shown(fact: Fact | None, facts: SiteFacts) -> Fact | None:
    return facts.shown(fact) if facts else fact
