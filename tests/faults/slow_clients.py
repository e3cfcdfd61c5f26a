"""Clients that open a connection, send a part of a request, and then nothing."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HEADERS = "POST /request-a-call/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = f"{HEADERS}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nphone="


@contextmanager
def waiting(port: int, sent: str, count: int, addresses: int = 1) -> Iterator[list[socket.socket]]:
    """So many connections, from so many addresses, that have sent this and send no more."""
    own = [(f"127.0.0.{2 + at % addresses}", 0) for at in range(count)]
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), source_address=each)) for each in own
        ]
        for each in sockets:
            each.sendall(sent.encode())
        yield sockets


def answer(connection: socket.socket, limit: float) -> str:
    """All that comes until the server closes; raises TimeoutError if nothing comes for `limit` seconds."""
    connection.settimeout(limit)
    return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def seconds_for(port: int, path: str, count: int) -> list[float]:
    """How long each of some requests took, shortest first; each has a connection of its own."""
    return sorted(_seconds(port, path) for _ in range(count))


def _seconds(port: int, path: str) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    assert connection.getresponse().read()
    connection.close()
    return time.perf_counter() - began
