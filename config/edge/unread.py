"""Answers that nobody reads: the kernel gives them up, since Granian has no time-out for writing."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

GIVE_UP_AFTER = 30_000  # milliseconds in which the other side took nothing
SEND_BUFFER = 128 * 1024  # bytes, which Linux doubles; without it, it grows to 4 MB a connection
OPEN_FILES = Path("/proc/self/fd")


def give_up_unread_answers() -> None:
    """Set it on the sockets that listen; each connection has it from there. Where there is no Linux, do nothing."""
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        return
    for listening in _listening_sockets():
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GIVE_UP_AFTER)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)


def _listening_sockets() -> Iterator[socket.socket]:
    """Copies, of those of this process."""
    for file in OPEN_FILES.iterdir():
        with suppress(OSError):  # it is closed by now, as the one that lists these
            if file.readlink().name.startswith("socket:"):
                found = socket.socket(fileno=os.dup(int(file.name)))
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and found.family != socket.AF_UNIX:
                    yield found
                found.close()
