"""Child processes that never outlive the program that started them, and the clean-up after an earlier start."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Children carry this in their environment, so that the next start finds those of a supervisor that was killed.
MARK = "QUIETLINE_STARTED_FROM"
PR_SET_PDEATHSIG = 1
STOP_LIMIT = 10  # seconds

# Looked up now: between fork and exec nothing may be imported.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class CannotStart(Exception):
    """A start that cannot go on; the message is a sentence for the person at the keyboard."""


def end_with_parent(by: signal.Signals, parent: int) -> None:
    """Ask the kernel (Linux) to send `by` to this process when its parent, process `parent`, ends, however it ends."""
    if _prctl:
        _prctl(PR_SET_PDEATHSIG, int(by))
        if os.getppid() != parent:  # it ended before we asked
            os.kill(os.getpid(), by)


def _tied_to(parent: int, by: signal.Signals) -> Callable[[], None]:
    def before_exec() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        end_with_parent(by, parent)

    return before_exec


def start(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    end_by: signal.Signals = signal.SIGTERM,
    user: int | None = None,
    output: IO[bytes] | int | None = None,
) -> subprocess.Popen:
    """Start a child in a process group of its own: Ctrl-C reaches only us, and we end the others in order."""
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        cwd=BASE_DIR,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output not in (None, subprocess.PIPE) else None,
        process_group=0,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        # The supervisor has one thread, so code between fork and exec is safe.
        preexec_fn=_tied_to(os.getpid(), end_by),
    )


def stop(child: subprocess.Popen) -> None:
    """Ask it to end, wait, then end its whole group."""
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_LIMIT)
    end_group(child)


def end_group(child: subprocess.Popen) -> None:
    """Kill what is left of a child's process group, its own children included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def end_left_over(mark: str) -> int:
    """End the processes that a killed supervisor left behind; returns how many there were."""
    found = [process for process in psutil.process_iter() if _has_mark(process, mark)]
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=STOP_LIMIT)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=STOP_LIMIT)
    return len(found)


def _has_mark(process: psutil.Process, mark: str) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == mark
    except (psutil.Error, OSError):
        return False
