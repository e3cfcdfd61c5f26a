"""What is known of a plan and of a stay. None means that nobody said it; 0 is an amount. Money is in dollars."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

WEEK = 7
ZERO = Decimal(0)


class CannotEstimate(Exception):
    """There is no honest number. `reason` names the sentence that says why, `level` the level of care it is of."""

    def __init__(self, reason: str, level: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.level = level


class Cover(StrEnum):
    """Whose amounts count for one member of a family: a cap of their own inside the family's, or the family's alone."""

    INDIVIDUAL = "individual"
    EMBEDDED = "embedded"
    AGGREGATE = "aggregate"


class CopayPer(StrEnum):
    DAY = "day"
    VISIT = "visit"
    ADMISSION = "admission"


class LimitPer(StrEnum):
    YEAR = "year"
    ADMISSION = "admission"
    LIFETIME = "lifetime"


@dataclass(frozen=True)
class Accumulator:
    """A deductible or an out-of-pocket maximum: of a year, met so far, and what is left."""

    total: Decimal | None = None
    met: Decimal | None = None
    remaining: Decimal | None = None

    @property
    def is_said(self) -> bool:
        return self.total is not None or self.remaining is not None

    @property
    def left(self) -> Decimal | None:
        if self.remaining is not None:
            return self.remaining
        if self.total is None or self.met is None:
            return None
        return max(self.total - self.met, ZERO)


@dataclass(frozen=True)
class Accumulators:
    """Of one member, and of the family."""

    individual: Accumulator = field(default_factory=Accumulator)
    family: Accumulator = field(default_factory=Accumulator)


@dataclass(frozen=True)
class Plan:
    """A plan in one network. `renews_on` is the first day of its next year, `bills_balance` the facility's own rule."""

    in_network: bool
    cover: Cover | None = None
    deductible: Accumulators = field(default_factory=Accumulators)
    out_of_pocket: Accumulators = field(default_factory=Accumulators)
    maximum_includes_deductible: bool | None = None
    renews_on: date | None = None
    bills_balance: bool = False
    is_medicaid: bool = False
    is_first_to_pay: bool = True


@dataclass(frozen=True)
class Limit:
    """How many days or visits the plan pays for, and how many of them were used; `used` is None if nobody said."""

    units: int
    used: int | None = None
    per: LimitPer = LimitPer.YEAR


@dataclass(frozen=True)
class Terms:
    """What the plan said of one level of care. `coinsurance` is the patient's share in per cent: 20 is 20 %."""

    covered: bool | None = None
    deductible_applies: bool | None = None
    coinsurance: Decimal | None = None
    copay: Decimal | None = None
    copay_per: CopayPer = CopayPer.DAY
    needs_authorization: bool | None = None
    limit: Limit | None = None


@dataclass(frozen=True)
class Rate:
    """Of a day or visit: what the plan allows, what the facility bills, and what it asks of who pays it themselves."""

    allowed: Decimal | None = None
    billed: Decimal | None = None
    self_pay: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """A part of the stay: so many days (or visits) at a level of care, from a day on, so many a week."""

    level: str
    begins_on: date
    units: int
    rate: Rate
    terms: Terms = field(default_factory=Terms)
    a_week: int = WEEK

    def days(self) -> Iterator[date]:
        """The day of each unit. Of a program with fewer than 7 a week: the first days of each week from the first."""
        for unit in range(self.units):
            weeks, day = divmod(unit, self.a_week)
            yield self.begins_on + timedelta(days=weeks * WEEK + day)
