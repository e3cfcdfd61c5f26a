"""`manage.py read271 FILE …`: what eligibility answers say, one JSON object a line. It stores nothing."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.insurance.x12.answer import Answer
from intake.insurance.x12.read271 import read_271
from intake.insurance.x12.segments import NotReadable


class Command(BaseCommand):
    help = "Prints what is understood of each 271, as JSON. Ends with 1 if one of them could not be read."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        failed = 0
        for file in files:
            try:
                said = in_json(read_271(file.read_bytes()))
            except (NotReadable, OSError) as problem:
                said = {"error": str(problem) if isinstance(problem, NotReadable) else problem.strerror}
                failed += 1
            self.stdout.write(json.dumps({"file": str(file), **said}, default=_plain, ensure_ascii=False))
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be read.")


def in_json(answer: Answer) -> dict[str, Any]:
    said = asdict(answer) | {"plan": answer.plan, "is_active": answer.is_active}
    for each, benefit in zip(said["benefits"], answer.benefits, strict=True):
        each |= {"in_words": benefit.in_words, "is_placeholder": benefit.is_placeholder}
    for each, rejection in zip(said["rejections"], answer.rejections, strict=True):
        each["in_words"] = rejection.in_words
    return said


def _plain(value: Decimal | date) -> str:
    """An amount as it was written, never as a float."""
    return str(value)
