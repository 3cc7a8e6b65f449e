"""Which prior answers which truth, and the encoding of boxes against priors (SSD's, section 3.1 of the YOLACT paper)."""
from __future__ import annotations

from typing import Tuple

import torch
from torch import Tensor

POSITIVE_IOU = 0.5
NEGATIVE_IOU = 0.4
CROWD_OVERLAP = 0.7
CENTRE_VARIANCE = 0.1
SIZE_VARIANCE = 0.2
NEUTRAL = -1


def corners(boxes: Tensor) -> Tensor:
    """cx, cy, w, h [N, 4] -> x1, y1, x2, y2 [N, 4]."""
    return torch.cat([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)


def overlap(a: Tensor, b: Tensor, of_first: bool = False) -> Tensor:
    """IoU [N, M] of corner boxes [N, 4] and [M, 4]; with `of_first` the intersection's share of each of a's boxes."""
    low = torch.maximum(a[:, None, :2], b[None, :, :2])
    high = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = (high - low).clamp(min=0).prod(-1)
    area_a = (a[:, 2:] - a[:, :2]).prod(-1)[:, None]
    area_b = (b[:, 2:] - b[:, :2]).prod(-1)[None]
    return inter / (area_a if of_first else area_a + area_b - inter).clamp(min=1e-9)


def encode(truth: Tensor, priors: Tensor) -> Tensor:
    """Corner boxes [N, 4] against priors [N, 4] -> regression targets [N, 4]."""
    centre = (truth[:, :2] + truth[:, 2:]) / 2 - priors[:, :2]
    size = (truth[:, 2:] - truth[:, :2]).clamp(min=1e-6)
    return torch.cat([centre / (CENTRE_VARIANCE * priors[:, 2:]), torch.log(size / priors[:, 2:]) / SIZE_VARIANCE], 1)


def decode(box: Tensor, priors: Tensor) -> Tensor:
    """Regressions [N, 4] against priors [N, 4] -> corner boxes [N, 4]."""
    centre = priors[:, :2] + box[:, :2] * CENTRE_VARIANCE * priors[:, 2:]
    size = priors[:, 2:] * torch.exp(box[:, 2:] * SIZE_VARIANCE)
    low = centre - size / 2
    return torch.cat([low, low + size], 1)


def match(boxes: Tensor, labels: Tensor, crowd: Tensor, priors: Tensor) -> Tuple[Tensor, Tensor]:
    """
    boxes [T, 4] corners, labels [T] 0-based, crowd [T] bool, priors [P, 4] -> classes [P] (0 background, label + 1, or NEUTRAL)
    and truth [P] (the index of the best non-crowd truth).

    A prior is positive from IoU 0.5, background below 0.4, neutral between; each truth gets its best prior, the surest pair
    first, so two truths never share one. Background that lies in a crowd region by more than 0.7 of itself is neutral.
    """
    count = priors.shape[0]
    classes = torch.zeros(count, dtype=torch.long, device=priors.device)
    truth = torch.zeros(count, dtype=torch.long, device=priors.device)
    prior_corners = corners(priors)
    single = (~crowd).nonzero()[:, 0]
    if len(single):
        iou = overlap(boxes[single], prior_corners)
        best, nearest = iou.max(0)
        free = iou.clone()
        value, favourite = free.max(1)
        for _ in range(len(single)):
            row = int(value.argmax())
            column = int(favourite[row])
            best[column], nearest[column] = 2.0, row
            free[:, column], value[row] = -1.0, -2.0
            for robbed in ((favourite == column) & (value > -2)).nonzero()[:, 0].tolist():
                value[robbed], favourite[robbed] = free[robbed].max(0)
        truth = single[nearest]
        classes = labels[truth] + 1
        classes[best < POSITIVE_IOU] = NEUTRAL
        classes[best < NEGATIVE_IOU] = 0
    if bool(crowd.any()):
        share = overlap(prior_corners, boxes[crowd], of_first=True).amax(1)
        classes[(classes <= 0) & (share > CROWD_OVERLAP)] = NEUTRAL
    return classes, truth
