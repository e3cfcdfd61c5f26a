"""Finding a lead by what somebody says on the phone: a number in any notation, its end, a name, a reference."""

import re

from django.db.models import Q, QuerySet

from intake.leads.models import Lead
from intake.leads.tokens import LookupToken
from intake.phone import number_alone
from intake.privacy import lookup

LIMIT = 50


def find_leads(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Those of `leads` that fit `text`, newest first, at most LIMIT. All words of a name must fit."""
    text = text.strip()[:100]
    matches = Q(pk=None)
    if reference := lookup.plain_reference(text):
        matches |= _token(LookupToken.Kind.REFERENCE, reference)
    if re.fullmatch(r"\d{4}", text):
        matches |= _token(LookupToken.Kind.LAST_FOUR, text) | _token(LookupToken.Kind.REFERENCE_DIGITS, text)
    if len(digits := re.sub(r"[\s.\-–]", "", text)) == 7 and digits.isdecimal():
        matches |= _token(LookupToken.Kind.LAST_SEVEN, digits)
    if phone := number_alone(text):
        matches |= _token(LookupToken.Kind.PHONE, phone)
    if words := [word for word in lookup.name_words(text) if not word.isdigit()]:
        named = Q()
        for word in words:
            named &= _token(LookupToken.Kind.NAME_WORD, word)
        matches |= named
    return leads.filter(matches).order_by("-received_at").with_calls()[:LIMIT]


def _token(kind: LookupToken.Kind, value: str) -> Q:
    tokens = LookupToken.objects.filter(kind=kind, token=lookup.token(kind, value))
    return Q(pk__in=tokens.values("lead"))
