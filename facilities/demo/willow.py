"""Draws the desert willow in flower: the branch of the home page, the sprig of every other page, and the mark.

Run `python -m facilities.demo.willow` to write them into `static/`. The flower is that of Chilopsis linearis: five
ruffled lobes, the lowest the largest, a yellow throat, and purple lines that lead into it. Its colours stand on light
paper and on dark.
"""

import math
import random
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]

STEM, LEAF, LEAF_SHADE, LEAF_PALE = "#8a6a72", "#5f8f57", "#4a7a4b", "#86ad74"
VEIN, DEEP, CALYX = "#8a1f6d", "#5c1450", "#8d4a74"

# Angle from the right, clockwise (degrees), length, half width, from the back to the front.
LOBES = ((-128, 47, 23), (-52, 47, 23), (172, 50, 24), (8, 50, 24), (90, 66, 33))


def smooth(points: list[Point], *, closed: bool = True) -> str:
    """A path of cubic curves through the points (Catmull and Rom)."""
    count = len(points)
    at = (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(count if closed else count - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = at(i - 1), at(i), at(i + 1), at(i + 2)
        a, b = (x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6), (x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6)
        path.append(f"C{a[0]:.1f} {a[1]:.1f} {b[0]:.1f} {b[1]:.1f} {x2:.1f} {y2:.1f}")
    return "".join(path) + ("z" if closed else "")


def turned(point: Point, degrees: float) -> Point:
    a = math.radians(degrees)
    return point[0] * math.cos(a) - point[1] * math.sin(a), point[0] * math.sin(a) + point[1] * math.cos(a)


def lobe(angle: float, length: float, half: float, rng: random.Random, ruffle: float = 1.0) -> str:
    """One lobe of a flower, from the throat outwards, wide and ruffled at its end."""
    side = 9
    edge: list[Point] = []
    for turn in (-1, 1):
        part = []
        for i in range(1, side + 1):
            t = i / side
            wide = half * (0.34 + 0.66 * math.sin(math.pi * min(1, t * 0.62) ** 1.1)) * math.sqrt(max(0, 1 - t**5))
            wave = ruffle * (rng.uniform(1.0, 2.6) if i % 2 else -rng.uniform(0.4, 1.6)) * t * t
            part.append((length * (t - 0.03 * math.cos(t * 9)) + wave * 0.4, turn * (wide + wave)))
        edge += part if turn < 0 else part[::-1]
    notch = (length * 0.955, 0.0)
    outline = [(0.0, -half * 0.2), *edge[:side], notch, *edge[side:], (0.0, half * 0.2)]
    return smooth([turned(point, angle) for point in outline])


def veins(angle: float, length: float, spread: float, count: int, rng: random.Random) -> str:
    """Lines that lead into the throat, as bees see them."""
    path = []
    for i in range(count):
        off = (i / (count - 1) - 0.5) * 2
        far = length * (1 - 0.3 * off * off) * rng.uniform(0.86, 1.06)
        bend = off * spread
        points = [(6, bend * 0.14), (far * 0.55, bend * 0.55), (far, bend * 0.95 + rng.uniform(-1, 1))]
        path.append(smooth([turned(point, angle) for point in points], closed=False))
    return "".join(path)


def flower(seed: str) -> str:
    """An open flower seen from the front, 130 wide, its throat at 0, 0."""
    rng = random.Random(seed)
    parts = []
    for number, (angle, length, half) in enumerate(LOBES):
        lean = angle + rng.uniform(-4, 4)
        kind = "front" if number == 4 else "side"
        parts.append(
            f'<path d="{lobe(lean, length, half, rng)}" fill="url(#{kind})" stroke="#c65b9b" stroke-width=".9"/>'
        )
        faint = veins(lean, length * 0.62, half * 0.85, 5, rng)
        if number < 4:
            parts.append(f'<path d="{faint}" fill="none" stroke="#c0559a" stroke-width=".9" opacity=".75"/>')
    strong = veins(90, 46, 24, 9, rng)
    parts += [
        '<ellipse cy="7" rx="15" ry="17" fill="url(#throat)"/>',
        f'<path d="{strong}" fill="none" stroke="{VEIN}" stroke-width="1.5" stroke-linecap="round"/>',
        '<path d="M-13 3C-12-9 12-9 13 3C9 9-9 9-13 3z" fill="url(#inside)"/>',
        '<path d="M-5 8C-3 3 3 3 5 8L3.4 21C1 24-1 24-3.4 21z" fill="#f9cd45"/>',
        '<path d="M-8.5 8C-9 15-8 19-6.5 23M8.5 8C9 15 8 19 6.5 23" fill="none" stroke="#fbe08a" stroke-width="2.6" '
        'stroke-linecap="round"/>',
        '<path d="M-3-6Q-1 2-2.5 6M3-6Q1 2 2.5 6" fill="none" stroke="#fff3f8" stroke-width="1.6" '
        'stroke-linecap="round"/>',
    ]
    return "".join(parts)


def trumpet() -> str:
    """A flower from the side, its stalk at 0, 0, open to the right; 92 long."""
    rng = random.Random("trumpet")
    mouth = 58
    lobes = (
        (lobe(-66, 30, 16, rng), "side"), (lobe(-28, 28, 14, rng), "side"), (lobe(62, 38, 19, rng), "front"),
        (lobe(24, 30, 15, rng), "side"),
    )  # fmt: skip
    drawn = "".join(
        f'<path transform="translate({mouth} 0)" d="{d}" fill="url(#{kind})" stroke="#c65b9b" stroke-width=".9"/>'
        for d, kind in lobes
    )
    tube = "M8-5C24-8 38-19 62-17C68-6 68 8 60 19C40 19 24 8 8 5z"
    lines = "M14 0Q36 1 60 4M14 2Q34 7 58 11M14-2Q36-7 61-8"
    return (
        f'{drawn}<path d="{tube}" fill="url(#tube)" stroke="#c65b9b" stroke-width=".9"/>'
        f'<path d="{lines}" fill="none" stroke="{VEIN}" stroke-width="1" opacity=".55"/>'
        f'<path d="M0 0C2-7 12-8 19-5C16-1 16 2 19 6C12 8 2 7 0 0z" fill="{CALYX}"/>'
    )


def bud() -> str:
    """Its stalk at 0, 0; 40 long, to the right."""
    return (
        '<path d="M8-5C18-11 34-11 40 0C34 11 18 10 8 5z" fill="url(#tube)" stroke="#c65b9b" stroke-width=".9"/>'
        '<path d="M14-3Q28-6 38-1M14 3Q28 6 38 1" fill="none" stroke="#b14a8d" stroke-width="1" opacity=".7"/>'
        f'<path d="M0 0C2-7 11-8 17-5C14-1 14 2 17 5C11 8 2 7 0 0z" fill="{CALYX}"/>'
    )


DEFS = f"""<defs>
<radialGradient id="side" gradientUnits="userSpaceOnUse" cx="0" cy="0" r="56"><stop offset=".1" stop-color="#fff1f7"/>
<stop offset=".5" stop-color="#f3bcd8"/><stop offset="1" stop-color="#e38abb"/></radialGradient>
<radialGradient id="front" gradientUnits="userSpaceOnUse" cx="0" cy="4" r="66"><stop offset=".2" stop-color="#fbdcea"/>
<stop offset=".55" stop-color="#e58fbf"/><stop offset="1" stop-color="#cf5fa3"/></radialGradient>
<radialGradient id="throat"><stop offset=".2" stop-color="#f7c531"/><stop offset="1" stop-color="#f7c531"
stop-opacity="0"/></radialGradient>
<radialGradient id="inside" cy=".2"><stop offset=".2" stop-color="{DEEP}"/><stop offset="1" stop-color="#b0478c"/>
</radialGradient>
<linearGradient id="tube"><stop stop-color="#d987b4"/><stop offset="1" stop-color="#f1b4d3"/></linearGradient>
<g id="a">{flower("a")}</g><g id="b">{flower("b")}</g><g id="t">{trumpet()}</g><g id="d">{bud()}</g>
</defs>"""


def along(curve: Curve, t: float) -> tuple[float, float, float]:
    """A place of a cubic curve: x, y, and the way it goes there, in degrees."""
    u = 1 - t
    p, q, r, s = curve
    x, y = (u**3 * p[i] + 3 * u * u * t * q[i] + 3 * u * t * t * r[i] + t**3 * s[i] for i in (0, 1))
    dx, dy = (3 * u * u * (q[i] - p[i]) + 6 * u * t * (r[i] - q[i]) + 3 * t * t * (s[i] - r[i]) for i in (0, 1))
    return x, y, math.degrees(math.atan2(dy, dx))


def stem(curve: Curve, thick: float, thin: float) -> str:
    """A stem that grows thinner along its curve."""
    sides: tuple[list[Point], list[Point]] = ([], [])
    for i in range(13):
        x, y, angle = along(curve, i / 12)
        half = (thick + (thin - thick) * i / 12) / 2
        for side, turn in zip(sides, (-90, 90), strict=True):
            dx, dy = turned((half, 0), angle + turn)
            side.append((x + dx, y + dy))
    return f'<path d="{smooth(sides[0] + sides[1][::-1])}" fill="{STEM}"/>'


def leaf(x: float, y: float, angle: float, length: float, bend: float, rng: random.Random) -> str:
    """A narrow leaf, two shades along its midrib, which falls over at its tip."""
    half = length * rng.uniform(0.036, 0.046) + 1.2
    mid = (length * 0.5, bend * 0.12)
    foot, end, rib = "0.0 0.0", f"{length:.1f} {bend:.1f}", f"{mid[0]:.1f} {mid[1] * 0.8:.1f}"
    sides = [f"M{foot}Q{mid[0]:.1f} {mid[1] + side * 2 * half:.1f} {end}Q{rib} {foot}z" for side in (-1, 1)]
    light, dark = rng.choice(((LEAF_PALE, LEAF), (LEAF, LEAF_SHADE), (LEAF, LEAF_SHADE)))
    drawn = "".join(f'<path d="{d}" fill="{fill}"/>' for d, fill in zip(sides, (light, dark), strict=True))
    return f'<g transform="translate({x:.0f} {y:.0f}) rotate({angle:.0f})">{drawn}</g>'


def leaves(curve: Curve, ts: list[float], long: float, rng: random.Random) -> str:
    """Along a stem, to its left and right in turn, hanging."""
    drawn = []
    for i, t in enumerate(ts):
        x, y, way = along(curve, t)
        turn = 1 if i % 2 else -1
        angle = way + turn * rng.uniform(28, 52)
        length = long * rng.uniform(0.75, 1.15)
        down = 0.30 * length * math.cos(math.radians(angle))
        drawn.append(leaf(x, y, angle, length, down + rng.uniform(-6, 6), rng))
    return "".join(drawn)


def evenly(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * i / (count - 1) for i in range(count)]


def put(name: str, x: float, y: float, turn: float, size: float) -> str:
    return f'<use href="#{name}" transform="translate({x:.0f} {y:.0f}) rotate({turn:.0f}) scale({size})"/>'


def branch() -> str:
    """The arching branch of the home page, 760 by 560, which comes in from the upper right."""
    rng = random.Random("desert willow")
    main = ((800, 40), (600, -10), (380, 40), (215, 250))
    low = ((560, 27), (520, 120), (505, 220), (470, 330))
    high = ((690, 24), (690, 120), (700, 200), (660, 300))
    parts = [
        leaves(main, evenly(0.1, 0.93, 15), 150, rng),
        leaves(low, evenly(0.12, 0.9, 9), 125, rng),
        leaves(high, evenly(0.15, 1.0, 10), 120, rng),
        stem(high, 5, 1.6), stem(low, 6, 2.2), stem(main, 12, 3),
        put("d", 300, 150, 250, 0.9), put("d", 262, 196, 262, 0.75), put("d", 660, 300, 100, 0.8),
        put("t", 330, 122, 152, 1.25), put("t", 486, 268, 40, 1.15), put("d", 470, 330, 120, 0.9),
        put("d", 496, 240, 200, 0.8),
        put("b", 168, 222, 16, 1.15), put("a", 272, 300, -10, 1.45), put("b", 430, 390, 8, 1.35),
        put("t", 215, 250, 100, 0.9), put("a", 160, 368, 18, 1.2), put("a", 640, 196, -8, 1.05),
    ]  # fmt: skip
    return svg(760, 560, DEFS + "".join(parts))


def sprig() -> str:
    """What looks into every page from its upper right, 520 by 260."""
    rng = random.Random("sprig")
    main = ((560, -10), (430, 30), (300, 40), (170, 120))
    low = ((450, 26), (430, 90), (410, 130), (360, 180))
    parts = [
        leaves(main, evenly(0.1, 0.98, 13), 105, rng),
        leaves(low, evenly(0.2, 0.95, 6), 88, rng),
        stem(low, 4, 1.6), stem(main, 8, 2),
        put("d", 190, 104, 150, 0.8), put("d", 170, 120, 120, 0.65), put("d", 230, 82, 230, 0.7),
        put("t", 300, 56, 120, 0.85),
        put("b", 232, 140, 12, 0.95), put("a", 352, 176, -8, 1.1), put("b", 448, 92, 6, 0.8),
    ]  # fmt: skip
    return svg(520, 260, DEFS + "".join(parts))


def mark() -> str:
    """The flower as a sign that is still one at 16 pixels: five lobes, three lines, a yellow throat."""
    lobes = (
        ("M16 14C9 13 5 9 7 5C11 1 15 5 16 14z", "#e58fbf"), ("M16 14C23 13 27 9 25 5C21 1 17 5 16 14z", "#e58fbf"),
        ("M16 15C10 20 4 21 2 16C2 11 8 10 16 15z", "#d673ae"),
        ("M16 15C22 20 28 21 30 16C30 11 24 10 16 15z", "#d673ae"),
        ("M16 13C9 20 7 27 12 30Q14 29 16 30.500Q18 29 20 30C25 27 23 20 16 13z", "#b83d8b"),
    )  # fmt: skip
    drawn = "".join(f'<path d="{d}" fill="{fill}"/>' for d, fill in lobes)
    lines = "M16 19v8M13 19.5 11.8 25M19 19.5 20.2 25"
    drawn += f'<path d="{lines}" stroke="#fbd7ea" stroke-width="1.3" stroke-linecap="round"/>'
    return svg(32, 32, f'{drawn}<ellipse cx="16" cy="15.5" rx="3.6" ry="3.2" fill="#f9cd45"/>')


def svg(width: int, height: int, inner: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{inner}</svg>\n'


def main() -> None:
    for name, drawn in (("branch", branch()), ("sprig", sprig()), ("icon", mark())):
        (STATIC / f"{name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
