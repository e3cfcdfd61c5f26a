"""Where a ZIP code or a city of the United States is, from a list within a package: nobody outside is asked."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

import zipcodes

from facilities.directory.states import STATES

ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")
CITY_AND_STATE = re.compile(r"(.+?)[\s,]+([A-Za-z]{2})")


@dataclass(frozen=True)
class Spot:
    """The middle of a ZIP code or of a city, in degrees."""

    name: str
    latitude: float
    longitude: float

    def miles_to(self, other: "Spot") -> float:
        """In a straight line."""
        return zipcodes.haversine(self.longitude, self.latitude, other.longitude, other.latitude)


def spots(typed: str) -> list[Spot]:
    """What somebody can mean: one for each state that has a city of this name. Empty for what is not known."""
    words = " ".join(typed.split())
    if found := ZIP.fullmatch(words):
        return _spots(zipcodes.matching(found[1]))
    named = CITY_AND_STATE.fullmatch(words)
    if named and named[2].upper() in dict(STATES) and (spots := _of_city(named[1], state=named[2].upper())):
        return spots
    return _of_city(words)


def _of_city(city: str, **state: str) -> list[Spot]:
    written = {city, city.title()}
    return next((spots for each in sorted(written) if (spots := _spots(zipcodes.filter_by(city=each, **state)))), [])


def _spots(rows: Iterable[dict]) -> list[Spot]:
    by_place = defaultdict(list)
    for row in rows:
        by_place[f"{row['city']}, {row['state']}"].append((float(row["lat"]), float(row["long"])))
    return [
        Spot(name, fmean(each[0] for each in points), fmean(each[1] for each in points))
        for name, points in by_place.items()
    ]
