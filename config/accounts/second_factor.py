"""A code of an authenticator app serves once, for as long as it would be taken."""

import re
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache

STEP = 30  # seconds; allauth, too, forgets a used code after one, and would take it again in the next
TAKEN_FOR = STEP * (2 * settings.MFA_TOTP_TOLERANCE + 1)


def use_up(user: User, code: str) -> bool:
    """Whether it had not been used before (RFC 6238, 5.2: at most once)."""
    return cache.add(f"used code of a second factor:{user.pk}:{re.sub(r'[^a-z0-9]', '', code.lower())}", "y", TAKEN_FOR)


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
