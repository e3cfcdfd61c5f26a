"""Photos of a person's insurance card: sealed where they lie, drawn anew for each look, which is recorded."""

from io import BytesIO
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from PIL import Image, ImageOps

from intake.callbacks.inbox import FROM_OUTSIDE, read
from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity
from intake.leads.acts.changes import record
from intake.leads.models import Lead

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 25_000_000  # to decode: 75 MB; a JPEG of any camera is decoded at a fraction of its size
LONGEST_SIDE = 2000  # pixels; small print can be read


class NoPicture(Exception):
    """What was sent is not a picture that we decode."""


def cards_of(lead: Lead) -> QuerySet[CallbackMessage]:
    """Newest first, without their megabytes. One that was erased is gone."""
    photos = CallbackMessage.objects.filter(leadmessage__lead=lead, kind__in=CallbackMessage.PHOTOS)
    return photos.exclude(sealed=b"").order_by("-received_at").only("kind", "received_at")


def look_at(card: CallbackMessage, *, lead: Lead, by: "User") -> bytes:
    """The photo as a JPEG of our own making, with nothing of what the camera wrote into it.

    Raises NoPicture. The look is in the timeline, whatever came of it.
    """
    record(lead, Activity.Kind.CARD_SEEN, by=by, detail={"side": card.kind})
    try:
        photo = read(card)
    except FROM_OUTSIDE as error:
        raise NoPicture(type(error).__name__) from error
    return drawn_anew(photo.picture)


def drawn_anew(picture: bytes) -> bytes:
    """Raises NoPicture."""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture("too many pixels")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NoPicture(type(error).__name__) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    drawn = BytesIO()
    upright.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
