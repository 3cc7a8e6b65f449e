#!/usr/bin/env python3
"""
Trains and measures the steps from YOLACT to YOLACT++, everything else equal, and writes a table.

The configurations are in `ablations/`: a half-width bottleneck network of [3, 4, 6, 3] blocks at 256 px that differs from row to
row in one thing. Every row is trained with the same data, seed, augmentation and number of steps, then imported and measured on
held-out pictures by the product. With --pretrain every row starts from the same weights, those of a YOLACT trained for so many
steps before, all but its prediction heads (the paper's rows start from a backbone trained on ImageNet): short runs then compare
networks rather than luck. Standard NMS is measured on the last network, so that it differs from Fast NMS in nothing else. What is
done stays done: a run that was interrupted goes on, a finished one is not repeated.
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import anchors
import checkpoint
import config as configuration
import train
from config import Config

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Row:
    """A row of the table: which network, how it is decoded, and what the paper measured for the same change on COCO."""

    title: str
    config: str
    nms: str = "Fast"
    rescore: bool = True
    paper: str = ""

    def model(self, args: argparse.Namespace) -> Path:
        """The imported network."""
        return args.out / "models" / f"{self.config}.onnx"

    def options(self) -> List[str]:
        """How yolact-edge is to decode it."""
        return ["--nms", self.nms, *([] if self.rescore else ["--no-rescoring"])]


ROWS = (
    Row("YOLACT", "yolact"),
    Row("+ three scales", "three_scales", paper="about +1.6"),
    Row("+ deformable blocks, every third", "deformable_interval3", paper="+1.6 at +2.8 ms"),
    Row("+ deformable blocks, all", "deformable_all", paper="+1.8 at +8 ms"),
    Row("+ mask re-scoring (deformable, all)", "rescoring", paper="about +1 at +1.2 ms"),
    Row("the same network, its re-scoring not used", "rescoring", rescore=False),
    Row("the same network, standard NMS", "rescoring", nms="Traditional", paper="+0.1 at +11.8 ms"),
)


def at_size(config: Config, size: Optional[int]) -> Config:
    """The same network for another input size: priors cover the same share of the picture; re-scoring has the layers that fit."""
    if size is None or size == config.input_size:
        return config
    scales = tuple(tuple(round(s * size / config.input_size, 2) for s in level) for level in config.anchors.scales)
    rescoring = config.mask_rescoring
    if rescoring:
        side, fitting = anchors.prototype_size(config, size), 0
        while fitting < len(rescoring.channels) and side >= 3:
            side, fitting = (side - 3) // 2 + 1, fitting + 1
        rescoring = configuration.MaskRescoring(rescoring.channels[:fitting])
    return replace(config, input_size=size, anchors=replace(config.anchors, scales=scales), mask_rescoring=rescoring)


def written(name: str, args: argparse.Namespace) -> Path:
    """The configuration at the size of this comparison, as a file."""
    path = args.out / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    config = at_size(configuration.load(HERE / "ablations" / f"{name}.json"), args.size)
    path.write_text(configuration.dump(config), encoding="utf-8")
    return path


def run(name: str, out: Path, steps: int, start: Optional[Path], args: argparse.Namespace, options: Sequence[str]) -> Path:
    """Trains a configuration unless it is finished; returns its weights."""
    done = out / "done.json"
    plan = {
        "steps": steps,
        "start": start and str(start),
        "size": args.size,
        "batch": args.batch,
        "seed": args.seed,
        "limit": args.limit,
        "options": list(options),
    }
    if done.exists() and json.loads(done.read_text(encoding="utf-8")) == plan:
        return out / checkpoint.MODEL
    command = ["--config", written(name, args), "--data", args.data, "--images", args.images, "--out", out, "--resume"]
    command += ["--steps", steps, "--batch", args.batch, "--seed", args.seed]
    command += ["--start", start] if start else []
    command += ["--limit", args.limit] if args.limit else []
    command += ["--cache", args.cache] if args.cache else []
    if train.main([*map(str, command), *options]) != 0:
        raise RuntimeError(f"the training of {name} did not end well; the same command goes on with it")
    done.write_text(json.dumps(plan), encoding="utf-8")
    return out / checkpoint.MODEL


def trained(name: str, args: argparse.Namespace, options: Sequence[str]) -> Path:
    """The weights of a row's network, trained now where they are not there."""
    start = None
    if args.pretrain:
        first = ROWS[0].config
        whole = run(first, args.out / "pretrained", args.pretrain, None, args, options)
        start = args.out / "common.pth"
        weights = checkpoint.load(whole)
        checkpoint.save({key: value for key, value in weights.items() if not key.startswith("prediction_layers.")}, start)
    return run(name, args.out / name, args.steps, start, args, options)


def product(args: argparse.Namespace, *command: Any) -> Any:
    """Runs yolact-edge; returns what it printed, read as JSON where it is."""
    done = subprocess.run([args.yolact_edge, *map(str, command)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{args.yolact_edge} {command[0]} {command[1]} ended with exit code {done.returncode}")
    return json.loads(done.stdout) if "--json" in command else None


def measure(row: Row, weights: Path, args: argparse.Namespace) -> Dict[str, Any]:
    """The figures of a row on the held-out pictures, by the product."""
    config, folder = written(row.config, args), args.out / "models"
    product(args, "model", "import", weights, "--config", config, "--name", row.config, "-o", folder)
    judged = ["eval", "--model", row.model(args), "--data", args.held_out, "--images", args.held_out_images, "--json"]
    figures = product(args, *judged, *row.options())
    return {"segm": figures["segm"], "bbox": figures["bbox"]}


def milliseconds(rows: Sequence[Row], args: argparse.Namespace) -> List[Tuple[float, float]]:
    """
    Of each row the engine's and the post-processing's time on the first held-out picture with 20 objects, by the product: the 5th
    percentile. The rows take turns and the shortest counts, so a busy machine is busy for all of them.
    """
    first = json.loads(args.held_out.read_text(encoding="utf-8"))["images"][0]["file_name"]
    shortest = [(float("inf"), float("inf"))] * len(rows)
    for _ in range(args.rounds):
        for i, row in enumerate(rows):
            bench = ["bench", args.held_out_images / first, "--model", row.model(args), "--objects", 20, "--frames", 20, "--json"]
            ms = {one["name"]: one["percentile5"] for one in product(args, *bench, *row.options())["rows"]}
            shortest[i] = (min(shortest[i][0], ms["bare engine run"]), min(shortest[i][1], ms["post-process"]))
    return shortest


def table(results: Sequence[Tuple[Row, Dict[str, Any]]], args: argparse.Namespace) -> str:
    """The results as Markdown."""
    before = f"after {args.pretrain} steps for the common start, " if args.pretrain else ""
    lines = [
        f"Input {args.size or 'of the configurations'} px; {before}{args.steps} steps of {args.pictures} pictures a row, "
        f"seed {args.seed}; ONNX Runtime on the CPU, {os.cpu_count()} cores.",
        "",
        "| network | mask AP | mask AP50 | box AP | box AP50 | engine ms | post-processing ms | the paper, on COCO |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row, figures in results:
        aps = " | ".join(f"{figures[kind][name]:.3f}" for kind in ("segm", "bbox") for name in ("AP", "AP50"))
        times = " | ".join(f"{figures[name]:.1f}" if name in figures else "" for name in ("engine ms", "post-processing ms"))
        lines.append(f"| {row.title} | {aps} | {times} | {row.paper} |")
    return "\n".join(lines) + "\n"


def write(results: Sequence[Tuple[Row, Dict[str, Any]]], args: argparse.Namespace) -> None:
    """Keeps the results so far, for people and for machines."""
    (args.out / "table.md").write_text(table(results, args), encoding="utf-8")
    (args.out / "table.json").write_text(json.dumps([{"title": r.title, **f} for r, f in results], indent=2), encoding="utf-8")


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
    add("--pretrain", type=int, default=0, help="steps of YOLACT before, whose weights but the heads' every row starts from")
    add("--size", type=int, help="input size in px instead of the configurations' own: smaller is faster")
    add("--batch", type=int, default=8, help="default %(default)s")
    add("--seed", type=int, default=1, help="default %(default)s")
    add("--limit", type=int, help="train with the first N pictures only")
    add("--cache", type=Path, help="folder for decoded pictures")
    add("--yolact-edge", default="yolact-edge", help="the product, which measures (default: %(default)s of the path)")
    add("--rounds", type=int, default=3, help="times that every row's time is taken, in turns (default %(default)s)")
    add(
        "--rows",
        nargs="+",
        metavar="CONFIG",
        help=f"these configurations only, of {', '.join(dict.fromkeys(r.config for r in ROWS))}",
    )
    arguments: List[str] = list(sys.argv[1:] if argv is None else argv)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    args, options = parser.parse_args(arguments[:split]), arguments[split + 1 :]
    # Every process of a run takes --batch pictures a step.
    args.pictures = args.batch * int(options[options.index("--processes") + 1] if "--processes" in options else 1)
    results: List[Tuple[Row, Dict[str, Any]]] = []
    try:
        for row in ROWS:
            if args.rows and row.config not in args.rows:
                continue
            results.append((row, measure(row, trained(row.config, args, options), args)))
            write(results, args)
        for (_, figures), (engine, after) in zip(results, milliseconds([row for row, _ in results], args)):
            figures["engine ms"], figures["post-processing ms"] = engine, after
        write(results, args)
    except (RuntimeError, ValueError, OSError) as error:
        print(f"ablations.py: {error}", file=sys.stderr)
        return 1
    print(table(results, args))
    return 0


if __name__ == "__main__":
    sys.exit(main())
