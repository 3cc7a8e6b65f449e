"""Pictures with their instances' masks: straight from the files, or from a cache of decoded pixels."""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import numpy as np
from PIL import Image

import coco

Image.MAX_IMAGE_PIXELS = coco.MAX_SIDE * coco.MAX_SIDE // 4


@dataclass
class Sample:
    """
    One decoded picture.

    image uint8 [H, W, 3] RGB, labels [T], crowd [T] bool, boxes [T, 4] px corners; masks: of each instance its bool crop [h, w];
    origins [T, 2]: x, y of each crop.
    """

    image: np.ndarray
    labels: np.ndarray
    crowd: np.ndarray
    boxes: np.ndarray
    masks: List[np.ndarray]
    origins: np.ndarray


def crop_to_content(mask: np.ndarray) -> Tuple[np.ndarray, int, int]:
    """bool [H, W] -> its smallest crop that holds every set pixel, and the crop's x and y. Raises where nothing is set."""
    rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
    if not len(rows):
        raise coco.AnnotationError("the mask is empty")
    y, x = int(rows[0]), int(columns[0])
    return mask[y : rows[-1] + 1, x : columns[-1] + 1], x, y


class FileDataset:
    """Decodes pictures and masks whenever they are asked for."""

    def __init__(self, annotations: coco.Annotations, images: Path) -> None:
        self.pictures = annotations.pictures
        self.problems = list(annotations.problems)
        self.images = images

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> Sample:
        picture = self.pictures[index]
        try:
            with Image.open(self.images / picture.file) as file:
                image = np.asarray(file.convert("RGB"))
        except (OSError, SyntaxError) as error:
            self._note(f"image file {picture.file} cannot be decoded ({error}): an empty picture stands in")
            image = np.full((picture.height, picture.width, 3), 128, np.uint8)
            picture = replace(picture, instances=[])
        labels, crowd, boxes, masks, origins = [], [], [], [], []
        for instance in picture.instances:
            try:
                mask, x, y = crop_to_content(coco.decode(instance.segmentation, picture.height, picture.width))
            except (ValueError, TypeError) as error:
                self._note(f"annotation {instance.annotation}: {error}")
                continue
            labels.append(instance.label)
            crowd.append(instance.crowd)
            boxes.append(instance.box)
            masks.append(mask)
            origins.append((x, y))
        return Sample(
            image,
            np.array(labels, np.int64),
            np.array(crowd, bool),
            np.array(boxes, np.float32).reshape(-1, 4),
            masks,
            np.array(origins, np.int32).reshape(-1, 2),
        )

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def drop_unusable(self) -> None:
        """Leaves out, and lists, pictures whose file is not there, is no picture, or is of another size than annotated."""
        usable = []
        for picture in self.pictures:
            try:
                with Image.open(self.images / picture.file) as file:
                    size = file.size
                if size != (picture.width, picture.height):
                    raise OSError(f"it is {size[0]} x {size[1]} px, the annotations say {picture.width} x {picture.height}")
                usable.append(picture)
            except OSError as error:
                self._note(f"image file {picture.file} is left out: {error}")
        self.pictures = usable


class CachedDataset:
    """Decoded pictures in one memory-mapped file, masks as bits in another: several times faster than decoding PNG each time."""

    def __init__(self, folder: Path) -> None:
        index = np.load(folder / "index.npz", allow_pickle=False)
        self.index = {name: index[name] for name in index.files}
        self.problems: List[str] = json.loads((folder / "problems.json").read_text(encoding="utf-8"))
        self.pixels = np.memmap(folder / "pixels.u8", np.uint8, "r")
        self.bits = np.memmap(folder / "masks.bits", np.uint8, "r")

    def __len__(self) -> int:
        return len(self.index["size"])

    def __getitem__(self, index: int) -> Sample:
        i = self.index
        height, width = (int(v) for v in i["size"][index])
        start = int(i["pixel"][index])
        image = self.pixels[start : start + height * width * 3].reshape(height, width, 3)
        first, last = int(i["first"][index]), int(i["first"][index + 1])
        masks = []
        for t in range(first, last):
            h, w = (int(v) for v in i["mask_size"][t])
            begin = int(i["mask"][t])
            masks.append(np.unpackbits(self.bits[begin : begin + (h * w + 7) // 8], count=h * w).reshape(h, w).astype(bool))
        return Sample(image, i["label"][first:last], i["crowd"][first:last], i["box"][first:last], masks, i["origin"][first:last])


def build_cache(source: FileDataset, folder: Path) -> None:
    """Decodes every picture into `folder`, complete or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=folder.name + ".", suffix=".partial", dir=folder.parent))
    try:
        _decode_all(source, temporary)
        os.replace(temporary, folder)
    except OSError:
        # Another run may have built the same cache meanwhile.
        if not (folder / "index.npz").exists():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _decode_all(source: FileDataset, temporary: Path) -> None:
    columns = {name: [] for name in ("size", "pixel", "label", "crowd", "box", "origin", "mask_size", "mask")}
    first = [0]
    with open(temporary / "pixels.u8", "wb") as pixels, open(temporary / "masks.bits", "wb") as bits, ThreadPoolExecutor(
        os.cpu_count() or 1
    ) as pool:
        for start in range(0, len(source), 64):
            for sample in pool.map(source.__getitem__, range(start, min(start + 64, len(source)))):
                columns["size"].append(sample.image.shape[:2])
                columns["pixel"].append(pixels.tell())
                pixels.write(np.ascontiguousarray(sample.image).data)
                for t, mask in enumerate(sample.masks):
                    for name, value in (
                        ("label", sample.labels[t]),
                        ("crowd", sample.crowd[t]),
                        ("box", sample.boxes[t]),
                        ("origin", sample.origins[t]),
                        ("mask_size", mask.shape),
                        ("mask", bits.tell()),
                    ):
                        columns[name].append(value)
                    bits.write(np.packbits(mask).data)
                first.append(len(columns["label"]))
    count = first[-1]
    np.savez(
        temporary / "index.npz",
        first=np.array(first, np.int64),
        size=np.array(columns["size"], np.int32),
        pixel=np.array(columns["pixel"], np.int64),
        label=np.array(columns["label"], np.int64),
        crowd=np.array(columns["crowd"], bool),
        box=np.array(columns["box"], np.float32).reshape(count, 4),
        origin=np.array(columns["origin"], np.int32).reshape(count, 2),
        mask_size=np.array(columns["mask_size"], np.int32).reshape(count, 2),
        mask=np.array(columns["mask"], np.int64),
    )
    (temporary / "problems.json").write_text(json.dumps(source.problems), encoding="utf-8")


def open_dataset(data: Path, images: Path, classes: Sequence[str], cache: Optional[Path], limit: Optional[int] = None):
    """The data set of an annotation file; with a cache folder it is decoded once and read from there ever after."""
    if cache is None:
        return _checked(data, images, classes, limit)
    stat = data.stat()
    key = hashlib.sha256(
        repr((str(data.resolve()), stat.st_size, stat.st_mtime_ns, str(images.resolve()), list(classes), limit)).encode()
    ).hexdigest()[:16]
    folder = cache / key
    if not folder.is_dir():
        source = _checked(data, images, classes, limit)
        need = sum(p.width * p.height * 3 for p in source.pictures)
        cache.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(cache).free < need * 1.1:
            raise ValueError(
                f"the cache needs {need / 1e9:.1f} GB, {cache} has {shutil.disk_usage(cache).free / 1e9:.1f} GB "
                "free: choose another --cache, or leave it out"
            )
        print(f"decoding {len(source)} pictures into {folder} ({need / 1e9:.1f} GB), once", flush=True)
        build_cache(source, folder)
    return CachedDataset(folder)


def _checked(data: Path, images: Path, classes: Sequence[str], limit: Optional[int]) -> FileDataset:
    source = FileDataset(coco.read(data, classes), images)
    source.drop_unusable()
    source.pictures = source.pictures[:limit]
    if not source.pictures:
        raise ValueError(f"none of the pictures of {data} is in {images}: is --images the right folder?")
    return source
