"""What takes the steps: SGD, and which parameters move how fast."""
from __future__ import annotations

import argparse

import torch
from torch import nn

from deform import DeformConv


def of(network: nn.Module, args: argparse.Namespace) -> torch.optim.SGD:
    """
    SGD with Nesterov momentum; weight decay on weights of two and more dimensions only. What moves the taps of deformable
    convolutions learns at `--offset-rate` of the rate, without decay: at the full rate the taps wander faster than the weights
    behind them can follow.
    """
    deformable = [m for m in network.modules() if isinstance(m, DeformConv)]
    offsets = [p for m in deformable for p in m.conv_offset_mask.parameters() if p.requires_grad]
    apart = {id(p) for p in offsets}
    others = [p for p in network.parameters() if p.requires_grad and id(p) not in apart]
    groups = [
        {"params": [p for p in others if p.ndim > 1], "weight_decay": args.weight_decay, "share": 1.0},
        {"params": [p for p in others if p.ndim <= 1], "weight_decay": 0.0, "share": 1.0},
        {"params": offsets, "weight_decay": 0.0, "share": args.offset_rate},
    ]
    return torch.optim.SGD(
        [group for group in groups if group["params"]], lr=args.rate, momentum=args.momentum, nesterov=args.momentum > 0
    )


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Sets the learning rate, of which every group of parameters takes its share."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]
