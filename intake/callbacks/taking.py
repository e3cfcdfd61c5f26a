"""What decides whether a request for a call is taken: whose page it came from, the answers, and the database."""

import logging
import re

from django.db import Error
from django.http import HttpRequest

from facilities.pages.context import last_known_facts
from intake.callbacks.forms import CallbackForm
from intake.callbacks.origin import is_own_origin
from intake.callbacks.submission import submit_request

logger = logging.getLogger(__name__)

NOT_STORED = "intake.not_stored"  # in request.META: this very request was tried a moment ago; do not wait once more


class Refused(Exception):
    """The form says why; nothing was stored. `status` is that of the answer."""

    status = 422


class FromElsewhere(Refused):
    """Another site's page sent this."""

    status = 403


class NotStored(Refused):
    """The database did not take it."""

    status = 503


def take_request(request: HttpRequest, form: CallbackForm) -> str:
    """Store the request for a call that was posted; returns the address of its receipt. Raises Refused."""
    if not is_own_origin(request):
        form.add_error(None, "This did not come from our own page. Check your answers, then ask for the call here.")
        raise FromElsewhere
    if not form.is_valid():
        raise Refused
    if NOT_STORED not in request.META:
        try:
            token = submit_request(
                form.answers,
                source=_source(request),
                line=last_known_facts().phone_line,
                of_number=form.number_zones,
            )
        except Error as error:
            logger.error("a request could not be stored: %s", type(error).__name__)
        else:
            return f"/request/{token}/"
    form.add_error(None, "We could not save your request just now. It was not sent. Please try again, or call us.")
    raise NotStored


def _source(request: HttpRequest) -> str:
    """The page of ours that led here, if the link said so."""
    source = request.GET.get("from", "")
    return source if re.fullmatch(r"/(?!/)[\w\-/]{0,199}", source, re.ASCII) else ""
