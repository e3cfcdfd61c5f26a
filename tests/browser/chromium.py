"""Find a Chromium for the browser tests, or install one where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser")
INSTALL_LIMIT = 300  # seconds


def find_or_install() -> str | None:
    """The path of a Chromium: the system's, else Debian's package (as root), else Playwright's own; None otherwise."""
    return _installed() or _from_debian() or _from_playwright()


def _installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name, path="/usr/bin:/usr/local/bin"))), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return None
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-q"], quiet)  # fails where one source of several cannot be reached
    _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], quiet)
    return _installed()


def _from_playwright() -> str | None:
    return _playwrights_own() or (
        _playwrights_own() if _run([sys.executable, "-m", "playwright", "install", "chromium"], os.environ) else None
    )


def _playwrights_own() -> str | None:
    try:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Error:
        return None
    return path if Path(path).exists() else None


def _run(command: list[str], environment: dict[str, str]) -> bool:
    try:
        return subprocess.run(command, env=environment, capture_output=True, timeout=INSTALL_LIMIT).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
