"""`manage.py load_demo`: the demo content, demo staff and a few invented requests. Does nothing the second time."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.roles import give_role, read_roles
from facilities.demo.load import load_pages
from intake.callbacks.demo import load_requests

PASSWORD = "quietline-demo"  # noqa: S105 - known to all on purpose; load_demo refuses to run without DEMO


class Command(BaseCommand):
    help = "Loads demo content, demo staff and invented requests. Needs DEMO=on."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "DEMO is off, so demo accounts are refused. Set DEMO=on only where nobody real is served."
            )
        if load_pages():
            self.stdout.write("Demo pages loaded.")
        if make_staff():
            self.stdout.write("Demo staff made.")
            load_requests()
            self.stdout.write("Demo requests sent.")


def make_staff() -> int:
    """One account for each role, named after it; returns how many were new."""
    made = 0
    for role in read_roles():
        user, is_new = User.objects.get_or_create(username=role, defaults={"first_name": "Demo", "last_name": role})
        if is_new:
            user.set_password(PASSWORD)
            user.save()
        elif not user.is_active and user.check_password(PASSWORD):
            user.is_active = True  # shut by a start without DEMO
            user.save(update_fields=["is_active"])
        give_role(user, role)
        made += is_new
    return made


def demo_staff() -> list[User]:
    """The open accounts that are named after a role and still have the demo's password."""
    named = User.objects.filter(username__in=read_roles(), is_active=True)
    return [user for user in named if user.check_password(PASSWORD)]
