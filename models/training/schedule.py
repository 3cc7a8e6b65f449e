"""The learning rate over the run."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Tuple

# Where no warm-up is asked for it is the papers' number of steps, and at most this share of a run, which may be shorter than that.
WARMUP_STEPS = 500
WARMUP_SHARE = 0.1


@dataclass(frozen=True)
class Schedule:
    """
    kind: `cosine` down to zero, or `steps`: a tenth from each of `milestones` (shares of the run) on. Before, the rate rises
    linearly over `warmup` steps (None: 500, and at most a tenth of the run).
    """

    rate: float
    kind: str = "cosine"
    warmup: Optional[int] = None
    milestones: Tuple[float, ...] = (0.35, 0.75, 0.88, 0.94)

    def at(self, step: int, progress: float) -> float:
        """The rate at a step; progress: share of the run that is over, 0..1, by steps or by the clock."""
        progress = min(max(progress, 0.0), 1.0)
        if self.kind == "cosine":
            rate = self.rate * 0.5 * (1 + math.cos(math.pi * progress))
        else:
            rate = self.rate * 0.1 ** sum(progress >= m for m in self.milestones)
        return rate * min(1.0, self._warmth(step, progress))

    def _warmth(self, step: int, progress: float) -> float:
        if self.warmup is not None:
            return (step + 1) / max(self.warmup, 1)
        return max((step + 1) / WARMUP_STEPS, progress / WARMUP_SHARE)
