"""`manage.py load_demo`: the demo content, demo staff and a few invented requests. Does nothing the second time."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.accounts.demo import make_demo_accounts
from facilities.demo.claims import load_claims
from facilities.demo.load import load_pages
from intake.callbacks.demo import load_requests


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
        if make_demo_accounts():
            self.stdout.write("Demo staff made.")
            load_claims(User.objects.get(username="manager"))
            load_requests()
            self.stdout.write("Demo requests sent.")
