"""What is still to be asked about a coverage before a payer is: it stands beside the coverage, and stops nobody."""

import re
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from facilities.directory.payers import Payer
from intake.insurance import member_ids
from intake.privacy.fields import UnreadableText

if TYPE_CHECKING:
    from intake.insurance.models import Coverage

BLUE = re.compile(r"\bblue[\s-]*(?:cross|shield)|\bbcbs|\bfederal employee program", re.IGNORECASE)
WHOSE_BIRTH = "Ask when the patient was born: no plan finds somebody who is insured through another without it."
BIRTH = "Ask when they were born: a plan looks people up by it."
MEMBER_ID = "Ask for the member ID, and for a photo of the card."


def hints_about_id(coverage: "Coverage") -> list[str]:
    """What is odd about the member ID; nothing about one that cannot be read."""
    member_id = coverage.member_id
    if isinstance(member_id, UnreadableText):
        return []
    form = coverage.payer.id_form if coverage.payer else ""
    is_medicare = coverage.plan_type == coverage.PlanType.MEDICARE or form == Payer.IdForm.MEDICARE
    name = coverage.payer.name if coverage.payer else coverage.payer_as_written
    is_blue = form == Payer.IdForm.BLUE or BLUE.search(name) is not None
    return member_ids.hints(member_id, is_blue=is_blue, is_medicare=is_medicare)


def to_ask_about(coverage: "Coverage") -> list[str]:
    """What no plan can be asked without, and what may have ended since."""
    asked = [] if coverage.member_id else [MEMBER_ID]
    if not coverage.born_on:
        asked.append(BIRTH if coverage.subscriber_relation == coverage.Relation.SELF else WHOSE_BIRTH)
    if said := _passed(coverage.premium_paid_to):
        asked.append(f"The premium is paid to {said}. Ask whether it was paid since: after that a plan may not pay.")
    if said := _passed(coverage.cobra_ends_on):
        asked.append(f"COBRA ended on {said}. Ask what covers them now.")
    return asked


def _passed(day: str) -> str:
    """A day that is over, in words; nothing for one that is to come, or that nobody said."""
    read = parse_date(day)
    return date_format(read, "M j, Y") if read and read < timezone.localdate() else ""
