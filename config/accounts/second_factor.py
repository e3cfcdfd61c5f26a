"""A code of an authenticator app serves once, for as long as it would be taken; and what a new SECRET_KEY ends."""

import re
from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache

STEP = 30  # seconds; allauth, too, forgets a used code after one, and would take it again in the next
TAKEN_FOR = STEP * (2 * settings.MFA_TOTP_TOLERANCE + 1)


def use_up(user: User, code: str) -> bool:
    """Whether it had not been used before (RFC 6238, 5.2: at most once)."""
    return cache.add(f"used code of a second factor:{user.pk}:{re.sub(r'[^a-z0-9]', '', code.lower())}", "y", TAKEN_FOR)


def shut_factors(user: User | None = None) -> list[Authenticator]:
    """Those whose secret does not open, because SECRET_KEY was another when they were set up; of one user, or all."""
    factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)  # which has no secret of ours
    return [factor for factor in (factors.filter(user=user) if user else factors) if not _opens(factor)]


def forget_shut_factors(user: User) -> int:
    """So that they are set up anew, as at a first sign-in. Returns how many there were."""
    shut = [factor.pk for factor in shut_factors(user)]
    Authenticator.objects.filter(pk__in=shut).delete()
    return len(shut)


def _opens(factor: Authenticator) -> bool:
    try:
        for secret in _secrets(factor.data):
            get_adapter().decrypt(secret)
    except (InvalidTag, ValueError):
        return False
    return True


def _secrets(data: dict[str, Any]) -> Iterator[str]:
    """What allauth encrypts in the data of a factor: of an app, or of recovery codes."""
    yield from (data[name] for name in ("secret", "seed") if name in data)


class OneUse:
    """Mixed into a form of allauth's that asks for a code."""

    user: User

    def clean_code(self) -> Any:
        code = super().clean_code()
        if not use_up(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCode(OneUse, AuthenticateForm):
    pass


class ConfirmingCode(OneUse, ReauthenticateForm):
    pass
