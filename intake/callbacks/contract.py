"""The contract of what a person sends: what the forms write, sealing carries, and the desk relies on after opening.

Whoever may insert a message can seal one, so the desk takes nothing for granted: what is read here has been checked.
"""

import json
import re
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from typing import Any, Self

from facilities.directory.zones import ZONES
from intake.callbacks.answers import (
    About,
    IfOtherAnswers,
    Language,
    Suspicion,
    TextMessages,
    TimeOfDay,
    Voicemail,
)
from intake.phone import number_alone

VERSION = 1
NAME_LENGTH = 80
ON_A_CARD = 120  # characters of one line
NOTE_LENGTH = 500  # the form takes fewer; what was sealed before it did still opens
KEPT_NUMBER = re.compile(r"\+[1-9]\d{3,14}(;ext=\d{1,20})?", re.ASCII)


class NotTheContract(ValueError):
    """Contents that no honest sender writes. The message names the part that is wrong and holds nothing of it."""


def _check(check: Callable[[Any], object]) -> dict[str, Any]:
    return {"check": check}


def _text(longest: int) -> dict[str, Any]:
    return _check(lambda value: _is_text(value) and len(value) <= longest)


def _one_of(choices: Any) -> dict[str, Any]:
    return _check(lambda value: value in choices.values)


def _is_text(value: Any) -> bool:
    """Text that the database takes: no NUL, and no half of a surrogate pair."""
    return isinstance(value, str) and "\x00" not in value and not re.search("[\ud800-\udfff]", value)


def _is_number(value: Any) -> bool:
    return _is_text(value) and bool(KEPT_NUMBER.fullmatch(value))


def _are_times(value: Any) -> bool:
    return isinstance(value, list) and all(time in TimeOfDay.values for time in value)


def _are_suspicions(value: Any) -> bool:
    return isinstance(value, list) and all(suspicion in Suspicion.values for suspicion in value)


def _is_day_or_nothing(value: Any) -> bool:
    """As ISO 8601 writes it, "1980-03-27", in a year in which somebody who is alive was born."""
    try:
        return value == "" or date(1900, 1, 1) <= date.fromisoformat(value) < date(2100, 1, 1)
    except (TypeError, ValueError):
        return False


PHONE, TOKEN = _check(_is_number), _text(64)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Parts, each with its check. Whatever makes one (form, opening, test) raises NotTheContract if a part is wrong."""

    def __post_init__(self) -> None:
        for part in fields(self):
            if not part.metadata["check"](getattr(self, part.name)):
                raise NotTheContract(part.name)

    @classmethod
    def from_json(cls, plaintext: bytes) -> Self:
        """Raises NotTheContract. What it does not know it leaves out: an older release wrote more than is needed."""
        try:
            contents = json.loads(plaintext)
        except (ValueError, RecursionError) as error:
            raise NotTheContract("JSON") from error
        # The first release wrote no version.
        if not isinstance(contents, dict) or contents.get("version", VERSION) != VERSION:
            raise NotTheContract("version")
        sent = {part.name: contents[part.name] for part in fields(cls) if part.name in contents}
        if missing := [part.name for part in fields(cls) if part.name not in sent and _is_required(part)]:
            raise NotTheContract(missing[0])
        read = cls(**sent)
        read.check_number()
        return read

    def check_number(self) -> None:
        """Raises NotTheContract for a number that has the right form, and is none."""

    def to_json(self) -> bytes:
        return json.dumps({"version": VERSION, **vars(self)}).encode()


def _is_required(part: Field) -> bool:
    """What an older release did not write yet has a default."""
    return part.default_factory is MISSING


@dataclass(frozen=True, kw_only=True)
class HowToCall(Contents):
    """The answers that say how and when to call; they may change later."""

    phone: str = field(metadata=PHONE)
    name: str = field(metadata=_text(NAME_LENGTH))
    times: list[str] = field(metadata=_check(_are_times))
    time_zone: str = field(metadata=_check(lambda value: _is_text(value) and value in ("", *ZONES)))
    voicemail: str = field(metadata=_one_of(Voicemail))
    text: str = field(metadata=_one_of(TextMessages))
    if_other_answers: str = field(metadata=_one_of(IfOtherAnswers))

    def check_number(self) -> None:
        if self.phone and not number_alone(self.phone):
            raise NotTheContract("phone")


@dataclass(frozen=True, kw_only=True)
class Answers(HowToCall):
    """What a person answered."""

    about: str = field(metadata=_one_of(About))
    language: str = field(metadata=_one_of(Language))
    note: str = field(metadata=_text(NOTE_LENGTH))
    # Whether the honeypot was filled.
    website: bool = field(metadata=_check(lambda value: isinstance(value, bool)))

    def in_order(self) -> list[Any]:
        """The answers alone, also of a whole request: two requests with the same ones are one."""
        return [getattr(self, part.name) for part in fields(Answers)]


@dataclass(frozen=True, kw_only=True)
class CallbackRequest(Answers):
    """The answers with what we add to them, as they are sealed."""

    reference: str = field(metadata=_text(20))
    token: str = field(metadata=TOKEN)  # of the receipt
    source: str = field(metadata=_text(200))  # the page of ours that led to the form
    consent_version: str = field(metadata=_text(20))
    suspicions: list[str] = field(default_factory=list, metadata=_check(_are_suspicions))

    @property
    def is_suspected(self) -> bool:
        return bool(self.website or self.suspicions)


@dataclass(frozen=True, kw_only=True)
class Wish(Contents):
    """To pause, stop or erase, on the receipt. The token inside says that it comes from who holds the link."""

    token: str = field(metadata=TOKEN)


@dataclass(frozen=True, kw_only=True)
class Change(HowToCall, Wish):
    """How and when to call from now on. An empty number leaves the number as it is."""

    phone: str = field(metadata=_check(lambda value: value == "" or _is_number(value)))


@dataclass(frozen=True, kw_only=True)
class Insurance(Wish):
    """What pays, as a person writes it down from the card. Whatever they do not know is empty."""

    payer: str = field(metadata=_text(ON_A_CARD))
    member_id: str = field(metadata=_text(ON_A_CARD))
    subscriber_name: str = field(metadata=_text(ON_A_CARD))
    subscriber_born_on: str = field(metadata=_check(_is_day_or_nothing))


@dataclass(frozen=True, kw_only=True)
class Photo(Wish):
    """A photo of one side of the insurance card, as it was received: nobody has decoded it."""

    picture: bytes = field(metadata=_check(lambda value: isinstance(value, bytes) and looks_like_photo(value)))

    @classmethod
    def from_json(cls, plaintext: bytes) -> Self:
        """One line of JSON, and the picture after it. Raises NotTheContract."""
        line, _, picture = plaintext.partition(b"\n")
        return cls(token=Wish.from_json(line).token, picture=picture)

    def to_json(self) -> bytes:
        return Wish(token=self.token).to_json() + b"\n" + self.picture


def looks_like_photo(picture: bytes) -> bool:
    """By its first bytes alone: JPEG, PNG or WebP."""
    return picture.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        picture.startswith(b"RIFF") and picture[8:12] == b"WEBP"
    )
