"""Signs that a machine sent a request. They never refuse it: a person looks at it first."""

import re
import time

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from intake.callbacks import crowd, proof
from intake.callbacks.answers import Suspicion
from intake.callbacks.contract import Answers

FASTEST = 0.2  # seconds from the page to the answers: no person, nor a helper that fills forms in, is as fast
LINK = re.compile(r"https?://|www\.|\[url|<a\b", re.IGNORECASE)


def suspicions_of(request: HttpRequest, answers: Answers) -> list[Suspicion]:
    """What speaks against a request that is about to be taken; it is counted with that."""
    signs = {
        Suspicion.HASTE: _is_hasty(request.POST.get("shown", "")),
        Suspicion.LINKS: bool(LINK.search(answers.name) or LINK.search(answers.note)),
        Suspicion.CROWD: crowd.joins(request) and not proof.is_proven(request.POST.get("proof", "")),
    }
    return [sign for sign, is_there in signs.items() if is_there]


def stamp(request: HttpRequest) -> str:
    """When the form was first shown, for the form to carry; signed, because nobody else may make one."""
    sent = request.POST.get("shown", "")
    return sent if _shown_at(sent) else _signer().sign(str(time.time()))


def _is_hasty(sent: str) -> bool:
    """A request without a stamp is not: a saved page or a tool may leave it out."""
    shown_at = _shown_at(sent)
    return shown_at is not None and time.time() - shown_at < FASTEST


def _shown_at(sent: str) -> float | None:
    try:
        return float(_signer().unsign(sent))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="intake.callbacks.suspicion")
