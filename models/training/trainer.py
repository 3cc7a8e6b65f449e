"""One run: the network, its optimiser, its data, and where it stands."""
from __future__ import annotations

import argparse
import contextlib
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import torch
from torch import Tensor, nn

import anchors
import augment
import checkpoint
import config as configuration
import curves
import loader
import optimizer
import options
import parallel
from log import Log
from losses import YolactLoss
from network import Yolact, freeze_batch_norm, speed_up_pointwise
from schedule import Schedule


class Trainer:
    """One run: the network, its optimiser and where it stands."""

    def __init__(self, args: argparse.Namespace, group: parallel.Group = parallel.Group()) -> None:
        self.args = args
        self.group = group
        self.device = torch.device(args.device)
        self.config = configuration.load(args.config)
        self.plan = options.size_plan(args.sizes, self.config.input_size)
        self.schedule = Schedule(args.rate, args.schedule, args.warmup, tuple(args.milestones))
        torch.manual_seed(args.seed)
        self.network = Yolact(self.config)
        if self.device.type == "cpu":
            speed_up_pointwise(self.network)
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
        self.optimizer = optimizer.of(self.network, args)
        self.precision = options.choose_precision(args.precision, self.device)
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
            raise checkpoint.CheckpointError(
                f"the run in {self.args.out} is of another config: choose another --out, or --start " "from its model.pth"
            )
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
        momentum = {
            name: self.optimizer.state[parameter]["momentum_buffer"]
            for name, parameter in self.network.named_parameters()
            if "momentum_buffer" in self.optimizer.state.get(parameter, {})
        }
        # Tensors, whole numbers and text only: what PyTorch 1.13 reads without running code.
        checkpoint.save_run(
            {
                "network": self.network.state_dict(),
                "momentum": momentum,
                "step": self.step,
                "seconds": torch.tensor(self.seconds, dtype=torch.float64),
                "scale": torch.tensor(float(self.scaler.get_scale())),
                "config": configuration.dump(self.config),
            },
            self.args.out,
        )
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
        optimizer.set_rate(self.optimizer, self.schedule.at(self.step, self.progress))
        self.generator.manual_seed(self.args.seed * 1_000_003 + self.step * self.group.count + self.group.rank)
        cast = torch.autocast(self.device.type, dtype=self.precision) if self.precision else contextlib.nullcontext()
        with cast:
            output = self.network(batch.pixels(self.device))
        losses = self.loss(self.network, output, self.priors(output["sizes"]), batch.targets(self.device), self.generator)
        total = torch.stack(list(losses.values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(total).backward()
        self.seconds, self.stopping = self.group.average_gradients(
            [p for p in self.network.parameters() if p.requires_grad], self.clock(), bool(self.stop)
        )
        self.scaler.unscale_(self.optimizer)
        norm = nn.utils.clip_grad_norm_(
            [p for p in self.network.parameters() if p.grad is not None], self.args.clip or float("inf")
        )
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
                log.write(
                    self.step,
                    self.seconds / 60,
                    self.optimizer.param_groups[0]["lr"],
                    size,
                    self.seconds / 60 * (1 - done) / done,
                )
            if self.seconds - saved > self.args.save_minutes * 60:
                self._keep(log)
                saved = self.seconds
        self._keep(log)


class ExamplesAt:
    """Batches at a size from a step on."""

    def __init__(self, trainer: Trainer, source: Any) -> None:
        args = trainer.args
        self.trainer, self.source = trainer, source
        self.options = (
            augment.NONE
            if args.no_augment
            else augment.Options(
                args.photometric,
                args.expand_share,
                args.expand,
                args.crop_share,
                args.min_crop,
                not args.no_mirror,
                args.flip,
                args.quarter_turns,
            )
        )

    def __call__(self, size: int, step: int) -> Iterator[loader.Batch]:
        args = self.trainer.args
        examples = loader.Examples(self.source, self.trainer.config, self.options, args.seed, size)
        return loader.batches(examples, args.batch, step, args.workers, self.trainer.group)
