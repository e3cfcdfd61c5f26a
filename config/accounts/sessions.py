"""Who a session belongs to, asked before there is a request."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_started
from django.http import parse_cookie


def is_signed_in(environ: Mapping[str, str]) -> bool:
    """Whether a request of which only the headers have come is of a session that somebody has signed in to."""
    key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    request_started.send(sender=is_signed_in, environ=environ)  # on which Django renews a connection that was lost
    return bool(key) and SESSION_KEY in SessionStore(key)
