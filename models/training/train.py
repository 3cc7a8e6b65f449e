#!/usr/bin/env python3
"""Trains a YOLACT or YOLACT++ network on COCO-format data. `train.py --help` explains everything."""
from __future__ import annotations

import argparse
import contextlib
import csv
import functools
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

import anchors
import augment
import checkpoint
import config as configuration
import curves
import dataset
import loader
import parallel
from losses import YolactLoss
from network import Yolact, freeze_batch_norm
from schedule import Schedule

EXAMPLES = """
examples:
  from scratch on your own data (the config's "classes" are the names of the data's categories):
    train.py --config mine.json --data annotations.json --images images --out runs/mine --steps 20000
  from a published or earlier checkpoint to other classes (heads of another shape start anew and are listed):
    train.py --config mine.json --data annotations.json --images images --out runs/mine --start yolact_plus_resnet50.pth --freeze-bn --steps 3000 --rate 0.001
  go on after an interruption:
    train.py --resume runs/mine ... (the same options)
  until a given time is over, whatever the machine's load:
    train.py ... --max-minutes 90
The folder of --out holds model.pth (the bare weights, for `yolact-edge model import`), last.pth and previous.pth (for --resume),
log.csv and log.png (the losses), problems.txt (annotations that were left out).
"""


def arguments(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--config", type=Path, required=True, help="the network, as `yolact-edge model config` writes it")
    add("--data", type=Path, required=True, help="COCO annotations.json (polygons, run lengths, crowds)")
    add("--images", type=Path, required=True, help="folder of the pictures")
    add("--out", type=Path, required=True, help="folder of the run")
    add("--start", type=Path, help="weights to start from: an ImageNet backbone (torchvision's names) or any checkpoint")
    add("--resume", action="store_true", help="go on with the run in --out; starts it where there is none")
    add("--steps", type=int, default=20000, help="length in batches (default %(default)s)")
    add("--max-minutes", type=float, help="length in minutes of wall-clock time instead: the schedule follows the clock")
    add("--batch", type=int, default=8, help="pictures a batch (default %(default)s)")
    add("--rate", type=float, default=0.01, help="peak learning rate (default %(default)s; 0.001 for fine-tuning)")
    add("--schedule", choices=("cosine", "steps"), default="cosine", help="default %(default)s")
    add("--milestones", type=float, nargs="+", default=list(Schedule.milestones), metavar="SHARE",
        help="for --schedule steps: shares of the run from which on the rate is a tenth")
    add("--warmup", type=int, default=500, help="steps of rising rate (default %(default)s)")
    add("--momentum", type=float, default=0.9, help="of SGD (default %(default)s)")
    add("--weight-decay", type=float, default=5e-4, help="default %(default)s")
    add("--clip", type=float, default=10.0, help="largest norm of the gradient (default %(default)s; 0: no limit)")
    add("--freeze-bn", action="store_true", help="batch norm keeps its statistics: for fine-tuning")
    add("--sizes", default="", metavar="S:UNTIL,...", help="smaller input sizes first, e.g. 192:0.5 trains the first half at 192 px")
    add("--photometric", type=float, default=0.5, help="share of pictures for each colour change (default %(default)s)")
    add("--expand", type=float, default=4.0, help="largest zoom out (default %(default)s; 1: none)")
    add("--expand-share", type=float, default=0.5, help="share of pictures zoomed out (default %(default)s)")
    add("--crop-share", type=float, default=0.83, help="share of pictures cropped (default %(default)s)")
    add("--min-crop", type=float, default=0.3, help="smallest side of a crop as a share (default %(default)s)")
    add("--no-mirror", action="store_true", help="no exchange of left and right: where it would change a class")
    add("--flip", action="store_true", help="exchange top and bottom too: for views from above")
    add("--quarter-turns", action="store_true", help="turn by 90 degrees too; proportions change where pictures are not square")
    add("--no-augment", action="store_true", help="pictures as they are: to overfit a few on purpose")
    add("--limit", type=int, help="use the first N pictures only")
    add("--cache", type=Path, help="folder for decoded pictures: faster where the disk has room (3 bytes a pixel)")
    add("--workers", type=int, default=2, help="processes that prepare batches (default %(default)s; 0: none)")
    add("--processes", type=int, default=1,
        help="training processes, each with --batch pictures, that average their gradients: on a CPU one a core beats one with "
             "as many threads (default %(default)s)")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default %(default)s here")
    add("--precision", choices=("auto", "float32", "bfloat16", "float16"), default="auto",
        help="of convolutions; auto: 16 bit where the device computes it natively; weights stay float32")
    add("--seed", type=int, default=1, help="default %(default)s")
    add("--save-minutes", type=float, default=5.0, help="minutes between checkpoints (default %(default)s)")
    add("--log-every", type=int, default=20, help="steps between lines of the log (default %(default)s)")
    return parser.parse_args(argv)


def size_plan(text: str, final: int) -> List[Tuple[float, int]]:
    """`192:0.5` with final 256 -> [(0.5, 192), (1.0, 256)]: each size and the share of the run until which it is used."""
    plan = []
    for part in filter(None, text.split(",")):
        try:
            size, until = part.split(":")
            plan.append((float(until), int(size)))
        except ValueError:
            raise configuration.ConfigError(f"--sizes {part!r}: write SIZE:UNTIL such as 192:0.5") from None
    return sorted(plan) + [(1.0, final)]


def choose_precision(wanted: str, device: torch.device) -> Optional[torch.dtype]:
    """The autocast type, None for plain float32."""
    if wanted != "auto":
        return None if wanted == "float32" else getattr(torch, wanted)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii")
    except OSError:
        return None
    return torch.bfloat16 if " avx512_bf16" in flags or " amx_bf16" in flags else None


def optimizer_of(network: nn.Module, args: argparse.Namespace) -> torch.optim.SGD:
    """SGD with Nesterov momentum; weight decay on weights of two and more dimensions only."""
    weights = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    others = [p for p in network.parameters() if p.requires_grad and p.ndim <= 1]
    return torch.optim.SGD([{"params": weights, "weight_decay": args.weight_decay}, {"params": others, "weight_decay": 0.0}],
                           lr=args.rate, momentum=args.momentum, nesterov=args.momentum > 0)


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
        self.writer.writerow([step, f"{minutes:.2f}", f"{rate:.6f}", size, f"{speed:.2f}"]
                             + [f"{mean[name]:.4f}" for name in ("gradient", "total", *self.parts)])
        self.file.flush()
        print(f"step {step}  {minutes:.1f} min, {remaining:.0f} to go  {speed:.1f} images/s  rate {rate:.5f}  loss {mean['total']:.3f}  "
              + "  ".join(f"{name} {mean[name]:.3f}" for name in self.parts), flush=True)
        self.sums, self.count, self.images, self.since = {}, 0, 0, now


class Trainer:
    """One run: the network, its optimiser and where it stands."""

    def __init__(self, args: argparse.Namespace, group: parallel.Group = parallel.Group()) -> None:
        self.args = args
        self.group = group
        self.device = torch.device(args.device)
        self.config = configuration.load(args.config)
        self.plan = size_plan(args.sizes, self.config.input_size)
        self.schedule = Schedule(args.rate, args.schedule, args.warmup, tuple(args.milestones))
        torch.manual_seed(args.seed)
        self.network = Yolact(self.config)
        self.step = 0
        self.seconds = 0.0
        self.stop: Any = False
        self.stopping = False
        self._started, self._before = time.monotonic(), 0.0
        args.out.mkdir(parents=True, exist_ok=True)
        if args.start and not (args.resume and (args.out / checkpoint.LAST).exists()):
            self._start(args.start)
        self.network.to(self.device, memory_format=torch.channels_last)
        self._train_mode()
        self.optimizer = optimizer_of(self.network, args)
        self.precision = choose_precision(args.precision, self.device)
        self.scaler = torch.cuda.amp.GradScaler(enabled=self.precision == torch.float16)
        if args.resume and any((args.out / name).exists() for name in (checkpoint.LAST, checkpoint.PREVIOUS)):
            self._resume()
        self.loss = YolactLoss(anchors.prototype_size(self.config, self.config.input_size))
        self.generator = torch.Generator()
        self._priors: Dict[int, Tensor] = {}

    def _start(self, path: Path) -> None:
        loaded = checkpoint.start_from(self.network, path)
        if not self.group.leads:
            return
        print(f"{len(loaded.taken)} parameters from {path}; {len(loaded.fresh)} start anew")
        for line in loaded.reshaped:
            print(f"  other shape, starts anew: {line}")
        missing = [n for n in loaded.fresh if n not in {line.split(":")[0] for line in loaded.reshaped}]
        for name in missing[:20]:
            print(f"  not in the file, starts anew: {name}")
        if len(missing) > 20:
            print(f"  ... and {len(missing) - 20} more")

    def _train_mode(self) -> None:
        self.network.train()
        if self.args.freeze_bn:
            freeze_batch_norm(self.network)

    def _resume(self) -> None:
        state = checkpoint.load_run(self.args.out)
        if state["config"] != configuration.dump(self.config):
            raise checkpoint.CheckpointError(f"the run in {self.args.out} is of another config: choose another --out, or --start "
                                             "from its model.pth")
        self.network.load_state_dict(state["network"])
        for name, parameter in self.network.named_parameters():
            if name in state["momentum"]:
                self.optimizer.state[parameter]["momentum_buffer"] = state["momentum"][name].to(self.device)
        self.step, self.seconds = state["step"], float(state["seconds"])
        if self.scaler.is_enabled():
            self.scaler.load_state_dict({**self.scaler.state_dict(), "scale": float(state["scale"])})
        if self.group.leads:
            print(f"goes on after step {self.step} ({self.seconds / 60:.1f} min)", flush=True)

    def save(self) -> None:
        """Writes the state to resume from, and the bare weights."""
        momentum = {name: self.optimizer.state[parameter]["momentum_buffer"] for name, parameter in self.network.named_parameters()
                    if "momentum_buffer" in self.optimizer.state.get(parameter, {})}
        # Tensors, whole numbers and text only: what PyTorch 1.13 reads without running code.
        checkpoint.save_run({"network": self.network.state_dict(), "momentum": momentum, "step": self.step,
                             "seconds": torch.tensor(self.seconds, dtype=torch.float64),
                             "scale": torch.tensor(float(self.scaler.get_scale())), "config": configuration.dump(self.config)},
                            self.args.out)
        checkpoint.save(checkpoint.parameters_only(self.network), self.args.out / checkpoint.MODEL)

    @property
    def progress(self) -> float:
        """Share of the run that is over, 0..1."""
        return self.seconds / 60 / self.args.max_minutes if self.args.max_minutes else self.step / self.args.steps

    def size(self) -> int:
        """The input size in use now."""
        return next((size for until, size in self.plan if self.progress < until), self.plan[-1][1])

    def priors(self, sizes: Tensor) -> Tensor:
        """Priors [P, 4] for the levels' sizes."""
        key = int(sizes[0, 0])
        if key not in self._priors:
            self._priors[key] = anchors.create(self.config, [tuple(s) for s in sizes.tolist()]).to(self.device)
        return self._priors[key]

    def train_step(self, batch: loader.Batch) -> Dict[str, float]:
        """One batch: losses, gradients, one step of the optimiser."""
        rate = self.schedule.at(self.step, self.progress)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.generator.manual_seed(self.args.seed * 1_000_003 + self.step * self.group.count + self.group.rank)
        cast = torch.autocast(self.device.type, dtype=self.precision) if self.precision else contextlib.nullcontext()
        with cast:
            output = self.network(batch.pixels(self.device))
        losses = self.loss(self.network, output, self.priors(output["sizes"]), batch.targets(self.device), self.generator)
        total = torch.stack(list(losses.values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(total).backward()
        self.seconds, self.stopping = self.group.average_gradients(
            [p for p in self.network.parameters() if p.requires_grad], self.clock(), bool(self.stop))
        self.scaler.unscale_(self.optimizer)
        norm = nn.utils.clip_grad_norm_([p for p in self.network.parameters() if p.grad is not None],
                                        self.args.clip or float("inf"))
        if self.scaler.is_enabled() or bool(torch.isfinite(norm)):
            self.scaler.step(self.optimizer)
            self.scaler.update()
        values = torch.stack([total, norm, *losses.values()]).detach().float().tolist()
        return dict(zip(["total", "gradient", *losses], values))

    def clock(self) -> float:
        """Seconds of training so far, those before a resume included."""
        return self._before + time.monotonic() - self._started

    def run(self, examples_at: "ExamplesAt") -> None:
        """Trains until the end of the schedule."""
        parts = ["box", "class", "mask", "semantic"] + (["rescoring"] if self.config.mask_rescoring else [])
        self._started, self._before = time.monotonic(), self.seconds
        with Log(self.args.out / "log.csv", parts, self.step) if self.group.leads else contextlib.nullcontext() as log:
            self._run(examples_at, log)

    def _keep(self, log: Optional[Log]) -> None:
        self.group.average_statistics(self.network)
        if log:
            self.save()
            curves.draw(log.path, log.path.with_suffix(".png"))
        self.group.wait()

    def _run(self, examples_at: "ExamplesAt", log: Optional[Log]) -> None:
        size, batches, saved, failures = 0, iter(()), self.seconds, 0
        while self.progress < 1 and not self.stopping:
            if self.size() != size:
                size = self.size()
                batches = examples_at(size, self.step)
            losses = self.train_step(next(batches))
            self.step += 1
            failures = failures + 1 if losses["gradient"] != losses["gradient"] else 0
            if failures > 20:
                raise RuntimeError("the gradient is not a number, 20 times in a row: lower --rate, or see problems.txt")
            if log and not failures:
                log.add(losses, self.args.batch * self.group.count)
            if log and self.step % self.args.log_every == 0 and log.count:
                done = max(self.progress, 1e-6)
                log.write(self.step, self.seconds / 60, self.optimizer.param_groups[0]["lr"], size, self.seconds / 60 * (1 - done) / done)
            if self.seconds - saved > self.args.save_minutes * 60:
                self._keep(log)
                saved = self.seconds
        self._keep(log)


class ExamplesAt:
    """Batches at a size from a step on."""

    def __init__(self, trainer: Trainer, source: Any) -> None:
        args = trainer.args
        self.trainer, self.source = trainer, source
        self.options = augment.NONE if args.no_augment else augment.Options(
            args.photometric, args.expand_share, args.expand, args.crop_share, args.min_crop, not args.no_mirror, args.flip,
            args.quarter_turns)

    def __call__(self, size: int, step: int) -> Iterator[loader.Batch]:
        args = self.trainer.args
        examples = loader.Examples(self.source, self.trainer.config, self.options, args.seed, size)
        return loader.batches(examples, args.batch, step, args.workers, self.trainer.group)


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
            print(f"{sum(p.numel() for p in trainer.network.parameters()) / 1e6:.2f} million parameters, {trainer.device}, "
                  f"{trainer.precision or torch.float32}, {group.count} x {torch.get_num_threads()} threads", flush=True)
            group.wait()
        trainer.stop = parallel.StopRequest()
        trainer.run(ExamplesAt(trainer, source))
    except (configuration.ConfigError, checkpoint.CheckpointError, ValueError, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 1
    if trainer.stopping and group.leads:
        print(f"stopped after step {trainer.step} and saved; --resume goes on", file=sys.stderr)
    return 130 if trainer.stopping else 0


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line; returns the exit code."""
    args = arguments(argv)
    return parallel.launch(args.processes, functools.partial(train, args))


if __name__ == "__main__":
    sys.exit(main())
