"""Data parallelism on one machine: several processes, each with its share of the batch, that average their gradients every step."""
from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Callable, List, Sequence

import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing
from torch import Tensor, nn


class Group:
    """The processes of a run; a group of one does nothing."""

    def __init__(self, rank: int = 0, count: int = 1) -> None:
        self.rank, self.count = rank, count

    @property
    def leads(self) -> bool:
        """Whether this process prints, logs and saves."""
        return self.rank == 0

    def average_gradients(self, parameters: Sequence[Tensor], seconds: float) -> float:
        """Averages the gradients over all processes in place; returns the leader's `seconds`, so that all follow one clock."""
        if self.count == 1:
            return seconds
        gradients: List[Tensor] = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        clock = torch.tensor([seconds * self.count if self.leads else 0.0], device=gradients[0].device)
        flat = torch.cat([clock, *[g.flatten() for g in gradients]])
        distributed.all_reduce(flat)
        flat /= self.count
        start = 1
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = flat[start:start + gradient.numel()].view_as(gradient)
            start += gradient.numel()
        return float(flat[0])

    def average_statistics(self, network: nn.Module) -> None:
        """Averages the batch norms' running statistics, of which each process has seen its own share."""
        if self.count > 1:
            for buffer in network.buffers():
                if buffer.is_floating_point():
                    distributed.all_reduce(buffer)
                    buffer /= self.count

    def wait(self) -> None:
        """Returns when every process has come here."""
        if self.count > 1:
            distributed.barrier()


def _enter(rank: int, count: int, meeting: str, run: Callable[[Group], int]) -> None:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // count))
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=count)
    code = run(Group(rank, count))
    if code:
        raise SystemExit(code)
    distributed.destroy_process_group()


def launch(count: int, run: Callable[[Group], int]) -> int:
    """Calls `run` (a picklable function) in `count` processes; returns the exit code."""
    if count == 1:
        return run(Group())
    with tempfile.TemporaryDirectory() as folder:
        try:
            multiprocessing.spawn(_enter, (count, str(Path(folder) / "meeting"), run), nprocs=count)
        except multiprocessing.ProcessExitedException as error:
            return error.exit_code or 1
    return 0
