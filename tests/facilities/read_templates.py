"""Reads the public templates for words of their own: neither of a page nor of a setting nor of a fact."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template import engines
from django.template.base import Node, TextNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from tests.arrows import ROOT

TEMPLATES = ROOT / "templates"
OF_STAFF = ("facilities/first_steps.html", "facilities/fact_preview.html", "facilities/pasting", "facilities/review")
PUBLIC = ("*.html", "facilities/**/*.html", "intake/**/*.html")
CONTROLS = {"a", "button", "summary", "label", "legend", "option"}
SPOKEN = {"aria-label", "alt", "title", "placeholder"}
NO_END = {"br", "hr", "img", "input", "link", "meta"}
PASSED = {"heading", "sentence", "hint"}  # names under which a template hands words to another


def public_templates() -> list[str]:
    found = {str(path.relative_to(TEMPLATES)) for pattern in PUBLIC for path in TEMPLATES.glob(pattern)}
    return sorted(name for name in found if not name.startswith(OF_STAFF))


class Reader(HTMLParser):
    """Collects what stands in none of the controls and in no form."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[str] = []
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in NO_END:
            self.around.append(tag)
        if not {"form", *CONTROLS} & {*self.around}:
            self.found += [value or "" for name, value in attrs if name in SPOKEN]
        self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.around:
            del self.around[len(self.around) - 1 - self.around[::-1].index(tag) :]
        self.found.append("")

    def handle_data(self, data: str) -> None:
        if not {"form", "title", *CONTROLS} & {*self.around}:
            self.found[-1] += data


def own_words(source: str) -> list[str]:
    """Each piece of text with a letter in it; what is translated, as its English sentence."""
    reader = Reader()
    html = "".join(_source(engines["django"].from_string(source).template.nodelist))
    reader.feed(re.sub(r"<[^<>]*>", lambda tag: tag[0].replace("\0", " "), html))
    reader.close()
    pieces = (" ".join(piece.split()).strip(" .,–‹·[]()") for text in reader.found for piece in text.split("\0"))
    return [piece for piece in pieces if re.search(r"[^\W\d_]{2}", re.sub(r"&#?\w+;", "", piece))]


def _source(nodes: list[Node]) -> Iterator[str]:
    """A template without its logic: all branches one after the other, and a break where a value stands."""
    for node in nodes:
        if isinstance(node, TextNode):
            yield node.s
        elif not isinstance(node, CommentNode | LoadNode):
            yield "\0"
            yield _translated(node)
            yield from (f"<p>{words}</p>" for words in _passed(node))
            for branch in _branches(node):
                yield from _source(branch)
                yield "\0"


def _translated(node: Node) -> str:
    """The English sentence of a node that translates one."""
    if isinstance(node, TranslateNode):
        return f"{node.filter_expression.var.literal}\0"
    if isinstance(node, BlockTranslateNode):
        return re.sub(r"<[^>]*>", "", node.render_token_list(node.singular)[0]) + "\0"
    return ""


def _branches(node: Node) -> list[list[Node]]:
    if isinstance(node, IfNode):
        return [branch for _, branch in node.conditions_nodelists]
    return [getattr(node, name, None) or [] for name in node.child_nodelists]


def _passed(node: Node) -> Iterator[str]:
    """What a `with` or an `include` hands on as words."""
    values = getattr(node, "extra_context", None) or {}
    yield from (value.var for name, value in values.items() if name in PASSED and isinstance(value.var, str))


def places_used(source: str) -> set[str]:
    return set(re.findall(r"\{% words \"(\w+)\"", source))
