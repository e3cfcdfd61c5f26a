"""The benefits sheet: what a plan said of treatment, in plain words, for the person and whom they show it to."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from facilities.directory.care import Level
from facilities.directory.levels import LevelOfCare
from intake.insurance.amounts import is_placeholder
from intake.insurance.grid import Said, cells_of, lines_of
from intake.insurance.lines import Answer, BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits

What, Whose, Part = BenefitLine.What, BenefitLine.Whose, BenefitLine.Part
Unit, Period = BenefitLine.Unit, BenefitLine.Period


class OfLevel(NamedTuple):
    """What was said of one level of care, and what nobody said yet."""

    name: str
    said: list[str]
    unknown: list[str]


class Sheet(NamedTuple):
    """In the language that is active. No name, number or date of the person: a lost sheet tells nobody whose it is."""

    payer: str
    source: list[str]
    plan: list[str]
    levels: list[OfLevel]

    @property
    def says_anything(self) -> bool:
        return bool(self.source)


def sheet_of(coverage: Coverage, network: str, levels: Iterable[LevelOfCare]) -> Sheet:
    """The levels that anything was said of, in the order of `levels`. The coverage brings its verifications."""
    answers = coverage.real_verifications
    cells = cells_of(lines_of(answers))
    plan = Said(cells, None, network)
    named = [(level, known) for level in levels if (known := Said(cells, level, network)).cells]
    is_old = any(known.is_outdated for known in (plan, *(known for _, known in named)))
    return Sheet(
        payer=coverage.payer_in_words,
        source=list(_source(answers[0], is_old=is_old)) if answers else [],
        plan=list(_amounts(plan)),
        levels=[_of_level(level, known) for level, known in named],
    )


def _source(newest: VerificationOfBenefits, *, is_old: bool) -> Iterator[str]:
    day = date_format(newest.said_on, "DATE_FORMAT")
    source, status = newest.Source, newest.Status
    yield {
        source.PHONE: _("Your plan told us this on the phone on %(day)s."),
        source.EDI: _("Your plan told us this in an electronic answer on %(day)s."),
        source.PORTAL: _("We read this on your plan's website on %(day)s."),
        source.CARD: _("We read this on your card or in a letter on %(day)s."),
    }[newest.source] % {"day": day}
    if newest.call_reference:
        yield _("The plan's number for that call is %(number)s.") % {"number": newest.call_reference}
    yield {
        status.ACTIVE: _("The plan is active."),
        status.INACTIVE: _("The plan is not active. Ask us what else may pay."),
        status.NOT_FOUND: _("The plan did not find you. Show us the card again, and we will ask once more."),
        status.UNDETERMINED: _("We could not find out whether the plan is active."),
    }[newest.status]
    yield {
        Answer.YES: _("Our center is in the plan's network."),
        Answer.NO: _("Our center is not in the plan's network. You may have to pay more."),
        Answer.UNKNOWN: _("We do not know yet whether our center is in the plan's network."),
    }[newest.in_network]
    if is_old or newest.is_outdated:
        yield _("This is some time ago. We ask again before you come.")


def _amounts(known: Said) -> Iterator[str]:
    whose = (
        (Whose.INDIVIDUAL, _("You pay the first %(amount)s of a year yourself (deductible).")),
        ("", _("You pay the first %(amount)s of a year yourself (deductible).")),
        (Whose.FAMILY, _("Your family pays the first %(amount)s of a year itself (family deductible).")),
    )
    yield from _total_and_left(known, What.DEDUCTIBLE, whose, _("Of that, %(amount)s is left to pay this year."))
    whose = (
        (Whose.INDIVIDUAL, _("The most that you pay in a year is %(amount)s (out-of-pocket maximum).")),
        ("", _("The most that you pay in a year is %(amount)s (out-of-pocket maximum).")),
        (Whose.FAMILY, _("The most that your family pays in a year is %(amount)s.")),
    )
    yield from _total_and_left(known, What.OUT_OF_POCKET, whose, _("You are %(amount)s away from that this year."))
    yield from _shares(known)


def _total_and_left(known: Said, what: str, whose: tuple, left_words: str) -> Iterator[str]:
    for each, words in whose:
        total, met = known.number(what, each, Part.TOTAL), known.number(what, each, Part.MET)
        left = known.number(what, each, Part.REMAINING)
        if left is None and total is not None and met is not None:
            left = max(total - met, Decimal(0))
        if total is not None:
            yield words % {"amount": _dollars(total)}
            if left is not None:
                yield left_words % {"amount": _dollars(left)}
        elif left is not None:
            name = _("deductible") if what == What.DEDUCTIBLE else _("out-of-pocket maximum")
            yield _("%(amount)s of your %(name)s is left this year.") % {"amount": _dollars(left), "name": name}


def _of_level(level: LevelOfCare, known: Said) -> OfLevel:
    return OfLevel(_name(level), [*_coverage(known), *_shares(known), *_limits(known)], list(_unknown(known)))


def _name(level: LevelOfCare) -> str:
    """In plain words, and as the plan was asked."""
    plain = {
        Level.DETOX: _("Medical detox"),
        Level.RESIDENTIAL: _("Treatment where you live in"),
        Level.PARTIAL: _("Treatment for most of the day"),
        Level.INTENSIVE: _("Treatment on several days a week"),
        Level.OUTPATIENT: _("Visits"),
    }.get(level.care)
    return f"{plain} ({level.code})" if plain else str(level)


def _coverage(known: Said) -> Iterator[str]:
    covered = {Answer.YES: _("It is covered."), Answer.NO: _("It is not covered.")}
    first = {
        Answer.YES: _("The plan must agree before you start (prior authorization). We ask for that."),
        Answer.NO: _("The plan need not agree before you start."),
    }
    for words, what in ((covered, What.COVERED), (first, What.AUTHORIZATION)):
        if said := words.get(known.answer(what)):
            yield said


def _shares(known: Said) -> Iterator[str]:
    for line in known.lines(What.COINSURANCE):
        share = f"{line.number.normalize():f}"
        yield _("You pay %(share)s percent of what the plan allows, and the plan pays the rest.") % {"share": share}
    per = {
        Unit.DAY: _("You pay %(amount)s for each day (co-pay)."),
        Unit.VISIT: _("You pay %(amount)s for each visit (co-pay)."),
        Unit.ADMISSION: _("You pay %(amount)s for the whole stay (co-pay)."),
        "": _("You pay %(amount)s each time (co-pay)."),
    }
    for line in known.lines(What.COPAY):
        if not is_placeholder(line.number):
            yield per[line.unit] % {"amount": _dollars(line.number)}


def _limits(known: Said) -> Iterator[str]:
    of = {
        Period.YEAR: _("The plan pays for up to %(count)s of these in a year: %(unit)s."),
        Period.ADMISSION: _("The plan pays for up to %(count)s of these in one stay: %(unit)s."),
        Period.LIFETIME: _("The plan pays for up to %(count)s of these in a lifetime: %(unit)s."),
        "": _("The plan pays for up to %(count)s of these: %(unit)s."),
    }
    for line in known.lines(What.LIMIT):
        if line.number is None:
            yield _("There is no limit of days or visits.")
        else:
            unit = _("visits") if line.unit == Unit.VISIT else _("days")
            yield of[line.period] % {"count": f"{line.number.normalize():f}", "unit": unit}
    for line in known.lines(What.EXCLUSION):
        if line.words:
            yield _("Not included, in the plan's words: %(words)s") % {"words": line.words}


def _unknown(known: Said) -> Iterator[str]:
    if known.answer(What.COVERED) == Answer.UNKNOWN:
        yield _("whether it is covered")
    if known.answer(What.COVERED) == Answer.NO:
        return
    if known.answer(What.AUTHORIZATION) == Answer.UNKNOWN:
        yield _("whether the plan must agree first")
    if not known.lines(What.COINSURANCE) and not known.lines(What.COPAY):
        yield _("what part you pay")
    if not known.lines(What.LIMIT):
        yield _("whether there is a limit of days or visits")


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}".removesuffix(".00")
