"""The report: a short table a person can read, with what is needed to judge the figures."""

import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median

from benchmarks import processor
from benchmarks.article import NoNginx, find_nginx
from benchmarks.rounds import Round
from benchmarks.server import Server

HEADINGS = ("median/s", "lowest", "highest", "cpu ms", "half ms", "99% ms", "slowest", "load", "others")
NAME_WIDTH, WIDTH = 47, 9


def head(server: Server, *, clients: int, seconds: int, rounds: int) -> str:
    postgres, fsync, commit = server.query(
        "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
    )
    packages = f"Python {platform.python_version()}, Django {version('Django')}, Granian {version('granian')}"
    return "\n".join(
        [
            f"Quietline's benchmarks, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            f"machine   {processor.machine()}, {platform.system()} {platform.release()}",
            f"versions  {packages}, PostgreSQL {postgres}, {_nginx_version()}",
            f"database  embedded, fsync {fsync}, synchronous_commit {commit}",
            f"measured  {rounds} x {seconds} s for each side, in turn; {clients} clients, connections kept open",
        ]
    )


def table(first: tuple[str, Sequence[Round]], second: tuple[str, Sequence[Round]]) -> str:
    """Two sides, one line each, and how much of the second's rate the first reaches."""
    lines = [f"{'':{NAME_WIDTH}}" + "".join(f"{heading:>{WIDTH}}" for heading in HEADINGS)]
    lines += [_line(name, rounds) for name, rounds in (first, second)]
    ratios = [ours.rate / theirs.rate for ours, theirs in zip(first[1], second[1], strict=True)]
    ratio = _rate(first[1]) / _rate(second[1])
    lines.append(f"{'ratio':{NAME_WIDTH}}{ratio:>{WIDTH}.3f}{min(ratios):>{WIDTH}.3f}{max(ratios):>{WIDTH}.3f}")
    return "\n".join(lines)


def _line(name: str, rounds: Sequence[Round]) -> str:
    rates = [one.rate for one in rounds]
    each = 1000 * sum(one.server_seconds for one in rounds) / sum(one.outcome.served for one in rounds)
    load = median(one.outcome.load_seconds / one.outcome.seconds for one in rounds)
    delays = [one.outcome.delay for one in rounds if one.outcome.delay]
    cells = [f"{median(rates):,.0f}", f"{min(rates):,.0f}", f"{max(rates):,.0f}", f"{each:.2f}"]
    cells += [f"{1000 * median(delay[part] for delay in delays):,.1f}" if delays else "" for part in (0, 1)]
    cells += [f"{1000 * max(delay[2] for delay in delays):,.0f}" if delays else ""]
    cells += [f"{load:.0%}" if delays else "", f"{median(one.others for one in rounds):.0%}"]
    return f"{name:{NAME_WIDTH}}" + "".join(f"{cell:>{WIDTH}}" for cell in cells)


def _rate(rounds: Sequence[Round]) -> float:
    return median(one.rate for one in rounds)


def _nginx_version() -> str:
    try:
        program = find_nginx()
    except NoNginx:
        return "no nginx"
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=False).stderr
    return said.strip().rpartition("version: ")[2].replace("/", " ")
