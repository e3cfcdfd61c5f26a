"""`make bench-desk`: what a page of the desk costs as the leads become many, beside Django's stock changelist.

The pages are asked in this process, so that a figure is the time of the server and of PostgreSQL, without a network.
"""

import argparse
import gzip
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import django
from django.db import OperationalError, connection

from benchmarks.server import VAR
from config.launch.check import PRODUCTION
from config.launch.embedded_postgres import EmbeddedPostgres
from config.launch.keys import new_keys

if TYPE_CHECKING:
    from django.test import Client

OPEN = 2000
SIZES = (1_000, 100_000, 1_000_000)  # closed leads beside those
WARM_UP, TIMES = 3, 40


class Cost(NamedTuple):
    """Of one page: milliseconds of half and of 95 in 100 answers, queries, and kilobytes as they are sent.

    `inf` says that PostgreSQL stopped it, as it does whatever takes longer than a page may.
    """

    half: float
    most: float
    queries: int
    size: float


def main() -> int:
    given = argparse.ArgumentParser(prog="make bench-desk")
    given.add_argument("--closed", type=int, nargs="+", default=SIZES, help="how many closed leads, from few to many")
    sizes = sorted(given.parse_args().closed)
    with database():
        from benchmarks.desk_leads import fill, sign_in, two_leads

        client, costs = sign_in(), {}
        for size in sizes:
            started = time.monotonic()
            fill(closed=size, open_leads=OPEN)
            print(f"{size:,} closed and {OPEN:,} open leads, filled in {time.monotonic() - started:.0f} s", flush=True)
            costs[size] = measure(client, *two_leads())
            print(table({size: costs[size]}), flush=True)  # a later size may fail
        print(table(costs))
    return 0


@contextmanager
def database() -> Iterator[None]:
    """A PostgreSQL of its own with an empty house in it, which is removed at the end."""
    shutil.rmtree(VAR / "desk", ignore_errors=True)
    (VAR / "desk").mkdir(mode=0o700, parents=True)
    postgres = EmbeddedPostgres(VAR / "desk" / "postgres")
    try:
        postgres.start()
        postgres.create_database("quietline")
        house = {"DATABASE_URL": postgres.url("quietline"), "VAR_DIR": str(VAR / "desk"), "HTTPS": "off"}
        house["ALLOWED_HOSTS"] = "testserver"
        os.environ.update(PRODUCTION | new_keys() | house)
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield
        connection.close()
    finally:
        postgres.stop()
        shutil.rmtree(VAR / "desk", ignore_errors=True)


def measure(client: "Client", lead: str, claimed: str) -> dict[str, Cost]:
    """The cost of each page, by its name. `lead` and `claimed` are keys of open ones; the second's timeline grows."""
    from benchmarks.desk_leads import COMMON_NAME
    from intake.desk import queue

    queue.SEARCHES_AN_HOUR = inf  # they are counted as ever, and one consultant makes all of them here
    find = lambda text: lambda: client.post("/desk/search/", {"query": text})  # noqa: E731
    pages: dict[str, Callable] = {
        "queue, now": lambda: client.get("/desk/queue/"),
        "queue, later": lambda: client.get("/desk/queue/?show=later"),
        "queue, last page": lambda: client.get("/desk/queue/?page=999"),
        "closed": lambda: client.get("/desk/queue/?show=closed"),
        "a lead": lambda: client.get(f"/desk/leads/{lead}/"),
        "find: last four digits": find("0163"),
        "find: a common name": find(COMMON_NAME),
        "find: the start of it": find(COMMON_NAME[:3]),
        "find: name and digits": find(f"{COMMON_NAME} 0163"),
        "claim and give back": lambda: (
            client.post(f"/desk/leads/{claimed}/claim/"),
            client.post(f"/desk/leads/{claimed}/release/"),
        )[1],
        "stock changelist": lambda: client.get("/desk/stock/intake/lead/"),
    }
    return {name: cost(ask) for name, ask in pages.items()}


def cost(ask: Callable) -> Cost:
    from django.test.utils import CaptureQueriesContext

    try:
        for _ in range(WARM_UP):
            answer = ask()
    except OperationalError:
        return Cost(inf, inf, 0, 0)
    if answer.status_code >= 400:
        sys.exit(f"A page answered {answer.status_code}; its figure would mean nothing.")
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked = len(queries)  # the next request forgets them
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    size = len(gzip.compress(answer.content)) / 1000
    return Cost(taken[len(taken) // 2], taken[int(len(taken) * 0.95)], asked, size)


def table(costs: dict[int, dict[str, Cost]]) -> str:
    sizes = list(costs)
    few, many = costs[sizes[0]], costs[sizes[-1]]
    lines = [
        "\n| page | " + " | ".join(f"{size:,}: half, 95% ms" for size in sizes) + " | ratio of 95% | queries | kB |",
        "|---" * (len(sizes) + 4) + "|",
    ]
    for name in few:
        times = " | ".join(f"{costs[size][name].half:.0f}, {costs[size][name].most:.0f}" for size in sizes)
        queries = {costs[size][name].queries for size in sizes}
        asked = " to ".join(str(count) for count in sorted({min(queries), max(queries)}))
        ratio = many[name].most / few[name].most
        lines.append(f"| {name} | {times} | {ratio:.2f} | {asked} | {many[name].size:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
