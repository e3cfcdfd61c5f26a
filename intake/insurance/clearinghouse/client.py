"""Sends one check and says what came of it. The body is read before the status: rejections come with 200 and 400."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import httpx

from intake.insurance.clearinghouse import wording
from intake.insurance.clearinghouse.place import Place
from intake.insurance.x12.answer import Answer
from intake.insurance.x12.read271 import read_271
from intake.insurance.x12.segments import NotReadable
from intake.insurance.x12.write270 import Question

MOST = 2_000_000  # bytes of a reply; the longest answers that are published have some 100,000
A_LITTLE = 60  # seconds that a token must still hold


class Kind(StrEnum):
    ANSWERED = "answered"
    REJECTED = "rejected"  # by the plan or on its behalf: `answer.rejections` says why
    UNREADABLE = "unreadable"  # something came, and is kept in `raw`
    LOGIN_REFUSED = "login_refused"
    BUSY = "busy"  # they take no more requests for now; this one was not worked on
    UNREACHABLE = "unreachable"  # it never got there
    UNKNOWN = "unknown"  # it may have got there, and no answer came back


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect, and for the whole reply. Payers are given a minute, and clearinghouses wait longer."""

    connect: float = 10
    read: float = 90


@dataclass(frozen=True)
class Outcome:
    """What came of a check. `raw` is what is kept: the 271 where there was one, the JSON if not; never logged.

    `differences` are what 271 and JSON do not say alike; `may_be_charged` where a further check may cost again.
    """

    kind: Kind
    raw: str = ""
    is_x12: bool = False
    answer: Answer | None = None
    differences: list[str] = field(default_factory=list)
    status: int | None = None
    is_test: bool = False
    why: str = ""

    def __repr__(self) -> str:
        return f"Outcome({self.kind}, {self.status})"

    @property
    def may_be_charged(self) -> bool:
        return self.kind not in (Kind.UNREACHABLE, Kind.BUSY, Kind.LOGIN_REFUSED)


class Failed(Exception):
    """No reply came that can be read."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.kind)
        self.outcome = outcome


class Clearinghouse:
    """One place with its connections. A token is kept until shortly before it ends."""

    def __init__(
        self,
        place: Place,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.place, self.limits, self.clock = place, limits or Limits(), clock
        timeout = httpx.Timeout(self.limits.read, connect=self.limits.connect)
        # Only the addresses of the settings are ever asked: no redirect is followed, and no proxy taken from outside.
        self.http = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, transport=transport)
        self.token, self.token_ends = "", 0.0

    def __enter__(self) -> "Clearinghouse":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def ask(self, question: Question) -> Outcome:
        """Whatever happens is an outcome; nothing is raised. One request is sent, and no second one of its kind."""
        try:
            status, body = self._send(self.place.address, self._login(), json=wording.request_of(question))
        except Failed as failed:
            return failed.outcome
        if status == HTTPStatus.UNAUTHORIZED:
            self.token_ends = 0.0
        return self._outcome(status, body)

    def _login(self) -> dict[str, str]:
        if not self.place.token_address:
            return {"Authorization": self.place.key}
        if self.clock() >= self.token_ends:
            self._fetch_token()
        return {"Authorization": f"Bearer {self.token}"}

    def _fetch_token(self) -> None:
        name, secret = self.place.client
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
        try:
            status, body = self._send(self.place.token_address, {}, data=form)
        except Failed as failed:  # of the check itself nothing was sent yet
            raise Failed(Outcome(Kind.UNREACHABLE, why=failed.outcome.why)) from None
        reply = _read(body) or {}
        lasts = reply.get("expires_in")
        token = reply.get("access_token")
        if status != HTTPStatus.OK or not isinstance(token, str):
            raise Failed(Outcome(Kind.LOGIN_REFUSED if status < 500 else Kind.UNREACHABLE, status=status))
        self.token = token
        self.token_ends = self.clock() + (float(lasts) if isinstance(lasts, int | float) else 0) - A_LITTLE

    def _send(self, address: str, headers: dict[str, str], **body: Any) -> tuple[int, bytes]:
        """The status and the body of the reply. Raises Failed."""
        ends = time.monotonic() + self.limits.read
        try:
            with self.http.stream("POST", address, headers=headers, **body) as reply:
                read = bytearray()
                for part in reply.iter_bytes():
                    read += part
                    if len(read) > MOST or time.monotonic() > ends:
                        why = "too much" if len(read) > MOST else "too slow"
                        raise Failed(Outcome(Kind.UNKNOWN, status=reply.status_code, why=why))
                return reply.status_code, bytes(read)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise Failed(Outcome(Kind.UNREACHABLE, why=type(error).__name__)) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Failed(Outcome(Kind.UNKNOWN, why=type(error).__name__)) from None

    def _outcome(self, status: int, body: bytes) -> Outcome:
        raw = body.decode("utf-8", "replace")
        reply = _read(body)
        if reply is not None and (said := self._said(status, raw, reply)) is not None:
            return said
        return Outcome(_kind_of(status), raw, status=status, is_test=self.place.is_test)

    def _said(self, status: int, raw: str, reply: wording.Json) -> Outcome | None:
        """What the body says of the person; None where it says nothing of them."""
        is_test = self.place.is_test or wording.is_of_a_test(reply)
        of_json = wording.answer_of(reply)
        if x12 := wording.raw_271_in(reply):
            try:
                answer = read_271(x12)
            except NotReadable as unreadable:
                return Outcome(Kind.UNREADABLE, x12, is_x12=True, status=status, is_test=is_test, why=str(unreadable))
            apart = wording.differences(answer, of_json) if of_json.benefits else []
            return Outcome(
                _of(answer), x12, is_x12=True, answer=answer, differences=apart, status=status, is_test=is_test
            )
        if of_json.benefits or of_json.rejections:
            return Outcome(_of(of_json), raw, answer=of_json, status=status, is_test=is_test)
        if status == HTTPStatus.OK:
            return Outcome(Kind.ANSWERED, raw, answer=of_json, status=status, is_test=is_test)
        return None


def _of(answer: Answer) -> Kind:
    """A rejection beside benefits is an answer, which shows both."""
    return Kind.REJECTED if answer.rejections and not answer.benefits else Kind.ANSWERED


def _kind_of(status: int) -> Kind:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Kind.LOGIN_REFUSED
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Kind.BUSY
    return Kind.UNKNOWN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Kind.UNREADABLE


def _read(body: bytes) -> wording.Json | None:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
