"""Photos of the insurance card, on the receipt: sealed as they come, and decoded by nobody on this side."""

import logging

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.signals import request_started
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from intake.callbacks import crowd
from intake.callbacks.contract import Photo, looks_like_photo
from intake.callbacks.insurance_form import InsuranceForm
from intake.callbacks.models import CallbackMessage
from intake.callbacks.origin import is_own_origin
from intake.callbacks.receipt_views import FROM_ELSEWHERE, find, form_page, is_held, is_over, what_was_sent
from intake.callbacks.receipts import Found, find_receipt
from intake.callbacks.spool import NotKept
from intake.callbacks.submission import submit_photo

logger = logging.getLogger(__name__)

Kind = CallbackMessage.Kind
SIDES = {"front": Kind.CARD_FRONT, "back": Kind.CARD_BACK}
OF_ONE_SIDE = 3  # photos, on one receipt: the first may be blurred
CHOOSE = _("Choose a photo of the card first.")
NO_PHOTO = _("This is no photo that we can read. Send a JPEG, PNG or WebP picture of at most 8 MB.")
ENOUGH = _("We have enough photos of this side. Read the card out when we call.")
TOO_MANY = _("Many photos came from your network. This one was not sent. Read the card out when we call.")
HELD = _("We take photos once we have looked at your request. This one was not sent. Read the card out when we call.")
NOT_STORED = _(
    "We could not save the photo just now. It was not sent. Please try again, or read the card out when we call."
)


class InMemory(MemoryFileUploadHandler):
    """Django would write a photo of this size to a file in clear."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        self.activated = True


def takes_photo(token: str) -> bool:
    """Whether a photo would be taken, asked before it is read: eight megabytes of nobody's would fill the memory.

    Raises django.db.Error.
    """
    request_started.send(sender=takes_photo)  # on which Django renews a connection that was lost
    found = find_receipt(token)
    return found is not None and not is_over(found) and not is_held(found)


@csrf_exempt  # there is no session to protect; is_own_origin() stands in, and needs no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, token: str, side: str) -> HttpResponse:
    """Takes a photo. Who comes back to the answer in the history is led to the page that asks for it."""
    request.upload_handlers = [InMemory(request)]
    found = find(token)
    back = HttpResponse(status=303, headers={"Location": reverse("intake:insurance", args=[token])})
    if request.method != "POST" or is_over(found):
        return back
    problem, status = _refusal(request, found, SIDES[side])
    if not problem:
        try:
            submit_photo(SIDES[side], Photo(token=token, picture=request.FILES["photo"].read()))
        except NotKept as error:
            logger.error("a photo could not be stored: %s", error)
            problem, status = NOT_STORED, 503
    if not problem:
        back["Location"] += "#photos"  # where the page says that it arrived
        return back
    more = what_was_sent(found) | {"photo_problem": problem}
    return form_page(request, "intake/insurance.html", token, InsuranceForm(), status=status, **more)


def _refusal(request: HttpRequest, found: Found, kind: Kind) -> tuple[str, int]:
    """Why this photo is not taken, in words and as a status; ("", 0) if it is."""
    if not is_own_origin(request):
        return FROM_ELSEWHERE, 403
    if is_held(found):
        return HELD, 409
    photo = request.FILES.get("photo")
    if photo is None:
        return CHOOSE, 422
    if photo.size > settings.CARD_BYTES or not looks_like_photo(photo.read(16)):
        return NO_PHOTO, 422
    photo.seek(0)
    if found.receipt.count(kind) >= OF_ONE_SIDE:
        return ENOUGH, 422
    return (TOO_MANY, 429) if crowd.sends_many_photos(request) else ("", 0)
