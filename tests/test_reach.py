"""A demo, whose password is known to all, stands on no name and no address that others can reach."""

import ast

import environ
import pytest
from django.conf import settings

from config.edge.reach import is_local, why_public
from config.launch import environment
from tests.test_role import run

ROOT = settings.BASE_DIR
PRINT_DEMO = "from django.conf import settings; print(settings.DEMO)"
HERE = {"DEMO": "on", "HTTPS": "off", "HOST": "127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1,localhost"}
PUBLIC = [
    {"HTTPS": "on"},
    {"ALLOWED_HOSTS": "127.0.0.1,www.example.org"},
    {"ALLOWED_HOSTS": "*"},
    {"ALLOWED_HOSTS": "192.0.2.7"},
    {"HOST": "0.0.0.0"},
    {"HOST": "::"},
]


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        (".localhost", True),
        ("care.localhost", True),
        ("127.0.0.2", True),
        ("[::1]", True),
        ("localhost.example.org", False),
        ("notlocalhost", False),
        ("*", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_name_is_local_only_if_it_leads_to_this_machine(host, local):
    assert is_local(host) == local


def test_nothing_public_is_found_where_all_is_local():
    assert why_public(https=False, listens_at="127.0.0.1", names=["localhost", "", " [::1]"]) == ""


@pytest.mark.parametrize("changes", PUBLIC)
def test_settings_turn_the_demo_off_where_others_reach_the_site_whatever_else_is_set(changes):
    here, public = (run(PRINT_DEMO, role="all", **HERE | more).stdout.strip() for more in ({}, changes))

    assert (here, public) == ("True", "False")


@pytest.mark.parametrize("changes", PUBLIC)
def test_start_turns_the_demo_off_and_says_why(monkeypatch, capsys, changes):
    for name, value in (HERE | changes).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "")

    found, *_ = environment.read_environment()

    assert found["DEMO"] == "off"
    assert "demo: off, because" in capsys.readouterr().out


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(
        line[1:].split("=", 1) for line in lines if line.startswith("#") and line[1:2].isupper() and "=" in line
    )


def test_example_of_the_environment_shows_what_holds_where_nothing_is_set(monkeypatch):
    monkeypatch.setattr(environment, "BASE_DIR", ROOT / "no-such-folder")  # whose .env is nobody's
    for name in example():
        monkeypatch.delenv(name, raising=False)

    found, *_ = environment.read_environment()

    assert {name: found[name] for name in (*environment.DEFAULTS, "DEMO")} == {
        name: example()[name] for name in (*environment.DEFAULTS, "DEMO")
    }
    assert {name: default for name, default in read_by_settings() if default != example()[name]} == {}


def read_by_settings() -> list[tuple[str, str]]:
    """The names that settings.py reads with a constant default, and those defaults as text; `make run` has its own."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "config/settings.py").read_text())) if is_read(node)]
    pairs = [(call.args[0].value, call.keywords[0].value) for call in calls]
    as_text = {False: "off", True: "on"}
    return [
        (
            name,
            as_text.get(default.value, str(default.value)) if isinstance(default.value, bool) else str(default.value),
        )
        for name, default in pairs
        if isinstance(default, ast.Constant) and name not in (*environment.DEFAULTS, "DEMO")
    ]


def is_read(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[0] == "env"
        and bool(node.keywords)
        and isinstance(node.args[0], ast.Constant)
    )


def test_every_switch_is_read_alike_by_start_and_settings():
    env = environ.Env()

    assert [environment.is_on(text) for text in ("on", "YES", " 1 ", "ok", "off", "", "0")] == [
        env.parse_value(text, bool) for text in ("on", "YES", " 1 ", "ok", "off", "", "0")
    ]
