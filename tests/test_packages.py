"""The environment of packages: made once, beside one that runs, and with a true sentence where it cannot be made."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.launch import packages
from tests.arrows import ROOT

NAME, FILE = "venv", "requirements.lock"


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder with a list of no packages."""
    folder = tmp_path / 'a "folder" of $mine'
    folder.mkdir()
    (folder / FILE).write_text("")
    return folder


def begin(project: Path, *more: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "config.launch.packages", NAME, FILE, *more],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(project: Path, *more: str, **environment: str) -> Path:
    """The Python of the environment."""
    process = begin(project, *more, **environment)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return Path(out.strip())


def folders(project: Path) -> set[str]:
    return {folder.name for folder in (project / "var").iterdir() if folder.is_dir() and not folder.is_symlink()}


def test_environment_is_made_once_and_var_leads_to_it(project):
    first, again = ready(project), ready(project)

    assert first == again and (project / "var" / NAME).resolve() == first.parent.parent
    assert subprocess.run([first, "-c", f"import sys; assert {str(project)!r} in sys.path"], cwd="/").returncode == 0


def test_upgrade_leaves_what_runs_as_it_is_and_is_used_from_the_next_start(project):
    old = ready(project)
    server = subprocess.Popen([old, "-c", "import time; time.sleep(600)"])
    (project / FILE).write_text("# another list\n")

    beside = ready(project, "--keep")
    kept = (project / "var" / NAME).resolve()
    started = ready(project)
    while_it_runs = folders(project)
    server.kill()
    server.wait()
    ready(project)

    assert beside == started != old
    assert kept == old.parent.parent  # a command beside the server switches nothing
    assert while_it_runs == {old.parent.parent.name, started.parent.parent.name}
    assert folders(project) == {started.parent.parent.name}
    assert (project / "var" / NAME).resolve() == started.parent.parent


def test_environment_of_an_earlier_release_goes_once_nothing_runs_from_it(project):
    earlier = project / "var" / NAME
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", earlier], check=True)
    server = subprocess.Popen([f"var/{NAME}/bin/python", "-c", "import time; time.sleep(600)"], cwd=project)
    time.sleep(0.2)

    ready(project)
    while_it_runs = earlier.is_symlink()
    server.kill()
    server.wait()
    python = ready(project)

    assert (while_it_runs, earlier.is_symlink()) == (False, True)
    assert earlier.resolve() == python.parent.parent


def test_two_first_starts_at_once_make_one_environment(project):
    starts = [begin(project) for _ in range(2)]

    printed = {start.communicate(timeout=120)[0].strip() for start in starts}

    assert [start.returncode for start in starts] == [0, 0] and len(printed) == 1
    assert len(folders(project)) == 1


def test_half_made_environment_is_made_anew(project):
    python = ready(project)
    (python.parent.parent / packages.STAMP).unlink()
    python.unlink()

    assert ready(project).exists()


def test_folder_that_cannot_be_written_is_named_with_the_reason_and_not_with_a_package(project):
    (project / "var").write_text("")

    process = begin(project)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert str(project / "var") in err and "a file stands where a folder should be" in err and "apt" not in err


@pytest.mark.parametrize(("does", "by_uv"), [("touch used; exit 0", True), ("exit 1", False)])
def test_uv_is_used_where_it_is_and_pip_where_it_fails(project, tmp_path, does, by_uv):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "uv").write_text(f"#!/bin/sh\n{does}\n")
    (programs / "uv").chmod(0o755)

    python = ready(project, PATH=f"{programs}:{os.environ['PATH']}", UV_DEFAULT_INDEX="https://index.example/simple")

    assert (project / "used").exists() == by_uv
    assert (subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0) != by_uv


def test_ctrl_c_while_packages_are_installed_says_what_comes_next(project, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "uv").write_text("#!/bin/sh\ntouch begun\nexec sleep 60\n")
    (programs / "uv").chmod(0o755)
    process = begin(project, PATH=f"{programs}:{os.environ['PATH']}", UV_DEFAULT_INDEX="https://index.example/simple")
    while not (project / "begun").exists():
        time.sleep(0.05)

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "made anew" in err and "Traceback" not in err


def test_uv_that_is_there_and_not_used_is_spoken_of(project, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "uv").write_text("#!/bin/sh\ntouch used\n")
    (programs / "uv").chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    given = {name: "" for name in os.environ if name.startswith("UV_")} | {"PIP_INDEX_URL": "https://index.example/"}

    _, err = begin(project, PATH=path, **given).communicate(timeout=120)

    assert "uv is here, and is not used" in err and not (project / "used").exists()


def test_index_that_is_written_down_for_pip_alone_is_asked_by_pip(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    for name in [name for name in os.environ if name.startswith("UV_")]:
        monkeypatch.delenv(name)

    before = packages.pip_knows_an_index()
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example/simple")

    assert (before, packages.pip_knows_an_index()) == (True, False)


@pytest.mark.parametrize("of", ["requirements", "requirements-dev"])
def test_every_package_is_locked_with_its_hashes_at_the_version_that_is_asked_for(of):
    asked = {line.split("  #")[0].strip() for line in (ROOT / f"{of}.txt").read_text().splitlines() if "==" in line}
    locked = [entry for entry in (ROOT / f"{of}.lock").read_text().replace("\\\n", " ").splitlines() if entry.strip()]

    names = {entry.split()[0].lower() for entry in locked}
    assert {pin.lower().replace("[mfa]", "") for pin in asked} <= {name.replace("[mfa]", "") for name in names}
    assert [entry.split()[0] for entry in locked if "--hash=sha256:" not in entry or "==" not in entry] == []
    assert "://" not in "".join(locked)  # no index of anybody's


def test_both_locks_agree():
    run, dev = (set((ROOT / f"{of}.lock").read_text().splitlines()) for of in ("requirements", "requirements-dev"))

    assert {line for line in run - dev if "==" in line} == set()
