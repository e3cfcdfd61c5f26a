"""What is odd about a member ID, by the published rules of Blue Cross plans and of Medicare. A hint stops nobody.

Sources: how the BlueCard program works (nebraskablue.com, bcbstx.com) and CMS's format of the Medicare Beneficiary
Identifier. No sentence holds any part of the ID, because it stands on pages that mask it.
"""

import re

BLUE = re.compile(r"[A-Z2-9]{3}[A-Z0-9]{1,14}|R[0-9]{8}|H(?:[0-9]{8}|[0-9]{10})")
LONGEST_BLUE = 17
FEP = re.compile(r"R[0-9]{8}")  # the program for federal employees, without a prefix
LIKE_FEP = re.compile(r"R[0-9]+")
LETTER = "AC-HJKMNP-RT-Y"
MBI = re.compile(f"[1-9][{LETTER}][0-9{LETTER}][0-9][{LETTER}][0-9{LETTER}][0-9][{LETTER}]{{2}}[0-9]{{2}}")
LENGTH_OF_MBI = 11
NOT_IN_MBI = frozenset("SLOIBZ")
FOR_A_DIGIT = re.compile(r"(?<=[0-9])[OI]+(?=[0-9])")
NPI = re.compile(r"[12][0-9]{9}")
ISSUER_OF_NPI = "80840"  # counts in the check digit, and is not written

NO_PREFIX = (
    "Blue Cross IDs begin with three characters that say which plan it is. Here are digits only: copy the ID with its "
    "first three characters, and never guess them."
)
DIGIT_IN_PREFIX = "The first three characters of a Blue Cross ID are never 0 or 1. Is it the letter O or I?"
TOO_LONG_FOR_BLUE = f"A Blue Cross ID has {LONGEST_BLUE} characters at most. Compare it with the card."
NOT_LIKE_BLUE = (
    "A Blue Cross ID has three characters of the plan and then letters and digits. Compare it with the card."
)
WRONG_FEP = "An ID of the Federal Employee Program is an R and eight digits. Count the digits."
LENGTH = f"A Medicare number has {LENGTH_OF_MBI} letters and digits, without the dashes. Count them."
LETTERS = "A Medicare number never has the letters S, L, O, I, B and Z. Is one of them a 5, 1, 0, 8 or 2?"
PLACES = "In a Medicare number, letters and digits stand in other places. Compare it with the card."
LOOKS_LIKE_MEDICARE = "This looks like the number on a Medicare card. Is the plan Medicare?"
LETTER_FOR_DIGIT = "A letter O or I stands between two digits. Is it a zero or a one?"
LOOKS_LIKE_NPI = "This could be the number of a provider (NPI). Is it the member ID?"


def plain(member_id: str) -> str:
    """As it is compared and sent: in capitals, without spaces and dashes."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", member_id).upper()


def hints(member_id: str, *, is_blue: bool, is_medicare: bool) -> list[str]:
    """Sentences for whoever copies the ID from a card; none if nothing is odd, or if there is no ID."""
    bare = plain(member_id)
    if not bare:
        return []
    if is_medicare:
        return _of_medicare(bare)
    found = [LETTER_FOR_DIGIT] if FOR_A_DIGIT.search(bare, 3 if is_blue else 0) else []
    if is_blue:
        return [*_of_blue(bare), *found]
    if MBI.fullmatch(bare):
        return [LOOKS_LIKE_MEDICARE]
    return [*found, *([LOOKS_LIKE_NPI] if is_npi(bare) else [])]


def is_npi(digits: str) -> bool:
    """Whether ten digits are a National Provider Identifier: the last one checks the others (ISO/IEC 7812-1)."""
    if not NPI.fullmatch(digits):
        return False
    backwards = [int(digit) for digit in reversed(ISSUER_OF_NPI + digits)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in backwards[1::2])
    return (sum(backwards[::2]) + sum(doubled)) % 10 == 0


def _of_blue(bare: str) -> list[str]:
    if LIKE_FEP.fullmatch(bare) and not FEP.fullmatch(bare):
        return [WRONG_FEP]
    if bare.isdecimal():
        return [NO_PREFIX]
    if BLUE.fullmatch(bare):
        return []
    if len(bare) > LONGEST_BLUE:
        return [TOO_LONG_FOR_BLUE]
    return [DIGIT_IN_PREFIX if set("01") & set(bare[:3]) else NOT_LIKE_BLUE]


def _of_medicare(bare: str) -> list[str]:
    if MBI.fullmatch(bare):
        return []
    if NOT_IN_MBI & set(bare):
        return [LETTERS]
    return [PLACES if len(bare) == LENGTH_OF_MBI else LENGTH]
