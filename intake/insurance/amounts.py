"""Amounts of money and shares in per cent, read from text: a browser's number field drops what it cannot read."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

AMOUNT = "Enter dollars and cents, such as 1500 or $1,500.50. Leave it empty if nobody said."
TOO_LARGE = "This is too large for an amount. Check it."
ONE_AMOUNT = "These are two amounts. Write the one of the person."
PERCENT = "Enter a whole number from 0 to 100. Leave it empty if nobody said."
ONE_SHARE = "These are two shares. Write the one that the person pays, such as 20."
NEGATIVE = "No amount is below zero. Check it."
IS_IT_MEANT = (
    "Payers' systems show such an amount where there is none. Leave it empty, or record it again if they meant it."
)
THOUSANDS = r"\d{1,7}|\d{1,3}(?:,\d{3}){1,2}|\d{1,3}(?: \d{3}){1,2}|\d{1,3}(?:['’]\d{3}){1,2}"
SURE = re.compile(rf"(?P<dollars>{THOUSANDS})(?:\.(?P<cents>\d{{0,2}}))?|\.(?P<only_cents>\d{{1,2}})", re.ASCII)
# As in other countries, with a dot between the thousands and a comma before the cents: whoever writes so is asked.
UNSURE = re.compile(
    r"(?P<dollars>[1-9]\d{0,2}(?:\.\d{3}){1,2}|(?:[1-9]\d{0,2}(?:[ '’]\d{3}){1,2}|\d{1,7})(?=,))"
    r"(?:,(?P<cents>\d{1,2}))?",
    re.ASCII,
)
# More digits than an amount has, with or without what stands between thousands.
LARGE = re.compile(r"(?:\d{8,}|\d{1,3}(?:[, '’]\d{3}){3,})(?:\.\d{0,2})?", re.ASCII)
TWO_AMOUNTS = re.compile(r"\$?\s*\d[\d,.' ’]*\$?\s*(?:/|-|and|to)\s*\$?\s*\d[\d,.' ’]*", re.ASCII | re.IGNORECASE)
AROUND = re.compile(r"^(usd|us\$)|(usd|dollars?|\$)$", re.IGNORECASE)
IS_NEGATIVE = re.compile(r"^\D*-")
SHARE = re.compile(r"(\d{1,3})(?:\.0*)?\s*(?:%|percent|per cent)?", re.ASCII | re.IGNORECASE)
TWO_SHARES = re.compile(r"\d{1,3}\s*%?\s*(?:/|-|:|and|to)\s*\d{1,3}\s*%?", re.ASCII | re.IGNORECASE)  # 80/20
UNLIKELY = Decimal(100_000)  # no plan of the Marketplace may ask a fifth of it of a family in a year (45 CFR 156.130)
LIMIT = Decimal(10_000_000)
ONE_DIGIT = re.compile(r"9{4,}\.90|(\d)\1{3,}\.(00|\1\1)|(\d)\3\3\.\3\3")


def is_placeholder(amount: Decimal) -> bool:
    """Whether it looks like what a system shows for "none" or "no limit": 9,999.99, 999,999.99, 88888.88."""
    return amount >= UNLIKELY or ONE_DIGIT.fullmatch(f"{amount:.2f}") is not None


def is_unsure(typed: str | None) -> bool:
    """Whether an amount may be meant in two ways: 1.500 is 1,500 in one country, and 1.50 in another."""
    return SURE.fullmatch(_bare(typed or "")) is None


def read_as(amount: Decimal) -> str:
    return f"We read this as ${amount:,.2f}. If that is right, record it again as it is. If not, correct it."


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()


def _bare(typed: str) -> str:
    """Without what stands around it: the currency, a minus, spaces."""
    text = AROUND.sub("", _plain(typed)).strip()
    return re.sub(r"^-?\$?\s*", "", text)


def _problem(bare: str) -> str:
    """Why this is no amount."""
    if TWO_AMOUNTS.fullmatch(bare):
        return ONE_AMOUNT
    return TOO_LARGE if LARGE.fullmatch(bare) else AMOUNT


class AmountField(forms.CharField):
    """Dollars and cents as people write them; a Decimal, or None for nothing."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, error_messages={"max_length": AMOUNT}, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        text = super().to_python(value)
        bare = _bare(text)
        if not text.strip():
            return None
        match = SURE.fullmatch(bare) or UNSURE.fullmatch(bare)
        if match is None:
            raise ValidationError(_problem(bare))
        groups = match.groupdict()
        dollars = re.sub(r"\D", "", groups["dollars"] or "0")
        amount = Decimal(f"{dollars}.{groups['cents'] or groups.get('only_cents') or 0}")
        if amount >= LIMIT:
            raise ValidationError(TOO_LARGE)
        return -amount if IS_NEGATIVE.search(_plain(text)) else amount

    def validate(self, value: Decimal | None) -> None:
        if value is not None and value < 0:
            raise ValidationError(NEGATIVE)

    def run_validators(self, value: Decimal | None) -> None:
        """Those of CharField count characters, which this is no more."""


class PercentField(forms.CharField):
    """A whole number of per cent; an int, or None for nothing."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, **kwargs)

    def to_python(self, value: Any) -> int | None:
        text = _plain(super().to_python(value))
        if not text:
            return None
        if TWO_SHARES.fullmatch(text):
            raise ValidationError(ONE_SHARE)
        match = SHARE.fullmatch(text)
        if match is None or int(match[1]) > 100:
            raise ValidationError(PERCENT)
        return int(match[1])

    def run_validators(self, value: int | None) -> None:
        """Those of CharField count characters, which this is no more."""
