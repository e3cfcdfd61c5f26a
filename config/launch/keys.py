"""The secrets that a fresh machine makes for itself, kept in var/secrets.env for its owner alone.

`python -m config.launch.keys` (`make keys`) parts them: in var/keys/ each role has a file with its own, to be taken to
the machine or the user that it runs as.
"""

import base64
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from config.edge.held_keys import HELD, OPENING, PAIR, SECRETS
from config.launch.environment import read_environment, warn_if_wide
from config.launch.processes import BASE_DIR, CannotStart
from config.launch.words import make_folder
from intake.privacy.sealing import generate_key_pair

PART = "import sys, pathlib; from config.launch.keys import part; part(pathlib.Path(sys.argv[1]), {})"
WHOLE, PARTS = "secrets.env", "keys"  # in VAR_DIR: all of them, and a folder with a file for each role


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
    return {name: kept[name] for name in HELD.get(role, ()) if name in kept and not given.get(name)}


def load_or_make(file: Path, *, given: Mapping[str, str], data: Path) -> tuple[dict[str, str], bool]:
    """The secrets that `given` (the environment) lacks, and whether any of them was made just now.

    Raises CannotStart rather than make new keys for the database folder `data`, which only the old ones open.
    """
    kept = read(file)
    present = {name for name in SECRETS if given.get(name) or kept.get(name)}
    missing = [name for name in SECRETS if name not in present]
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
    return {name: kept[name] for name in SECRETS if not given.get(name)}, bool(missing)


def read(file: Path) -> dict[str, str]:
    """KEY=VALUE lines; an absent file is an empty one. Takes back what others were allowed to read, and says so."""
    try:
        warn_if_wide(file, is_ours=True)
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


def file_of(var: Path, role: str) -> Path:
    return var / PARTS / f"{role}.env"


def part_if_needed(var: Path, role: str) -> None:
    """Where all keys lie in this folder, another process parts them: the one that serves a role reads only its own."""
    whole, file = var / WHOLE, file_of(var, role)
    if whole.exists() and not (file.exists() and file.stat().st_mtime_ns >= whole.stat().st_mtime_ns):
        command = [sys.executable, "-c", PART, str(var)]
        if subprocess.run(command, cwd=BASE_DIR, check=False).returncode:
            raise CannotStart(f"The keys in {whole} could not be parted; the lines above say why.")


def part(var: Path, given: Mapping[str, str]) -> list[Path]:
    """Write a file with the secrets of each role, of those that are kept or given; returns them."""
    values = read(var / WHOLE) | {name: given[name] for name in SECRETS if given.get(name)}
    (var / PARTS).mkdir(mode=0o700, parents=True, exist_ok=True)
    files = {role: file_of(var, role) for role in HELD if role != "all"}
    for role, file in files.items():
        write(file, {name: values[name] for name in HELD[role] if name in values})
    return list(files.values())


def main() -> int:
    os.umask(0o077)
    os.environ["ROLE"] = "all"
    try:
        environment, var, _ = read_environment()
        make_folder(var)
        _, made = load_or_make(var / WHOLE, given=environment, data=var / "postgres")
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    files = part(var, environment)
    print(f"{'Made' if made else 'Found'} the keys. Each role has a file of its own, which only you can read:")
    print(*(f"  {file}" for file in files), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
