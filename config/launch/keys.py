"""The secrets that a fresh machine makes for itself, kept in var/secrets.env for its owner alone."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from config.launch.processes import CannotStart
from intake.privacy.sealing import generate_key_pair

PAIR = ("INTAKE_PUBLIC_KEY", "INTAKE_PRIVATE_KEYS")
NAMES = ("SECRET_KEY", *PAIR, "DATA_KEYS", "INDEX_KEY")
# Without these, what is stored stays shut for ever: requests, personal fields, second factors.
OPENING = ("SECRET_KEY", "INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY")
NEEDED = {
    "site": ("SECRET_KEY", "INTAKE_PUBLIC_KEY"),
    "cms": ("SECRET_KEY",),
    "desk": OPENING,
    "worker": OPENING,
    "all": NAMES,
}


def new_keys() -> dict[str, str]:
    public, private = generate_key_pair()
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "INTAKE_PUBLIC_KEY": public,
        "INTAKE_PRIVATE_KEYS": private,
        "DATA_KEYS": f"k1:{_random_key()}",
        "INDEX_KEY": _random_key(),
    }


def load(file: Path, *, given: Mapping[str, str], role: str) -> dict[str, str]:
    """The secrets of one role that `given` (the environment) lacks. None is made: its other half is elsewhere."""
    kept = read(file)
    return {name: kept[name] for name in NEEDED.get(role, ()) if name in kept and not given.get(name)}


def load_or_make(file: Path, *, given: Mapping[str, str], data: Path) -> tuple[dict[str, str], bool]:
    """The secrets that `given` (the environment) lacks, and whether any of them was made just now.

    Raises CannotStart rather than make new keys for the database folder `data`, which only the old ones open.
    """
    kept = read(file)
    present = {name for name in NAMES if given.get(name) or kept.get(name)}
    missing = [name for name in NAMES if name not in present]
    if len(present.intersection(PAIR)) == 1:
        raise CannotStart(f"{' and '.join(PAIR)} belong together, and only one of them is set. Set both, or neither.")
    if set(missing).intersection(OPENING) and (data / "PG_VERSION").exists():
        raise CannotStart(
            f"{file} lacks {', '.join(missing)}, without which what is stored in {data} cannot be opened. "
            f"Put the file back from a backup, or move {data} away to start anew."
        )
    if missing:
        fresh = new_keys()
        kept |= {name: fresh[name] for name in missing}
        write(file, kept)
    return {name: kept[name] for name in NAMES if not given.get(name)}, bool(missing)


def read(file: Path) -> dict[str, str]:
    """KEY=VALUE lines; an absent file is an empty one. Takes back what others may have been allowed to read."""
    try:
        file.chmod(0o600)
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write(file: Path, values: Mapping[str, str]) -> None:
    """Whole or not at all, readable by the owner only from its first byte."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write("# Made by `make run`. Back it up: without it, stored requests cannot be opened.\n")
        stream.writelines(f"{name}={value}\n" for name, value in values.items())
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _random_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
