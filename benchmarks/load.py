"""The load: clients that ask, wait for the whole answer and ask again, each on one connection that stays open.

It runs as a process of its own, with raw sockets and one thread, so that it takes little from the server's share
of the machine: `python -m benchmarks.load post 8000 --seconds 5` prints one line of JSON.
"""

import argparse
import json
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import quantiles

from benchmarks.visitors import get_article, post_request

HOST = "127.0.0.1"
SILENCE_LIMIT = 30  # seconds
CHUNK = 1 << 18  # bytes
READY = 2_000  # requests for each second of a round, made before its clock starts
HEADERS_END = b"\r\n\r\n"


@dataclass
class Load:
    """What came of one round, times in seconds. `delay`: within what half of the answers came, 99 of 100, and all."""

    answered: dict[int, int]
    wrong_sizes: int
    seconds: float
    processor_seconds: float
    connections: int
    delay: tuple[float, float, float]


class NoAnswer(Exception):
    """The server stopped answering; the message says how."""


class Client:
    """One connection: it sends a request, and knows when the answer is whole."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections = 0
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection((HOST, self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections += 1

    def reconnect(self) -> None:
        self.socket.close()
        self.connect()

    def send(self, request: bytes) -> None:
        self.received, self.length, self.status, self.stays_open = b"", 0, 0, True
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take in what has come; whether the answer is whole now."""
        data = self.socket.recv(CHUNK)
        if not data:
            raise NoAnswer("the server closed a connection in the middle of an answer")
        self.received = self.received + data if self.received else data
        if not self.length:
            self._read_headers()
        return bool(self.length) and len(self.received) >= self.length

    def body_size(self) -> int:
        return self.length - self.received.index(HEADERS_END) - len(HEADERS_END)

    def _read_headers(self) -> None:
        end = self.received.find(HEADERS_END)
        if end < 0:
            return
        headers = self.received[:end].lower()
        self.status = int(headers[9:12])
        self.stays_open = b"connection: close" not in headers
        _, found, after = headers.partition(b"content-length:")
        if not found:
            raise NoAnswer("an answer did not say how long it is")
        self.length = end + len(HEADERS_END) + int(after.split(b"\r\n", 1)[0])


def put_load(
    port: int, next_request: Callable[[], bytes], *, clients: int, seconds: float, body_size: int | None
) -> Load:
    """Raises NoAnswer. Every request that was sent is waited for, and the time it took is counted."""
    poll = select.epoll()
    by_file = dict(_connected(poll, Client(port)) for _ in range(clients))
    answered: Counter[int] = Counter()
    delays: list[float] = []
    wrong_sizes = connections = 0
    processor_before, began = time.process_time(), time.perf_counter()
    for client in by_file.values():
        client.send(next_request())
    waiting = clients
    while waiting:
        for client in _answering(poll, by_file):
            now = time.perf_counter()
            delays.append(now - client.sent_at)
            answered[client.status] += 1
            wrong_sizes += body_size is not None and client.body_size() != body_size
            if now - began >= seconds:
                waiting -= 1
                connections += client.connections
                continue
            if not client.stays_open:
                del by_file[client.socket.fileno()]
                client.reconnect()
                by_file.update([_connected(poll, client)])
            client.send(next_request())
    hundredths = quantiles(delays, n=100)
    return Load(
        answered=dict(answered),
        wrong_sizes=wrong_sizes,
        seconds=time.perf_counter() - began,
        processor_seconds=time.process_time() - processor_before,
        connections=connections,
        delay=(hundredths[49], hundredths[98], max(delays)),
    )


def _connected(poll: select.epoll, client: Client) -> tuple[int, Client]:
    poll.register(client.socket.fileno(), select.EPOLLIN)
    return client.socket.fileno(), client


def _answering(poll: select.epoll, by_file: dict[int, Client]) -> Iterator[Client]:
    """The clients whose answer has come as a whole, after waiting for more to come."""
    ready = poll.poll(SILENCE_LIMIT)
    if not ready:
        raise NoAnswer(f"no answer in {SILENCE_LIMIT} seconds")
    for file, _ in ready:
        if by_file[file].receive():
            yield by_file[file]


def made_ready(make: Callable[[], bytes], seconds: float) -> Callable[[], bytes]:
    """Gives what was made now, and makes more only if that is not enough."""
    ready = [make() for _ in range(int(READY * seconds))]
    return lambda: ready.pop() if ready else make()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["post", "get"])
    parser.add_argument("port", type=int)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--body-size", type=int, help="bytes; every answer of another size is counted")
    given = parser.parse_args()
    make = post_request if given.what == "post" else get_article
    try:
        load = put_load(
            given.port,
            made_ready(make(given.port), given.seconds),
            clients=given.clients,
            seconds=given.seconds,
            body_size=given.body_size,
        )
    except (NoAnswer, OSError) as problem:
        sys.exit(f"The load could not be put on port {given.port}: {problem}.")
    print(json.dumps(asdict(load)))


if __name__ == "__main__":
    main()
