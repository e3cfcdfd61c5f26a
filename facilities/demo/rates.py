"""What the made-up center charges. The numbers are invented, and round so that they look it."""

from datetime import date
from typing import Any

from facilities.directory.levels import LevelOfCare
from facilities.directory.models import Facility
from facilities.directory.payers import Payer
from facilities.directory.rates import Rate

SINCE = date(2026, 1, 1)
OF_ALL = {"3.7-WM": (1800, 900), "3.5": (1200, 550), "1": (250, 120)}  # code: billed, asked of who pays themselves
CONTRACT = {"3.7-WM": 1000, "3.5": 700, "1": 150}
PAYER = "Example Health Plan (demo)"


def load_rates(facility: Facility) -> None:
    levels = {level.code: level for level in LevelOfCare.objects.filter(code__in=OF_ALL)}
    common: dict[str, Any] = {"facility": facility, "valid_from": SINCE}
    for code, (billed, self_pay) in OF_ALL.items():
        Rate.objects.create(**common, level=levels[code], billed=billed, self_pay=self_pay)
    payer = Payer.objects.get(name=PAYER)
    for code, allowed in CONTRACT.items():
        Rate.objects.create(**common, level=levels[code], payer=payer, allowed=allowed)
