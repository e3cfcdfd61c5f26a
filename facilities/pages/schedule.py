"""Publishes and takes down pages at the time that staff set."""

import logging
import time

from django.conf import settings
from django.core.management import call_command
from django.db import Error

logger = logging.getLogger(__name__)

EVERY = 60  # seconds
_next = 0.0


def publish_when_due(now: float | None = None) -> None:
    """Does nothing within a minute of the last time; `now` is in seconds of the monotonic clock. Raises Error.

    Only a role that may write pages does it: where desk and pages are apart, run `manage.py publish_scheduled` every
    minute beside the cms.
    """
    global _next
    now = time.monotonic() if now is None else now
    if not settings.SERVES_CMS or now < _next:
        return
    _next = now + EVERY
    try:
        call_command("publish_scheduled")
    except Error:
        raise
    except Exception as error:  # noqa: BLE001 - a page that fails must not keep requests from being opened
        logger.error("scheduled publishing failed: %s", type(error).__name__)
