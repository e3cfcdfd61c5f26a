"""From what people type and paste to the digits that they mean."""

import re
import unicodedata
from typing import NamedTuple

import phonenumbers

LOCAL_DIGITS = 7  # a number without its area code
NATIONAL_DIGITS = 10  # with it
LONGEST = 40  # characters; more is no number, and costs time to read

CRISIS = re.compile(r"1?(911|988)|112|999|741741", re.ASCII)
MEXICAN_MOBILE = re.compile(r"521(?=\d{10}$)", re.ASCII)  # dialled with a 1 until 2019, and kept so in many a phone
EXTENSION = re.compile(
    r"[\s,;.(/-]*(?:e?xt(?:ensi[oó]n|n)?|anexo|int|x|#|,|;)[\s.:=,#-]*(\d{1,20})[\s)#]*$", re.IGNORECASE
)
REMARK = re.compile(r"\([^\d()]*\)|\b(?:cell|mobile|home|work|office|phone|casa|celular|trabajo)\b", re.IGNORECASE)
WORDS_BEFORE = re.compile(r"^[^\d+(]*[^\W\d_][^\d+(]*(?=[\d+(])")
WORDS_AFTER = re.compile(r"(?<=\d)\D*$")
LETTER = re.compile(r"[^\W\d_]")
SPELLED_OUT = re.compile(r"\d{3}\D*[A-Z]{3}", re.IGNORECASE | re.ASCII)  # 1-800-GET-HELP

EXAMPLE = "like (702) 555-0142"
ONE_ONLY = "Enter one phone number only."
LETTERS = f"Use only digits in the phone number, {EXAMPLE}."
FOR_HELP_NOW = "If you need help now, call that number yourself. Here, enter the number on which we can call you."


class NotANumber(ValueError):
    """No number that can be called. The message is a sentence for the person who typed it."""


class CrisisNumber(NotANumber):
    """The number of an emergency or crisis line, typed by somebody who may need it now."""


class Dialled(NamedTuple):
    """What was typed, as digits: with a plus where the country is said, and in the groups in which they stood."""

    digits: str
    extension: str
    groups: tuple[int, ...]

    @property
    def says_country(self) -> bool:
        return self.digits.startswith("+")


def plain(text: str) -> str:
    """Text as it was pasted, without what nobody sees: each space is a space, each dash a hyphen, each digit ASCII."""
    kept = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category == "Pd" or character == "\N{MINUS SIGN}":
            kept.append("-")
        elif category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif category not in ("Cc", "Cf", "Mn", "Me"):
            kept.append(character)
    return "".join(kept).strip()


def dialled_in(typed: str) -> Dialled:
    """Raises NotANumber for words, and CrisisNumber."""
    text = plain(typed)
    if CRISIS.fullmatch(re.sub(r"\D", "", text)):
        raise CrisisNumber(FOR_HELP_NOW)
    text, inside = _without_extension(text.rstrip(" #*.,;:"))
    text = _without_words(text).lstrip(" (")
    # 00 and 011 are how other countries, and how we, dial abroad.
    text, says_country = re.subn(r"^\+?\s*(?:\(\s*)?(?:011|00)(?=[\s\d+(-])|^\+", "", text)
    digits = re.sub(r"\D", "", text)
    if says_country:
        digits = "+" + MEXICAN_MOBILE.sub("52", digits.lstrip("0"))
    return Dialled(digits, inside, tuple(len(group) for group in re.findall(r"\d+", text)))


def _without_extension(text: str) -> tuple[str, str]:
    match = EXTENSION.search(text)
    if match and len(re.sub(r"\D", "", text[: match.start()])) >= LOCAL_DIGITS:
        return text[: match.start()], match[1]
    return text, ""


def _without_words(text: str) -> str:
    """“Cell: 702 555 0142 (mine)” is a number with remarks, 1-800-GET-HELP is one spelled out. Raises NotANumber."""
    text = WORDS_BEFORE.sub("", REMARK.sub("", text))
    if len(re.sub(r"\D", "", text)) >= NATIONAL_DIGITS:
        text = WORDS_AFTER.sub("", text)
    elif SPELLED_OUT.search(text) and text.isascii():
        spelled = phonenumbers.convert_alpha_characters_in_number(text)
        digits = re.sub(r"\D", "", spelled)
        return digits[: NATIONAL_DIGITS + digits.startswith("1")]  # people spell words that are longer than a number
    if LETTER.search(text):
        raise NotANumber(LETTERS)
    return text
