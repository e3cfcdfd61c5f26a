"""The benchmarks send what the pages they measure take. `make bench` has the figures; this is its shortest form."""

from argparse import Namespace

import pytest

from benchmarks.__main__ import compare_callback
from benchmarks.server import running_server


@pytest.mark.start
def test_every_request_of_the_benchmark_is_taken_and_stored(capsys):
    with running_server() as server:
        compare_callback(server, Namespace(clients=2, seconds=1, rounds=1))
    assert capsys.readouterr().out.count("as many rows in the table") == 3  # Quietline, pgbench, Wagtail
