"""The real server and a real Chromium, one of each for all browser tests."""

import os
from collections.abc import Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import find_or_install
from tests.running import running_server

NONE_FOUND = "No Chromium was found and none could be installed, so the browser tests did not run."
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

chromium_path = cache(find_or_install)


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one the test is skipped, and fails where CI=true says that nobody is looking."""
    path = chromium_path()
    if path is None:
        (pytest.fail if is_ci() else pytest.skip)(NONE_FOUND)
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if any(NONE_FOUND in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(NONE_FOUND, yellow=True, bold=True)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Playwright's Chromium; make a context of your own from it, so that no cookie passes from test to test."""
    # Chromium's sandbox refuses to start as root.
    arguments = ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(chromium: str) -> Iterator[str]:
    """The address of the real server with its demo content, started as `make run` starts it."""
    with running_server() as running:
        yield running.url
