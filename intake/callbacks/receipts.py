"""Receipts: what only who holds the link can read, not who holds the table.

The request and every later wish leave one entry each, in the row of their message. Together they say what was asked,
when, and what holds now, although the public role reads nothing else back.
"""

import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import Error

from intake.callbacks.calling_hours import next_morning, persons_clock
from intake.callbacks.contract import Answers
from intake.callbacks.models import CallbackMessage
from intake.callbacks.spool import receipts_of
from intake.phone import ending, extension

TOKEN_BYTES = 16
NONCE_BYTES = 12
PADDING = 1024
Kind = CallbackMessage.Kind


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is kept of the answers, so that their sender can read and change them: of the number, its end."""

    ending: str
    extension: str
    zones: list[str]
    name: str
    times: list[str]
    time_zone: str
    voicemail: str
    text: str
    if_other_answers: str
    language: str

    @classmethod
    def of(cls, answers: Answers, zones: Collection[str]) -> "Rules":
        """`zones` are the time zones of the number."""
        same = ("name", "times", "time_zone", "voicemail", "text", "if_other_answers", "language")
        return cls(
            ending=ending(answers.phone),
            extension=extension(answers.phone),
            zones=list(zones),
            **{part: getattr(answers, part) for part in same},
        )

    @property
    def clock(self) -> str:
        """The name of the zone on whose clock we speak to the person."""
        return persons_clock(self.time_zone, self.zones)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one message of the person was: its kind, its time, and what it made hold from then on, if anything."""

    kind: str
    at: datetime
    reference: str = ""
    rules: Rules | None = None
    is_danger: bool = False
    is_held: bool = False  # until somebody at the desk has looked at it

    def to_json(self) -> bytes:
        return json.dumps({**asdict(self), "at": self.at.isoformat()}).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Entry":
        contents = json.loads(text)
        rules = contents.pop("rules")
        at = datetime.fromisoformat(contents.pop("at"))
        return cls(**contents, at=at, rules=Rules(**rules) if rules else None)


@dataclass(frozen=True)
class Receipt:
    """All entries of one link, oldest first."""

    entries: list[Entry]

    @property
    def reference(self) -> str:
        """What a person can say on the phone, or "" once the request was erased."""
        return next((entry.reference for entry in self.entries if entry.reference), "")

    @property
    def _ruling(self) -> Entry | None:
        return next((entry for entry in reversed(self.entries) if entry.rules), None)

    @property
    def rules(self) -> Rules | None:
        """What holds now; None once the request was erased."""
        return self._ruling.rules if self._ruling else None

    @property
    def is_danger(self) -> bool:
        """Whether what was written may mean danger: then the page opens with whom to call now."""
        return any(entry.is_danger for entry in self.entries)

    @property
    def is_held(self) -> bool:
        """Whether somebody at the desk looks at it before anybody calls, so that no time can be promised."""
        return any(entry.is_held for entry in self.entries)

    @property
    def clock(self) -> str:
        return self.rules.clock if self.rules else settings.TIME_ZONE

    @property
    def asked_at(self) -> datetime | None:
        """When the person last said how and when to call."""
        return self._ruling.at if self._ruling else None

    def last(self, kind: Kind) -> datetime | None:
        """When the last message of a kind was sent."""
        return max((entry.at for entry in self.entries if entry.kind == kind), default=None)

    def count(self, kind: Kind) -> int:
        return sum(entry.kind == kind for entry in self.entries)

    @property
    def paused_until(self) -> datetime | None:
        """Until when the last pause holds, or held."""
        paused_at = self.last(Kind.PAUSE)
        return next_morning(paused_at, self.clock) if paused_at else None


class Found(NamedTuple):
    """A receipt and its public status."""

    receipt: Receipt
    status: str


def new_token() -> str:
    """128 random bits as 22 characters that are safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def encrypt_entry(entry: Entry, token: str) -> bytes:
    text, nonce = entry.to_json(), secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(token)).encrypt(nonce, text + b" " * (-len(text) % PADDING), None)


def find_receipt(token: str) -> Found | None:
    """What a token leads to, here and in the spool, or None. Reads the three columns that the public role may read.

    Rows that the token does not open are passed over: whoever may insert could have put them there. Raises
    django.db.Error if the database does not answer, and the request is not in the spool.
    """
    rows = receipts_of(token_hash(token))
    away: Error | None = None
    try:
        rows += (
            CallbackMessage.objects.filter(token_hash=token_hash(token))
            .order_by()
            .values_list("receipt", "public_status")
        )
    except Error as error:
        away = error
    opened = [(entry, status) for encrypted, status in rows if (entry := _decrypt(bytes(encrypted), token))]
    receipt = Receipt(sorted((entry for entry, _ in opened), key=lambda entry: entry.at))
    if away and not receipt.last(Kind.REQUEST):
        raise away
    if receipt.last(Kind.REQUEST):
        return Found(receipt, next(status for entry, status in opened if entry.kind == Kind.REQUEST))
    return Found(receipt, CallbackMessage.PublicStatus.DONE) if receipt.last(Kind.ERASE) else None


def _decrypt(encrypted: bytes, token: str) -> Entry | None:
    try:
        text = AESGCM(_key(token)).decrypt(encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], None)
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce, as a blanked one
        return None
    return Entry.from_json(text)


def _key(token: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quietline receipt v2").derive(token.encode())
