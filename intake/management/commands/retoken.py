"""`manage.py retoken`: gives older leads the tokens and the time zones that their answers would get today.

It is needed after each upgrade that folds names in another way, or knows other zones. The last of these: Latin letters
that no decomposition takes apart (ǿ, ƙ), parts of Chinese, Japanese and Korean names, every zone of an area code,
numbers of other countries without their area code, words of the name with the year of birth.
"""

from typing import Any

from django.core.management.base import BaseCommand

from intake.leads.birth_years import keep_birth_years
from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, tokens_of
from intake.phone import zones_of
from intake.privacy.fields import UnreadableText


class Command(BaseCommand):
    help = (
        "Adds the tokens that older leads lack, and corrects the time zones of their numbers. Staff may work meanwhile."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        before = LookupToken.objects.count()
        unreadable = moved = 0
        for lead in Lead.objects.exclude(phone=b"").iterator():
            if isinstance(lead.phone, UnreadableText) or isinstance(lead.name, UnreadableText):
                unreadable += 1
                continue
            tokens = tokens_of(lead, reference=lead.reference, phone=lead.phone, name=lead.name)
            LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
            keep_birth_years(lead)
            zones = zones_of(lead.phone)
            if lead.number_zones not in (None, zones):
                # Not if they have changed their number just now.
                same_number = Lead.objects.filter(pk=lead.pk, contact_point=lead.contact_point_id)
                moved += same_number.update(number_zones=zones)
        self.stdout.write(f"{LookupToken.objects.count() - before} tokens were added.")
        self.stdout.write(f"{moved} leads have other time zones now.")
        if unreadable:
            self.stdout.write(f"{unreadable} leads are unreadable and keep what they have.")
