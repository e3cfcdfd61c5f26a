"""Addresses are written once: those that config knows are those of the tables."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from config.edge import addresses

CONFIG = Path(settings.BASE_DIR) / "config"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (addresses.FORM[0], "intake:request_callback"),
        (addresses.LEAVE[0], "leaving:leave"),
        (addresses.DESK, "desk:index"),
        (addresses.CMS, "wagtailadmin_home"),
        (addresses.SIGN_IN, "account_login"),
    ],
)
def test_address_is_the_one_in_the_table(address, name):
    assert address == reverse(name)


def test_receipts_stand_under_their_address():
    assert reverse("intake:receipt", args=["x"]) == f"{addresses.RECEIPTS[0]}x/"


def test_addresses_of_visitors_are_those_of_the_table_in_spanish_too():
    with override("es"):
        found = reverse("intake:request_callback"), reverse("leaving:leave"), reverse("intake:receipt", args=["x"])

    assert found == (addresses.FORM[1], addresses.LEAVE[1], f"{addresses.RECEIPTS[1]}x/")


def repeated(source: str) -> list[str]:
    """The strings of a source, but for its docstrings, in which an address stands that is written down already."""
    known = re.compile(
        rf"(?<!\w)({'|'.join([*addresses.STAFF, *addresses.FORM, *addresses.RECEIPTS, addresses.HEALTHZ])})"
    )
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in texts if id(node) not in docs and known.search(node.value)]


def test_no_address_is_written_a_second_time():
    files = [path for path in CONFIG.rglob("*.py") if path.name != "addresses.py"]

    assert {path.name: repeated(path.read_text()) for path in files if repeated(path.read_text())} == {}


def test_planted_second_address_is_found():
    assert repeated('def late():\n    """At /desk/."""\n    return f"{host}/desk/"') == ["/desk/"]
