"""`make bench`: measure, and print the report. Ends with 1 if a figure would not mean what it says."""

import argparse
import os
import signal
import sys

from benchmarks import answers, report
from benchmarks.article import NoNginx, both_sides
from benchmarks.callback import Callback, PlainInsert
from benchmarks.outage import Outage
from benchmarks.rounds import NotMeasured, Round, Side
from benchmarks.server import Server, running_server
from benchmarks.wagtail import running_form_page
from config.launch.processes import CannotStart

WARM_UP = 1  # seconds for each side, before the first round


def main() -> int:
    given = read_arguments()
    os.umask(0o077)
    sys.stdout.reconfigure(line_buffering=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say("Starting PostgreSQL, the server and the worker ...")
    try:
        with running_server() as server:
            print(report.head(server, clients=given.clients, seconds=given.seconds, rounds=given.rounds))
            compare_callback(server, given)
            compare_outage(server, given)
            compare_article(server, given)
        print(f"\n{answers.report()}")  # by itself: nothing else runs now
    except (CannotStart, NotMeasured) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Pass options in ARGS, like ARGS='--seconds 2'.")
    parser.add_argument("--seconds", type=_positive, default=5, help="length of one round of one side (5)")
    parser.add_argument("--rounds", type=_positive, default=3, help="rounds for each side (3)")
    parser.add_argument("--clients", type=_positive, default=16, help="clients that ask at the same time (16)")
    return parser.parse_args()


def compare_callback(server: Server, given: argparse.Namespace) -> None:
    callback = Callback(server, clients=given.clients)
    callback.measure(WARM_UP)
    plain = PlainInsert(server, clients=given.clients)
    plain.measure(WARM_UP)
    ours, theirs = alternate(callback, plain, given)
    print(f"\n{report.table((callback.name, ours), (plain.name, theirs))}")
    check_count(callback.name, callback.accepted, callback.stored())
    check_count("pgbench", plain.inserted, plain.stored())
    with running_form_page(server, clients=given.clients) as form_page:
        form_page.measure(WARM_UP)
        ours, theirs = alternate(callback, form_page, given)
        print(f"\n{report.table((callback.name, ours), (form_page.name, theirs))}")
        check_count(form_page.name, form_page.accepted, form_page.stored())


def compare_outage(server: Server, given: argparse.Namespace) -> None:
    callback = Callback(server, clients=given.clients)
    callback.measure(WARM_UP)
    outage = Outage(server, clients=given.clients)
    spooled, stored = alternate(outage, callback, given)
    print(f"\n{report.table((outage.name, spooled), (callback.name, stored))}")
    check_count("both", outage.accepted + callback.accepted, callback.stored())


def compare_article(server: Server, given: argparse.Namespace) -> None:
    try:
        with both_sides(server, clients=given.clients) as (page, nginx):
            page.measure(WARM_UP)
            nginx.measure(WARM_UP)
            ours, theirs = alternate(page, nginx, given)
            print(f"\n{report.table((page.name, ours), (nginx.name, theirs))}")
    except NoNginx as reason:
        print(f"\nThe article page was not measured: {reason}")


def alternate(first: Side, second: Side, given: argparse.Namespace) -> tuple[list[Round], list[Round]]:
    """In turn, so that whatever else the machine does falls on both; and each is first as often as it can be."""
    found: dict[str, list[Round]] = {first.name: [], second.name: []}
    for number in range(given.rounds):
        for side in (first, second) if number % 2 == 0 else (second, first):
            found[side.name].append(side.measure(given.seconds))
            say(f"round {number + 1}, {side.name}: {found[side.name][-1].rate:,.0f} a second")
    return found[first.name], found[second.name]


def check_count(name: str, told: int, stored: int) -> None:
    """Raises NotMeasured unless everything that was acknowledged is in the table."""
    if told != stored:
        raise NotMeasured(f"{name}: {told:,} acknowledged, but {stored:,} rows are in the table.")
    print(f"{name}: {told:,} acknowledged, warm-up included, and as many rows in the table")


def say(text: str) -> None:
    """Progress, apart from the report."""
    print(text, file=sys.stderr, flush=True)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
