#!/usr/bin/env python3
"""
Trains and measures the steps from YOLACT to YOLACT++, everything else equal, and writes a table.

The configurations are in `ablations/`: a half-width bottleneck network of [3, 4, 6, 3] blocks at 256 px that differs from row to
row in one thing. Every row is trained with the same data, seed, augmentation and number of steps, then measured on held-out pictures.
Standard NMS is measured on the last network, so that it differs from Fast NMS in nothing else. What is done stays done: a run
that was interrupted goes on, a finished one is not repeated.
"""
from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import checkpoint
import config as configuration
import dataset
import evaluate
import train
from network import Yolact

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Row:
    """A row of the table: which network, how it is decoded, and what the paper measured for the same change on COCO."""

    title: str
    config: str
    nms: str = "fast"
    rescore: bool = True
    paper: str = ""


ROWS = (
    Row("YOLACT", "yolact"),
    Row("+ three scales", "three_scales", paper="about +1.6"),
    Row("+ deformable blocks, every third", "deformable_interval3", paper="+1.6 at +2.8 ms"),
    Row("+ deformable blocks, all", "deformable_all", paper="+1.8 at +8 ms"),
    Row("+ mask re-scoring (deformable, all)", "rescoring", paper="about +1 at +1.2 ms"),
    Row("the same network, its re-scoring not used", "rescoring", rescore=False),
    Row("the same network, standard NMS", "rescoring", nms="standard", paper="+0.1 at +11.8 ms"),
)


def trained(name: str, args: argparse.Namespace, options: Sequence[str]) -> Path:
    """Trains a configuration unless it is finished; returns its weights."""
    out = args.out / name
    done = out / "done.json"
    plan = {"steps": args.steps, "batch": args.batch, "seed": args.seed, "limit": args.limit, "options": list(options)}
    if done.exists() and json.loads(done.read_text(encoding="utf-8")) == plan:
        return out / checkpoint.MODEL
    command = [
        "--config",
        str(HERE / "ablations" / f"{name}.json"),
        "--data",
        str(args.data),
        "--images",
        str(args.images),
        "--out",
        str(out),
        "--resume",
        "--steps",
        str(args.steps),
        "--batch",
        str(args.batch),
        "--seed",
        str(args.seed),
    ]
    command += ["--limit", str(args.limit)] if args.limit else []
    command += ["--cache", str(args.cache)] if args.cache else []
    if train.main([*command, *options]) != 0:
        raise RuntimeError(f"the training of {name} did not end well; the same command goes on with it")
    done.write_text(json.dumps(plan), encoding="utf-8")
    return out / checkpoint.MODEL


def measure(row: Row, weights: Path, args: argparse.Namespace) -> Dict[str, float]:
    """The figures of a row on the held-out pictures."""
    network = Yolact(configuration.load(HERE / "ablations" / f"{row.config}.json")).to(args.device)
    checkpoint.start_from(network, weights)
    source = dataset.open_dataset(args.held_out, args.held_out_images, network.config.classes, None, args.held_out_limit)
    return evaluate.evaluate(network, source, None, row.nms, rescore=row.rescore)


def table(results: Sequence[Tuple[Row, Dict[str, float]]], args: argparse.Namespace) -> str:
    """The results as Markdown."""
    lines = [
        f"{args.steps} steps of {args.batch} pictures a row, seed {args.seed}; "
        f"{int(results[0][1]['pictures'])} held-out pictures; "
        f"PyTorch on {args.device}, {os.cpu_count()} cores: milliseconds compare rows, not products.",
        "",
        "| network | mask AP | mask AP50 | box AP | network ms | decoding ms | the paper, on COCO |",
        "|---|---|---|---|---|---|---|",
    ]
    for row, figures in results:
        lines.append(
            f"| {row.title} | {figures['mask AP']:.3f} | {figures['mask AP50']:.3f} | {figures['box AP']:.3f} | "
            f"{figures['network ms']:.1f} | {figures['decoding ms']:.1f} | {row.paper} |"
        )
    return "\n".join(lines) + "\n"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Options after -- go to train.py, such as -- --processes 2 --flip.",
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="COCO annotations.json to train with")
    add("--images", type=Path, required=True)
    add("--held-out", type=Path, required=True, help="COCO annotations.json to measure with")
    add("--held-out-images", type=Path, required=True)
    add("--out", type=Path, required=True, help="folder of the runs and of table.md")
    add("--steps", type=int, default=6000, help="of each row (default %(default)s)")
    add("--batch", type=int, default=8, help="default %(default)s")
    add("--seed", type=int, default=1, help="default %(default)s")
    add("--limit", type=int, help="train with the first N pictures only")
    add("--held-out-limit", type=int, help="measure with the first N pictures only")
    add("--cache", type=Path, help="folder for decoded pictures")
    add("--device", default="cpu", help="to measure on (default %(default)s)")
    add(
        "--rows",
        nargs="+",
        metavar="CONFIG",
        help=f"these configurations only, of {', '.join(dict.fromkeys(r.config for r in ROWS))}",
    )
    arguments: List[str] = list(sys.argv[1:] if argv is None else argv)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    args, options = parser.parse_args(arguments[:split]), arguments[split + 1 :]
    results: List[Tuple[Row, Dict[str, Any]]] = []
    try:
        for row in ROWS:
            if args.rows and row.config not in args.rows:
                continue
            results.append((row, measure(row, trained(row.config, args, options), args)))
            text = table(results, args)
            (args.out / "table.md").write_text(text, encoding="utf-8")
            (args.out / "table.json").write_text(
                json.dumps([{"title": r.title, **f} for r, f in results], indent=2), encoding="utf-8"
            )
    except (RuntimeError, ValueError, OSError) as error:
        print(f"ablations.py: {error}", file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
