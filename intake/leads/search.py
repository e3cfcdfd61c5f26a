"""Finding a lead by what somebody says on the phone: a number in any notation, its end, a name, a reference.

Each thing that was said is a set of tokens of which one must be there. The tokens know when their leads came, so that a
search reads one index and the newest leads of those that fit, however many fit and however many leads there are.
"""

import re
import uuid
from collections.abc import Iterable
from functools import reduce

from django.db.models import Q, QuerySet
from django.utils import timezone

from intake.leads.lists import SHOW_CLOSED_FOR
from intake.leads.models import Lead
from intake.leads.tokens import THAT_COUNTS, LookupToken
from intake.phone import numbers_meant, plain
from intake.privacy import lookup

LIMIT = 50
Kind = LookupToken.Kind
REFERENCE = re.compile(r"\b([A-Za-z]{3,12})[\W_]*((?:\d[ -]?){3}\d)\b", re.ASCII)
# What people say in front of the digits that they mean. Without digits, these are names like any other.
LABEL = re.compile(
    r"\b(?:(?:the|his|her|my|their|el|la|su)\s+)?"
    r"(?:last\s+(?:four|4)(?:\s+digits)?|[uú]ltim[oa]s\s+(?:cuatro|4)(?:\s+(?:d[ií]gitos|cifras))?"
    r"|ref(?:erence|erencia)?|end(?:ing|s)|termina(?:do|da)?|number|n[uú]mero|phone|tel[eé]fono|tel|cell|mobile|lead)\b"
    r"(?:\s+(?:is|are|in|with|of|en|es|son|con)\b)*[\s.:#]*(?=.*\d)",
    re.IGNORECASE,
)
LONGEST_QUERY = 100
MOST_WORDS = 6  # that are looked for together, each by a join
LEAST_ABROAD = 6  # digits of the shortest number of another country that is worth a look

Said = list[Q]  # each of these must fit


def find_leads(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Those of `leads` that fit all of `text`, newest first, at most LIMIT."""
    text = LABEL.sub("", plain(text[:LONGEST_QUERY])).strip(" .,;:!?#")
    readings = [said for said in (_with_reference(text), _with_number(text), _number_and_name(text)) if said]
    if not readings:
        return leads.none()
    of_leads = [_leads_of(said) for said in readings]
    found = of_leads[0].union(*of_leads[1:]) if of_leads[1:] else of_leads[0].distinct()
    newest = [pk for pk, _ in found.order_by("-received_at", "lead")[:LIMIT]]
    return leads.filter(pk__in=newest).order_by("-received_at").with_calls()


def named(reference: str) -> list[Lead]:
    """The leads that count, of those with this reference that are open or were closed lately."""
    match = REFERENCE.search(plain(reference[:LONGEST_QUERY]))
    if match is None:
        return []
    tokens = LookupToken.objects.filter(_reference(match))
    found = Lead.objects.filter(pk__in=tokens.values_list(THAT_COUNTS)).select_related("contact_point")
    return list(found.filter(Q(closed_at=None) | Q(closed_at__gt=timezone.now() - SHOW_CLOSED_FOR)))


def those_that_count(found: Iterable[Lead], leads: QuerySet[Lead]) -> list[Lead]:
    """In place of each merged lead the one of `leads` that counts, once, with the references it was found `through`."""
    found = list(found)
    that_count = leads.with_calls().in_bulk({lead.merged_into_id for lead in found} - {None})
    rows: dict[uuid.UUID, Lead] = {}
    for lead in found:
        counts = that_count.get(lead.merged_into_id, lead)
        row = rows.setdefault(counts.pk, counts)
        row.through = [*getattr(row, "through", []), *([] if row.pk == lead.pk else [lead.reference])]
    return list(rows.values())


def _with_reference(text: str) -> Said:
    """A reference, and a name beside it if there is one: "lark 4821, maria"."""
    match = REFERENCE.search(text)
    if match is None:
        return []
    return [_reference(match), *_names(text.replace(match[0], " "))]


def _reference(match: re.Match) -> Q:
    return _one_of(Kind.REFERENCE, f"{match[1].upper()}-{_digits(match[2])}")


def _with_number(text: str) -> Said:
    """The whole text as a number, with words that belong to it: "702 555 0163 ext. 5"."""
    phones = numbers_meant(text)
    return [_one_of(Kind.PHONE, *phones)] if phones else []


def _number_and_name(text: str) -> Said:
    """Digits, words, or both: "maria 0101"."""
    digits = _digits(text)
    number = _number(digits) if digits else []
    return [] if digits and not number else [*number, *_names(text)]


def _number(digits: str) -> Said:
    ways = Q()
    if len(digits) == 4:
        ways |= _one_of(Kind.LAST_FOUR, digits) | _one_of(Kind.REFERENCE_DIGITS, digits)
    if len(digits) == 7:
        ways |= _one_of(Kind.LAST_SEVEN, digits)
    if len(digits) >= LEAST_ABROAD:
        ways |= _one_of(Kind.PHONE, *numbers_meant(digits), f"+{digits}") | _one_of(Kind.ABROAD, digits.lstrip("0"))
    return [ways] if ways else []


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _names(text: str) -> Said:
    words = [word for word in lookup.name_words(text) if not word.isdigit()]
    ways = lookup.joined_words(words[:MOST_WORDS])
    return [_one_of(Kind.NAME_WORD, *each) | _one_of(Kind.NAME_START, *each) for each in ways]


def _one_of(kind: LookupToken.Kind, *values: str) -> Q:
    return Q(kind=kind, token__in=[lookup.token(kind, value) for value in values])


def _leads_of(said: Said) -> QuerySet[LookupToken]:
    """The leads for which each of these holds."""

    def narrow(found: QuerySet[LookupToken], each: Q) -> QuerySet[LookupToken]:
        return found.filter(lead__in=LookupToken.objects.filter(each).values("lead"))

    return reduce(narrow, said[1:], LookupToken.objects.filter(said[0])).values_list("lead", "received_at")
