"""Priors of every level, and the sizes of the maps that an input size leads to."""
from __future__ import annotations

import math
from typing import List, Sequence, Tuple

import torch
from torch import Tensor

from config import Config


def create(config: Config, sizes: Sequence[Tuple[int, int]]) -> Tensor:
    """
    Priors [P, 4] as cx, cy, w, h relative 0..1: level, row, column, scale, ratio, the last one fastest.

    sizes: rows and columns of each level. Anchor sizes are px of the configured input size, whatever the size in use.
    """
    priors: List[Tensor] = []
    for (rows, columns), scales in zip(sizes, config.anchors.scales):
        shapes = []
        for scale in scales:
            for ratio in config.anchors.ratios:
                width = scale * math.sqrt(ratio) / config.input_size
                height = width if config.anchors.square else scale / math.sqrt(ratio) / config.input_size
                shapes.append((width, height))
        size = torch.tensor(shapes, dtype=torch.float64)
        y = (torch.arange(rows, dtype=torch.float64) + 0.5) / rows
        x = (torch.arange(columns, dtype=torch.float64) + 0.5) / columns
        centre = torch.stack([x[None, :].expand(rows, columns), y[:, None].expand(rows, columns)], -1)
        cells = torch.cat(
            [centre[:, :, None].expand(rows, columns, len(shapes), 2), size[None, None].expand(rows, columns, len(shapes), 2)], -1
        )
        priors.append(cells.reshape(-1, 4))
    return torch.cat(priors).float()


def level_sizes(config: Config, input_size: int) -> List[int]:
    """Side of each pyramid level; every stride-2 step turns n into (n - 1) // 2 + 1."""
    halvings = config.backbone.selected_stages[0] + (2 if config.backbone.kind == "resnet" else 1)
    side = input_size
    for _ in range(halvings):
        side = (side - 1) // 2 + 1
    sides = [side]
    for _ in range(config.levels - 1):
        sides.append((sides[-1] - 1) // 2 + 1)
    return sides


def prototype_size(config: Config, input_size: int) -> int:
    """Side of the prototypes: twice P3's."""
    return 2 * level_sizes(config, input_size)[0]
