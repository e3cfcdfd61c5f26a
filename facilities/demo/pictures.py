"""Draws the two pictures of the demo article, without a word in them: what they say stands beside them as text.

Run `python -m facilities.demo.pictures DIRECTORY` to look at them.
"""

import io
import math
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1080, 560
FINER = 3  # drawn larger, then made smaller, so that edges are smooth
PAPER, GREEN, PALE, CLAY, GREY = "#fbf8f3", "#1f5148", "#cfe0da", "#8f3a15", "#b9b2a2"

Canvas = ImageDraw.ImageDraw


def tolerance(draw: Canvas) -> None:
    """What a body can take before and after a break, and the same dose across both."""
    ground, dose = 480, 250
    for left, top in ((220, 100), (640, 400)):
        _box(draw, left, top, left + 220, ground, GREEN)
    for left in range(120, 960, 36):
        _line(draw, [(left, dose), (left + 22, dose)], CLAY, 8)
    _line(draw, [(120, ground), (960, ground)], GREY, 4)


def withdrawal(draw: Canvas) -> None:
    """How strong it is over seven days: at once, then strongest after a day and a half, then lower each day."""
    ground, day = 480, 120
    points = [(120 + day * at / 20, ground - 340 * _strength(at / 20)) for at in range(7 * 20 + 1)]
    draw.polygon(_finer([*points, (120 + 7 * day, ground), (120, ground)]), fill=PALE)
    _line(draw, points, GREEN, 9)
    _line(draw, [(120, ground), (120 + 7 * day, ground)], GREY, 4)
    for number in range(8):
        _line(draw, [(120 + number * day, ground), (120 + number * day, ground + 18)], GREY, 4)


def _strength(days: float) -> float:
    """From 0 to 1, where it is strongest."""
    peak = 1.5
    return (days / peak * math.exp(1 - days / peak)) ** 1.6


PICTURES: dict[str, Callable[[Canvas], None]] = {"tolerance": tolerance, "withdrawal": withdrawal}


def png(name: str) -> bytes:
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
    PICTURES[name](ImageDraw.Draw(image))
    file = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _finer(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * FINER, y * FINER) for x, y in points]


def _line(draw: Canvas, points: list[tuple[float, float]], colour: str, width: int) -> None:
    draw.line(_finer(points), fill=colour, width=width * FINER, joint="curve")


def _box(draw: Canvas, left: int, top: int, right: int, bottom: int, fill: str) -> None:
    draw.rectangle(_finer([(left, top), (right, bottom)]), fill=fill)


if __name__ == "__main__":
    for name in PICTURES:
        (Path(sys.argv[1]) / f"{name}.png").write_bytes(png(name))
