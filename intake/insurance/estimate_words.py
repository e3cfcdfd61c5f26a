"""The sentences of an estimate: why there is none, what nobody said, what was supposed."""

from intake.insurance.estimate.terms import CannotEstimate
from intake.insurance.estimate.worlds import Note

NOT_A_PROMISE = (
    "This is an estimate, not a guarantee of payment. The plan decides when the bill comes, by what is left then."
)
REASONS = {
    "nothing_planned": "Nothing is planned yet. Say which level of care, from which day on, and for how long.",
    "too_long": "This is longer than a year. Plan the first part, and the rest when it is near.",
    "medicaid": "Medicaid asks for no share of the cost in most states, so there is nothing to work out. Ask the plan.",
    "another_pays_first": "Another plan pays before this one. What is left is known when the first plan is done.",
    "two_levels_on_a_day": "Two levels of care are on one day. A plan pays for one of them: correct the days.",
    "no_rate": "No rate is set for this level of care on the first day. A manager enters it under Rates.",
    "no_self_pay_rate": "The plan may not pay for all of these days, and nobody set what they cost whoever pays "
    "for them. A manager enters it under Rates.",
    "too_little_known": "Too little is known for a number that would help. Call the payer first, then estimate.",
}
UNKNOWN = {
    "covered": "Nobody said whether this level is covered: the most is what it costs if the plan pays nothing.",
    "coinsurance": "Nobody said the patient's share: from nothing to all of what the plan allows.",
    "deductible_applies": "Nobody said whether the deductible is paid first: with it and without.",
    "days_used": "Nobody said how many days or visits of the limit are used: from none to all.",
    "allowed": "Nobody said what the plan allows for a day: from nothing to all that we bill.",
    "deductible_left": "Nobody said what is left of the deductible: from nothing to all of it.",
    "maximum_left": "Nobody said what is left of the out-of-pocket maximum: from nothing to all of it.",
    "deductible_of_year": "Nobody said the deductible of a whole year, and a new one begins during the stay.",
    "maximum_of_year": "Nobody said the maximum of a whole year, and a new one begins during the stay.",
    "cover": "Nobody said how the family meets its deductible: each member with their own, or together.",
    "maximum_includes_deductible": "Nobody said whether the deductible counts to the maximum: both ways.",
}
SUPPOSED = {
    "no_limit": "That there is no limit of days or visits: nobody named one.",
    "copay_alone": "That there is a co-pay and no further share: nobody named one.",
    "calendar_year": "That the plan year begins on January 1: nobody said otherwise.",
    "individual_cover": "That no family shares the amounts: none was named.",
    "maximum_includes_deductible": "That the deductible counts to the out-of-pocket maximum, as the law has it in "
    "network (42 U.S.C. 18022).",
    "deductible_of_the_other": "That the deductible that is known is met first: nobody said what is left of the other.",
    "maximum_of_the_other": "That the maximum that is known is met first: nobody said what is left of the other.",
}


def reason(refused: CannotEstimate) -> str:
    words = REASONS[refused.reason]
    return f"{refused.level}: {words}" if refused.level else words


def unknown_in_words(note: Note) -> str:
    return _of_level(note, UNKNOWN)


def supposed_in_words(note: Note) -> str:
    return _of_level(note, SUPPOSED)


def _of_level(note: Note, words: dict[str, str]) -> str:
    return f"{note.level}: {words[note.kind]}" if note.level else words[note.kind]
