"""Accounts of staff: made, given a new password, and shut. Nobody signs up."""

import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read aloud


def new_account(name: str) -> User:
    """An account without a password. Raises ValidationError for a name that cannot be one."""
    user = User(username=name, password="!")  # noqa: S106 - none; it gets one before it is saved for good
    user.full_clean()
    user.save()
    return user


def give_password(user: User) -> str:
    """A new password, which ends all sessions, and no second factor: the next sign-in sets one up."""
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(5))
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    Authenticator.objects.filter(user=user).delete()
    return password


def shut(user: User) -> None:
    """Dropping the password keeps old sessions dead if the account is opened again."""
    user.set_unusable_password()
    user.is_active = False
    user.save(update_fields=["password", "is_active"])
