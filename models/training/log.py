"""The log of a run."""
from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence


class Log:
    """log.csv: one row every few steps, means since the last; and a line for people."""

    def __init__(self, path: Path, parts: Sequence[str], resume_step: int) -> None:
        self.path = path
        self.parts = list(parts)
        rows: List[List[str]] = []
        if path.exists() and resume_step:
            with open(path, newline="", encoding="utf-8") as file:
                rows = [row for row in list(csv.reader(file))[1:] if row and int(row[0]) <= resume_step]
        self.file = open(path, "w", newline="", encoding="utf-8")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["step", "minutes", "rate", "size", "images_per_second", "gradient", "total", *self.parts])
        self.writer.writerows(rows)
        self.file.flush()
        self.sums: Dict[str, float] = {}
        self.count = self.images = 0
        self.since = time.monotonic()

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *_: Any) -> None:
        self.file.close()

    def add(self, losses: Dict[str, float], images: int) -> None:
        """One step's losses."""
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        self.count += 1
        self.images += images

    def write(self, step: int, minutes: float, rate: float, size: int, remaining: float) -> None:
        """Writes the means; remaining: minutes to go."""
        mean = {name: value / self.count for name, value in self.sums.items()}
        now = time.monotonic()
        speed = self.images / max(now - self.since, 1e-9)
        self.writer.writerow(
            [step, f"{minutes:.2f}", f"{rate:.6f}", size, f"{speed:.2f}"]
            + [f"{mean[name]:.4f}" for name in ("gradient", "total", *self.parts)]
        )
        self.file.flush()
        print(
            f"step {step}  {minutes:.1f} min, {remaining:.0f} to go  {speed:.1f} images/s  "
            f"rate {rate:.5f}  loss {mean['total']:.3f}  "
            + "  ".join(f"{name} {mean[name]:.3f}" for name in self.parts),
            flush=True,
        )
        self.sums, self.count, self.images, self.since = {}, 0, 0, now
