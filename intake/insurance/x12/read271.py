"""Reads a 271 (005010X279A1; 4010 as well as it goes). Nothing in a file makes it fail but NotReadable."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from intake.insurance.x12 import codes
from intake.insurance.x12.answer import Answer, Benefit, Dated, Entity, Person, Rejection
from intake.insurance.x12.segments import Delimiters, NotReadable, Segment, read_segments

LEVELS = {"20": "A", "21": "B", "22": "C", "23": "D"}  # HL03: source, receiver, subscriber, dependent
NOT_AN_ANSWER = {
    "270": "This is a request (270), not the payer's answer (271).",
    "999": "This is an acknowledgement (999): it says how our request was received, not what the plan covers.",
    "997": "This is an acknowledgement (997): it says how our request was received, not what the plan covers.",
}
PERSONS = {"IL": "subscriber", "03": "dependent"}


def read_271(raw: bytes | str) -> Answer:
    """What an answer says. Raises NotReadable."""
    delimiters, segments = read_segments(raw)
    _check_kind(segments)
    reader = Reader(delimiters)
    for segment in segments:
        reader.read(segment)
    reader.check_end(segments)
    return reader.answer


def _check_kind(segments: list[Segment]) -> None:
    names = [segment.name for segment in segments]
    transactions = [segment[1] for segment in segments if segment.name == "ST"]
    if names.count("ISA") > 1:
        raise NotReadable("These are two answers or more, one behind the other. Enter them one at a time.")
    if not transactions and "TA1" in names:
        raise NotReadable("This is an acknowledgement of the envelope (TA1), not the payer's answer.")
    if not transactions:
        raise NotReadable("The answer ends before it begins: there is no ST segment. Copy it from ISA to IEA.")
    if other := next((kind for kind in transactions if kind != "271"), None):
        raise NotReadable(NOT_AN_ANSWER.get(other, "This is X12, but not an answer about eligibility (271)."))
    if len(transactions) > 1:
        raise NotReadable("This file holds the answers about several people. Enter them one at a time.")


class Reader:
    """Goes through the segments in order; where it stands decides whose they are."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.answer = Answer()
        self.level = ""  # A to D, as the loops are called
        self.entity: Entity | None = None  # the last NM1 of the level
        self.benefit: Benefit | None = None
        self.inner: Entity | None = None  # the last NM1 under a benefit
        self.is_of_another = False  # a further person, whose benefits must not be taken for this one's

    def read(self, segment: Segment) -> None:
        read = READERS.get(segment.name)
        if read is None:
            self.answer.unread.append(f"{segment.name} (segment {segment.number})")
        else:
            read(self, segment)

    @property
    def loop(self) -> str:
        if self.inner is not None:
            return f"2120{self.level}"
        if self.benefit is not None:
            return f"2110{self.level}"
        return f"{'2100' if self.entity is not None else '2000'}{self.level}"

    @property
    def named(self) -> Entity | None:
        """Whom a segment with an address or a phone is about."""
        return self.inner if self.benefit is not None else self.entity

    def warn(self, segment: Segment, words: str) -> None:
        self.answer.warnings.append(f"{segment.name} (segment {segment.number}): {words}")

    def begin(self, segment: Segment) -> None:
        self.answer.version = segment[3] or self.answer.version

    def made(self, segment: Segment) -> None:
        self.answer.made_on = _day(segment[4])

    def group(self, segment: Segment) -> None:
        self.answer.version = segment[8]

    def level_begins(self, segment: Segment) -> None:
        self.level = LEVELS.get(segment[3], "")
        self.entity = self.benefit = self.inner = None
        if not self.level:
            self.warn(segment, "a level that is not known")

    def name(self, segment: Segment) -> None:
        if self.benefit is not None:
            self.inner = _entity(segment)
            self.benefit.entities.append(self.inner)
            return
        self.entity = _person(segment) if segment[1] in PERSONS else _entity(segment)
        place = PERSONS.get(segment[1]) or {"A": "payer", "B": "receiver"}.get(self.level)
        if place is None:
            self.warn(segment, "a name in a place where none is expected")
        elif place in ("subscriber", "dependent") and getattr(self.answer, place) is not None:
            self.is_of_another = True
            self.warn(segment, f"a second {place}, whose benefits are left out: enter that answer by itself")
        else:
            setattr(self.answer, place, self.entity)

    def contact(self, segment: Segment) -> None:
        if self.named is not None:
            self.named.contacts += [segment[index] for index in (4, 6, 8) if segment[index]]

    def address(self, segment: Segment) -> None:
        if self.named is not None:
            self.named.address += [part for part in segment.elements[1:5] if part]

    def demographics(self, segment: Segment) -> None:
        if isinstance(self.entity, Person):
            self.entity.born_on, self.entity.sex = _day(segment[2]), segment[3]
            if segment[2] and self.entity.born_on is None:
                self.warn(segment, "a date of birth that cannot be read")

    def relation(self, segment: Segment) -> None:
        if isinstance(self.entity, Person):
            self.entity.relation = segment[2]

    def trace(self, segment: Segment) -> None:
        if segment[1] == "2":
            self.answer.traces.append(segment[2])

    def reference(self, segment: Segment) -> None:
        about = self.benefit or self.entity
        if isinstance(about, Benefit | Person):
            about.references[segment[1]] = " ".join(part for part in (segment[2], segment[3]) if part)

    def dated(self, segment: Segment) -> None:
        about = self.benefit or self.entity
        if isinstance(about, Benefit | Person):
            about.dates.append(_dated(segment))

    def rejection(self, segment: Segment) -> None:
        is_valid = {"Y": True, "N": False}.get(segment[1])
        self.answer.rejections.append(Rejection(self.loop, segment[3], segment[4], is_valid))

    def benefit_begins(self, segment: Segment) -> None:
        self.inner = None
        benefit = self.benefit = Benefit(
            loop=f"2110{self.level}",
            code=segment[1],
            level=segment[2],
            service_types=self._repeated(segment[3]),
            insurance_type=segment[4],
            plan_name=segment[5],
            period=segment[6],
            amount=self._number(segment, 7),
            percent=self._percent(segment),
            quantity_kind=segment[9],
            quantity=self._number(segment, 10),
            authorization=segment[11],
            network=segment[12],
            procedure=segment[13],
        )
        if benefit.code not in codes.BENEFITS:
            self.warn(segment, f"the benefit code {benefit.code!r} is not known")
        if benefit.is_placeholder:
            self.warn(segment, "the payer sent a placeholder instead of an amount")
        if not self.is_of_another:
            self.answer.benefits.append(benefit)

    def message(self, segment: Segment) -> None:
        if self.benefit is not None:
            self.benefit.messages.append(segment[1])

    def delivery(self, segment: Segment) -> None:
        if self.benefit is not None:
            self.benefit.deliveries.append(" ".join(part for part in segment.elements[1:] if part))

    def place_of_service(self, segment: Segment) -> None:
        if self.benefit is not None and segment[1] == "ZZ":
            self.benefit.places_of_service.append(segment[2])

    def entities_end(self, segment: Segment) -> None:
        self.inner = None

    def nothing(self, segment: Segment) -> None:
        """A segment of the envelope, or one that says nothing about the person."""

    def check_end(self, segments: list[Segment]) -> None:
        """Whether the answer is whole; what came is used all the same."""
        begin = next(segment for segment in segments if segment.name == "ST")
        end = next((segment for segment in segments if segment.name == "SE"), None)
        if end is None:
            self.answer.warnings.append("The answer is cut off: its end (SE) is missing.")
        elif end[1] != str(end.number - begin.number + 1):
            self.warn(end, "the number of segments is not the one that the payer counted")
        if end is not None and end[2] != begin[2]:
            self.warn(end, "its control number is not that of the beginning")
        if not self.answer.benefits and not self.answer.rejections:
            self.answer.warnings.append("The plan returned nothing that can be used: no benefit and no reason.")

    def _repeated(self, text: str) -> list[str]:
        separator = self.delimiters.repetition
        return [part.strip() for part in (text.split(separator) if separator else [text]) if part.strip()]

    def _number(self, segment: Segment, index: int) -> Decimal | None:
        if not segment[index]:
            return None
        try:
            number = Decimal(segment[index])
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.warn(segment, f"element {index} is not a number")
            return None
        return number

    def _percent(self, segment: Segment) -> Decimal | None:
        """EB08 is a fraction: .2 is 20 %. A payer that writes 20 means the same, since nobody pays twenty times."""
        fraction = self._number(segment, 8)
        if fraction is None or fraction > 1:
            return fraction
        return (fraction * 100).normalize() + 0


def _entity(segment: Segment) -> Entity:
    names = [segment[index] for index in (3, 4, 5, 7) if segment[index]]
    name = segment[3] if segment[2] == "2" else " ".join([*names[1:], *names[:1]])
    return Entity(role=segment[1], name=name, id_kind=segment[8], id=segment[9])


def _person(segment: Segment) -> Person:
    known = vars(_entity(segment))
    return Person(**known, first_name=segment[4], last_name=segment[3])


def _dated(segment: Segment) -> Dated:
    first, _, last = segment[3].partition("-")
    begins, ends = _day(first), _day(last)
    if segment[2] == "RD8" and begins and ends:
        return Dated(segment[1], begins, ends)
    return Dated(segment[1], begins) if begins and not last else Dated(segment[1], text=segment[3])


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


READERS: dict[str, Callable[[Reader, Segment], None]] = {
    "GS": Reader.group, "ST": Reader.begin, "HL": Reader.level_begins, "NM1": Reader.name, "N3": Reader.address,
    "N4": Reader.address, "PER": Reader.contact, "DMG": Reader.demographics, "INS": Reader.relation,
    "TRN": Reader.trace, "REF": Reader.reference, "DTP": Reader.dated, "AAA": Reader.rejection,
    "EB": Reader.benefit_begins, "MSG": Reader.message, "HSD": Reader.delivery, "III": Reader.place_of_service,
    "LE": Reader.entities_end, "LS": Reader.nothing, "ISA": Reader.nothing, "BHT": Reader.made,
    "SE": Reader.nothing, "GE": Reader.nothing, "IEA": Reader.nothing,
}  # fmt: skip
