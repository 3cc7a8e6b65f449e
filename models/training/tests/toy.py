"""A small data set of bright rectangles and discs on a dark ground, and a network that learns it in seconds."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
from PIL import Image

CLASSES = ("box", "disc")


def config(**changes: Any) -> Dict[str, Any]:
    """A tiny YOLACT++ at 64 px as the JSON of a configuration."""
    document = {
        "name": "toy",
        "input_size": 64,
        "backbone": {
            "kind": "resnet",
            "block": "basic",
            "blocks": [1, 1, 1, 1],
            "width": 8,
            "selected_stages": [1, 2, 3],
            "deformable": {"layers": [0, 1, 1, 1], "interval": 1},
        },
        "pyramid": {"channels": 16, "extra_levels": 0},
        "prototypes": {"count": 8, "channels": 16},
        "anchors": {"scales": [[8, 10, 12.7], [16, 20, 25.4], [32, 40, 50.8]], "ratios": [1, 0.5, 2], "square": False},
        "mask_rescoring": {"channels": [4, 8]},
        "classes": list(CLASSES),
    }
    document.update(changes)
    return document


def write(folder: Path, count: int, width: int = 96, height: int = 72) -> Path:
    """Writes pictures and annotations of all three forms of segmentation; returns the annotation file."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    images: List[Dict[str, Any]] = []
    annotations: List[Dict[str, Any]] = []
    for number in range(count):
        picture = random.normal(60, 8, (height, width, 3)).clip(0, 255).astype(np.uint8)
        for label in random.integers(0, 2, random.integers(1, 3)):
            w, h = (int(v) for v in random.integers(18, 32, 2))
            h = w if label else h
            x, y = int(random.integers(0, width - w)), int(random.integers(0, height - h))
            rows, columns = np.mgrid[:height, :width]
            mask = (rows >= y) & (rows < y + h) & (columns >= x) & (columns < x + w)
            if label:
                mask &= ((columns + 0.5 - x - w / 2) ** 2 + (rows + 0.5 - y - h / 2) ** 2) <= (w / 2) ** 2
            picture[mask] = (230, 200, 40) if label else (60, 120, 240)
            segmentation: Any = (
                {"size": [height, width], "counts": runs(mask)} if label else [[x, y, x + w, y, x + w, y + h, x, y + h]]
            )
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number + 1,
                    "category_id": int(label) + 1,
                    "iscrowd": 0,
                    "bbox": [x, y, w, h],
                    "area": int(mask.sum()),
                    "segmentation": segmentation,
                }
            )
        Image.fromarray(picture).save(folder / "images" / f"{number}.png")
        images.append({"id": number + 1, "file_name": f"{number}.png", "width": width, "height": height})
    path = folder / "annotations.json"
    path.write_text(
        json.dumps(
            {
                "images": images,
                "annotations": annotations,
                "categories": [{"id": i + 1, "name": name} for i, name in enumerate(CLASSES)],
            }
        ),
        encoding="utf-8",
    )
    return path


def runs(mask: np.ndarray) -> List[int]:
    """bool [H, W] -> run lengths down the columns, zeros first."""
    flat = mask.T.reshape(-1).astype(np.int8)
    ends = np.concatenate([[0], np.nonzero(np.diff(flat))[0] + 1, [flat.size]])
    lengths = np.diff(ends).tolist()
    return [0, *lengths] if flat[0] else lengths


def compressed(counts: List[int]) -> str:
    """Run lengths -> COCO's compressed form, written from its description."""
    text = ""
    for i, count in enumerate(counts):
        value = count - counts[i - 2] if i > 2 else count
        while True:
            code, value = value & 31, value >> 5
            more = not (value == -1 and code & 16 or value == 0 and not code & 16)
            text += chr((code | 32 if more else code) + 48)
            if not more:
                break
    return text
