#!/usr/bin/env python3
"""
Trains the mask re-scoring network alone, on what the rest of a trained network detects: the last step of a run.

While everything learns at once, the re-scoring net sees only masks of matched priors, cropped to the true boxes and of a certain
size: it never meets a small part or a badly placed box, and so may rank masks worse than the class score alone does. Here it sees
the detections themselves, after NMS, and learns for each that meets an object of its class the IoU of its mask. How likely there
is such an object is the class score's part of the product. Every other weight stays as it is.
"""
from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import List, Optional, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import anchors
import augment
import checkpoint
import config as configuration
import dataset
import decode
import loader
from network import Yolact

# Detections of a lower class score hardly count for anything.
MIN_SCORE = 0.05
# A detection meets an object from this IoU of its mask on.
MIN_IOU = 0.1
# A mask's IoU is measured on a grid so much finer than the prototypes.
FINER = 2


@dataclass
class Masks:
    """Detections that meet an object: soft uint8 [K, H, W] (0..255), labels [K], IoU with the best truth [K]."""

    soft: Tensor
    labels: Tensor
    iou: Tensor


@torch.no_grad()
def collect(network: Yolact, source, pictures: Sequence[int], views: augment.Options, seed: int) -> Masks:
    """What the network detects in random views of pictures, and how well each mask fits."""
    config = network.config
    device = next(network.parameters()).device
    side = anchors.prototype_size(config, config.input_size) * FINER
    soft, labels, ious = [], [], []
    for count, index in enumerate(pictures):
        rng = np.random.default_rng([seed, count])
        batch = loader.collate([augment.augment(source[index], rng, views, config.input_size, side, len(config.classes))])
        output = network(batch.pixels(device))
        priors = anchors.create(config, [tuple(s) for s in output["sizes"].tolist()]).to(device)
        found = decode.detect(network, output, priors, 0, side, side, min_score=MIN_SCORE)
        truth = batch.targets(device)[0]
        iou = _fit(found, truth.labels[~truth.crowd], truth.masks[~truth.crowd])
        meets = iou > MIN_IOU
        soft.append((found.soft[meets] * 255).round().byte().cpu())
        labels.append(found.labels[meets].cpu())
        ious.append(iou[meets].cpu())
        if (count + 1) % 100 == 0:
            print(f"{count + 1} of {len(pictures)} pictures, {sum(map(len, labels))} detections", flush=True)
    if not any(map(len, labels)):
        raise ValueError("the network detects nothing right in these pictures: train it first")
    return Masks(torch.cat(soft), torch.cat(labels), torch.cat(ious))


def _fit(found: decode.Detections, labels: Tensor, masks: Tensor) -> Tensor:
    """Of each detection [K] the IoU with the best truth [T] of its class."""
    if not len(labels):
        return torch.zeros(len(found.labels), device=masks.device)
    mine, theirs = found.masks.flatten(1).float(), masks.flatten(1)
    inter = mine @ theirs.t()
    iou = inter / (mine.sum(1)[:, None] + theirs.sum(1)[None] - inter).clamp(min=1)
    return (iou * (found.labels[:, None] == labels[None])).amax(1)


def drawn_in(iou: Tensor, spread: float) -> Tensor:
    """
    IoUs [K] drawn towards their mean, to a share of their spread. A mask that fits badly mostly has a low class score too, and
    the product of both would count that twice: objects that were found lose their place to detections of nothing.
    """
    return iou.mean() + spread * (iou - iou.mean())


def train(network: Yolact, masks: Masks, epochs: int, batch: int, rate: float, seed: int) -> None:
    """Smooth L1 of the re-scoring net's output for the detected class against the IoU; Adam, cosine down to zero."""
    rescoring = network.maskiou_net
    device = next(rescoring.parameters()).device
    optimizer = torch.optim.Adam(rescoring.parameters(), lr=rate)
    order = torch.Generator().manual_seed(seed)
    steps, step = epochs * math.ceil(len(masks.iou) / batch), 0
    for epoch in range(epochs):
        total = 0.0
        for part in torch.randperm(len(masks.iou), generator=order).split(batch):
            for group in optimizer.param_groups:
                group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
            seen = masks.soft[part].to(device).float() / 255
            # A part lies any way up: the mirrored mask fits as well.
            flips = [axis for axis in (1, 2) if torch.rand(1, generator=order) < 0.5]
            of_all = rescoring(seen.flip(flips)[:, None])
            predicted = of_all[torch.arange(len(part), device=device), masks.labels[part].to(device)]
            loss = F.smooth_l1_loss(predicted, masks.iou[part].to(device))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(part)
            step += 1
        print(f"epoch {epoch + 1} of {epochs}  loss {total / len(masks.iou):.4f}", flush=True)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--config", type=Path, required=True)
    add("--model", type=Path, required=True, help="model.pth of a run")
    add("--data", type=Path, required=True, help="COCO annotations.json of pictures to train with")
    add("--images", type=Path, required=True)
    add("--out", type=Path, required=True, help="file for the weights with the re-scoring net trained")
    add("--pictures", type=int, default=1000, help="random pictures that are looked at (default %(default)s)")
    add("--epochs", type=int, default=12, help="times that every detection is seen (default %(default)s)")
    add("--batch", type=int, default=64, help="masks a step (default %(default)s)")
    add("--rate", type=float, default=1e-3, help="peak learning rate of Adam (default %(default)s)")
    add(
        "--spread",
        type=float,
        default=0.4,
        help="share of the IoUs' spread about their mean that is learnt (default %(default)s; 1: the IoU itself)",
    )
    add("--photometric", type=float, default=0.2, help="share of pictures for each colour change (default %(default)s)")
    add("--flip", action="store_true", help="exchange top and bottom too: for views from above")
    add("--half", action="store_true", help="store convolutions in 16 bits: half the file, for `model import --weights fp16`")
    add("--cache", type=Path, help="folder for decoded pictures")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default %(default)s here")
    add("--seed", type=int, default=1, help="default %(default)s")
    args = parser.parse_args(argv)
    try:
        torch.manual_seed(args.seed)
        network = Yolact(configuration.load(args.config)).to(args.device).eval()
        if not network.config.mask_rescoring:
            raise ValueError(f"{args.config} has no mask_rescoring: there is nothing to train")
        loaded = checkpoint.start_from(network, args.model)
        if loaded.fresh:
            raise ValueError(f"{args.model} lacks {len(loaded.fresh)} parameters of this config, such as {loaded.fresh[0]}")
        source = dataset.open_dataset(args.data, args.images, network.config.classes, args.cache)
        chosen: List[int] = np.random.default_rng(args.seed).permutation(len(source))[: args.pictures].tolist()
        views = augment.Options(photometric=args.photometric, expand_share=0, crop_share=0, flip=args.flip)
        masks = collect(network, source, chosen, views, args.seed)
        print(f"{len(masks.iou)} detections in {len(chosen)} pictures, mean IoU {float(masks.iou.mean()):.3f}")
        masks = replace(masks, iou=drawn_in(masks.iou, args.spread))
        train(network, masks, args.epochs, args.batch, args.rate, args.seed)
        args.out.parent.mkdir(parents=True, exist_ok=True)
        checkpoint.save(checkpoint.parameters_only(network, args.half), args.out)
    except (ValueError, OSError) as error:
        print(f"rescoring.py: {error}", file=sys.stderr)
        return 1
    print(f"written: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
