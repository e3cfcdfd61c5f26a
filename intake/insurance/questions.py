"""What a payer is asked on the phone, in the order in which its lines answer: the plan first, then each level of care.

Each question is one sentence to read out, and is answered with one key or in one field. Of what is known, nothing is
asked again.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from facilities.directory.levels import LevelOfCare
from intake.insurance.grid import Cells
from intake.insurance.lines import BenefitLine

What, Whose, Part = BenefitLine.What, BenefitLine.Whose, BenefitLine.Part
Network = BenefitLine.Network
NETWORKS = (Network.IN, Network.OUT)
SPOKEN = {Network.IN: "in network", Network.OUT: "out of network"}
ANSWER, MONEY, PERCENT, COUNT, TEXT = "answer", "money", "percent", "count", "text"
KINDS = {What.COVERED: ANSWER, What.AUTHORIZATION: ANSWER, What.COINSURANCE: PERCENT, What.LIMIT: COUNT}


class Question(NamedTuple):
    """What is asked of the plan (no level) or of a level, in one network."""

    words: str
    level: LevelOfCare | None
    network: str
    what: str
    whose: str = ""
    part: str = ""

    @property
    def name(self) -> str:
        """Of its field: the same for the same question, also when the sheet is opened again tomorrow."""
        of = f"level{self.level.pk}" if self.level else "plan"
        return "-".join(filter(None, [of, self.network, self.what, self.whose, self.part]))

    @property
    def kind(self) -> str:
        return KINDS.get(self.what, TEXT if self.what == What.EXCLUSION else MONEY)


class Section(NamedTuple):
    """Questions that belong together, under a heading."""

    heading: str
    questions: list[Question]


OF_THE_PLAN = (
    (What.DEDUCTIBLE, Whose.INDIVIDUAL, Part.TOTAL, "What is the individual deductible {}, for the whole plan year?"),
    (What.DEDUCTIBLE, Whose.INDIVIDUAL, Part.MET, "How much of the individual deductible {} is met so far?"),
    (What.DEDUCTIBLE, Whose.INDIVIDUAL, Part.REMAINING, "How much of the individual deductible {} remains?"),
    (What.DEDUCTIBLE, Whose.FAMILY, Part.TOTAL, "What is the family deductible {}?"),
    (What.DEDUCTIBLE, Whose.FAMILY, Part.MET, "How much of the family deductible {} is met so far?"),
    (What.DEDUCTIBLE, Whose.FAMILY, Part.REMAINING, "How much of the family deductible {} remains?"),
    (What.OUT_OF_POCKET, Whose.INDIVIDUAL, Part.TOTAL, "What is the individual out-of-pocket maximum {}?"),
    (What.OUT_OF_POCKET, Whose.INDIVIDUAL, Part.MET, "How much of the individual out-of-pocket maximum {} is met?"),
    (What.OUT_OF_POCKET, Whose.INDIVIDUAL, Part.REMAINING, "How much of it remains, of the individual one {}?"),
    (What.OUT_OF_POCKET, Whose.FAMILY, Part.TOTAL, "What is the family out-of-pocket maximum {}?"),
    (What.OUT_OF_POCKET, Whose.FAMILY, Part.MET, "How much of the family out-of-pocket maximum {} is met?"),
    (What.OUT_OF_POCKET, Whose.FAMILY, Part.REMAINING, "How much of it remains, of the family one {}?"),
)
OF_A_LEVEL = (
    (What.COVERED, "Is {level} covered {network}?"),
    (What.AUTHORIZATION, "Does {level} need prior authorization {network}?"),
    (What.COINSURANCE, "What share does the patient pay for {level} {network}, in per cent?"),
    (What.COPAY, "Is there a co-pay for {level} {network}, and how much?"),
    (What.LIMIT, "Is there a limit of days or visits for {level} {network}, and how many?"),
    (What.EXCLUSION, "Is anything excluded from {level} {network}, such as a kind of facility?"),
)


def questions_of(
    levels: Iterable[LevelOfCare], networks: Iterable[str], known: Cells, *, ask_all: bool = False
) -> list[Section]:
    """Those that nothing which still holds has answered; all of them with `ask_all`. Empty parts are left out."""
    networks = list(networks)
    parts = [Section(f"The plan, {SPOKEN[network]}", list(_of_plan(network))) for network in networks]
    parts += [
        Section(f"{level}, {SPOKEN[network]}", list(_of_level(level, network)))
        for level in levels
        for network in networks
    ]
    if not ask_all:
        parts = [
            Section(part.heading, [each for each in part.questions if not is_known(each, known)]) for part in parts
        ]
    return [part for part in parts if part.questions]


def _of_plan(network: str) -> Iterator[Question]:
    for what, whose, part, words in OF_THE_PLAN:
        yield Question(words.format(SPOKEN[network]), None, network, what, whose, part)


def _of_level(level: LevelOfCare, network: str) -> Iterator[Question]:
    for what, words in OF_A_LEVEL:
        yield Question(words.format(level=level.name, network=SPOKEN[network]), level, network, what)


def is_known(question: Question, known: Cells) -> bool:
    """Whether something that still holds answers it. A co-pay or limit of any unit does."""
    cells = known.get((question.level.pk if question.level else None, question.network), {})
    about = (question.what, question.whose, question.part)
    return any(facts[1:4] == about and cell.is_settled for facts, cell in cells.items())
