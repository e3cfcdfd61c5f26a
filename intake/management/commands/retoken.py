"""`manage.py retoken`: makes the tokens of older leads as they are made today, so that a search finds these too."""

from typing import Any

from django.core.management.base import BaseCommand

from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, tokens_of
from intake.privacy.fields import UnreadableText


class Command(BaseCommand):
    help = "Adds the tokens that older leads lack. Nothing is removed, and staff may work meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        before = LookupToken.objects.count()
        unreadable = 0
        for lead in Lead.objects.exclude(phone=b"").iterator():
            if isinstance(lead.phone, UnreadableText) or isinstance(lead.name, UnreadableText):
                unreadable += 1
                continue
            tokens = tokens_of(lead.pk, reference=lead.reference, phone=lead.phone, name=lead.name)
            LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
        self.stdout.write(f"{LookupToken.objects.count() - before} tokens were added.")
        if unreadable:
            self.stdout.write(f"{unreadable} leads are unreadable and keep the tokens that they have.")
