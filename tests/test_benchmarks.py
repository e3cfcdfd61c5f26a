"""The benchmarks send what the pages they measure take. `make bench` has the figures; this is its shortest form."""

from argparse import Namespace

import pytest

from benchmarks import answers
from benchmarks.__main__ import compare_callback, compare_outage
from benchmarks.server import running_server
from benchmarks.visitors import AREA_CODES
from facilities.demo.site import PHONE_LINES
from intake.insurance.x12.read271 import read_271


@pytest.mark.start
def test_every_request_of_the_benchmark_is_taken_and_stored(capsys):
    with running_server() as server:
        shortest = Namespace(clients=2, seconds=1, rounds=1)
        compare_callback(server, shortest)
        compare_outage(server, shortest)
    assert capsys.readouterr().out.count("as many rows in the table") == 4  # Quietline, pgbench, Wagtail, the spool


def test_no_request_of_the_benchmark_gives_the_houses_own_number():
    """One in two thousand did: it was refused, as it should be, and the benchmark ended there."""
    ours = {line["number"].removeprefix("+1")[:3] for line in PHONE_LINES}
    assert not ours & set(AREA_CODES)


def test_both_readers_read_the_answer_that_they_are_measured_on():
    answer = answers.answer_of(answers.LONG)

    assert answer.count("~") == answers.LONG
    assert read_271(answer).warnings == []
    assert answers.ours(answer) == answers.LONG - 15
    assert answers.theirs(answer) == 1
    assert "ratio" in answers.report(times=1)
