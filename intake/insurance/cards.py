"""Photos of a person's insurance card: sealed where they lie, drawn anew for each look, which is recorded."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from intake.callbacks.inbox import FROM_OUTSIDE, read
from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity
from intake.leads.acts.changes import record
from intake.leads.models import Lead

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DRAWING = Path(__file__).with_name("drawing.py")
LIMIT = 10  # seconds for one picture, where the machine is busy; its share of a processor ends it sooner
PATIENCE = 2  # seconds that a look waits for one of the places
_places = threading.BoundedSemaphore(2)  # of this process: looks must leave threads to everybody else


class NoPicture(Exception):
    """What was sent is not a picture that we decode."""


class Busy(Exception):
    """Other pictures are being drawn; a moment later it can be tried again."""


def cards_of(lead: Lead) -> QuerySet[CallbackMessage]:
    """Newest first, without their megabytes; of merged leads too. One that was erased is gone."""
    of_person = lead.with_merged.values("pk")
    photos = CallbackMessage.objects.filter(leadmessage__lead__in=of_person, kind__in=CallbackMessage.PHOTOS)
    return photos.exclude(sealed=b"").order_by("-received_at").only("kind", "received_at")


def look_at(card: CallbackMessage, *, lead: Lead, by: "User") -> bytes:
    """The photo as a JPEG of our own making, with nothing of what the camera wrote into it.

    Raises NoPicture and Busy. The look is in the timeline, whatever came of it.
    """
    record(lead, Activity.Kind.CARD_SEEN, by=by, detail={"side": card.kind})
    try:
        photo = read(card)
    except FROM_OUTSIDE as error:
        raise NoPicture(type(error).__name__) from error
    return drawn_anew(photo.picture)


def drawn_anew(picture: bytes) -> bytes:
    """Raises NoPicture, and Busy if others are being drawn."""
    if not _places.acquire(timeout=PATIENCE):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours
            [sys.executable, "-I", str(DRAWING)], input=picture, env={}, capture_output=True, timeout=LIMIT, check=True
        )
    except subprocess.SubprocessError as error:
        raise NoPicture(type(error).__name__) from error
    finally:
        _places.release()
    return done.stdout
