#!/usr/bin/env python3
"""
A quick look at a trained network: mask and box AP on annotated pictures, and drawings of what it found.

The figures here are COCO's definition without its area ranges; `yolact-edge eval` gives the official ones.
"""
from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch
from PIL import Image, ImageDraw

import anchors
import augment
import checkpoint
import config as configuration
import dataset
import decode
from dataset import Sample
from network import Yolact

THRESHOLDS = np.linspace(0.5, 0.95, 10)
COLOURS = [
    (230, 60, 60),
    (60, 180, 75),
    (255, 225, 25),
    (60, 130, 240),
    (245, 130, 48),
    (145, 30, 180),
    (70, 240, 240),
    (240, 50, 230),
]


def full_mask(sample: Sample, t: int) -> np.ndarray:
    """Instance t's mask, bool [H, W]."""
    mask = np.zeros(sample.image.shape[:2], bool)
    x, y = sample.origins[t]
    h, w = sample.masks[t].shape
    mask[y : y + h, x : x + w] = sample.masks[t]
    return mask


def mask_ious(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """bool [K, H, W] and [T, H, W] -> IoU [K, T]."""
    pixels = found.shape[1] * found.shape[2]
    a, b = found.reshape(len(found), pixels).astype(np.float32), wanted.reshape(len(wanted), pixels).astype(np.float32)
    inter = a @ b.T
    return inter / np.maximum(a.sum(1)[:, None] + b.sum(1)[None] - inter, 1)


def box_ious(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Corner boxes [K, 4] and [T, 4] -> IoU [K, T]."""
    low = np.maximum(found[:, None, :2], wanted[None, :, :2])
    high = np.minimum(found[:, None, 2:], wanted[None, :, 2:])
    inter = (high - low).clip(min=0).prod(2)
    return inter / np.maximum(
        (found[:, 2:] - found[:, :2]).prod(1)[:, None] + (wanted[:, 2:] - wanted[:, :2]).prod(1)[None] - inter, 1e-9
    )


class Precision:
    """Collects matches of all pictures and gives average precision (101 recall points)."""

    def __init__(self) -> None:
        self.hits: Dict[int, List[Tuple[float, np.ndarray]]] = defaultdict(list)
        self.truths: Dict[int, int] = defaultdict(int)

    def add(self, label: int, scores: np.ndarray, ious: np.ndarray, ignored: np.ndarray) -> None:
        """One picture's detections [K] of a class against its truths: ious [K, T]; ignored [T]: crowds."""
        self.truths[label] += int((~ignored).sum())
        taken = np.zeros((len(THRESHOLDS), ious.shape[1]), bool)
        for k in np.argsort(-scores, kind="stable"):
            result = np.zeros(len(THRESHOLDS), np.int8)
            for i, threshold in enumerate(THRESHOLDS):
                free = np.where(taken[i] | ignored, -1.0, ious[k])
                if len(free) and free.max() >= threshold:
                    taken[i, free.argmax()] = True
                    result[i] = 1
                elif (ious[k][ignored] >= threshold).any():
                    result[i] = -1
            self.hits[label].append((float(scores[k]), result))

    def average(self) -> np.ndarray:
        """AP at each threshold, mean over the classes that occur: [10]."""
        values = []
        for label, count in self.truths.items():
            if not count:
                continue
            hits = sorted(self.hits[label], key=lambda h: -h[0])
            row = np.zeros(len(THRESHOLDS))
            for i in range(len(THRESHOLDS)):
                marks = np.array([h[1][i] for h in hits if h[1][i] >= 0])
                right = np.cumsum(marks)
                recall, precision = right / count, right / np.arange(1, len(marks) + 1)
                precision = np.maximum.accumulate(precision[::-1])[::-1]
                at = np.searchsorted(recall, np.linspace(0, 1, 101))
                row[i] = np.mean([precision[j] if j < len(precision) else 0.0 for j in at]) if len(marks) else 0.0
            values.append(row)
        return np.mean(values, 0) if values else np.full(len(THRESHOLDS), -1.0)


def draw(sample: Sample, found: decode.Detections, classes: Sequence[str], threshold: float) -> Image.Image:
    """The picture with the masks, boxes and scores of the detections above a score."""
    image = sample.image.astype(np.float32)
    for k in range(len(found.labels)):
        if found.scores[k] * found.mask_iou[k] >= threshold:
            colour = np.array(COLOURS[int(found.labels[k]) % len(COLOURS)], np.float32)
            image[found.masks[k].numpy()] = image[found.masks[k].numpy()] * 0.5 + colour * 0.5
    picture = Image.fromarray(image.astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    height, width = sample.image.shape[:2]
    for k in range(len(found.labels)):
        score = float(found.scores[k] * found.mask_iou[k])
        if score >= threshold:
            x1, y1, x2, y2 = (found.boxes[k].numpy() * [width, height, width, height]).tolist()
            colour = COLOURS[int(found.labels[k]) % len(COLOURS)]
            pen.rectangle([x1, y1, max(x2, x1), max(y2, y1)], outline=colour)
            pen.text((x1 + 2, y1 + 1), f"{classes[int(found.labels[k])]} {score:.2f}", fill=(255, 255, 255))
    return picture


def evaluate(
    network: Yolact, source: Any, limit: Optional[int], nms: str = "fast", drawings: Optional[Path] = None, rescore: bool = True
) -> Dict[str, float]:
    """AP figures over the first `limit` pictures, and median milliseconds a picture for the network and for what follows it."""
    network.eval()
    config = network.config
    device = next(network.parameters()).device
    size = config.input_size
    mask_size = anchors.prototype_size(config, size)
    masks, boxes, seconds = Precision(), Precision(), []
    count = min(limit or len(source), len(source))
    overlaps: List[float] = []
    for i in range(count):
        sample = source[i]
        height, width = sample.image.shape[:2]
        image = augment.render(sample, (0.0, 0.0, float(width), float(height)), size, mask_size, len(config.classes)).image
        start = time.perf_counter()
        with torch.no_grad():
            output = network(torch.from_numpy(np.array(image)).to(device).permute(2, 0, 1)[None].float())
        middle = time.perf_counter()
        priors = anchors.create(config, [tuple(s) for s in output["sizes"].tolist()]).to(device)
        found = decode.detect(network, output, priors, 0, height, width, nms, min_score=0.01)
        found = decode.Detections(*[getattr(found, n).cpu() for n in ("boxes", "labels", "scores", "mask_iou", "masks", "soft")])
        seconds.append((middle - start, time.perf_counter() - middle))
        labels, scores = found.labels.numpy(), found.scores.numpy()
        ranks = scores * found.mask_iou.numpy() if rescore else scores
        wanted = (
            np.stack([full_mask(sample, t) for t in range(len(sample.labels))])
            if len(sample.labels)
            else np.zeros((0, height, width), bool)
        )
        pixel_boxes = found.boxes.numpy() * [width, height, width, height]
        for label in range(len(config.classes)):
            mine, truth = labels == label, sample.labels == label
            if not mine.any() and not truth.any():
                continue
            ious = mask_ious(found.masks.numpy()[mine], wanted[truth])
            masks.add(label, ranks[mine], ious, sample.crowd[truth])
            boxes.add(
                label, scores[mine], box_ious(pixel_boxes[mine], sample.boxes[truth].astype(np.float64)), sample.crowd[truth]
            )
            if ious.size:
                overlaps += ious[scores[mine] > 0.3].max(0).tolist() if (scores[mine] > 0.3).any() else [0.0] * ious.shape[1]
        if drawings and i < 24:
            drawings.mkdir(parents=True, exist_ok=True)
            draw(sample, found, config.classes, 0.3).save(drawings / f"{i:04d}.png")
    mask, box = masks.average(), boxes.average()
    network_seconds, decoding_seconds = np.median(seconds, 0) if seconds else (0.0, 0.0)
    return {
        "pictures": count,
        "mask AP": mask.mean(),
        "mask AP50": mask[0],
        "mask AP75": mask[5],
        "box AP": box.mean(),
        "box AP50": box[0],
        "mean IoU of truths": float(np.mean(overlaps)) if overlaps else 0.0,
        "network ms": network_seconds * 1e3,
        "decoding ms": decoding_seconds * 1e3,
    }


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="model.pth or last.pth of a run")
    parser.add_argument("--data", type=Path, required=True, help="COCO annotations.json")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="the first N pictures")
    parser.add_argument("--nms", choices=("fast", "standard"), default="fast")
    parser.add_argument("--no-rescoring", action="store_true", help="rank masks by the class score alone")
    parser.add_argument("--drawings", type=Path, help="folder for pictures of the first 24")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args(argv)
    try:
        network = Yolact(configuration.load(args.config)).to(args.device)
        loaded = checkpoint.start_from(network, args.model)
        if loaded.fresh:
            raise ValueError(f"{args.model} lacks {len(loaded.fresh)} parameters of this config, such as {loaded.fresh[0]}")
        source = dataset.open_dataset(args.data, args.images, network.config.classes, None, args.limit)
        figures = evaluate(network, source, args.limit, args.nms, args.drawings, not args.no_rescoring)
    except (ValueError, OSError) as error:
        print(f"evaluate.py: {error}", file=sys.stderr)
        return 1
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
