"""What a start says: to a person at a terminal as a line with its time, to a file or a collector of logs as JSON."""

import errno
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from config.launch.processes import CannotStart

BEGAN = time.monotonic()
# Faults of the folder or the disk, which whoever starts us can mend.
WHY_NOT = {
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not change it",
    errno.EROFS: "its file system is read-only",
    errno.ENOSPC: "its disk is full",
    errno.ENOTDIR: "a file stands where a folder should be",
    errno.EEXIST: "a file stands where a folder should be",
}
FULL = "{} could not be written: the disk is full. Make room, or set VAR_DIR to a folder on another disk."


def say(text: str) -> None:
    _write(sys.stdout, text, level="info", plain=f"[{time.monotonic() - BEGAN:5.1f} s] {text}")


def complain(text: str) -> None:
    _write(sys.stderr, text, level="error", plain=f"\n{text}")


def why_not(error: OSError) -> str:
    """A sentence for a file that could not be used."""
    if error.errno == errno.ENOSPC:
        return FULL.format(error.filename or "What a start writes")
    return (
        f"{error.filename} cannot be used: {WHY_NOT[error.errno]}. Start as the user whom it belongs to, or set "
        "VAR_DIR to a folder of your own."
    )


def make_folder(var: Path) -> None:
    """VAR_DIR, with those above it. Raises CannotStart."""
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        nearest = next(folder for folder in (var, *var.parents) if folder.exists())
        raise CannotStart(
            f"VAR_DIR is {var}, and it could not be made in {nearest}: {WHY_NOT.get(error.errno, error.strerror)}. "
            "Make it and give it to the user who starts this, or set VAR_DIR to a folder of your own."
        ) from error


def _write(stream: TextIO, text: str, *, level: str, plain: str) -> None:
    if not stream.isatty():
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": level, "logger": "config.launch", "event": text}
        plain = json.dumps(line, ensure_ascii=False)
    print(plain, file=stream, flush=True)
