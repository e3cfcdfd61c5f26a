"""Finding a lead by what somebody says on the phone: a number in any notation, its end, a name, a reference.

Each thing that was said is a set of tokens of which one must be there. The leads are joined from these tokens, so that
a search reads a handful of rows of one index, however many leads there are.
"""

import re
from functools import reduce

from django.db.models import Q, QuerySet

from intake.leads.models import Lead
from intake.leads.tokens import LookupToken
from intake.phone import number_alone, plain
from intake.privacy import lookup

LIMIT = 50
Kind = LookupToken.Kind
REFERENCE = re.compile(r"\b([A-Za-z]{3,12})[\W_]*(\d(?:[\W_]?\d){3})\b", re.ASCII)
LABEL = re.compile(
    r"\b(?:ref(?:erence)?|ending(?: in| with)?|ends (?:in|with)|last (?:4|four)(?: digits)?)\b[\s.:#]*", re.I
)
FIRST_IN_MEXICO = re.compile(r"04[45](?=\d{10}$)", re.ASCII)  # dialled there in front of a mobile until 2019
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
    found = of_leads[0].union(*of_leads[1:]) if of_leads[1:] else of_leads[0]
    return leads.filter(pk__in=found).order_by("-received_at").with_calls()[:LIMIT]


def _with_reference(text: str) -> Said:
    """A reference, and a name beside it if there is one: "lark 4821, maria"."""
    match = REFERENCE.search(text)
    if match is None:
        return []
    reference = f"{match[1].upper()}-{re.sub(r'[^0-9]', '', match[2])}"
    return [_one_of(Kind.REFERENCE, reference), *_names(text.replace(match[0], " "))]


def _with_number(text: str) -> Said:
    """The whole text as a number, with words that belong to it: "702 555 0163 ext. 5"."""
    phone = number_alone(text)
    return [_one_of(Kind.PHONE, phone)] if phone else []


def _number_and_name(text: str) -> Said:
    """Digits, words, or both: "maria 0101"."""
    digits = re.sub(r"\D", "", text)
    number = _number(digits) if digits else []
    return [] if digits and not number else [*number, *_names(text)]


def _number(digits: str) -> Said:
    ways = Q()
    if len(digits) == 4:
        ways |= _one_of(Kind.LAST_FOUR, digits) | _one_of(Kind.REFERENCE_DIGITS, digits)
    if len(digits) in (7, 8):  # eight, in a large city of Mexico or Brazil
        ways |= _one_of(Kind.LAST_SEVEN, digits[-7:])
    if len(digits) >= LEAST_ABROAD:
        ways |= _one_of(Kind.PHONE, number_alone(digits), number_alone(f"+{digits}"), f"+{digits}")
        ways |= _one_of(Kind.ABROAD, FIRST_IN_MEXICO.sub("", digits).lstrip("0"))
    return [ways] if ways else []


def _names(text: str) -> Said:
    words = [word for word in lookup.name_words(text) if not word.isdigit()]
    return [_one_of(Kind.NAME_WORD, *ways) for ways in lookup.joined_words(words[:MOST_WORDS])]


def _one_of(kind: LookupToken.Kind, *values: str) -> Q:
    return Q(kind=kind, token__in=[lookup.token(kind, value) for value in values])


def _leads_of(said: Said) -> QuerySet[LookupToken]:
    """The leads for which each of these holds."""

    def narrow(found: QuerySet[LookupToken], each: Q) -> QuerySet[LookupToken]:
        return found.filter(lead__in=LookupToken.objects.filter(each).values("lead"))

    return reduce(narrow, said[1:], LookupToken.objects.filter(said[0])).values("lead")
