"""The rooms of config: what each may touch, and addresses that are written once."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from config.edge import addresses
from tests.test_project import imports_of

CONFIG = Path(settings.BASE_DIR) / "config"
ROOMS = {"edge": ("facilities.facts",), "accounts": ("config.edge", "config.accounts")}
OURS = ("config", "facilities", "intake")


def forbidden(room: str, source: str) -> list[str]:
    allowed = (*ROOMS[room], f"config.{room}")
    names = [name for name in imports_of(source) if name.split(".")[0] in OURS]
    return sorted(name for name in names if not f"{name}.".startswith(tuple(f"{each}." for each in allowed)))


@pytest.mark.parametrize("room", ROOMS)
def test_room_of_config_touches_only_what_it_says(room):
    wrong = {path.name: forbidden(room, path.read_text()) for path in (CONFIG / room).glob("*.py")}

    assert {name: arrows for name, arrows in wrong.items() if arrows} == {}


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("edge", "from facilities.pages.models import SiteSettings"),
        ("edge", "from config.launch.start import main"),
        ("edge", "def late():\n    import intake.callbacks.heartbeat"),
        ("accounts", "from intake.leads.models import Lead"),
    ],
)
def test_planted_import_that_a_room_of_config_may_not_have_is_found(room, planted):
    assert forbidden(room, planted) != []


def test_every_room_of_config_says_in_one_sentence_what_it_is_for():
    rooms = [path for path in CONFIG.glob("*/__init__.py") if path.parent.name != "management"]

    assert {path.parent.name for path in rooms} == {"accounts", "edge", "launch", "urls"}
    assert [path for path in rooms if not ast.get_docstring(ast.parse(path.read_text()))] == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (addresses.FORM, "intake:request_callback"),
        (addresses.LEAVE, "facilities:leave"),
        (addresses.DESK, "desk:index"),
        (addresses.CMS, "wagtailadmin_home"),
        (addresses.SIGN_IN, "account_login"),
    ],
)
def test_address_is_the_one_in_the_table(address, name):
    assert address == reverse(name)


def test_receipts_stand_under_their_address():
    assert reverse("intake:receipt", args=["x"]) == f"{addresses.RECEIPTS}x/"


def repeated(source: str) -> list[str]:
    """The strings of a source, but for its docstrings, in which an address stands that is written down already."""
    known = re.compile(
        rf"(?<!\w)({'|'.join([*addresses.STAFF, addresses.FORM, addresses.RECEIPTS, addresses.HEALTHZ])})"
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
