"""The demo's accounts: one for each role, with a password that is known to all, open only where DEMO is on."""

from functools import lru_cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User

from config.accounts.roles import give_role, read_roles

PASSWORD = "quietline-demo"  # noqa: S105 - known to all on purpose
FIRST_NAME = "Demo"


@lru_cache(maxsize=1000)
def is_its_password(encoded: str) -> bool:
    """Of a hash as an account keeps it. It takes as long as a sign-in, so it is asked once for each hash."""
    return check_password(PASSWORD, encoded)


def make_demo_accounts() -> int:
    """One for each role, named after it; returns how many were new."""
    made = 0
    for role in read_roles():
        named = {"first_name": FIRST_NAME, "last_name": role}
        user, is_new = User.objects.get_or_create(username=role, defaults=named)
        if is_new:
            user.set_password(PASSWORD)
            user.save()
        elif not user.is_active and user.check_password(PASSWORD):
            user.is_active = True  # shut by a start without DEMO
            user.save(update_fields=["is_active"])
        give_role(user, role)
        made += is_new
    return made


def shut_demo_accounts() -> int:
    """Nobody signs in with the demo's password where DEMO is off; returns how many accounts were shut just now."""
    named = User.objects.filter(username__in=read_roles(), is_active=True)
    accounts = [user for user in named if user.check_password(PASSWORD)]
    for account in accounts:
        account.is_active = False
        account.save(update_fields=["is_active"])
    return len(accounts)


def is_of_others() -> bool:
    """Whether this database has accounts, and never had the demo's: it is a real site's."""
    return User.objects.exists() and not User.objects.filter(username__in=read_roles(), first_name=FIRST_NAME).exists()
