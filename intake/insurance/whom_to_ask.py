"""Who answers electronic checks here: the clearinghouse of the settings, in a demo a sample, or nobody."""

from pathlib import Path

from django.conf import settings

from intake.insurance.asking import Asked
from intake.insurance.clearinghouse.client import Clearinghouse, Kind, Outcome
from intake.insurance.clearinghouse.place import Place
from intake.insurance.x12.read271 import read_271
from intake.insurance.x12.write270 import RESERVED, Question

# It has no network, so a payer needs no number there; its key makes a test of whatever it says.
SAMPLE = Place(address="", key="test_sample")
TEXT = Path(__file__).with_name("sample.271")


class Sample:
    """Answers each question with the same made-up plan, of whoever is asked about. Nothing leaves the machine."""

    place = SAMPLE

    def ask(self, question: Question) -> Outcome:
        patient = question.dependent or question.subscriber
        said = {
            "first": patient.first_name,
            "last": patient.last_name,
            "member": question.subscriber.member_id,
            "payer": question.payer_name,
        }
        written = {name: value.translate(RESERVED) for name, value in said.items()}
        text = TEXT.read_text().replace("\n", "").format(**written, born=f"{patient.born_on:%Y%m%d}")
        return Outcome(Kind.ANSWERED, text, is_x12=True, answer=read_271(text), is_test=True)


def place_asked() -> Place | None:
    """None where nobody can be asked."""
    return settings.CLEARINGHOUSE or (SAMPLE if settings.DEMO else None)


def is_sample() -> bool:
    return settings.CLEARINGHOUSE is None and settings.DEMO


def whoever_answers() -> Asked | None:
    if settings.CLEARINGHOUSE:
        return Clearinghouse(settings.CLEARINGHOUSE)
    return Sample() if settings.DEMO else None
