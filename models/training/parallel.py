"""Data parallelism on one machine: processes with a share of the batch each, that average their gradients every step."""
from __future__ import annotations

import os
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Tuple

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

    def average_gradients(self, parameters: Sequence[Tensor], seconds: float, stop: bool) -> Tuple[float, bool]:
        """
        Averages the gradients over all processes in place. All follow the leader's clock, `seconds`, and stop together where one
        wants to: returns both.
        """
        if self.count == 1:
            return seconds, stop
        gradients: List[Tensor] = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        shared = torch.tensor([seconds * self.count if self.leads else 0.0, float(stop)], device=gradients[0].device)
        flat = torch.cat([shared, *[g.flatten() for g in gradients]])
        distributed.all_reduce(flat)
        flat /= self.count
        start = len(shared)
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = flat[start : start + gradient.numel()].view_as(gradient)
            start += gradient.numel()
        return float(flat[0]), bool(flat[1] > 0)

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


class StopRequest:
    """
    Turns true at Ctrl-C, at SIGTERM, or when the process that started this one is gone. A third signal ends it at once: one request
    may come twice, to the group of processes and passed on by the first of them.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._parent = os.getppid()
        self._former: Dict[int, Any] = {}

    def __enter__(self) -> "StopRequest":
        if threading.current_thread() is threading.main_thread():
            self._former = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _ask(self, number: int, _: object) -> None:
        self._asked += 1
        if self._asked > 1:
            signal.signal(number, signal.SIG_DFL)

    def __bool__(self) -> bool:
        return self._asked > 0 or os.getppid() != self._parent


def launch(count: int, run: Callable[[Group], int]) -> int:
    """Calls `run` (a picklable function) in `count` processes, passes signals on to them, and returns the exit code."""
    if count == 1:
        return run(Group())
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.start_processes(_enter, (count, str(Path(folder) / "meeting"), run), count, join=False)

        def forward(number: int, _: object) -> None:
            for process in context.processes:
                if process.is_alive():
                    os.kill(process.pid, number)

        signal.signal(signal.SIGTERM, forward)
        # The terminal sends Ctrl-C to the whole group: the processes have it already.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            while not context.join():
                pass
        except multiprocessing.ProcessExitedException as error:
            return error.exit_code or 1
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
    return 0
