"""`manage.py import_payers [FILE]`: payers from a table, or the few whose identifiers were read somewhere."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from facilities.directory import import_payers as table
from facilities.directory.payers import Payer

OURS = Path(table.__file__).with_name("payers.csv")


class Command(BaseCommand):
    help = "Takes payers in from a CSV file. It only tries, and says what is wrong by row, until you add --write."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=OURS, metavar="FILE")
        parser.add_argument("--write", action="store_true", help="Keep it, if nothing is wrong.")
        parser.add_argument("--first", action="store_true", help="Only into a directory that has no payer yet.")

    def handle(self, *args: Any, write: bool, first: bool, **options: Any) -> None:
        if first and Payer.objects.exists():
            return
        file = options.get("file") or OURS
        with transaction.atomic():
            added, problems = self._import(file)
            transaction.set_rollback(bool(problems) or not write)
        if problems:
            for problem in problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Nothing was written: {len(problems)} things are wrong. Correct them, and try again.")
        new = [f"{count} {what}" for what, count in sorted(added.items()) if count]
        self.stdout.write(f"New: {', '.join(new) or 'nothing'}.")
        if not write:
            self.stdout.write("Nothing was written: this was a trial. Add --write to keep it.")

    def _import(self, file: Path) -> tuple[Any, list[table.Problem]]:
        try:
            return table.import_payers(file.read_text("utf-8-sig").splitlines(keepends=True))
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        except UnicodeDecodeError as problem:
            raise CommandError(f"{file} is no UTF-8. Save it as CSV UTF-8, and try again.") from problem
        except (csv.Error, table.WrongColumns) as problem:
            raise CommandError(f"{file} is no table of payers. {problem}") from problem
