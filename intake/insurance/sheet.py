"""The benefits sheet: what a plan said of treatment, in plain words, for the person and whom they show it to."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from facilities.directory.care import Level
from facilities.directory.levels import LevelOfCare
from intake.insurance.amounts import is_placeholder
from intake.insurance.grid import Cell, Cells, cells_of, lines_of
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
    verifications = list(coverage.verifications.all())
    cells = cells_of(lines_of(verifications))
    named = [(level, Known(cells, level, network)) for level in levels]
    return Sheet(
        payer=coverage.payer_in_words,
        source=list(_source(verifications[0])) if verifications else [],
        plan=[*_amounts(Known(cells, None, network))],
        levels=[_of_level(level, known) for level, known in named if known.cells],
    )


class Known:
    """The cells of a level (or of the plan) in a network that hold today and say one thing."""

    def __init__(self, cells: Cells, level: LevelOfCare | None, network: str) -> None:
        key = level.pk if level else None
        self.cells: dict[tuple, Cell] = {
            facts: cell for facts, cell in cells.get((key, network), {}).items() if cell.is_settled
        }

    def lines(self, what: str, whose: str = "", part: str = "") -> list[BenefitLine]:
        return [line for facts, cell in self.cells.items() if facts[1:4] == (what, whose, part) for line in cell.shown]

    def answer(self, what: str) -> str:
        return next((line.answer for line in self.lines(what)), Answer.UNKNOWN)

    def amount(self, what: str, whose: str, part: str) -> Decimal | None:
        """None for what a payer's system shows where there is no amount."""
        number = next((line.number for line in self.lines(what, whose, part)), None)
        return None if number is None or is_placeholder(number) else number


def _source(newest: VerificationOfBenefits) -> Iterator[str]:
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
    if newest.is_outdated:
        yield _("This is some time ago. We ask again before you come.")


def _amounts(known: Known) -> Iterator[str]:
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


def _total_and_left(known: Known, what: str, whose: tuple, left_words: str) -> Iterator[str]:
    for each, words in whose:
        total, met = known.amount(what, each, Part.TOTAL), known.amount(what, each, Part.MET)
        left = known.amount(what, each, Part.REMAINING)
        if left is None and total is not None and met is not None:
            left = max(total - met, Decimal(0))
        if total is not None:
            yield words % {"amount": _dollars(total)}
            if left is not None:
                yield left_words % {"amount": _dollars(left)}
        elif left is not None:
            name = _("deductible") if what == What.DEDUCTIBLE else _("out-of-pocket maximum")
            yield _("%(amount)s of your %(name)s is left this year.") % {"amount": _dollars(left), "name": name}


def _of_level(level: LevelOfCare, known: Known) -> OfLevel:
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


def _coverage(known: Known) -> Iterator[str]:
    covered = {Answer.YES: _("It is covered."), Answer.NO: _("It is not covered.")}
    first = {
        Answer.YES: _("The plan must agree before you start (prior authorization). We ask for that."),
        Answer.NO: _("The plan need not agree before you start."),
    }
    for words, what in ((covered, What.COVERED), (first, What.AUTHORIZATION)):
        if said := words.get(known.answer(what)):
            yield said


def _shares(known: Known) -> Iterator[str]:
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


def _limits(known: Known) -> Iterator[str]:
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


def _unknown(known: Known) -> Iterator[str]:
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
