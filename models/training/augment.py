"""From a decoded picture to a training example: one window, flips and quarter turns for pixels, boxes and masks alike."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from PIL import Image

from dataset import Sample
from network import MEAN_RGB

MIN_IOUS = (None, 0.1, 0.3, 0.5, 0.7, 0.9)
CROP_TRIALS = 20
# An instance of which less than this share is left in the window is neither object nor background.
MIN_VISIBLE = 0.2
# Fewer prototype cells than this are no mask to learn from.
MIN_CELLS = 3


@dataclass(frozen=True)
class Options:
    """How much is changed. Shares are probabilities; `expand`: the largest zoom out, `min_crop`: the smallest window side."""

    photometric: float = 0.5
    expand_share: float = 0.5
    expand: float = 4.0
    crop_share: float = 0.83
    min_crop: float = 0.3
    mirror: bool = True
    flip: bool = False
    quarter_turns: bool = False


NONE = Options(photometric=0, expand_share=0, crop_share=0, mirror=False)


@dataclass
class Example:
    """
    What the network learns from.

    image uint8 [S, S, 3], colour [3, 4] (matrix and offset on RGB 0..255), boxes [T, 4] corners 0..1, labels [T], crowd [T],
    masks uint8 [T, M, M], semantic uint8 [C, M / 2, M / 2].
    """

    image: np.ndarray
    colour: np.ndarray
    boxes: np.ndarray
    labels: np.ndarray
    crowd: np.ndarray
    masks: np.ndarray
    semantic: np.ndarray


Window = Tuple[float, float, float, float]


def turn(sample: Sample, quarters: int) -> Sample:
    """The picture turned by quarters of 90 degrees counter-clockwise, its boxes and masks with it."""
    for _ in range(quarters % 4):
        width = sample.image.shape[1]
        x1, y1, x2, y2 = sample.boxes.T
        boxes = np.stack([y1, width - x2, y2, width - x1], 1) if len(sample.boxes) else sample.boxes
        origins = np.array(
            [(y, width - x - mask.shape[1]) for (x, y), mask in zip(sample.origins, sample.masks)], np.int32
        ).reshape(-1, 2)
        sample = Sample(np.rot90(sample.image), sample.labels, sample.crowd, boxes, [np.rot90(m) for m in sample.masks], origins)
    return sample


def _iou_with(window: Window, boxes: np.ndarray) -> np.ndarray:
    low = np.maximum(boxes[:, :2], window[:2])
    high = np.minimum(boxes[:, 2:], window[2:])
    inter = (high - low).clip(min=0).prod(1)
    area = (window[2] - window[0]) * (window[3] - window[1])
    return inter / ((boxes[:, 2:] - boxes[:, :2]).prod(1) + area - inter)


def choose_window(rng: np.random.Generator, width: int, height: int, boxes: np.ndarray, options: Options) -> Window:
    """
    The part x1, y1, x2, y2 (px) of the picture to show: larger than the picture after an expansion, and then a random crop whose
    IoU with some box is at least a random bound and which holds some box's centre (SSD's sampling).
    """
    window = (0.0, 0.0, float(width), float(height))
    if rng.random() < options.expand_share and options.expand > 1:
        ratio = rng.uniform(1, options.expand)
        w, h = width * ratio, height * ratio
        x, y = -rng.uniform(0, w - width), -rng.uniform(0, h - height)
        window = (x, y, x + w, y + h)
    if rng.random() >= options.crop_share or not len(boxes):
        return window
    full_w, full_h = window[2] - window[0], window[3] - window[1]
    bound = MIN_IOUS[rng.integers(len(MIN_IOUS))]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    for _ in range(CROP_TRIALS):
        w, h = full_w * rng.uniform(options.min_crop, 1), full_h * rng.uniform(options.min_crop, 1)
        if not 0.5 <= (w / full_w) / (h / full_h) <= 2:
            continue
        x, y = window[0] + rng.uniform(0, full_w - w), window[1] + rng.uniform(0, full_h - h)
        crop = (x, y, x + w, y + h)
        if bound is not None and _iou_with(crop, boxes).max() < bound:
            continue
        if ((centres > crop[:2]) & (centres < crop[2:])).all(1).any():
            return crop
    return window


def colour_change(rng: np.random.Generator, share: float) -> np.ndarray:
    """Brightness, contrast, saturation and hue as one matrix [3, 4] on RGB 0..255; each is changed with probability `share`."""
    matrix, offset = np.eye(3), np.zeros(3)
    if rng.random() < share:
        offset += rng.uniform(-32, 32)
    if rng.random() < share:
        matrix = matrix * rng.uniform(0.5, 1.5)
        offset = offset * matrix[0, 0]
    grey = np.array([0.299, 0.587, 0.114])
    if rng.random() < share:
        amount = rng.uniform(0.5, 1.5)
        change = amount * np.eye(3) + (1 - amount) * np.ones((3, 1)) * grey
        matrix, offset = change @ matrix, change @ offset
    if rng.random() < share:
        # A turn about the grey axis (Rodrigues' formula).
        angle = np.deg2rad(rng.uniform(-18, 18))
        axis = np.full(3, 1 / np.sqrt(3))
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        change = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
        matrix, offset = change @ matrix, change @ offset
    return np.concatenate([matrix, offset[:, None]], 1).astype(np.float32)


def coverage(cells: int, low: float, high: float, start: int, count: int) -> np.ndarray:
    """[cells, count]: which share of each of `cells` equal parts of low..high each of the pixels start.. covers."""
    edges = np.linspace(low, high, cells + 1)
    pixels = start + np.arange(count)
    overlap = np.minimum(edges[1:, None], pixels[None] + 1) - np.maximum(edges[:-1, None], pixels[None])
    return (overlap.clip(min=0) * (cells / (high - low))).astype(np.float32)


def _visible_box(sample: Sample, t: int, window: Window) -> Tuple[np.ndarray, float]:
    """Instance t's box px inside the window, tight about what is seen of its mask, and the share of its mask that is seen."""
    x1, y1, x2, y2 = window
    box = sample.boxes[t].astype(np.float64)
    if box[0] >= x1 and box[1] >= y1 and box[2] <= x2 and box[3] <= y2:
        return box, 1.0
    mask, (x, y) = sample.masks[t], sample.origins[t]
    left, top = max(int(np.floor(x1 + 0.5)) - x, 0), max(int(np.floor(y1 + 0.5)) - y, 0)
    right, bottom = max(int(np.floor(x2 + 0.5)) - x, 0), max(int(np.floor(y2 + 0.5)) - y, 0)
    seen = mask[top:bottom, left:right]
    share = float(seen.sum()) / float(mask.sum())
    if share == 0:
        return box, 0.0
    rows, columns = seen.any(1).nonzero()[0], seen.any(0).nonzero()[0]
    tight = np.array([x + left + columns[0], y + top + rows[0], x + left + columns[-1] + 1, y + top + rows[-1] + 1], np.float64)
    return np.array([max(tight[0], x1), max(tight[1], y1), min(tight[2], x2), min(tight[3], y2)]), share


def render(sample: Sample, window: Window, size: int, mask_size: int, classes: int) -> Example:
    """
    Shows a window of the picture at size x size. Pixels by bilinear interpolation without antialiasing (as the product does),
    the mean colour outside; a mask cell is set where the mask covers more than half of it.
    """
    x1, y1, x2, y2 = window
    fill = tuple(int(round(v)) for v in MEAN_RGB)
    image = np.asarray(
        Image.fromarray(np.ascontiguousarray(sample.image)).transform(
            (size, size), Image.Transform.EXTENT, window, Image.Resampling.BILINEAR, fillcolor=fill
        )
    )
    boxes, labels, crowd, masks = [], [], [], []
    semantic = np.zeros((classes, mask_size // 2, mask_size // 2), np.uint8)
    scale = np.array([x2 - x1, y2 - y1] * 2)
    for t, mask in enumerate(sample.masks):
        box, share = _visible_box(sample, t, window)
        if share == 0:
            continue
        x, y = (int(v) for v in sample.origins[t])
        rows = coverage(mask_size, y1, y2, y, mask.shape[0])
        columns = coverage(mask_size, x1, x2, x, mask.shape[1])
        covered = rows @ mask.astype(np.float32) @ columns.T
        cells = (covered > 0.5).astype(np.uint8)
        neutral = bool(sample.crowd[t]) or share < MIN_VISIBLE or int(cells.sum()) < MIN_CELLS
        if not sample.crowd[t]:
            quarter = covered.reshape(mask_size // 2, 2, mask_size // 2, 2).mean((1, 3))
            semantic[sample.labels[t]] |= quarter > 0.5
        boxes.append((box - [x1, y1, x1, y1]) / scale)
        labels.append(sample.labels[t])
        crowd.append(neutral)
        masks.append(cells)
    count = len(boxes)
    return Example(
        image,
        np.eye(3, 4, dtype=np.float32),
        np.array(boxes, np.float32).reshape(count, 4),
        np.array(labels, np.int64),
        np.array(crowd, bool),
        np.array(masks, np.uint8).reshape(count, mask_size, mask_size),
        semantic,
    )


def mirror(example: Example) -> Example:
    """Left and right exchanged."""
    boxes = example.boxes.copy()
    boxes[:, [0, 2]] = 1 - example.boxes[:, [2, 0]]
    return Example(
        example.image[:, ::-1],
        example.colour,
        boxes,
        example.labels,
        example.crowd,
        example.masks[:, :, ::-1],
        example.semantic[:, :, ::-1],
    )


def flip(example: Example) -> Example:
    """Top and bottom exchanged."""
    boxes = example.boxes.copy()
    boxes[:, [1, 3]] = 1 - example.boxes[:, [3, 1]]
    return Example(
        example.image[::-1],
        example.colour,
        boxes,
        example.labels,
        example.crowd,
        example.masks[:, ::-1],
        example.semantic[:, ::-1],
    )


def augment(sample: Sample, rng: np.random.Generator, options: Options, size: int, mask_size: int, classes: int) -> Example:
    """A random view of a picture. The same generator state gives the same view."""
    if options.quarter_turns:
        sample = turn(sample, int(rng.integers(4)))
    height, width = sample.image.shape[:2]
    window = choose_window(rng, width, height, sample.boxes[~sample.crowd], options)
    example = render(sample, window, size, mask_size, classes)
    if options.mirror and rng.random() < 0.5:
        example = mirror(example)
    if options.flip and rng.random() < 0.5:
        example = flip(example)
    example.colour = colour_change(rng, options.photometric)
    return example
