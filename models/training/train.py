#!/usr/bin/env python3
"""Trains a YOLACT or YOLACT++ network on COCO-format data. `train.py --help` explains everything."""
from __future__ import annotations

import argparse
import functools
import sys
from typing import Optional, Sequence

import torch

import checkpoint
import config as configuration
import dataset
import options
import parallel
from trainer import ExamplesAt, Trainer


def train(args: argparse.Namespace, group: parallel.Group) -> int:
    """One process of a run; returns the exit code."""
    try:
        if not group.leads:
            group.wait()
        trainer = Trainer(args, group)
        source = dataset.open_dataset(args.data, args.images, trainer.config.classes, args.cache, args.limit)
        if group.leads:
            (args.out / "problems.txt").write_text("".join(f"{line}\n" for line in source.problems), encoding="utf-8")
            print(f"{len(source)} pictures; {len(source.problems)} problems, listed in {args.out / 'problems.txt'}")
            print(
                f"{sum(p.numel() for p in trainer.network.parameters()) / 1e6:.2f} million parameters, {trainer.device}, "
                f"{trainer.precision or torch.float32}, {group.count} x {torch.get_num_threads()} threads",
                flush=True,
            )
            group.wait()
        with parallel.StopRequest() as trainer.stop:
            trainer.run(ExamplesAt(trainer, source))
    except (configuration.ConfigError, checkpoint.CheckpointError, ValueError, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 1
    if trainer.stopping and group.leads:
        print(f"stopped after step {trainer.step} and saved; --resume goes on", file=sys.stderr)
    return 130 if trainer.stopping else 0


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line; returns the exit code."""
    args = options.arguments(argv)
    return parallel.launch(args.processes, functools.partial(train, args))


if __name__ == "__main__":
    sys.exit(main())
