"""`manage.py erase_lead ID`: forgets the person of a closed lead; the timeline stays."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.leads.acts.changes import NotAllowed
from intake.leads.acts.erase import erase
from intake.leads.models import Lead


class Command(BaseCommand):
    help = "Blanks what the person of a closed lead told us. Nobody can undo it. The timeline stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=uuid.UUID, help="the end of the address of the lead's page")

    def handle(self, *args: Any, id: uuid.UUID, **options: Any) -> None:  # noqa: A002 - the word of the command line
        try:
            erase(Lead.objects.get(pk=id), by=None)
        except Lead.DoesNotExist as error:
            raise CommandError("There is no lead with this id.") from error
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The person of lead {id} is erased.")
