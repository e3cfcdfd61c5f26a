"""The environment of packages that `make` runs in. A new one is made beside one that is used.

`python -m config.launch.packages NAME FILE [--keep]` makes it ready and prints its Python. Each set of packages has a
folder of its own, var/NAME-…, named by what it is made of; var/NAME leads to the one of the last start, and --keep
leaves that as it is. This runs before any package is there, on the Python that was named: the standard library alone.
"""

import argparse
import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STAMP = "stamp"  # written last: a folder without it is half-made
WHY_NOT = {errno.EACCES: "you may not write there", errno.EROFS: "its file system is read-only"}
WHY_NOT |= {errno.ENOSPC: "its disk is full", errno.EPERM: "you may not change it"}
WHY_NOT |= dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "a file stands where a folder should be")


class CannotMake(Exception):
    """The message is a sentence for the person at the keyboard."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("file", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave what a server may run in as it is")
    given = parser.parse_args()
    try:
        home = ready(given.name, given.file, is_kept=given.keep)
    except CannotMake as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        print(why_not(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was half installed is made anew by the next make.", file=sys.stderr)
        return 130
    print(home / "bin" / "python")
    return 0


def ready(name: str, file: Path, *, is_kept: bool) -> Path:
    """The folder of an environment that has what `file` names. Raises CannotMake, and OSError."""
    wanted = described(file)
    link = Path.cwd() / "var" / name
    home = link.with_name(f"{name}-{wanted[:8]}")
    if not is_made(home, wanted):
        link.parent.mkdir(mode=0o755, exist_ok=True)
        with one_at_a_time(link.with_name(f"{name}.lock")):
            if not is_made(home, wanted):
                make(home, file)
                (home / STAMP).write_text(wanted)
    if not is_kept or not link.exists():
        with suppress(OSError):  # who may not write here runs from it all the same
            switch(link, home)
    return home


def described(file: Path) -> str:
    """A hash of all that an environment depends on: the Python, the place of the project, and the packages."""
    parts = [sys.version, sys.base_prefix, str(Path.cwd()), file.read_text()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_made(home: Path, wanted: str) -> bool:
    stamp = home / STAMP
    return stamp.is_file() and stamp.read_text() == wanted


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start installs the packages at this moment; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(home: Path, file: Path) -> None:
    say(f"Installing the packages of {home.relative_to(Path.cwd())} (once; up to 2 minutes) ...")
    if home.exists():
        shutil.rmtree(home)
    os.umask(0o022)
    uv = shutil.which("uv")
    if uv and pip_knows_an_index():
        say("uv is here, and is not used: an index is written down for pip, of which it knows nothing (UV_INDEX_URL).")
        uv = None
    if not uv or not with_uv(uv, home, file):
        with_pip(home, file)
    packages = next((home / "lib").glob("python3*")) / "site-packages"
    (packages / "quietline.pth").write_text(f"{Path.cwd()}\n")


def with_uv(uv: str, home: Path, file: Path) -> bool:
    """In a few seconds, where pip takes twenty."""
    made = run([sys.executable, "-m", "venv", "--without-pip", home])
    python = home / "bin" / "python"
    if made.returncode == 0 and run([uv, "pip", "install", "--quiet", "--python", python, "-r", file]).returncode == 0:
        return True
    say("uv could not install them; trying pip ...")
    shutil.rmtree(home, ignore_errors=True)
    return False


def pip_knows_an_index() -> bool:
    """Which uv does not: it reads nothing that is written down for pip, and would ask the public one."""
    if any(name.startswith("UV_") and "INDEX" in name for name in os.environ):
        return False
    places = [Path("/etc"), Path.home() / ".pip", Path.home() / ".config/pip"]
    places += [Path(folder) / "pip" for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")]
    written = [place / "pip.conf" for place in places]
    return any(name in os.environ for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS")) or any(
        "index" in file.read_text() or "find-links" in file.read_text() for file in written if file.is_file()
    )


def with_pip(home: Path, file: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise CannotMake(
            f"{sys.executable} lacks the module ensurepip. On Debian or Ubuntu: apt install python3-venv. Or name "
            "another Python: make PYTHON=python3.12 ..."
        )
    made = run([sys.executable, "-m", "venv", home])
    if made.returncode:
        raise CannotMake(f"The environment {home} could not be made:\n{made.stderr or made.stdout}")
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--prefer-binary"]
    command = [home / "bin" / "python", "-m", "pip", "install", *quiet, "-r", file]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise CannotMake("The packages could not be installed; the lines above say why.")


def switch(link: Path, home: Path) -> None:
    """Let var/NAME lead to this one, and remove the others that nothing runs from."""
    if link.is_symlink() or not link.exists():
        draft = link.with_name(f"{link.name}.{os.getpid()}")
        draft.symlink_to(home.name)
        draft.replace(link)
    elif not is_used(link):  # of a release that made the environment in this very place
        shutil.rmtree(link)
        link.symlink_to(home.name)
    for other in link.parent.glob(f"{link.name}-{'[0-9a-f]' * 8}"):
        if other != home and not is_used(other):
            shutil.rmtree(other)


def is_used(folder: Path) -> bool:
    """Whether a process was started from it. Where that cannot be seen, it may be."""
    if not Path("/proc/self/cmdline").exists():
        return True
    return any(program.is_relative_to(folder) for program in programs())


def programs() -> Iterator[Path]:
    """Of all processes, by the name they were called by: the Python of an environment is a link to another."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended, or is not ours to see
            called = Path(os.fsdecode((process / "cmdline").read_bytes().partition(b"\0")[0]))
            yield called if called.is_absolute() else (process / "cwd").readlink() / called


def run(command: list) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def why_not(error: OSError) -> str:
    reason = WHY_NOT.get(error.errno, error.strerror)
    return (
        f"{error.filename or Path.cwd()} cannot be used: {reason}. Run make as the user whom this folder belongs to, "
        "or copy Quietline into a folder of your own."
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
