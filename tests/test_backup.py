"""Backups, made and restored for real: whole or refused, and never over something that is there."""

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launch import keys
from config.launch.backup import BEFORE, DUMP, KEPT, MANIFEST, PICTURES, make, tool
from config.launch.processes import BASE_DIR, CannotStart
from tests.embedded_database import environment_before_tests
from tests.running import used_var_folder, var_folder
from tests.test_start import manage

pytestmark = pytest.mark.start

COUNT = (
    "from intake.leads.models import Lead; from wagtail.models import Page; from django.contrib.sessions.models import "
    "Session; print(sorted(lead.name for lead in Lead.objects.all()), Page.objects.count(), Session.objects.count())"
)
PRIVATE = "Zebulon Quux"


def backup(var: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = environment_before_tests() | {"VAR_DIR": str(var)}
    command = [sys.executable, "-m", "config.launch.backup", *arguments]
    return subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)


def printed(var: Path, program: str) -> str:
    done = manage(var, "shell", "-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def source() -> Iterator[Path]:
    with used_var_folder() as var:
        printed(
            var,
            "from django.contrib.sessions.backends.db import SessionStore; SessionStore().create(); "
            "from intake.callbacks.inbox import open_messages; open_messages(); "
            f"from intake.leads.models import Lead; lead = Lead.objects.first(); lead.name = {PRIVATE!r}; lead.save(); "
            "print(1)",
        )
        yield var


@pytest.fixture(scope="module")
def made(source) -> Path:
    folder = source / "a backup"
    done = backup(source, "make", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def empty(source) -> Iterator[Path]:
    """Another machine, to which the keys were brought back."""
    with var_folder() as var:
        shutil.copy(source / keys.WHOLE, var / keys.WHOLE)
        yield var


def test_backup_says_what_it_holds_and_only_its_owner_reads_it(made):
    manifest = json.loads((made / MANIFEST).read_text())

    assert set(manifest) == {"made_at", "schema", "files"} and set(manifest["files"]) == {DUMP, PICTURES}
    assert {"intake", "facilities", "wagtailcore", "auth"} <= set(manifest["schema"])
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == {0o600}
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_backup_holds_no_key_and_no_name_that_can_be_read(source, made):
    secrets = keys.read(source / keys.WHOLE).values()
    dump = subprocess.run([tool("pg_restore"), "-f", "-", made / DUMP], capture_output=True, check=True).stdout.decode(
        errors="replace"
    )

    assert "COPY public.intake_lead" in dump
    assert not [secret for secret in secrets if secret.partition(":")[2] in dump and secret.partition(":")[2]]
    assert PRIVATE not in dump


def test_restored_site_has_everything_but_who_was_signed_in(source, made, empty):
    before = printed(source, COUNT)

    done = backup(empty, "restore", str(made))

    assert done.returncode == 0, done.stderr
    assert printed(empty, COUNT) == before.rpartition(" ")[0] + " 0"
    assert PRIVATE in before
    pictures = {file.name for file in (source / "media").rglob("*") if file.is_file()}
    assert pictures and pictures == {file.name for file in (empty / "media").rglob("*") if file.is_file()}


def test_restore_replaces_nothing(source, made):
    done = backup(source, "restore", str(made))

    assert (done.returncode, "is not empty" in done.stderr) == (1, True)


def test_restore_without_the_keys_of_then_is_refused_before_any_are_made(made):
    with var_folder() as var:
        done = backup(var, "restore", str(made))

        assert (done.returncode, "Put the keys back first" in done.stderr) == (1, True)
        assert not (var / keys.WHOLE).exists()


@pytest.mark.parametrize("fault", ["changed", "missing", "no manifest", "newer"])
def test_backup_that_is_not_whole_or_of_a_newer_release_is_refused_and_changes_nothing(made, empty, tmp_path, fault):
    copy = Path(shutil.copytree(made, tmp_path / "copy"))
    manifest = json.loads((copy / MANIFEST).read_text())
    if fault == "changed":
        with (copy / DUMP).open("r+b") as dump:
            dump.seek(1000)
            dump.write(b"?")
    elif fault == "missing":
        (copy / PICTURES).unlink()
    elif fault == "no manifest":
        (copy / MANIFEST).unlink()
    else:
        manifest["schema"]["intake"] = "9999_next"
        (copy / MANIFEST).write_text(json.dumps(manifest))

    refused = backup(empty, "restore", str(copy))
    whole = backup(empty, "restore", str(made))

    sentence = {"newer": "of a newer release (intake.9999_next)", "no manifest": "holds no manifest"}.get(
        fault, "is not what the manifest says"
    )
    assert (refused.returncode, sentence in refused.stderr) == (1, True), refused.stderr
    assert whole.returncode == 0, whole.stderr


def test_backup_that_fails_leaves_no_half_of_itself(monkeypatch, tmp_path):
    def half(_: str, __: str, *arguments: str) -> None:
        (tmp_path / "a backup" / DUMP).write_text("half")
        raise CannotStart("No space left on device")

    monkeypatch.setattr("config.launch.backup.run", half)

    with pytest.raises(CannotStart):
        make("postgres:///none", tmp_path / "a backup")

    assert list(tmp_path.iterdir()) == []


def test_dump_is_made_before_migrations_and_the_last_few_are_kept(empty, made):
    backup(empty, "restore", str(made))
    for number in range(KEPT):
        (empty / "backups" / f"{BEFORE}2020-01-0{number + 1}T000000Z").mkdir(parents=True)
    assert manage(empty, "migrate", "intake", "0043").returncode == 0
    first = manage(empty, "check")

    found = sorted(folder.name for folder in (empty / "backups").iterdir())
    newest = empty / "backups" / found[-1]

    assert f"dumped into {newest}" in first.stdout
    assert json.loads((newest / MANIFEST).read_text())["schema"]["intake"].startswith("0043")
    assert len(found) == KEPT and found[0].endswith("2020-01-02T000000Z")
    assert "dumped" not in manage(empty, "check").stdout
