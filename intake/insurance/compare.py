"""Whether an electronic answer is about this person: theirs and ours side by side, for a person to decide."""

from typing import NamedTuple

from facilities.directory.payers import Payer, PayerIdentifier
from intake.insurance.member_ids import plain
from intake.insurance.models import Coverage
from intake.insurance.x12.answer import Answer, Person

NOBODY = "not recorded"
OTHER_PERSON = (
    "This answer is about somebody else: nothing of it is like what we know of this person. Nothing was saved. Enter "
    "it at their own lead."
)


class Compared(NamedTuple):
    """One thing by which a person is known. `is_same` is None where one side does not say it."""

    name: str
    ours: str
    theirs: str
    is_same: bool | None
    is_of_person: bool = True

    @property
    def in_words(self) -> str:
        return {True: "same", False: "differs", None: "cannot be compared"}[self.is_same]


def compared(answer: Answer, coverage: Coverage) -> list[Compared]:
    patient, holder = answer.patient or Person(), answer.subscriber or Person()
    born = patient.born_on.isoformat() if patient.born_on else ""
    member_ids = {plain(each) for each in (holder.id, patient.id) if each}
    rows = [
        _row("Name", coverage.lead.name, patient.name, is_same=_is_name_of(coverage.lead.name, patient)),
        _row("Date of birth", coverage.born_on, born, is_same=coverage.born_on == born),
        _row("Member ID", coverage.member_id, holder.id or patient.id, is_same=plain(coverage.member_id) in member_ids),
    ]
    if coverage.subscriber_name:
        is_same = _is_name_of(coverage.subscriber_name, holder)
        rows.append(_row("Policy holder", coverage.subscriber_name, holder.name, is_same=is_same))
    payer = _row("Payer", _name_of_payer(coverage), answer.payer.name, is_same=_is_payer(coverage.payer, answer))
    return [*rows, payer._replace(is_of_person=False)]


def is_somebody_else(rows: list[Compared]) -> bool:
    """Where two things or more can be compared, and none is the same."""
    said = [row.is_same for row in rows if row.is_of_person and row.is_same is not None]
    return len(said) > 1 and not any(said)


def _row(name: str, ours: str, theirs: str, *, is_same: bool) -> Compared:
    return Compared(name, ours or NOBODY, theirs or "not said", is_same if ours and theirs else None)


def _is_name_of(ours: str, person: Person) -> bool:
    """Whether each word that we know is one of theirs: many give a first name only."""
    words = {*person.name.casefold().split(), *person.last_name.casefold().split()}
    return {*ours.casefold().replace(",", " ").split()} <= words


def _name_of_payer(coverage: Coverage) -> str:
    return coverage.payer.name if coverage.payer else coverage.payer_as_written


def _is_payer(payer: Payer | None, answer: Answer) -> bool:
    """By any of its names, or by a number of its own."""
    if payer is None:
        return False
    if Payer.objects.named(answer.payer.name) == payer:
        return True
    return bool(answer.payer.id) and PayerIdentifier.objects.filter(payer=payer, value=answer.payer.id).exists()
