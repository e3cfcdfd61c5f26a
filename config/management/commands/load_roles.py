"""`manage.py load_roles`: makes the groups hold exactly what roles.toml says."""

from typing import Any

from django.core.management.base import BaseCommand

from config.accounts.roles import load_roles


class Command(BaseCommand):
    help = "Makes each role's group hold exactly the permissions of config/accounts/roles.toml."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Roles: {', '.join(load_roles())}.")
