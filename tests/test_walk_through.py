"""The walk through docs/operations.md, step by step: from a bare machine to a restored backup."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.facilities.test_first_steps import ANSWERS, FIRST, FORM, REQUEST
from tests.running import free_port, processes_of
from tests.walk_through import Step, Terminal, copy_of_project, steps

pytestmark = pytest.mark.start


@pytest.fixture
def terminal(tmp_path) -> Iterator[Terminal]:
    folder = tmp_path / "quietline"
    folder.mkdir()
    copy_of_project(folder)
    terminal = Terminal(folder, free_port())
    yield terminal
    terminal.stop()
    for process in processes_of(folder / "var"):
        process.kill()


class Person:
    """In a browser without JavaScript, with an authenticator app."""

    def __init__(self, terminal: Terminal) -> None:
        address = f"http://127.0.0.1:{terminal.environment['PORT']}"
        self.browser = httpx.Client(base_url=address, follow_redirects=True, timeout=30, headers={"Origin": address})
        self.password = self.secret = ""

    def send(self, path: str, **fields: object) -> httpx.Response:
        return self.answer(self.browser.get(path), **fields)

    def answer(self, page: httpx.Response, **fields: object) -> httpx.Response:
        """Send the form of a page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        return self.browser.post(page.url, data=fields | {"csrfmiddlewaretoken": token[1]})

    def sign_in(self) -> httpx.Response:
        return self.send("/accounts/login/", login="maria", password=self.password)

    def set_up_the_app(self) -> None:
        page = self.browser.get("/accounts/2fa/totp/activate/")  # each look shows another secret
        self.secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)[1]
        self.answer(page, code=self.code())

    def code(self, step: int = 1) -> str:
        return format_hotp_value(hotp_value(self.secret, list(yield_hotp_counters_from_time())[step]))


def test_walk_through_is_followed_step_by_step(terminal):
    walk = steps()
    maria, visitor = Person(terminal), Person(terminal)

    def do(command: str) -> None:
        step = walk.pop(0)
        assert step.command == command
        terminal.run(step)

    do("DEMO=off make run")
    assert visitor.browser.get(FORM).status_code == 503
    do("make staff NAME=maria ROLE=manager")
    maria.password = re.search(r"shown only now: (\S+)", terminal.said)[1]
    maria.sign_in()
    maria.set_up_the_app()
    assert maria.browser.get("/accounts/signed-in/").url.path == FIRST
    maria.send(FIRST, **ANSWERS)
    receipt = visitor.browser.post(FORM, data=REQUEST)
    assert receipt.url.path.startswith("/request/") and receipt.status_code == 200

    do("mkdir elsewhere && cp -p var/secrets.env elsewhere/")
    do("make backup TO=elsewhere/backup")
    terminal.stop()
    terminal.run(Step('make manage ARGS="migrate intake 0044"', []))  # as the release before this one left it
    do("DEMO=off make run")
    assert visitor.browser.get(receipt.url.path).status_code == 200
    terminal.stop()

    do("mv var/secrets.env lost.env")
    do("DEMO=off make run")
    assert not (terminal.folder / "var" / "secrets.env").exists()
    do("cp -p elsewhere/secrets.env var/")
    do("DEMO=off make run")
    terminal.stop()

    do("mkdir gone && mv var/postgres gone/")
    do("make restore FROM=elsewhere/backup")
    do("DEMO=off make run")
    assert visitor.browser.get(receipt.url.path).status_code == 200
    again = Person(terminal)
    again.password, again.secret = maria.password, maria.secret
    again.sign_in()
    queue = again.send("/accounts/2fa/authenticate/", code=again.code(2))
    assert queue.url.path.startswith("/desk/") and queue.status_code == 200
    assert walk == []


def test_every_command_of_the_walk_stands_in_the_makefile():
    targets = {target for step in steps() for target in re.findall(r"\bmake (\w+)", step.command)}

    makefile = (Path(__file__).parent.parent / "Makefile").read_text()
    assert targets and all(f"\n{target}:" in makefile for target in targets)
