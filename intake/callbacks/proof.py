"""The short calculation that a browser does when many requests come from its network: ALTCHA, with all of it ours.

Challenges are signed, not stored (docs/decisions/0015). A solution counts once in a process, and as long as it is
remembered no longer than it lives.
"""

import json
import secrets
import threading
import time
from functools import cache

from altcha import Payload, create_challenge, verify_solution
from django.utils.crypto import salted_hmac

ALGORITHM = "PBKDF2/SHA-256"
COST = 5000  # rounds of one try: about 2 ms
TRIES = 50, 150  # how many a browser needs: a quarter of a second on a computer, a second or two on an old phone
LIVES = 2 * 3600  # seconds: people write slowly, and leave the page open
LONGEST = 4000  # characters; an honest solution has some 700
MOST_SPENT = 100_000

_spent: dict[str, float] = {}  # when it expires, by the signature of its challenge
_lock = threading.Lock()


def new_challenge() -> str:
    """JSON for the widget. Making one costs one of the tries."""
    low, high = TRIES
    challenge = create_challenge(
        ALGORITHM,
        COST,
        counter=low + secrets.randbelow(high - low),
        expires_at=int(time.time()) + LIVES,
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("solution"),
    )
    return json.dumps(challenge.to_dict())


def is_proven(solution: str) -> bool:
    """Whether this solves a challenge of ours, for the first time in this process."""
    if not solution or len(solution) > LONGEST:
        return False
    found = verify_solution(solution, _key("challenge"), hmac_key_secret=_key("solution"))
    return found.verified and _spend(Payload.from_base64(solution).challenge.signature)


def forget() -> None:
    """As after a restart."""
    _spent.clear()


def _spend(signature: str) -> bool:
    now = time.time()
    with _lock:
        if len(_spent) >= MOST_SPENT:
            for old in [old for old, expires in _spent.items() if expires < now]:
                del _spent[old]
        if signature in _spent or len(_spent) >= MOST_SPENT:
            return False
        _spent[signature] = now + LIVES
        return True


@cache
def _key(purpose: str) -> bytes:
    return salted_hmac(f"quietline proof of work, {purpose}", "", algorithm="sha256").digest()
