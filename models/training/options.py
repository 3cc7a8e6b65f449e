"""The command line of train.py."""
from __future__ import annotations

import argparse
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import torch

import config as configuration
from schedule import Schedule

DESCRIPTION = "Trains a YOLACT or YOLACT++ network on COCO-format data."
EXAMPLES = """
examples:
  from scratch on your own data (the config's "classes" are the names of the data's categories):
    train.py --config mine.json --data annotations.json --images images --out runs/mine --steps 20000
  from a published or earlier checkpoint to other classes (heads of another shape start anew and are listed):
    train.py --config mine.json --data annotations.json --images images --out runs/mine --steps 3000 --rate 0.001 --freeze-bn \\
        --start yolact_plus_resnet50.pth
  go on after an interruption:
    train.py --resume runs/mine ... (the same options)
  until a given time is over, whatever the machine's load:
    train.py ... --max-minutes 90
The folder of --out holds model.pth (the bare weights, for `yolact-edge model import`), last.pth and previous.pth (for --resume),
log.csv and log.png (the losses), problems.txt (annotations that were left out).
"""


def arguments(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--config", type=Path, required=True, help="the network, as `yolact-edge model config` writes it")
    add("--data", type=Path, required=True, help="COCO annotations.json (polygons, run lengths, crowds)")
    add("--images", type=Path, required=True, help="folder of the pictures")
    add("--out", type=Path, required=True, help="folder of the run")
    add("--start", type=Path, help="weights to start from: an ImageNet backbone (torchvision's names) or any checkpoint")
    add("--resume", action="store_true", help="go on with the run in --out; starts it where there is none")
    add("--steps", type=int, default=20000, help="length in batches (default %(default)s)")
    add("--max-minutes", type=float, help="length in minutes of wall-clock time instead: the schedule follows the clock")
    add("--batch", type=int, default=8, help="pictures a batch (default %(default)s)")
    add("--rate", type=float, default=0.01, help="peak learning rate (default %(default)s; 0.001 for fine-tuning)")
    add(
        "--offset-rate",
        type=float,
        default=0.1,
        help="share of the rate at which deformable convolutions learn where to look (default %(default)s)",
    )
    add("--schedule", choices=("cosine", "steps"), default="cosine", help="default %(default)s")
    add(
        "--milestones",
        type=float,
        nargs="+",
        default=list(Schedule.milestones),
        metavar="SHARE",
        help="for --schedule steps: shares of the run from which on the rate is a tenth",
    )
    add("--warmup", type=int, help="steps of rising rate (default 500, and at most a tenth of the run)")
    add("--momentum", type=float, default=0.9, help="of SGD (default %(default)s)")
    add("--weight-decay", type=float, default=5e-4, help="default %(default)s")
    add("--clip", type=float, default=10.0, help="largest norm of the gradient (default %(default)s; 0: no limit)")
    add("--freeze-bn", action="store_true", help="batch norm keeps its statistics: for fine-tuning")
    add(
        "--sizes",
        default="",
        metavar="S:UNTIL,...",
        help="smaller input sizes first, e.g. 192:0.5 trains the first half at 192 px",
    )
    add("--photometric", type=float, default=0.5, help="share of pictures for each colour change (default %(default)s)")
    add("--expand", type=float, default=4.0, help="largest zoom out (default %(default)s; 1: none)")
    add("--expand-share", type=float, default=0.5, help="share of pictures zoomed out (default %(default)s)")
    add("--crop-share", type=float, default=0.83, help="share of pictures cropped (default %(default)s)")
    add("--min-crop", type=float, default=0.3, help="smallest side of a crop as a share (default %(default)s)")
    add("--no-mirror", action="store_true", help="no exchange of left and right: where it would change a class")
    add("--flip", action="store_true", help="exchange top and bottom too: for views from above")
    add("--quarter-turns", action="store_true", help="turn by 90 degrees too; proportions change where pictures are not square")
    add("--no-augment", action="store_true", help="pictures as they are: to overfit a few on purpose")
    add("--limit", type=int, help="use the first N pictures only")
    add("--cache", type=Path, help="folder for decoded pictures: faster where the disk has room (3 bytes a pixel)")
    add("--workers", type=int, default=2, help="processes that prepare batches (default %(default)s; 0: none)")
    add(
        "--processes",
        type=int,
        default=1,
        help="training processes, each with --batch pictures, that average their gradients: on a CPU one a core beats one with "
        "as many threads (default %(default)s)",
    )
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default %(default)s here")
    add(
        "--precision",
        choices=("auto", "float32", "bfloat16", "float16"),
        default="auto",
        help="of convolutions; auto: 16 bit where the device computes it natively; weights stay float32",
    )
    add("--seed", type=int, default=1, help="default %(default)s")
    add("--save-minutes", type=float, default=5.0, help="minutes between checkpoints (default %(default)s)")
    add("--log-every", type=int, default=20, help="steps between lines of the log (default %(default)s)")
    return parser.parse_args(argv)


def size_plan(text: str, final: int) -> List[Tuple[float, int]]:
    """`192:0.5` with final 256 -> [(0.5, 192), (1.0, 256)]: each size and the share of the run until which it is used."""
    plan = []
    for part in filter(None, text.split(",")):
        try:
            size, until = part.split(":")
            plan.append((float(until), int(size)))
        except ValueError:
            raise configuration.ConfigError(f"--sizes {part!r}: write SIZE:UNTIL such as 192:0.5") from None
    return sorted(plan) + [(1.0, final)]


def choose_precision(wanted: str, device: torch.device) -> Optional[torch.dtype]:
    """The autocast type, None for plain float32."""
    if wanted != "auto":
        return None if wanted == "float32" else getattr(torch, wanted)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii")
    except OSError:
        return None
    return torch.bfloat16 if " avx512_bf16" in flags or " amx_bf16" in flags else None
