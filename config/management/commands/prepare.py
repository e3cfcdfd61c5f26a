"""`make prepare`: with the rights of the database's owner, all that the parts of an installation only use."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.launch.prepare import is_prepared_here, prepare_accounts, prepare_database


class Command(BaseCommand):
    help = "Applies migrations, loads the roles of staff, shuts the accounts of a demo, and gives each part its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_prepared_here():
            raise CommandError(
                "Only the owner of the database prepares it, with ROLE=all: set DATABASE_URL to the owner's address."
            )
        prepare_database()
        prepare_accounts()
        call_command("grants", stdout=self.stdout)
