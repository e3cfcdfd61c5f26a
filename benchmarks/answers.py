"""Reading an electronic answer (271): seconds and memory for a long one and a very long one, beside another reader."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from statistics import median
from typing import NamedTuple

from x12sdk.io import X12ModelReader

from intake.insurance.x12.read271 import read_271

LONG, VERY_LONG = 129, 10_000  # segments: the longest answer that is published, and more than any payer sends
HEAD = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*FACILITY       *261128*1200*^*00501*000000001*0*T*:",
    "GS*HB*PAYER*FACILITY*20261128*1200*1*X*005010X279A1",
    "ST*271*0001*005010X279A1",
    "BHT*0022*11*T1*20261128*1200",
    "HL*1**20*1",
    "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*00001",
    "HL*2*1*21*1",
    "NM1*1P*2*EXAMPLE CENTER*****XX*1234567893",
    "HL*3*2*22*0",
    "TRN*2*T1*9123456789",
    "NM1*IL*1*EXAMPLE*ROBIN****MI*EX123456",
    "DMG*D8*19900102*F",
    "EB*1**30**EXAMPLE PPO",
)
BENEFITS = (
    "EB*C*IND*30***23*1500*****Y",
    "EB*C*IND*30***29*0*****Y",
    "EB*C*FAM*30***23*3000*****Y",
    "EB*G*IND*30***29*5900*****Y",
    "EB*A*IND*98*****.2***Y*Y",
    "EB*B*IND*98***27*30*****N",
)
FOOT = ("GE*1*1", "IEA*1*000000001")


class Read(NamedTuple):
    """Milliseconds of the middle and the slowest, and bytes at the peak."""

    middle: float
    slowest: float
    peak: int


def answer_of(segments: int) -> str:
    """A made-up answer with so many segments, envelope and all."""
    more = segments - len(HEAD) - len(FOOT) - 1
    benefits = [BENEFITS[number % len(BENEFITS)] for number in range(more)]
    inside = len(HEAD) - 2 + more + 1
    return "".join(f"{each}~\n" for each in (*HEAD, *benefits, f"SE*{inside}*0001", *FOOT))


def ours(answer: str) -> int:
    return len(read_271(answer).benefits)


def theirs(answer: str) -> int:
    with X12ModelReader(answer) as reader:
        return sum(1 for _ in reader.models())


def measured(read: Callable[[str], int], answer: str, *, times: int) -> Read:
    read(answer)
    gc.collect()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        read(answer)
        seconds.append(time.perf_counter() - began)
    tracemalloc.start()
    read(answer)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Read(1000 * median(seconds), 1000 * max(seconds), peak)


def report(times: int = 200) -> str:
    """One line for each reader and length; ratios are ours to theirs, in the same run, in turn."""
    lines = [f"{'reading a 271':47}{'half ms':>9}{'slowest':>9}{'peak kB':>9}"]
    for segments in (LONG, VERY_LONG):
        answer = answer_of(segments)
        rounds = max(3, times * LONG // segments)
        of_ours, of_theirs = measured(ours, answer, times=rounds), measured(theirs, answer, times=min(rounds, 20))
        lines += [_line(f"read_271, {segments:,} segments", of_ours)]
        lines += [_line(f"x12sdk {version('x12sdk')}, {segments:,} segments", of_theirs)]
        lines += [f"{'ratio':47}{of_ours.middle / of_theirs.middle:>9.3f}{'':9}{of_ours.peak / of_theirs.peak:>9.3f}"]
    return "\n".join(lines)


def _line(name: str, read: Read) -> str:
    return f"{name:47}{read.middle:>9.2f}{read.slowest:>9.2f}{read.peak / 1000:>9,.0f}"
