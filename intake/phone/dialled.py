"""From what people type and paste to the digits that they mean."""

import re
import unicodedata
from typing import NamedTuple

import phonenumbers
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber

LOCAL_DIGITS = 7  # a number without its area code
NATIONAL_DIGITS = 10  # with it
LONGEST = 80  # characters, a number in words among them; more is no number, and costs time to read

CRISIS = re.compile(r"1?(911|988|8002738255)|112|999|741741", re.ASCII)
MEXICAN_MOBILE = re.compile(r"521(?=\d{10}$)", re.ASCII)  # dialled with a 1 until 2019, and kept so in many a phone
ZERO_AFTER_ONE = re.compile(r"^10+", re.ASCII)  # +1 (0)702: in the NANP nobody dials a zero
EXTENSION = re.compile(
    r"[\s,;.(\[{/-]*(?:(?:e?xt(?:ensi[oó]n|ens[aã]o|n)?|poste|anexo|interno|int|ramal|durchwahl|toestel|доб"
    r"|(?:then )?(?:dial|press|option|marque|oprima|opci[oó]n))"
    r"(?:[\s.]*(?:n[or]?[.º°]?|num(?:ber|ero)?|n[uú]mero))?|[xpw#*,;])"
    r"[\s.:=,#-]*(\d(?: ?\d){0,19})[\s)\]}#]*$",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"\([^\d()]*\)|\[[^\d\[\]]*\]|\b(?:cell|mobile|home|work|office|phone|casa|celular|trabajo)\b", re.IGNORECASE
)
REMARK_WITH_DIGITS = re.compile(r"\([^()]*[^\W\d_][^()]*\)|\[[^\[\]]*[^\W\d_][^\[\]]*\]")  # (2nd line)
# "after 5 pm", "(after 6)", "de 9 a 5": a wish that would be lost with the words around a number.
HOUR = re.compile(
    r"\b(?:after|before|until|till|from|between|by|at|despu[eé]s|antes|hasta|desde|a partir|entre|a las)\b"
    r"\D{0,12}\d{1,2}\b"
    r"|(?<!\d)\d{1,2}(?::\d\d)?\s?[ap]\.?\s?m\b",
    re.IGNORECASE,
)
SHORT_SECOND = re.compile(r"\d{4}(?:\s*/\s*\d{2,4}|[,;]\s+\d{4})$")  # 415-555-0199/0200
OUTSIDE_LINE = re.compile(r"^9[\s,.-]+(?=\D*(?:1\D*)?(?:\d\D*){10}$)")  # as in an office: 9, then the number
# These addresses hold a number with the code of its country and without a plus.
CHAT = re.compile(r"^(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)(?=\d)", re.IGNORECASE)
OF_A_SHEET = re.compile(r"(?<=\d{10})\.0$")  # a number that went through a spreadsheet
SERVICE_CODE = re.compile(r"^\*\d\d(?=\D)")  # *67 hides who calls, *82 shows it
OR = re.compile(r"\b(?:or|and|o|y|ou|et)\b", re.IGNORECASE)
BETWEEN = re.compile(r"[/|&;,]")
WORDS_BEFORE = re.compile(r"^[^\d+(]*[^\W\d_][^\d+(]*(?=[\d+(])")
WORDS_AFTER = re.compile(r"(?<=\d)\D*$")
LETTER = re.compile(r"[^\W\d_]")
SPELLED_OUT = re.compile(r"\d{3}\D*[A-Z]{3}", re.IGNORECASE | re.ASCII)  # 1-800-GET-HELP

WORDS = {
    **dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)),
    **dict(zip("cero uno dos tres cuatro cinco seis siete ocho nueve".split(), "0123456789", strict=True)),
    "oh": "0",
    "eleven": "11",  # nine eleven
    "once": "11",
    "eighty": "8",  # nine eighty-eight
    "ochenta y": "8",
}
SPOKEN = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)

EXAMPLE = "(702) 555-0142"
ONLY_NUMBER = _("Enter only the number here. Further down you can say when we may call.")
ONE_ONLY = _("There is more than one number here. Enter the one that we may call.")
LETTERS = format_lazy(
    _("Use only digits in the phone number, like {example}. An extension is fine: {example} ext. 5."), example=EXAMPLE
)
FOR_HELP_NOW = _("If you need help now, call that number yourself. Here, enter the number on which we can call you.")


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
    """Raises NotANumber for words and for two numbers, and CrisisNumber."""
    text = _in_digits(OF_A_SHEET.sub("", CHAT.sub("+", plain(typed))))
    if _says_hour(text):
        raise NotANumber(ONLY_NUMBER)
    if _has_two_numbers(text):
        raise NotANumber(ONE_ONLY)
    text = SERVICE_CODE.sub("", REMARK.sub("", text))
    text, inside = _without_extension(text.rstrip(" *#.,;:"))
    text = OUTSIDE_LINE.sub("", _without_words(_without_remarks(text)).lstrip(" ("))
    # 00 and 011 are how other countries, and how we, dial abroad.
    text, says_country = re.subn(r"^\+?\s*(?:\(\s*)?(?:011|00)(?=[\s\d+(-])|^\+", "", text)
    digits = _digits(text)
    if CRISIS.fullmatch(digits):  # 1-800-273-TALK
        raise CrisisNumber(FOR_HELP_NOW)
    digits = MEXICAN_MOBILE.sub("52", digits.lstrip("0") if says_country else digits)
    if says_country:
        digits = "+" + ZERO_AFTER_ONE.sub("1", digits)
    return Dialled(digits, inside, tuple(len(group) for group in re.findall(r"\d+", text)))


def parse(dialled: Dialled, region: str = "") -> PhoneNumber | None:
    """What the digits are in a region (ISO 3166), ours if none is given; None if they are no number anywhere."""
    try:
        number = phonenumbers.parse(dialled.digits, region or settings.PHONENUMBER_DEFAULT_REGION)
    except NumberParseException:
        return None
    number.extension = dialled.extension or None
    return number


def _in_digits(text: str) -> str:
    """“Nine one one” is 911, whatever stands beside it: raises CrisisNumber. Other numbers may be spoken as a whole."""
    spoken = SPOKEN.sub(lambda word: WORDS[word[0].lower()], text)
    if CRISIS.fullmatch(_digits(spoken)):
        raise CrisisNumber(FOR_HELP_NOW)
    if EXTENSION.search(spoken):  # ext. nine
        return spoken
    if spoken == text or LETTER.search(spoken):
        return text
    return "+" * text.startswith("+") + _digits(spoken)


def _has_two_numbers(text: str) -> bool:
    """“702 555 0142 or 0199”. A slash or a comma may also stand inside one number, or before its extension."""
    first, *others = [len(_digits(part)) for part in OR.split(text)]
    if first >= LOCAL_DIGITS and any(length > 1 for length in others):
        return True
    if SHORT_SECOND.search(text) and len(_digits(text)) > NATIONAL_DIGITS:
        return True
    return sum(len(_digits(part)) >= LOCAL_DIGITS for part in BETWEEN.split(text)) > 1


def _says_hour(text: str) -> bool:
    """Whether an hour stands beside a whole number."""
    rest, hours = HOUR.subn("", text)
    return hours > 0 and len(_digits(rest)) >= LOCAL_DIGITS


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _without_extension(text: str) -> tuple[str, str]:
    match = EXTENSION.search(text)
    if match is None:
        return text, ""
    least = NATIONAL_DIGITS if match[0].startswith(",") else LOCAL_DIGITS  # 7,025,550,142
    if len(_digits(text[: match.start()])) >= least:
        return text[: match.start()], _digits(match[1])
    return text, ""


def _without_remarks(text: str) -> str:
    """Without those that hold digits, unless the digits of the number stand in them."""
    rest = REMARK_WITH_DIGITS.sub("", text)
    return rest if len(_digits(rest)) >= NATIONAL_DIGITS else text


def _without_words(text: str) -> str:
    """“Cell: 702 555 0142 (mine)” is a number with remarks, 1-800-GET-HELP is one spelled out. Raises NotANumber."""
    text = WORDS_BEFORE.sub("", text)
    if len(_digits(text)) >= NATIONAL_DIGITS:
        text = WORDS_AFTER.sub("", text)
    elif SPELLED_OUT.search(text) and text.isascii():
        spelled = phonenumbers.convert_alpha_characters_in_number(text)
        digits = _digits(spelled)
        return digits[: NATIONAL_DIGITS + digits.startswith("1")]  # people spell words that are longer than a number
    if LETTER.search(text):
        raise NotANumber(LETTERS)
    return text
