"""Keeps a number on one line with what belongs to it, in a whole page: (702) 555-0142, 7 to 10 days, May 2, 2027."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LONGEST = 20  # characters that are kept together: more would not fit on a small phone with large text
PHONE = r"(?:\+?\d{1,3}[ -])?(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b|\+\d[\d -]{6,}\d"
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
MES = "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
DATE = (
    rf"\b{MONTH}\s+\d{{1,2}}(?:\s?[–-]\s?(?:{MONTH}\s+)?\d{{1,2}})?(?:,?\s+\d{{4}})?\b|\b\d{{1,2}}(?:\s?[–-]\s?\d{{1,2}}|\s+to\s+\d{{1,2}})?\s+{MONTH}\s+\d{{4}}\b"
    rf"|\b\d{{1,2}}(?:\.?º)?\s+de\s+{MES}\b(?:\s+de\s+\d{{4}}\b)?"
)
NUMBER = (
    r"(?:[-−]|(?:US|CA|MX)?[$€£]\s?)?(?:\d{1,3}(?: \d{3})+(?!\d)|\d+ \d/\d|\d+(?:[.,:/–-]\d+)*[½¼¾]?|[½¼¾⅓⅔])"
    r"(?:[A-Za-z]{1,2}\b|-[A-Za-z]+)?(?:\s?(?:%|°[CF]?))?"
)
# Words that belong to what follows, or to nothing: "in 2022 about", "988 or", "63 today".
NO_UNIT = (
    "a about after all also an and are as at be before between but by can could did do does during each every for from "
    "had has have he if in into is it its just may more no nor not now of on only or over per she should so than that "
    "the then there these they this those through to today tomorrow under until us was we were when where which while "
    "who will with without would you your "
    "al antes ahora como con cuando de del después el en entre es está hasta hoy la las le lo los luego mañana ni o "
    "oprima para pero por que se si sin su y ya"
).replace(" ", "|")
UNIT = rf"(?:[€$£¥¢](?!\w)|[ap]\.\s?m\.|(?!(?:{NO_UNIT})\b)[^\W\d_]{{1,18}}\b(?:/[\d.]*\s?[^\W\d_]+)?)"
BETWEEN = rf"(?:{UNIT}\s+)?(?:to|through|until|–|—|-)|and|or|in|of|out\s+of|by|x|×|a|o|y|de\s+cada"
OPEN_END = r"or\s+(?:older|younger|more|less|fewer|over|under|above|below)|o\s+(?:más|menos|mayor|menor)"  # 18 or older
NAME = r"\b[A-Z][A-Za-z]{1,11}-\d+\b"  # COVID-19
LAW = r"(?:CFR|C\.F\.R\.|USC|U\.S\.C\.|Part|Parts|Section|§{1,2})"  # 42 CFR Part 2, 42 U.S.C. § 290dd-2
BEFORE = (
    r"(?:(?!Call |Text )[A-Z][A-Za-z.]{0,12}|§{1,2}|(?:pages?|steps?|sections?|chapters?|parts?|extension|ext\.?|number"
    r"|no\.?|aged?|day|week|room|level|stage|phase|type|version)(?!\w))"
)
QUANTITY = (
    rf"(?<![\w#&.,:/$€£–-])(?:(?<![\w.]){BEFORE}\s+)?(?<![\w#.,:/–-]){NUMBER}(?![\w#;])"
    rf"(?:(?:\s+{LAW})+\s+{NUMBER}|\s+(?:{BETWEEN})\s+{NUMBER}|[–-]{NUMBER})?"
    rf"(?:\s+(?:{OPEN_END})|\s+{UNIT}(?:\s?[–-]\s?{NUMBER}(?:\s+{UNIT})?)?)?"
)
# A text between two tags that has a digit, but for those in which markup is no markup.
TEXT = re.compile(r">[^<\d½¼¾⅓⅔]*[\d½¼¾⅓⅔][^<]*(?=<(?!/(?:textarea|option|title|script|style))|$)", re.ASCII)
TOGETHER = re.compile(rf"(?P<phone>{PHONE})|{DATE}|{NAME}|{QUANTITY}")
ENDS_LINE = re.compile(r"[/–-]")
SPACE = re.compile(r"\s+")
BOLD_NUMBER = re.compile(
    rf"(\d)(\s*)(</(?:b|strong|i|em)>)(\s*)(?={UNIT}|(?:<span class=.whole.>)?\d{{3}}[-–.]\d{{4}})"
)


@register.filter
def whole_numbers(html: str) -> SafeString:
    """A page, or a part that begins with a tag, with its numbers kept together. The words stay, also for copies."""
    joined = TEXT.sub(lambda text: TOGETHER.sub(_join, text[0]), str(conditional_escape(html)))
    return mark_safe(BOLD_NUMBER.sub(_join_bold, joined))  # noqa: S308 - escaped here, or safe before


def _join_bold(found: re.Match[str]) -> str:
    digit, inside, end, outside = found.groups()
    space = "\N{NO-BREAK SPACE}" if inside or outside else ""
    return f"{digit}{end}{space}" if outside or not inside else f"{digit}{space}{end}"


def _join(found: re.Match[str]) -> str:
    """A space becomes one that no line ends at. A hyphen or a stroke, after which a line may end, needs a span."""
    joined = found[0]
    if not found["phone"]:
        words = SPACE.split(joined)
        joined, length = words[0], len(words[0])
        for word in words[1:]:
            length += 1 + len(word)
            is_short = length <= LONGEST
            joined += ("\N{NO-BREAK SPACE}" if is_short else " ") + word
            length = length if is_short else len(word)
    return f'<span class="whole">{joined}</span>' if found["phone"] or ENDS_LINE.search(joined) else joined
