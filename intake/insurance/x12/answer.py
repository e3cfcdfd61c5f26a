"""What an eligibility answer says, as plain values. None means that nobody said it; 0 is an amount."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from intake.insurance.x12 import codes

PLACEHOLDERS_FROM = Decimal(999_999)  # large payers write 999999.99 for "no limit" (X12 ruling 2795 calls that wrong)
PLACEHOLDER = Decimal("99999.99")


@dataclass
class Dated:
    """A date or a span of dates with what it is the date of; `text` where it is written in another form."""

    kind: str
    begins_on: date | None = None
    ends_on: date | None = None
    text: str = ""


@dataclass
class Entity:
    """A person or organization that the answer names: the payer, us, a primary care provider, another insurer."""

    role: str = ""
    name: str = ""
    id_kind: str = ""
    id: str = ""
    contacts: list[str] = field(default_factory=list)
    address: list[str] = field(default_factory=list)


@dataclass
class Person(Entity):
    """The subscriber or the dependent."""

    first_name: str = ""
    last_name: str = ""
    born_on: date | None = None
    sex: str = ""
    relation: str = ""
    references: dict[str, str] = field(default_factory=dict)
    dates: list[Dated] = field(default_factory=list)


@dataclass(slots=True)
class Benefit:
    """One line of benefits (an EB with what stands under it). Codes are as they came; `in_words` says them."""

    loop: str
    code: str
    level: str = ""
    service_types: list[str] = field(default_factory=list)
    insurance_type: str = ""
    plan_name: str = ""
    period: str = ""
    amount: Decimal | None = None  # dollars
    percent: Decimal | None = (
        None  # 20 is 20 %; of co-insurance (code A) the patient's share, if the payer keeps the rule
    )
    quantity_kind: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    network: str = ""  # which tier the benefit is of, not whether we are in the network
    procedure: str = ""
    messages: list[str] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    deliveries: list[str] = field(default_factory=list)
    places_of_service: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    @property
    def is_placeholder(self) -> bool:
        return self.amount is not None and (self.amount >= PLACEHOLDERS_FROM or self.amount == PLACEHOLDER)

    @property
    def in_words(self) -> str:
        parts = [
            codes.word(codes.BENEFITS, self.code),
            codes.word(codes.LEVELS, self.level),
            ", ".join(codes.word(codes.SERVICE_TYPES, code) for code in self.service_types),
            codes.word(codes.PERIODS, self.period),
            codes.word(codes.NETWORKS, self.network),
        ]
        return "; ".join(part for part in parts if part)


@dataclass
class Rejection:
    """An AAA: why something was not answered. `is_our_request_valid` is False where the fault is in what was asked."""

    loop: str
    code: str
    follow_up: str
    is_our_request_valid: bool | None

    @property
    def in_words(self) -> str:
        said = codes.word(codes.REJECTIONS, self.code)
        return f"{said}: {codes.word(codes.FOLLOW_UPS, self.follow_up)}" if self.follow_up else said


@dataclass
class Answer:
    """Everything that was understood, and under `warnings` and `unread` what was not."""

    version: str = ""
    made_on: date | None = None  # by the payer's clock
    payer: Entity = field(default_factory=Entity)
    receiver: Entity = field(default_factory=Entity)
    subscriber: Person | None = None
    dependent: Person | None = None
    traces: list[str] = field(default_factory=list)  # of our request (TRN*2), to find the one that this answers
    benefits: list[Benefit] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # names of segments with their numbers

    @property
    def patient(self) -> Person | None:
        return self.dependent or self.subscriber

    @property
    def is_active(self) -> bool | None:
        """Of the plan itself (service type 30, or none named). None where the answer does not say, or says both."""
        of_plan = {each.code for each in self.benefits if not each.service_types or "30" in each.service_types}
        active, inactive = bool(of_plan & codes.ACTIVE), bool(of_plan & codes.INACTIVE)
        return active if active != inactive else None

    @property
    def plan(self) -> dict[str, str]:
        """The plan's name and kind: of the first line that says them."""
        name = next((each.plan_name for each in self.benefits if each.plan_name), "")
        kind = next((each.insurance_type for each in self.benefits if each.insurance_type), "")
        return {"name": name, "insurance_type": kind, "in_words": codes.word(codes.INSURANCE_TYPES, kind)}
