"""Amounts of money and shares in per cent, read from text: a browser's number field drops what it cannot read."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

AMOUNT = "Enter dollars and cents, such as 1500 or $1,500.50. Leave it empty if nobody said."
PERCENT = "Enter a whole number from 0 to 100. Leave it empty if nobody said."
NEGATIVE = "No amount is below zero. Check it."
IS_IT_MEANT = "Payers' systems show such an amount where there is none. Leave it empty, or say below that it is meant."
DIGITS = re.compile(r"(?P<minus>-?)\$?(?P<dollars>\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?P<cents>\.\d{0,2})?", re.ASCII)
AROUND = re.compile(r"^(usd|us\$)|(usd|dollars?)$", re.IGNORECASE)
SHARE = re.compile(r"(\d{1,3})(?:\.0*)?\s*(?:%|percent|per cent)?", re.ASCII | re.IGNORECASE)
UNLIKELY = Decimal(100_000)  # no plan of the Marketplace may ask a fifth of it of a family in a year (45 CFR 156.130)
ALL_NINES = re.compile(r"9{4,}(\.99|\.00)?")


def is_placeholder(amount: Decimal) -> bool:
    """Whether it looks like what a system shows for "none" or "no limit": 9,999.99, 999,999.99."""
    return amount >= UNLIKELY or ALL_NINES.fullmatch(f"{amount:.2f}") is not None


class AmountField(forms.CharField):
    """Dollars and cents as people write them; a Decimal, or None for nothing."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, error_messages={"max_length": AMOUNT}, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        text = AROUND.sub("", unicodedata.normalize("NFKC", super().to_python(value)).strip()).strip()
        if not text:
            return None
        match = DIGITS.fullmatch(re.sub(r"(?<=\$)\s+", "", text))
        if match is None:
            raise ValidationError(AMOUNT)
        return Decimal(match["minus"] + match["dollars"].replace(",", "") + (match["cents"] or ""))

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
        text = unicodedata.normalize("NFKC", super().to_python(value)).strip()
        if not text:
            return None
        match = SHARE.fullmatch(text)
        if match is None or int(match[1]) > 100:
            raise ValidationError(PERCENT)
        return int(match[1])

    def run_validators(self, value: int | None) -> None:
        """Those of CharField count characters, which this is no more."""
