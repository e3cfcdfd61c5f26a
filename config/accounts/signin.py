"""Sign-in rules: nobody signs up, the second factor is always asked for, and its secrets are encrypted at rest."""

import base64
import logging
import os
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from config.accounts import demo
from config.accounts.second_factor import forget_shut_factors, use_up
from config.edge.addresses import ACCOUNTS, CMS, DESK, STAFF
from config.edge.clients import client_of

logger = logging.getLogger(__name__)

# Views that need no second factor yet.
OPEN_VIEWS = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
KEY_CHANGED = (
    "A key of this server was changed, so your authenticator app and the recovery codes of before count no more. Take "
    "the old entry out of the app."
)
ASSOCIATED_DATA = b"mfa_authenticator.data"


def hidden_key(key: str, prefix: str, version: int) -> str:
    """A key of the shared cache that does not show the address, the name or the code that it was made from."""
    return salted_hmac("quietline cache key", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class StaffAccounts(DefaultAccountAdapter):
    """Accounts are made by who runs the server, never by the sign-in pages; and guessing is slow."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many wrong passwords. Wait five minutes, then try again.",
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses are counted by name and address: a stranger who knows a name must not lock its owner out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_of(request.META)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The demo's password opens nothing where DEMO is off, whoever made the account.

        A new SECRET_KEY has ended every session, so that everybody comes by here before a factor is asked for.
        """
        user = super().authenticate(request, **credentials)
        if credentials.get("password") == demo.PASSWORD and not settings.DEMO:
            return None
        if user and forget_shut_factors(user):
            logger.warning("the second factor of user %s was set up with another SECRET_KEY", user.pk)
            messages.warning(request, KEY_CHANGED)
        return user

    def set_password(self, user: User, password: str) -> None:
        """A process may write these columns of an account, and no others (config/launch/grants.toml)."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who has just signed in is not asked again: they typed all that they have a moment ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        is_recent = bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not is_recent and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Somebody with a second factor is not offered the password: StaffGate would ask for the factor again."""
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        return factors or methods


class EncryptedSecrets(DefaultMFAAdapter):
    """Second-factor secrets under AES-256-GCM; allauth's own adapter stores them readable.

    The key comes from SECRET_KEY, because the `cms` role checks second factors and holds no data key.
    """

    def _cipher(self) -> AESGCM:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quietline second factor secrets v1")
        return AESGCM(kdf.derive(settings.SECRET_KEY.encode()))

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(12)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, text.encode(), ASSOCIATED_DATA)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises cryptography.exceptions.InvalidTag if the secret was changed or SECRET_KEY is another."""
        raw = base64.b64decode(encrypted_text)
        return self._cipher().decrypt(raw[:12], raw[12:], ASSOCIATED_DATA).decode()


@receiver(authenticator_added)
def count_as_shown(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting a factor up counts as showing it. Its code cannot be used again."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    if authenticator.type == Authenticator.Type.TOTP:
        use_up(user, request.POST.get("code", ""))
    record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)


class StaffGate:
    """Staff's pages open to a person who has shown a second factor in this session (NIST SP 800-63B-4, AAL2).

    Somebody without one is sent to set it up, somebody who has not shown it yet is sent to show it. The pages of the
    account are guarded too: a password alone must not take the second factor away, nor set up another. The CMS also
    needs its own permission.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        is_guarded = request.path.startswith(STAFF) and request.resolver_match.view_name not in OPEN_VIEWS
        if not is_guarded or not request.user.is_authenticated:
            return None
        if request.path.startswith(CMS) and not request.user.has_perm("wagtailadmin.access_admin"):
            # Otherwise Wagtail and the sign-in would redirect to each other for ever.
            raise PermissionDenied
        if settings.DEMO:
            return None
        if not is_mfa_enabled(request.user):
            if demo.is_its_password(request.user.password):  # of a session that began while DEMO was on
                raise PermissionDenied
            if request.path.startswith(ACCOUNTS):
                return None
            messages.info(request, "Set up a second factor first. It takes about a minute.")
            return redirect("mfa_activate_totp")
        if not any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
            return redirect(reverse("mfa_reauthenticate", query={"next": request.path}))
        return None


@login_required
def signed_in(request: HttpRequest) -> HttpResponse:
    """Takes each person to the place where their work is."""
    if settings.SERVES_CMS and settings.FIRST_STEPS and (first := import_string(settings.FIRST_STEPS)(request.user)):
        return redirect(first)
    if settings.ROLE in ("desk", "all") and request.user.is_staff:
        return redirect(DESK)
    if settings.SERVES_CMS and request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    return redirect("mfa_index")
