"""Looks at the links of all sources that were not looked at today."""

from typing import Any

from django.core.management.base import BaseCommand

from facilities.sources.links import check_links


class Command(BaseCommand):
    help = "Looks whether the links of sources still answer. The report is in the editor, under Reports."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{check_links.call()} links were looked at.")
