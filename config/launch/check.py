"""What `make check` asks of Django: clean deploy checks as in production, and no missing migration."""

import os
import warnings

import django
from django.core.management import call_command

from config.launch.keys import new_keys

PRODUCTION = {
    "ROLE": "all",
    "DEMO": "off",
    "HTTPS": "on",
    "ALLOWED_HOSTS": "quietline.example",
    "DATABASE_URL": "postgres://nobody@localhost:1/none",  # neither check asks the database
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def main() -> None:
    os.environ.pop("DEBUG", None)
    os.environ.update(PRODUCTION | new_keys())
    django.setup()
    call_command("check", deploy=True, fail_level="WARNING")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        call_command("makemigrations", check=True, dry_run=True)


if __name__ == "__main__":
    main()
