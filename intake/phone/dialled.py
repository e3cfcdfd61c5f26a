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
LONGEST = 120  # characters: a number in words, with a remark; more is no number, and costs time to read

CRISIS = re.compile(r"1?(911|988|8002738255)|112|999|741741", re.ASCII)
# Typed by somebody who seeks help: SAMHSA's line, Poison Control, Never Use Alone, domestic violence; and 211, 811 ...
HELPLINE = re.compile(r"1?(8006624357|8002221222|8004843731|8007997233)|[2-8]11", re.ASCII)
# What was dialled in front of Mexican numbers until 2019, and is kept so in many a phone: 1, 01, 044, 045.
MEXICAN_PREFIX = re.compile(r"(?<=^52)(?:1|01|04[45])(?=\d{10}$)", re.ASCII)
ZERO_AFTER_ONE = re.compile(r"^10+", re.ASCII)  # +1 (0)702: in the NANP nobody dials a zero
EXTENSION_WORDS = (
    r"e?xt(?:ensi[oó]n|ens[aã]o|n)?|poste|anexo|interno|int|ramal|durchwahl|toestel|доб"
    r"|dial|press|opt(?:ion)?|opci[oó]n|marque|marcar|oprima|presione|pulse"
)
EXTENSION = re.compile(
    rf"[\s,;.(\[{{/-]*(?:(?:and|then|y|luego)\s+)*(?:{EXTENSION_WORDS}|then|luego|[xpw#*,;])"
    r"[\s.:=,#-]*(?:(?:number|numero|núm(?:ero)?|num|no|nr)\b[\s.:#]*)?"
    r"(\d(?: ?\d){0,19})[\s)\]}#]*(?:(?<=[\s)])\D*|[,;]\D*)?$",
    re.IGNORECASE,
)
LINK = re.compile(
    r"^\S*(?:\bwa\.me/|\bt\.me/|[?&](?:phone|number)=|signal\.me/#p/)(?P<country>\+|%2B|(?=\d{11}))?(?=\d)",
    re.IGNORECASE,
)
IN_LINK = re.compile(r"[?&][a-z_]+=.*|;phone-context=.*", re.IGNORECASE)  # what a link says besides its number
LABEL = re.compile(r"^[^:]*[^\W\d_][^:]*:(?=(?:\D*\d){7})")  # TEL;TYPE=CELL:+1…, Line 2: …
PART_OF_NUMBER = re.compile(r"[\d\W_]*|[\W_]*e?xt\W*|[\W_]*\d[\d\W_OolI]*")
# Words around a number that tell no more than that it is one, and what it is.
SAYS_NOTHING = re.compile(
    r"\b(?:cell(?:phone|ular)?|m[oó]vil|mobile|home|house|work|office|phone|tel|tel[eé](?:phone|fono)|type|voice|pref"
    r"|num(?:ber|ero)?|n[uú]mero|no|nr|nro|casa|trabajo|oficina|fijo|direct|my|mi|is|es|the|el|la|at|line|l[ií]nea"
    r"|whatsapp|personal|main|mine|usa?|eeuu|call|me|please|or|and|y|o)\b",
    re.IGNORECASE,
)
HOUR = r"(?:[01]?\d|2[0-4])"
WHEN = re.compile(
    r"\b(?:after|before|until|till|from|between|by|at|despu[eé]s|antes|hasta|desde|a partir|entre|a las)\b"
    rf"\D{{0,12}}\b{HOUR}(?::[0-5]\d)?(?!\d)(?:\s*(?:-|to|a|and|y)\s*{HOUR}(?::[0-5]\d)?(?!\d))?\s*(?:[ap]\.?\s?m\b\.?)?"
    rf"|(?<![\d:.-])(?:{HOUR}(?::[0-5]\d)?\s*(?:[ap]\.?\s?m\b\.?)?\s*(?:-|to|a|and|y)\s*)?"
    rf"(?:{HOUR}(?::[0-5]\d)?\s*(?:[ap]\.?\s?m\b\.?|h(?:rs?|ours|oras)?\b|o'?clock\b)|{HOUR}:[0-5]\d)(?![\d:])"
    r"|\b(?:m(?:on)?|weekdays?)\s?-\s?f(?:ri)?\b.*\d",
    re.IGNORECASE,
)
WISH = re.compile(
    r"\b(?:do(?:n['’]?t| not)|never|only|ask|leave|voicemail|rooms?|no (?:calls?|texts?|messages?)"
    r"|nunca|s[oó]lo|pregunt\w*|d[eé]j\w*|habitaci[oó]n|cuarto|no (?:me )?(?:llam|mand|env[ií]|mensaj|text)\w*)\b",
    re.IGNORECASE,
)
# No extension is dropped with a remark: then the person is asked to write it plainly.
HAS_EXTENSION = rf".*\b(?:{EXTENSION_WORDS}|x)\b"
REMARK_AFTER = re.compile(  # line 2, ask for Sam
    rf"(?<=\d)(?=[\s,;.-])(?!{HAS_EXTENSION})[^\w+]*[^\W\d_](?!.*\d{{3}}).*$", re.IGNORECASE
)
REMARK = re.compile(
    r"\([^\d()]*\)|\[[^\d\[\]]*\]|\b(?:cell|mobile|home|work|office|phone|casa|celular|trabajo)\b", re.IGNORECASE
)
REMARK_WITH_DIGITS = re.compile(  # (2nd line)
    rf"(?!{HAS_EXTENSION})(?:\([^()]*[^\W\d_][^()]*\)|\[[^\[\]]*[^\W\d_][^\[\]]*\])", re.IGNORECASE
)
SERVICE_CODE = re.compile(r"^(?:\*\d\d(?=\D)|[*#]{1,2}\d\d[*#])")  # *67 and #31# hide who calls, *82 shows it
OR = re.compile(rf"\b(?:or|and|o|y|ou|et)\b(?!\s+(?:{EXTENSION_WORDS}|then|luego)\b)", re.IGNORECASE)
OTHER_END = re.compile(
    r"(?:(?:[/|&\\]|\b(?:to|thru|through)\b)\s*-?\d{1,6}|[,;]\s+-?\d{4})\s*$", re.ASCII
)  # 702-555-0142/43
OUTSIDE_LINE = re.compile(r"^[89][\s,.-]*(?=(?:011|00)(?:\D*\d){9})")  # 9-011-52…, in an office
BETWEEN = re.compile(r"[/|&;,]")
WORDS_BEFORE = re.compile(r"^[^\d+(]*[^\W\d_][^\d+(]*(?=[\d+(])")
WORDS_AFTER = re.compile(r"(?<=\d)\D*$")
LETTER = re.compile(r"[^\W\d_]")
# 1-800-GET-HELP, 702-555-HELP. After more digits than these, letters are a word: 702 555 016 Maria.
SPELLED_OUT = re.compile(r"\W*(?:1\D*)?(?:\d[^\dA-Z]*){3,6}[A-Z]{3}", re.IGNORECASE | re.ASCII)

SHEET = re.compile(r"^\d{1,2}(?:,\d{3}){3}$|^\d{10,15}(?=\.0+$)", re.ASCII)  # a number that was a cell of a table
LETTERS_LIKE_DIGITS = str.maketrans("OolI", "0011")
LIKE_DIGITS = re.compile(r"[\dOolI]+(?:[\s().+/-]+[\dOolI]+)*", re.ASCII)  # 7O2 555 Ol42; three letters are a word

PLACEHOLDER = re.compile(r"([A-Z])\1\1", re.IGNORECASE)  # 702-555-XXXX
# Hours, or days and hours, after a number: 9 to 5, 24/7.
HOURS_AFTER = re.compile(r"(?<=\d{4})[\s,;(]+(?:\d{1,2}\s*(?:-|to|a)\s*\d{1,2}|24/7)\)?$", re.IGNORECASE)

WORDS = {
    **dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)),
    **dict(zip("cero uno dos tres cuatro cinco seis siete ocho nueve".split(), "0123456789", strict=True)),
    "oh": "0",
    "eleven": "11",  # nine eleven
    "once": "11",
    "eighty": "8",  # nine eighty-eight
    "ochenta y": "8",
}
TIMES_OVER = {"double": 2, "doble": 2, "triple": 3}
OVER_AGAIN = re.compile(rf"\b({'|'.join(TIMES_OVER)})\s+(\d|{'|'.join(WORDS)})\b", re.IGNORECASE)
SPOKEN = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)

EXAMPLE = "(702) 555-0142"
ONLY_NUMBER = _("Enter only the number here. Further down you can say how and when we may call.")
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
    """What was typed, as digits: with a plus where the country is said, and in the groups in which they stood.

    `is_spelled` if letters stand for some of them: 1-800-GET-HELP.
    """

    digits: str
    extension: str
    groups: tuple[int, ...]
    is_spelled: bool = False

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
    text = _once(_in_digits(_as_digits(_without_link(plain(typed)))))
    if _says_how(text):
        raise NotANumber(ONLY_NUMBER)
    if _has_two_numbers(text):
        raise NotANumber(ONE_ONLY)
    text = SERVICE_CODE.sub("", REMARK.sub("", LABEL.sub("", text)))
    text, inside = _without_extension(text.rstrip(" *#.,;:"))
    if inside and _without_extension(text.rstrip(" *#.,;:"))[1]:  # x12 x13
        raise NotANumber(LETTERS)
    before, text = text, _without_words(_without_remarks(text)).lstrip(" (")
    # 00 and 011 are how other countries, and how we, dial abroad.
    text = OUTSIDE_LINE.sub("", text)
    text, says_country = re.subn(r"^\+?\s*(?:\(\s*)?(?:011|00)(?=[\s\d+(-])|^\+", "", text)
    digits = _digits(text)
    if CRISIS.fullmatch(digits):  # 1-800-273-TALK
        raise CrisisNumber(FOR_HELP_NOW)
    if HELPLINE.fullmatch(digits):
        raise NotANumber(FOR_HELP_NOW)
    if says_country:
        digits = with_country(digits)
    is_spelled = len(_digits(text)) > len(_digits(before))
    return Dialled(digits, inside, tuple(len(group) for group in re.findall(r"\d+", text)), is_spelled)


def beside_number(typed: str) -> str:
    """The words that stand beside a number and are no part of it: nothing that a person writes is lost."""
    text, _ = _without_extension(_without_link(plain(typed)).rstrip(" *#.,;:"))
    kept: list[str] = []
    for token in text.split():
        is_of_number = PART_OF_NUMBER.fullmatch(token) and not (kept and len(_digits(token)) <= 2)  # desk 12
        if not is_of_number and len(_digits(token)) < LOCAL_DIGITS:
            kept.append(token)
    rest = " ".join(kept).strip(" ,;:.-()[]{}")
    return rest if LETTER.search(SAYS_NOTHING.sub("", rest)) and not SPELLED_OUT.match(text) else ""


def with_country(digits: str) -> str:
    """Digits that begin with the code of a country, as they are dialled today, with a plus."""
    return "+" + ZERO_AFTER_ONE.sub("1", MEXICAN_PREFIX.sub("", digits.lstrip("0")))


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
    text = OVER_AGAIN.sub(lambda said: " ".join([said[2]] * TIMES_OVER[said[1].lower()]), text)
    spoken = SPOKEN.sub(lambda word: WORDS[word[0].lower()], text)
    if CRISIS.fullmatch(_digits(spoken)):
        raise CrisisNumber(FOR_HELP_NOW)
    if EXTENSION.search(spoken):  # ext. nine
        return spoken
    if spoken == text or LETTER.search(spoken):
        return text
    return "+" * text.startswith("+") + _digits(spoken)


def _as_digits(text: str) -> str:
    """The digits of a cell of a table (7,025,550,142 or 7025550142.0), and those for which letters stand (7O2)."""
    if cell := SHEET.match(text):
        return _digits(cell[0])
    digits = _digits(text.translate(LETTERS_LIKE_DIGITS))
    is_whole = len(digits.removeprefix("1")) == NATIONAL_DIGITS
    is_word = re.search(r"[OolI]{3}", text)
    return text.translate(LETTERS_LIKE_DIGITS) if is_whole and not is_word and LIKE_DIGITS.fullmatch(text) else text


def _once(text: str) -> str:
    """A number that was pasted twice, once."""
    digits = _digits(text)
    half = digits[: len(digits) // 2]
    is_twice = len(half) >= NATIONAL_DIGITS and digits == half * 2 and not LETTER.search(text)
    return "+" * text.startswith("+") + half if is_twice else text


def _without_link(text: str) -> str:
    """The number of wa.me/17025550142: a link says the country, mostly without a plus."""
    return IN_LINK.sub("", LINK.sub(lambda link: "" if link["country"] is None else "+", text))


def _says_how(text: str) -> bool:
    """“702 555 0142 after 5 pm”, “(don't text)”: a wish that would be lost with the words around a number."""
    rest = HOURS_AFTER.sub("", WHEN.sub("", WISH.sub("", text)))
    return rest != text and len(_digits(rest)) >= NATIONAL_DIGITS


def _has_two_numbers(text: str) -> bool:
    """“702 555 0142 or 0199”. A slash or a comma may also stand inside one number, or before its extension."""
    if sum(len(_digits(part)) >= NATIONAL_DIGITS for part in re.split(r"[^\W\d_]{2,}", text)) > 1:  # Tel. … Fax …
        return True
    first, *others = [len(_digits(part)) for part in OR.split(text)]
    if first >= LOCAL_DIGITS and any(length > 1 for length in others):
        return True
    if (other_end := OTHER_END.search(text)) and _is_whole(text[: other_end.start()]):
        return True
    return sum(len(_digits(part)) >= LOCAL_DIGITS for part in BETWEEN.split(text)) > 1


def _is_whole(text: str) -> bool:
    """Whether these are all the digits of a number of the NANP."""
    return len(_digits(text).removeprefix("1")) == NATIONAL_DIGITS


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _without_extension(text: str) -> tuple[str, str]:
    match = EXTENSION.search(text)
    if match and len(_digits(text[: match.start()])) >= LOCAL_DIGITS:
        return text[: match.start()], _digits(match[1])
    return text, ""


def _without_remarks(text: str) -> str:
    """Without those that hold digits, unless the digits of the number stand in them."""
    rest = REMARK_WITH_DIGITS.sub("", text)
    return rest if len(_digits(rest)) >= NATIONAL_DIGITS else text


def _without_words(text: str) -> str:
    """“Cell: 702 555 0142 (mine)” is a number with remarks, 1-800-GET-HELP is one spelled out. Raises NotANumber."""
    text = WORDS_BEFORE.sub("", text)
    if len(_digits(REMARK_AFTER.sub("", text))) >= NATIONAL_DIGITS:
        text = REMARK_AFTER.sub("", text)
        if (after := WORDS_AFTER.search(text)) and re.match(HAS_EXTENSION, after[0], re.IGNORECASE):  # ext twelve
            raise NotANumber(LETTERS)
        text = WORDS_AFTER.sub("", text)
    elif SPELLED_OUT.match(text) and text.isascii() and not PLACEHOLDER.search(text):
        spelled = phonenumbers.convert_alpha_characters_in_number(text)
        digits = _digits(spelled)
        return digits[: NATIONAL_DIGITS + digits.startswith("1")]  # people spell words that are longer than a number
    if LETTER.search(text):
        raise NotANumber(LETTERS)
    return text
