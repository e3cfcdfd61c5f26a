"""What a session may do, asked before there is a request."""

from collections.abc import Mapping
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_started
from django.http import parse_cookie


def is_key(text: str | None) -> bool:
    """Whether it can be the key of a session: Django's are letters and digits, and others it cannot even look up."""
    return bool(text) and text.isascii() and text.isalnum()


def may_edit(environ: Mapping[str, str]) -> bool:
    """Whether a request, of which only the headers have come, is of a session of somebody who edits pages."""
    key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    request_started.send(sender=may_edit, environ=environ)  # on which Django renews a connection that was lost
    if not is_key(key):
        return False
    return get_user(SimpleNamespace(session=SessionStore(key))).has_perm("wagtailadmin.access_admin")
