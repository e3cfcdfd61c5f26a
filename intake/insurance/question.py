"""What is asked of a payer about a coverage, and what is missing for it: as little of the person as will do."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from facilities.directory.models import Facility
from facilities.directory.payers import PayerIdentifier
from intake.callbacks.answers import About
from intake.insurance.clearinghouse.place import Place
from intake.insurance.models import Coverage
from intake.insurance.x12.write270 import Question, Who


class Incomplete(Exception):
    """What the payer needs and is not recorded, in words."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("incomplete")
        self.missing = missing


def missing_of(coverage: Coverage, place: Place) -> list[str]:
    """In words; nothing where it can be asked."""
    lead, is_through_another = coverage.lead, coverage.is_of_a_dependent
    needed = {
        "a payer of the directory": coverage.payer,
        f"the payer's eligibility number with {place.network}, which a manager enters": identifier_of(coverage, place),
        "the member ID": coverage.member_id,
        "first and last name": _split(lead.name),
        "the patient's name: this lead has that of whoever wrote for them": lead.about
        not in (About.SOMEONE_ELSE, About.PROFESSIONAL),
        "the date of birth": _day(coverage.born_on),
    }
    if is_through_another:
        needed |= {
            "first and last name of the policy holder": _split(coverage.subscriber_name),
            "the policy holder's date of birth": _day(coverage.subscriber_born_on),
        }
    return [words for words, value in needed.items() if not value]


def identifier_of(coverage: Coverage, place: Place) -> str:
    """Under which number the clearinghouse knows the payer today, for eligibility; nothing where none is known.

    A sample has no network, and takes any.
    """
    if not place.network:
        return "SAMPLE"
    known = coverage.payer.identifiers.all() if coverage.payer else ()
    return next((each.value for each in known if _is_for(each, place.network)), "")


def _is_for(identifier: PayerIdentifier, network: str) -> bool:
    today = timezone.localdate()
    holds = (identifier.valid_from or today) <= today <= (identifier.valid_to or today)
    is_eligibility = identifier.purpose == PayerIdentifier.Purpose.ELIGIBILITY
    return holds and is_eligibility and identifier.network.casefold() == network.casefold()


def question_of(
    coverage: Coverage, place: Place, *, on: date, service_types: list[str], trace: str, control_number: int
) -> Question:
    """Raises Incomplete."""
    if missing := missing_of(coverage, place):
        raise Incomplete(missing)
    facility = Facility.objects.filter(live=True).order_by("pk").first()
    patient = _who(coverage.lead.name, coverage.born_on)
    holder = patient
    if coverage.is_of_a_dependent:
        holder = _who(coverage.subscriber_name, coverage.subscriber_born_on)
    return Question(
        sender="",
        receiver="",
        payer_name=coverage.payer.name,
        payer_id=identifier_of(coverage, place),
        facility_name=facility.name if facility else settings.WAGTAIL_SITE_NAME,
        npi=place.npi,
        subscriber=Who(**{**vars(holder), "member_id": coverage.member_id}),
        dependent=patient if coverage.is_of_a_dependent else None,
        service_types=service_types,
        on=on,
        trace=trace,
        control_number=control_number,
    )


def told_of(coverage: Coverage) -> list[str]:
    """What a payer learns from the question, in words: for the log of disclosures."""
    holder = ["name and date of birth of the policy holder"] if coverage.is_of_a_dependent else []
    return ["who asks", "name", "member ID", "date of birth", *holder]


def _who(name: str, born_on: str) -> Who:
    first, last = _split(name) or ("", "")
    return Who(first_name=first, last_name=last, born_on=date.fromisoformat(born_on))


def _split(name: str) -> tuple[str, str] | None:
    """First and last name, of "Robin Example" and of "Example, Robin"; None where one of them is missing."""
    last, comma, first = name.partition(",")
    words = [*first.split(), last.strip()] if comma else name.split()
    return (words[0], words[-1]) if len(words) > 1 and all(words) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
