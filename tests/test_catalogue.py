"""The Spanish catalogue: it has every sentence, keeps each placeholder, and says each thing by the word agreed on."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import gettext, override

from config.launch import catalogues
from tests.arrows import ROOT, python_files

WRITTEN = ROOT / "locale/es/LC_MESSAGES/django.po"
TERMS = tomllib.loads((ROOT / "docs/spanish-terms.toml").read_text())
OF_LIBRARIES = {"wagtailadmin", "allauth", "account", "mfa"}  # folders of templates that are theirs
# Which arguments of a call are context, sentence and plural.
CALLS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), (None, 0)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1)),
    "ngettext": (None, 0),
    "npgettext": (0, 1),
}
Key = tuple[str, str]  # context, and the sentence in English


def catalogue() -> Catalog:
    with WRITTEN.open("rb") as file:
        return read_po(file, abort_invalid=True)


def key_of(message: Message) -> Key:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def pairs() -> list[tuple[str, str]]:
    """Each sentence with its Spanish; both forms, where there are two."""
    return [
        (key_of(message)[1], spanish)
        for message in catalogue()
        if message.id
        for spanish in (message.string if isinstance(message.string, tuple) else [message.string])
    ]


def keys_in_python(source: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
            context, sentence = CALLS[node.func.id]
            if isinstance(node.args[sentence], ast.Constant):
                yield node.args[context].value if context is not None else "", node.args[sentence].value


def keys_in_template(source: str) -> Iterator[Key]:
    nodes = engines["django"].from_string(source).template.nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        context = node.message_context.resolve({}) if node.message_context else ""
        yield context, node.filter_expression.var.literal
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        yield (
            node.message_context.resolve({}) if node.message_context else "",
            node.render_token_list(node.singular)[0],
        )


def keys_in_project() -> set[Key]:
    templates = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if not OF_LIBRARIES & set(path.relative_to(ROOT / "templates").parts)
    ]
    found = {key for path in templates for key in keys_in_template(path.read_text())}
    return found | {
        key for path in python_files("config", "facilities", "intake") for key in keys_in_python(path.read_text())
    }


def placeholders(text: str) -> set[str]:
    named = {name for _, name, _, _ in string.Formatter().parse(re.sub(r"%\(\w+\)s", "", text)) if name}
    return named | set(re.findall(r"%\(\w+\)s", text)) | set(re.findall(r'href="[^"]*"', text))


def wrong_words(english: str, spanish: str) -> list[str]:
    """What the list of terms says against a translation."""
    said = spanish.lower().replace("\N{NO-BREAK SPACE}", " ")
    missing = [
        term["english"]
        for term in TERMS["terms"]
        if re.search(term["english"], english, re.IGNORECASE)
        and not any(word in re.sub("<[^>]*>", "", said) for word in term["spanish"])
    ]
    return missing + [word for word in TERMS["never"] if re.search(rf"(?<!\w){re.escape(word)}", said)]


def test_catalogue_has_each_sentence_of_code_and_templates_and_no_other():
    written = {key_of(message) for message in catalogue() if message.id}

    assert (keys_in_project() - written, written - keys_in_project()) == (set(), set())


def test_planted_sentences_are_found():
    python = 'a = gettext("Planted {x}.").format(x=1)\nb = pgettext("here", "Planted")'
    template = '{% load i18n %}{% if a %}{% translate "Planted" context "c" %}{% endif %}'
    block = "{% load i18n %}{% blocktranslate trimmed %}\n  Planted {{ x }}\n  here\n{% endblocktranslate %}"

    assert set(keys_in_python(python)) == {("", "Planted {x}."), ("here", "Planted")}
    assert list(keys_in_template(template)) == [("c", "Planted")]
    assert list(keys_in_template(block)) == [("", "Planted %(x)s here")]


def test_no_sentence_hides_in_a_string_that_is_put_together():
    """xgettext does not look into f-strings."""
    hidden = [
        f"{path.name}: {ast.unparse(call)}"
        for path in python_files("config", "facilities", "intake")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in CALLS
    ]

    assert hidden == []


def test_every_sentence_is_translated():
    assert [english for english, spanish in pairs() if not spanish] == []
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_translation_keeps_each_placeholder_and_link():
    assert [english for english, spanish in pairs() if placeholders(english) != placeholders(spanish)] == []


@pytest.mark.parametrize(
    ("english", "spanish"),
    [("Call {who}.", "Llame a {quien}."), ("On %(day)s", "El"), ('<a href="tel:988">', '<a href="tel:911">')],
)
def test_planted_loss_of_a_placeholder_is_found(english, spanish):
    assert placeholders(english) != placeholders(spanish)


def test_translation_keeps_to_the_list_of_terms():
    wrong = {spanish: words for english, spanish in pairs() if (words := wrong_words(english, spanish))}

    assert wrong == {}


@pytest.mark.parametrize("term", TERMS["terms"], ids=lambda term: term["english"])
def test_each_term_of_the_list_is_used(term):
    assert any(re.search(term["english"], english, re.IGNORECASE) for english, _ in pairs())


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Add insurance", "Agregar la aseguranza"),
        ("Text 988", "Envíe HELP al 988 y oprima 2"),
        ("Call 988", "Llame al 988"),
        ("A person who uses drugs", "Un adicto"),
        ("Have you stopped?", "¿Está limpio?"),
        ("Call us", "Llámanos"),
        ("On your phone", "En tu teléfono"),
    ],
)
def test_planted_wrong_word_is_found(english, spanish):
    assert wrong_words(english, spanish)


def test_start_makes_the_catalogue_that_django_reads(tmp_path):
    first, again = catalogues.make_catalogues(tmp_path), catalogues.make_catalogues(tmp_path)

    made = tmp_path / "es/LC_MESSAGES/django.mo"
    assert (first, again, made.read_bytes()) == (1, 0, catalogues.compiled(WRITTEN))
    assert [path.name for path in made.parent.iterdir()] == ["django.mo"]


def test_catalogue_that_cannot_be_read_stops_the_start(tmp_path, monkeypatch):
    broken = tmp_path / "locale/es/LC_MESSAGES/django.po"
    broken.parent.mkdir(parents=True)
    broken.write_text('<<<<<<< HEAD\nmsgid "a"\nmsgstr "b"\n=======\n')
    monkeypatch.setattr(catalogues, "WRITTEN", tmp_path / "locale")

    with pytest.raises(PoFileError):
        catalogues.make_catalogues(tmp_path / "made")


def test_compiled_catalogue_is_not_in_the_repository():
    assert list((ROOT / "locale").rglob("*.mo")) == []
    assert not Path(settings.LOCALE_PATHS[0]).is_relative_to(ROOT / "locale")


def test_language_without_a_catalogue_reads_english():
    with override("fr"):
        assert gettext("We have your request") == "We have your request"
