"""Batches, prepared in worker processes. Example number n is a function of the seed and n alone, so a resumed run sees what
the first would have seen."""
from __future__ import annotations

import itertools
import signal
from dataclasses import dataclass
from typing import Iterator, List, Optional

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

import anchors
import augment
from config import Config
from losses import Truth
from parallel import Group


@dataclass
class Batch:
    """image uint8 [N, S, S, 3], colour [N, 3, 4], one Truth a picture (masks uint8 until they are on the device)."""

    image: Tensor
    colour: Tensor
    truths: List[Truth]

    def pixels(self, device: torch.device) -> Tensor:
        """The pictures on the device with their colours changed: [N, 3, S, S], RGB 0..255, channels-last in memory."""
        image = self.image.to(device, non_blocking=True).float()
        colour = self.colour.to(device, non_blocking=True)
        n, s = image.shape[:2]
        changed = torch.baddbmm(colour[:, None, :, 3], image.view(n, s * s, 3), colour[:, :, :3].transpose(1, 2))
        return changed.clamp_(0, 255).view(n, s, s, 3).permute(0, 3, 1, 2)

    def targets(self, device: torch.device) -> List[Truth]:
        """The truths on the device, masks as float."""
        return [
            Truth(
                t.boxes.to(device),
                t.labels.to(device),
                t.crowd.to(device),
                t.masks.to(device).float(),
                t.semantic.to(device).float(),
            )
            for t in self.truths
        ]


class Examples(Dataset):
    """Augmented example number n of an endless sequence: each epoch is a permutation of the data."""

    def __init__(self, source, config: Config, options: augment.Options, seed: int, size: int) -> None:
        self.source = source
        self.config = config
        self.options = options
        self.seed = seed
        self.size = size
        self.mask_size = anchors.prototype_size(config, size)
        self._epoch = -1
        self._order: Optional[np.ndarray] = None

    def index(self, number: int) -> int:
        """Which picture example `number` shows."""
        epoch, position = divmod(number, len(self.source))
        if epoch != self._epoch:
            self._epoch, self._order = epoch, np.random.default_rng([self.seed, epoch]).permutation(len(self.source))
        assert self._order is not None
        return int(self._order[position])

    def __getitem__(self, number: int) -> augment.Example:
        rng = np.random.default_rng([self.seed, number, 1])
        return augment.augment(
            self.source[self.index(number)], rng, self.options, self.size, self.mask_size, len(self.config.classes)
        )


def collate(examples: List[augment.Example]) -> Batch:
    """Examples of one size -> a batch."""

    def tensor(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(array))

    return Batch(
        torch.stack([tensor(e.image) for e in examples]),
        torch.stack([tensor(e.colour) for e in examples]),
        [Truth(tensor(e.boxes), tensor(e.labels), tensor(e.crowd), tensor(e.masks), tensor(e.semantic)) for e in examples],
    )


class _Numbers:
    """Batches of example numbers from `first` on, `stride` apart, without end."""

    def __init__(self, first: int, batch: int, stride: int) -> None:
        self.first, self.batch, self.stride = first, batch, stride

    def __iter__(self) -> Iterator[List[int]]:
        for start in itertools.count(self.first, self.stride):
            yield list(range(start, start + self.batch))


def _start_worker(_: int) -> None:
    torch.set_num_threads(1)
    # Requests to stop reach the whole group of processes; the training process decides. Without it a worker ends by itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def batches(examples: Examples, batch: int, first_step: int, workers: int, group: Group) -> Iterator[Batch]:
    """This process's batches from step `first_step` on, without end, prepared ahead of time by `workers` processes (0: here)."""
    stride = batch * group.count
    numbers = _Numbers(first_step * stride + group.rank * batch, batch, stride)
    ahead = {"prefetch_factor": 4} if workers else {}
    return iter(
        DataLoader(
            examples,
            batch_sampler=numbers,
            num_workers=workers,
            collate_fn=collate,  # type: ignore[arg-type]
            worker_init_fn=_start_worker,
            **ahead,
        )
    )
