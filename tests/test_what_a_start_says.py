"""What a start refuses or says: each sentence is about the true reason, and says what to do."""

import errno
import json
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from config.accounts import demo
from config.launch import environment, prepare
from config.launch.processes import CannotStart
from config.launch.start import check_proxy
from config.launch.words import complain, make_folder, say, why_not


@pytest.mark.parametrize(("changes", "is_refused"), [
    ({"HTTPS": "on"}, True),
    ({"HTTPS": "on", "TRUSTED_PROXY_COUNT": "0"}, True),
    ({"HTTPS": "on", "TRUSTED_PROXY_COUNT": "1"}, False),
    ({"HTTPS": "on", "ROLE": "worker"}, False),
    ({"HTTPS": "off"}, False),
])  # fmt: skip
def test_https_without_a_trusted_proxy_is_refused_because_it_would_redirect_for_ever(changes, is_refused):
    with pytest.raises(CannotStart, match="TRUSTED_PROXY_COUNT") if is_refused else nullcontext():
        check_proxy(environment.DEFAULTS | changes)


def test_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotStart, match=r"VAR_DIR is .*file/var.* a file stands where a folder should be"):
        make_folder(tmp_path / "file" / "var")
    make_folder(tmp_path / "not" / "yet" / "there")

    assert (tmp_path / "not" / "yet" / "there").is_dir()


@pytest.mark.parametrize(("name", "value"), [
    ("ROLE", "desks"),
    ("HTTPS", "maybe"),
    ("DEMO", "offf"),
    ("TRUSTED_PROXY_COUNT", "one"),
    ("REQUESTS_AN_HOUR", "-1"),
    ("TIME_ZONE", "Nevada"),
])  # fmt: skip
def test_value_that_would_be_taken_for_another_is_refused_by_name(name, value):
    with pytest.raises(CannotStart, match=f"{name} is '{value}'"):
        environment.check_values(environment.DEFAULTS | {name: value})


def test_every_value_of_the_examples_and_every_way_to_write_on_and_off_is_taken():
    for value in ("on", "ON", " true", "1", "off", "No", "0", ""):
        environment.check_values(environment.DEFAULTS | dict.fromkeys(environment.SWITCHES, value))
    environment.check_values(environment.DEFAULTS | {"TRUSTED_PROXY_COUNT": "1", "TIME_ZONE": "America/Los_Angeles"})


@pytest.mark.parametrize("named", [None, "/srv/var/lock"])
def test_full_disk_is_called_full_and_nobody_is_told_to_be_another_user(named):
    sentence = why_not(OSError(errno.ENOSPC, "No space left on device", named))

    assert "disk is full" in sentence and "None" not in sentence and "as the user" not in sentence


def test_command_without_the_database_of_the_server_is_refused_and_names_it_without_its_password(tmp_path, capsys):
    own = {"DATABASE_URL": "postgres://owner:hidden@db.example/quietline"}
    environment.check_database({}, tmp_path)
    environment.remember_database(own, tmp_path)
    environment.check_database(own, tmp_path)

    with pytest.raises(CannotStart, match=r"quietline at db.example") as refused:
        environment.check_database({}, tmp_path)
    environment.remember_database({}, tmp_path)  # a start with the embedded one
    environment.check_database({}, tmp_path)

    assert "hidden" not in str(refused.value)
    assert "the last start used quietline at db.example" in capsys.readouterr().out


def test_lines_of_a_start_are_json_where_no_person_watches(capsys):
    say("keys: made, in /var/“x”/secrets.env")
    complain("Port 8000 is taken.")

    out, err = (json.loads(text) for text in capsys.readouterr())
    assert out["event"] == "keys: made, in /var/“x”/secrets.env" and out["at"].endswith("+00:00")
    assert (err["level"], err["event"]) == ("error", "Port 8000 is taken.")


@pytest.mark.parametrize("waiting", [0, 3])
def test_command_beside_a_first_start_says_to_wait_instead_of_missing_a_table(monkeypatch, waiting):
    monkeypatch.setattr(prepare, "wait_for_others", lambda: None)
    monkeypatch.setattr(prepare, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(prepare, "migrations_waiting", lambda: waiting)

    with pytest.raises(CannotStart, match="not ready yet") if waiting else nullcontext():
        prepare.wait_until_prepared()


def test_static_files_of_another_process_stay_while_they_are_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "of-an-earlier-release.css").write_text("")
    prepare.collect_static_files()

    assert (tmp_path / "of-an-earlier-release.css").exists()


def test_password_of_the_demo_is_hashed_once_for_each_account(monkeypatch):
    asked = []
    monkeypatch.setattr(demo, "check_password", lambda *typed: asked.append(typed))
    demo.is_its_password.cache_clear()

    for _ in range(3):
        demo.is_its_password("a hash")
    demo.is_its_password.cache_clear()

    assert len(asked) == 1
