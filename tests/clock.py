"""A pytest plugin: people may be called by day only, and it is always night somewhere, so tests must pass at any hour.

`--hour 5` moves the clock of this process and of each of its workers to that hour, and there it runs on. The programs
that tests start (PostgreSQL, browsers, `make run`) keep the true time.
"""

import datetime

import pytest
import time_machine


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hour", type=int, choices=range(24), help="run as if it were this hour of today, in UTC")


def pytest_configure(config: pytest.Config) -> None:
    hour = config.getoption("hour")
    if hour is not None:
        moved = time_machine.travel(datetime.datetime.now(datetime.UTC).replace(hour=hour, minute=0))
        moved.start()
        config.add_cleanup(moved.stop)
