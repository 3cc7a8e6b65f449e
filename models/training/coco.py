"""COCO-format annotations: reading, polygons, run lengths, and a list of what was wrong with them."""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

MAX_SIDE = 16384


class AnnotationError(ValueError):
    """One annotation cannot be used; the message says why."""


@dataclass
class Instance:
    """One annotated object. box: x1, y1, x2, y2 in px; segmentation as in the file, decoded when it is needed."""

    annotation: int
    label: int
    crowd: bool
    box: Tuple[float, float, float, float]
    segmentation: Any


@dataclass
class Picture:
    """One image of the data set with its instances."""

    id: int
    file: str
    width: int
    height: int
    instances: List[Instance] = field(default_factory=list)


@dataclass
class Annotations:
    """A whole annotation file; `problems` lists what was left out and why."""

    pictures: List[Picture]
    problems: List[str]


def from_string(text: str) -> List[int]:
    """Run lengths of COCO's compressed form: 5 bits a character from '0', sign-extended, differences from the third run on."""
    counts: List[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - 48
        if not 0 <= code < 64:
            raise AnnotationError(f"character {character!r} is no compressed run length")
        value |= (code & 31) << shift
        shift += 5
        if code & 32:
            continue
        if code & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    if shift:
        raise AnnotationError("the compressed run lengths end within a number")
    return counts


def from_runs(counts: Sequence[int], height: int, width: int) -> np.ndarray:
    """Alternating run lengths of 0 and 1 down the columns -> bool [H, W]."""
    if any(not isinstance(c, int) or c < 0 for c in counts):
        raise AnnotationError("a run length is no count")
    if sum(counts) != height * width:
        raise AnnotationError(f"run lengths cover {sum(counts)} px of {height * width}")
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape(width, height).T


def from_polygons(polygons: Sequence[Sequence[float]], height: int, width: int) -> np.ndarray:
    """
    The union of polygons x1, y1, x2, y2, ... in px -> bool [H, W]: a pixel is inside where its centre is (even-odd rule).

    Every edge toggles, in each row whose centre line it crosses, the pixels to the right of the crossing.
    """
    union = np.zeros((height, width), dtype=bool)
    for polygon in polygons:
        points = np.asarray(polygon, dtype=np.float64)
        if points.ndim != 1 or points.size < 6 or points.size % 2 or not np.isfinite(points).all():
            raise AnnotationError("a polygon needs three or more finite points")
        start = points.reshape(-1, 2)
        toggles = np.zeros((height, width + 1), dtype=np.int32)
        for (xa, ya), (xb, yb) in zip(start, np.roll(start, -1, axis=0)):
            if ya == yb:
                continue
            (xa, ya), (xb, yb) = sorted([(xa, ya), (xb, yb)], key=lambda p: p[1])
            first, last = (int(np.ceil(np.clip(y - 0.5, 0, height))) for y in (ya, yb))
            rows = np.arange(first, last)
            crossing = xa + (rows + 0.5 - ya) * ((xb - xa) / (yb - ya))
            columns = np.ceil(np.clip(crossing - 0.5, 0, width)).astype(np.int64)
            toggles[rows, columns] += 1
        union |= np.cumsum(toggles[:, :width], axis=1) % 2 == 1
    return union


def decode(segmentation: Any, height: int, width: int) -> np.ndarray:
    """Any of COCO's three forms -> bool [H, W]."""
    if isinstance(segmentation, list) and segmentation:
        return from_polygons(segmentation, height, width)
    if isinstance(segmentation, dict) and "counts" in segmentation:
        if list(segmentation.get("size", [])) != [height, width]:
            raise AnnotationError(f"run lengths for {segmentation.get('size')}, the picture is {[height, width]} (height, width)")
        counts = segmentation["counts"]
        return from_runs(from_string(counts) if isinstance(counts, str) else counts, height, width)
    raise AnnotationError("segmentation is neither polygons nor run lengths")


def _instance(annotation: Dict[str, Any], label: int, picture: Picture) -> Instance:
    x, y, w, h = (float(v) for v in annotation["bbox"])
    x1, y1 = max(x, 0.0), max(y, 0.0)
    x2, y2 = min(x + w, float(picture.width)), min(y + h, float(picture.height))
    if not (np.isfinite([x, y, w, h]).all() and x2 - x1 > 0 and y2 - y1 > 0):
        raise AnnotationError(f"box {annotation['bbox']} is empty or outside its picture")
    segmentation = annotation.get("segmentation")
    if not segmentation or not isinstance(segmentation, (list, dict)):
        raise AnnotationError("no segmentation")
    return Instance(annotation.get("id", -1), label, bool(annotation.get("iscrowd", 0)), (x1, y1, x2, y2), segmentation)


def read(path: Path, classes: Sequence[str]) -> Annotations:
    """
    Reads an annotation file. Categories are matched by name to the network's classes; those it does not have are left out.

    Raises ValueError where the file as a whole is of no use; single bad annotations are listed.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        categories = {c["id"]: c["name"] for c in document["categories"]}
        images, annotations = document["images"], document["annotations"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no COCO annotation file: {error!r}") from None
    labels = {category: classes.index(name) for category, name in categories.items() if name in classes}
    if not labels:
        raise ValueError(
            f"{path} has none of the network's classes: it has {', '.join(sorted(categories.values()))}; the config "
            f"has {', '.join(classes)}. Write the data's class names into the config's \"classes\"."
        )
    problems = [
        f"category {name!r} is no class of the network: its annotations are left out"
        for category, name in categories.items()
        if category not in labels
    ]
    problems += [
        f"class {name!r} has no category in the data: the network cannot learn it"
        for name in classes
        if name not in categories.values()
    ]
    pictures: Dict[int, Picture] = {}
    for image in images:
        try:
            picture = Picture(image["id"], str(image["file_name"]), int(image["width"]), int(image["height"]))
            if not (0 < picture.width <= MAX_SIDE and 0 < picture.height <= MAX_SIDE):
                raise AnnotationError(f"size {picture.width} x {picture.height}")
            pictures[picture.id] = picture
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"image {image.get('id') if isinstance(image, dict) else image!r}: {error!r}")
    for annotation in annotations:
        try:
            if annotation["category_id"] not in categories:
                raise AnnotationError(f"unknown category {annotation['category_id']}")
            if annotation["category_id"] not in labels:
                continue
            if annotation["image_id"] not in pictures:
                raise AnnotationError(f"unknown image {annotation['image_id']}")
            picture = pictures[annotation["image_id"]]
            picture.instances.append(_instance(annotation, labels[annotation["category_id"]], picture))
        except (KeyError, TypeError, ValueError) as error:
            name = annotation.get("id") if isinstance(annotation, dict) else annotation
            reason = error if isinstance(error, AnnotationError) else repr(error)
            problems.append(f"annotation {name}: {reason}")
    return Annotations(list(pictures.values()), problems)
