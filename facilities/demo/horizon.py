"""Draws the desert horizon of the public pages as one SVG of lines, a little different for every topic.

Run `python -m facilities.demo.horizon` to write `static/horizon.svg`. The strokes use `currentColor`, so the page gives
the colour: inline the file, or use it as a CSS mask. An `<img>` would always draw it black.
"""

import math
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

WIDTH, HEIGHT = 1200, 220
STEP = 3
TARGET = Path(__file__).resolve().parents[2] / "static" / "horizon.svg"

Point = tuple[float, float]
Ridge = Callable[[float], float]


def draw_horizon(topic: str = "home") -> str:
    """The SVG text for a topic; the same topic always gives the same drawing. Units are pixels of a 1200 by 220 box."""
    rng = random.Random(f"quietline {topic}")
    far, ground = far_range(rng), ground_line(rng)
    mesas = mesa_ridge(rng, ground)
    tree_x = WIDTH * rng.uniform(0.69, 0.72)
    tree = willow_outline(tree_x, ground)
    stems, leaves = willow(rng, (tree_x, ground(tree_x)))
    layers = [
        lines(above(moon(rng, far), far), 1.25, 0.55),
        lines(above(along(far), mesas, ground, tree), 1.25, 0.5),
        lines(above(along(mesas), ground), 1.5, 0.75),
        lines([along(ground)], 2, 1),
        lines(dunes(rng, ground), 1.25, 0.45),
        lines(grass(rng, ground, tree_x), 1.25, 0.7),
        lines(stems, 1.5, 1),
        lines(leaves, 1, 0.75),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMax slice" '
        'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">\n'
        + "\n".join(layers)
        + "\n</svg>\n"
    )


def far_range(rng: random.Random) -> Ridge:
    """Distant mountains: worn slopes between peaks, highest in the left half."""
    middle, x, corners = WIDTH * rng.uniform(0.26, 0.36), -80.0, []
    while x < WIDTH + 160:
        lift = 80 * math.exp(-(((x - middle) / 240) ** 2)) + 18
        corners.append((x, 152 - lift * (rng.uniform(0.85, 1.1) if len(corners) % 2 else rng.uniform(0.45, 0.7))))
        x += rng.uniform(48, 92)
    for roughness in (0.16, 0.13, 0.1):
        corners = weathered(rng, corners, roughness)
    return lambda at: between(corners, at)


def weathered(rng: random.Random, corners: list[Point], roughness: float) -> list[Point]:
    """The same line with a small ledge or hollow somewhere on every slope."""
    worn = corners[:1]
    for (x0, y0), (x1, y1) in pairwise(corners):
        share = rng.uniform(0.35, 0.65)
        bump = rng.uniform(-1, 1) * roughness * math.hypot(x1 - x0, y1 - y0) * 0.5
        worn += [(x0 + share * (x1 - x0), y0 + share * (y1 - y0) + bump), (x1, y1)]
    return worn


def between(corners: list[Point], at: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(corners):
        if x0 <= at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return corners[-1][1]


def mesa_ridge(rng: random.Random, ground: Ridge) -> Ridge:
    """Flat-topped hills with steep shoulders that stand on the ground line."""
    spots = ((0.08, 21), (0.48, 22), (0.555, 42), (0.9, 31))
    mesas = [
        (WIDTH * (spot + rng.uniform(-0.02, 0.02)), rng.uniform(34, 62), height * rng.uniform(0.85, 1.1))
        for spot, height in spots
    ]
    return lambda at: (
        ground(at) + 2 - max(plateau(at, x, half) * (height + ground(at) - ground(x)) for x, half, height in mesas)
    )


def plateau(at: float, x: float, half: float) -> float:
    """1 on top of a mesa, a cliff of 0.45 at its edge, then a slope of rubble down to 0."""
    beyond = abs(at - x) - half
    if beyond <= 0:
        return 1
    if beyond <= 7:
        return 1 - 0.45 * beyond / 7
    return 0.55 * max(0, 1 - (beyond - 7) / 70) ** 1.6


def ground_line(rng: random.Random) -> Ridge:
    """The horizon nearest to us: two slow waves."""
    a, b = rng.uniform(0, math.tau), rng.uniform(0, math.tau)
    return lambda at: 172 + 6 * math.sin(at / 190 + a) + 2 * math.sin(at / 83 + b)


def moon(rng: random.Random, far: Ridge) -> list[Point]:
    """A full moon that rises from the lowest saddle of the mountains near the middle."""
    x, radius = max((x for x in steps(WIDTH * 0.4, WIDTH * 0.48)), key=far), 26
    y = far(x) - rng.uniform(6, 14)
    return [
        (x + radius * math.cos(t * math.tau / 90), y + radius * math.sin(t * math.tau / 90)) for t in range(23, 114)
    ]


def dunes(rng: random.Random, ground: Ridge) -> list[list[Point]]:
    """Short contours below the ground line, which grow longer towards us."""
    contours = []
    for row, drop in enumerate((14, 25, 37)):
        x = rng.uniform(20, 160)
        while x < WIDTH - 120:
            length = rng.uniform(120, 240) + 40 * row
            contours.append(
                [(at, ground(at) + drop - 6 * math.sin(math.pi * (at - x) / length)) for at in steps(x, x + length)]
            )
            x += length + rng.uniform(130, 330)
    return contours


def grass(rng: random.Random, ground: Ridge, tree_x: float) -> list[list[Point]]:
    """A few tufts on the ground line, well apart, none under the tree."""
    tufts = []
    for place in range(8):
        x = 80 + 150 * place + rng.uniform(-60, 60)
        if abs(x - tree_x) < 60:
            continue
        for lean in (-0.6, -0.2, 0.25, 0.65):
            tall = rng.uniform(6, 12)
            foot = ground(x)
            tufts.append(
                [(x + lean * 2, foot), (x + lean * tall / 2, foot - tall * 0.7), (x + lean * tall, foot - tall)]
            )
    return tufts


def willow(rng: random.Random, foot: Point) -> tuple[list[list[Point]], list[list[Point]]]:
    """A desert willow: stems that rise from one foot and fork, and the slender leaves that hang from the twigs."""
    stems, leaves = [], []

    def grow(x: float, y: float, angle: float, long: float, forks: int) -> None:
        bend = rng.uniform(-0.12, 0.12) + 0.1 * math.sin(angle)
        stem = [(x, y)]
        for _ in range(6):
            angle += bend / 6
            x, y = x + long / 6 * math.sin(angle), y - long / 6 * math.cos(angle)
            stem.append((x, y))
        stems.append(stem)
        if forks < 2:
            for at in stem[2::2] if forks else stem[1::2]:
                fall, drift = rng.uniform(6, 10), rng.uniform(-5, 5)
                leaves.append([at, (at[0] + drift * 0.8, at[1] + fall * 0.4), (at[0] + drift, at[1] + fall)])
        if forks:
            spread = rng.uniform(0.3, 0.42)
            for turn in (-spread, spread * rng.uniform(0.7, 1.1)):
                grow(x, y, angle + turn, long * rng.uniform(0.68, 0.8), forks - 1)

    for lean in (-0.5, -0.05, 0.42):
        grow(foot[0], foot[1], lean + rng.uniform(-0.06, 0.06), rng.uniform(30, 35) - 6 * abs(lean), 3)
    return stems, leaves


def willow_outline(tree_x: float, ground: Ridge) -> Ridge:
    """The room that the tree takes, so that the mountains pass behind it."""
    return lambda at: ground(at) - 100 * max(0, 1 - ((at - tree_x) / 66) ** 2)


def steps(start: float, end: float) -> list[float]:
    count = max(1, round((end - start) / STEP))
    return [start + (end - start) * i / count for i in range(count + 1)]


def along(ridge: Ridge) -> list[Point]:
    return [(x, ridge(x)) for x in steps(0, WIDTH)]


def above(points: list[Point], *ridges: Ridge) -> list[list[Point]]:
    """The parts of a line that no nearer ridge hides, with a small gap so that lines never touch; no crumbs."""
    parts: list[list[Point]] = [[]]
    for x, y in points:
        if all(y < ridge(x) - 4 for ridge in ridges):
            parts[-1].append((x, y))
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 10]


def lines(parts: list[list[Point]], width: float, opacity: float) -> str:
    path = " ".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in straightened(part)) for part in parts)
    return f'<path d="{path}" stroke-width="{width}" opacity="{opacity}" vector-effect="non-scaling-stroke"/>'


def straightened(part: list[Point], tolerance: float = 0.15) -> list[Point]:
    """The same line with as few points as keep it within the tolerance (Ramer, Douglas and Peucker)."""
    (x0, y0), (x1, y1) = part[0], part[-1]
    length = math.hypot(x1 - x0, y1 - y0) or 1
    off = [abs((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / length for x, y in part]
    widest = off.index(max(off))
    if off[widest] <= tolerance:
        return [part[0], part[-1]]
    return straightened(part[: widest + 1], tolerance)[:-1] + straightened(part[widest:], tolerance)


def main() -> None:
    TARGET.write_text(draw_horizon(), encoding="utf-8")


if __name__ == "__main__":
    main()
