"""Draws log.csv: one panel a loss, over steps, raw and smoothed."""
from __future__ import annotations

import csv
from pathlib import Path
from typing import List, Sequence, Tuple

from PIL import Image, ImageDraw

PANEL = (360, 220)
MARGIN = (52, 24, 12, 26)
PER_ROW = 3
INK, GRID, RAW, SMOOTH = (60, 60, 60), (228, 228, 228), (170, 200, 235), (25, 95, 180)
# Weight of the past in the smoothed line.
SMOOTHING = 0.9


def read(path: Path) -> Tuple[List[int], List[Tuple[str, List[float]]]]:
    """log.csv -> the steps, and each curve's name and values (gradient norm, rate and losses)."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    skipped = {"step", "minutes", "size", "images_per_second"}
    names = [name for name in (rows[0] if rows else {}) if name not in skipped]
    return [int(row["step"]) for row in rows], [(name, [float(row[name]) for row in rows]) for name in names]


def smooth(values: Sequence[float]) -> List[float]:
    """Exponential mean, without a bias towards the first value."""
    total = weight = 0.0
    result = []
    for value in values:
        total = SMOOTHING * total + (1 - SMOOTHING) * value
        weight = SMOOTHING * weight + (1 - SMOOTHING)
        result.append(total / weight)
    return result


def _panel(pen: ImageDraw.ImageDraw, x: int, y: int, name: str, steps: Sequence[int], values: Sequence[float]) -> None:
    left, top, right, bottom = x + MARGIN[0], y + MARGIN[1], x + PANEL[0] - MARGIN[2], y + PANEL[1] - MARGIN[3]
    # The first few values would hide all that follows.
    settled = sorted(values[min(len(values) // 20, 20) :])
    high = settled[int(len(settled) * 0.99)] * 1.05 or 1.0
    span = max(steps[-1] - steps[0], 1)
    for i in range(5):
        level = bottom - (bottom - top) * i / 4
        pen.line([left, level, right, level], fill=GRID)
        pen.text((x + 4, level - 6), f"{high * i / 4:.3g}", fill=INK)
    pen.text((left, y + 6), f"{name}: {smooth(values)[-1]:.4g}", fill=INK)
    pen.text((left, bottom + 6), str(steps[0]), fill=INK)
    pen.text((right - 7 * len(str(steps[-1])), bottom + 6), str(steps[-1]), fill=INK)
    for line, colour in ((values, RAW), (smooth(values), SMOOTH)):
        points = [
            (left + (right - left) * (s - steps[0]) / span, bottom - (bottom - top) * min(v / high, 1.0))
            for s, v in zip(steps, line)
        ]
        pen.line(points, fill=colour, width=2 if colour == SMOOTH else 1)


def draw(log: Path, target: Path) -> None:
    """Draws a log with at least two rows as PNG; a shorter one gives no picture."""
    steps, curves = read(log)
    if len(steps) < 2:
        return
    rows = -(-len(curves) // PER_ROW)
    image = Image.new("RGB", (PANEL[0] * PER_ROW, PANEL[1] * rows), (255, 255, 255))
    pen = ImageDraw.Draw(image)
    for i, (name, values) in enumerate(curves):
        _panel(pen, PANEL[0] * (i % PER_ROW), PANEL[1] * (i // PER_ROW), name, steps, values)
    temporary = target.with_name(target.name + ".partial")
    image.save(temporary, "PNG")
    temporary.replace(target)
