#!/usr/bin/env python3
"""
Writes random-weight networks with their outputs, for the check that the product's ONNX graphs compute the same function.

For each configuration NAME a folder OUT/NAME with

  config.json      the configuration (`model import --config` and ConfigFile read it)
  model.pth        the weights, as the trainer saves them
  manifest.json    {"name", "tolerance", "arrays": {NAME: {"file", "shape"}}}
  *.f32            little-endian float32 in C order

arrays: `image` [1, 3, S, S] RGB 0..255 in whole numbers; `box` [1, P, 4]; `probability` [1, P, C + 1] (softmax); `coefficient`
[1, P, D] (tanh); `prototype` [1, D, H, W] (ReLU'd); and with re-scoring `mask` [16, 1, H, W] and its `mask_iou` [16, C].
OUT/manifest.json lists the folders.
"""
from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import numpy as np
import torch
from torch import Tensor, nn

import checkpoint
import config as configuration
from backbone import Basic, Bottleneck, DarkBlock
from config import Anchors, Backbone, Config, Deformable, MaskRescoring, Prototypes, Pyramid
from deform import DeformConv
from network import Yolact

TOLERANCE = 1e-4
RESCORED = 16
RESNET50, RESNET101 = (3, 4, 6, 3), (3, 4, 23, 3)
BASE_SIZES = (24.0, 48.0, 96.0, 192.0, 384.0)


def _one(sizes: Sequence[float]) -> tuple:
    return tuple((float(s),) for s in sizes)


def _three(sizes: Sequence[float]) -> tuple:
    return tuple(tuple(s * 2 ** (j / 3) for j in range(3)) for s in sizes)


def named(input_size: int, classes: Sequence[str]) -> List[Config]:
    """The published networks and the basic-block one, with a small input: the graph's structure does not depend on its size."""
    rescoring = MaskRescoring((8, 16, 32))
    v1 = Config("yolact_base", Backbone(RESNET101), Anchors(_one(BASE_SIZES), square=True), tuple(classes), input_size)
    plus = replace(v1, anchors=Anchors(_three(BASE_SIZES)), mask_rescoring=rescoring)
    return [
        v1,
        replace(v1, name="yolact_im400", anchors=Anchors(_one((17, 34, 69, 139, 279)), square=True)),
        replace(v1, name="yolact_im700", anchors=Anchors(_one((30, 61, 122, 244, 488)), square=True)),
        replace(
            v1,
            name="yolact_darknet53",
            normalization="unit",
            backbone=Backbone((1, 2, 8, 8, 4), kind="darknet", selected_stages=(2, 3, 4)),
        ),
        replace(v1, name="yolact_resnet50", backbone=Backbone(RESNET50)),
        replace(v1, name="yolact_resnet50_pascal", backbone=Backbone(RESNET50), anchors=Anchors(_one((32, 64, 128, 256, 512)))),
        replace(plus, name="yolact_plus_base", backbone=Backbone(RESNET101, deformable=Deformable((0, 4, 23, 3), 3))),
        replace(plus, name="yolact_plus_resnet50", backbone=Backbone(RESNET50, deformable=Deformable((0, 4, 6, 3)))),
        replace(
            plus,
            name="basic_half_width",
            backbone=Backbone((2, 2, 2, 2), block="basic", width=32, deformable=Deformable((0, 1, 1, 1))),
            pyramid=Pyramid(96, 0),
            prototypes=Prototypes(24, 64),
            anchors=Anchors(_three((24, 44, 72))),
        ),
    ]


@torch.no_grad()
def randomise(network: nn.Module, image: Tensor, seed: int) -> None:
    """
    Random weights under which no output is trivial: offsets of about a pixel, statistics that fit the data, classes that differ;
    and residual branches small enough that a hundred layers do not magnify rounding, as in a trained network.
    """
    torch.manual_seed(seed)
    for module in network.modules():
        if isinstance(module, DeformConv):
            module.bias.normal_(std=0.1)
            module.conv_offset_mask.weight.normal_(std=0.2 / (9 * module.weight.shape[1]) ** 0.5)
            module.conv_offset_mask.bias.normal_(std=0.7)
        elif isinstance(module, nn.BatchNorm2d):
            module.weight.uniform_(0.3, 0.6)
            module.bias.normal_(std=0.2)
            module.momentum = None
        elif isinstance(module, nn.Conv2d) and module.bias is not None:
            module.bias.normal_(std=0.1)
    for block in network.modules():
        if isinstance(block, Bottleneck):
            block.bn3.weight.uniform_(0.1, 0.2)
        elif isinstance(block, Basic):
            block.bn2.weight.uniform_(0.1, 0.2)
        elif isinstance(block, DarkBlock):
            block.conv2[1].weight.uniform_(0.1, 0.2)
    for _ in range(2):
        network.train()(image)
    network.eval()


@torch.no_grad()
def expected(network: Yolact, image: Tensor) -> Dict[str, Tensor]:
    """The arrays of one configuration."""
    output = network(image)
    arrays = {
        "image": image,
        "box": output["box"],
        "probability": torch.softmax(output["logits"], -1),
        "coefficient": output["coefficients"],
        "prototype": output["prototypes"],
    }
    if network.config.mask_rescoring:
        side = arrays["prototype"].shape[2:]
        arrays["mask"] = torch.sigmoid(torch.randn(RESCORED, 1, *side) * 3) * (torch.rand(RESCORED, 1, *side) > 0.3)
        arrays["mask_iou"] = network.maskiou_net(arrays["mask"])
    return arrays


def write(config: Config, folder: Path, seed: int) -> None:
    """Writes one configuration's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    network = Yolact(config)
    side = config.input_size
    image = torch.randint(0, 256, (1, 3, side, side)).float()
    # Statistics of one noisy picture would be nearly constant on the deepest maps: take several of different brightness.
    calibration = torch.cat([image, *[(torch.rand(1, 3, side, side) * 255 * (i + 1) / 4).round() for i in range(4)]])
    randomise(network, calibration, seed)
    arrays = expected(network, image)
    manifest = {"name": config.name, "tolerance": TOLERANCE, "arrays": {}}
    for name, value in arrays.items():
        array = np.ascontiguousarray(value.float().numpy(), dtype="<f4")
        array.tofile(folder / f"{name}.f32")
        manifest["arrays"][name] = {"file": f"{name}.f32", "shape": list(array.shape)}
    (folder / "config.json").write_text(configuration.dump(config), encoding="utf-8")
    checkpoint.save(checkpoint.parameters_only(network), folder / checkpoint.MODEL)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these configurations only")
    parser.add_argument("--input-size", type=int, default=96, help="side of the input, px (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    configs = [c for c in named(args.input_size, ("bolt", "nut", "washer")) if not args.only or c.name in args.only]
    if not configs:
        print(f"parity.py: no configuration is called {' or '.join(args.only)}", file=sys.stderr)
        return 1
    for config in configs:
        write(config, args.out / config.name, args.seed)
    (args.out / "manifest.json").write_text(json.dumps({"folders": [c.name for c in configs]}, indent=2) + "\n", encoding="utf-8")
    print(f"{len(configs)} configurations in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
