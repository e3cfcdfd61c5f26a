"""`manage.py reencrypt`: encrypts what is stored anew with the newest of DATA_KEYS, so that the older ones can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from intake.privacy import keys
from intake.privacy.rotation import reencrypt


class Command(BaseCommand):
    help = "Encrypts what older keys of DATA_KEYS encrypted anew with the first of them. Staff may work meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        newest = next(iter(keys.data_keys()))
        count, unreadable = reencrypt()
        self.stdout.write(f"{count} values are encrypted anew with the key {newest}.")
        if unreadable:
            raise CommandError(
                f"{len(unreadable)} values open with none of DATA_KEYS and stay as they are. Keep every key until they "
                f"are read: {', '.join(unreadable)}"
            )
        self.stdout.write(
            "Nothing needs the older keys any more. Take them out of DATA_KEYS, here and on every machine."
        )
