"""Reading weights without running code from the file, and writing them so that no crash leaves half a file."""
from __future__ import annotations

import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List

import torch
from torch import nn

LAST = "last.pth"
PREVIOUS = "previous.pth"
MODEL = "model.pth"


class CheckpointError(ValueError):
    """A weights file cannot be used; the message says why."""


@dataclass
class Loaded:
    """What a start from other weights took over and what it did not."""

    taken: List[str]
    fresh: List[str]
    reshaped: List[str]
    unused: List[str]


def save(value: Any, path: Path) -> None:
    """Writes a temporary file beside the target, flushes it to the disk, then renames it; until then the old file stays."""
    temporary = path.with_name(path.name + ".partial")
    with open(temporary, "wb") as file:
        torch.save(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def save_run(state: Dict[str, Any], folder: Path) -> None:
    """Writes the training state as `last.pth`; the one before stays as `previous.pth`. `last.pth` exists at every moment."""
    last, spare = folder / LAST, folder / (PREVIOUS + ".partial")
    if last.exists():
        spare.unlink(missing_ok=True)
        os.link(last, spare)
        os.replace(spare, folder / PREVIOUS)
    save(state, last)


def load(path: Path) -> Any:
    """Reads tensors and plain values; anything else in the file is refused, not run."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise CheckpointError(f"{path} is no readable checkpoint of tensors: {str(error).splitlines()[0]}") from None


def load_run(folder: Path) -> Dict[str, Any]:
    """The training state of a run's folder, the previous one where the last cannot be read."""
    errors = []
    for name in (LAST, PREVIOUS):
        try:
            return load(folder / name)
        except (FileNotFoundError, CheckpointError) as error:
            errors.append(str(error))
    raise CheckpointError(f"{folder} holds no training state to resume from: " + "; ".join(errors))


def parameters_only(network: nn.Module, half: bool = False) -> "OrderedDict[str, torch.Tensor]":
    """
    The bare parameters and statistics under their published names, on the CPU: what `model import` reads. In float32; with `half`
    the convolutions' weights in float16, which halves the file.
    """

    def stored(value: torch.Tensor) -> torch.Tensor:
        return value.detach().cpu().contiguous().clone().to(torch.float16 if half and value.ndim == 4 else value.dtype)

    return OrderedDict((name, stored(value)) for name, value in network.state_dict().items())


def _published_name(name: str) -> str:
    """torchvision's `layer1.0...` (an ImageNet backbone) and prefixes of wrappers -> the published name."""
    name = re.sub(r"^(module\.|_orig_mod\.)+", "", name)
    return re.sub(
        r"^layer([1-4])\.", lambda m: f"backbone.layers.{int(m.group(1)) - 1}.", re.sub(r"^(conv1|bn1)\.", r"backbone.\1.", name)
    )


def start_from(network: nn.Module, path: Path) -> Loaded:
    """
    Takes from a file whatever fits by name and shape: an ImageNet backbone (torchvision's names), a published checkpoint, a run's
    `model.pth` or `last.pth`. The rest keeps its fresh values and is listed.
    """
    value = load(path)
    if isinstance(value, dict) and "network" in value:
        value = value["network"]
    if not isinstance(value, dict) or not all(isinstance(v, torch.Tensor) for v in value.values()):
        raise CheckpointError(f"{path} is no mapping of parameter names to tensors")
    own = network.state_dict()
    result = Loaded([], [], [], [])
    for name, tensor in value.items():
        name = _published_name(name)
        if name not in own:
            result.unused.append(name)
        elif own[name].shape != tensor.shape:
            result.reshaped.append(f"{name}: {list(tensor.shape)} in the file, {list(own[name].shape)} in the network")
        else:
            own[name].copy_(tensor)
            result.taken.append(name)
    if not result.taken:
        raise CheckpointError(f"{path} has no parameter of this network; its first are {', '.join(list(value)[:3])}")
    taken = set(result.taken)
    result.fresh = [name for name in own if name not in taken]
    return result
