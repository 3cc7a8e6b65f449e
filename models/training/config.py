"""The network's configuration: the same JSON that `yolact-edge model config` writes and `model import` reads."""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Type, TypeVar

T = TypeVar("T")


class ConfigError(ValueError):
    """A configuration or a command line is wrong; the message says what would be right."""


@dataclass(frozen=True)
class Deformable:
    """Which 3x3 convolutions are deformable: of each stage's last `layers[stage]` blocks every `interval`-th."""

    layers: Tuple[int, ...]
    interval: int = 1


@dataclass(frozen=True)
class Backbone:
    """The feature extractor. `width`: channels of the stem and inner channels of the first stage; each stage doubles them."""

    blocks: Tuple[int, ...]
    kind: str = "resnet"
    block: str = "bottleneck"
    width: int = 64
    selected_stages: Tuple[int, ...] = (1, 2, 3)
    deformable: Optional[Deformable] = None

    def deformable_blocks(self) -> List[Tuple[int, int]]:
        """(stage, block) pairs: block 0 where layers >= blocks, block i where i + layers >= blocks and interval divides i."""
        if self.kind != "resnet" or self.deformable is None:
            return []
        return [
            (stage, block)
            for stage, (count, layers) in enumerate(zip(self.blocks, self.deformable.layers))
            for block in range(count)
            if block + layers >= count and block % self.deformable.interval == 0
        ]


@dataclass(frozen=True)
class Pyramid:
    """The feature pyramid: channels of every level, and stride-2 levels above the deepest stage."""

    channels: int = 256
    extra_levels: int = 2


@dataclass(frozen=True)
class Prototypes:
    """The prototype network: number of prototypes D and channels of the convolutions between."""

    count: int = 32
    channels: int = 256


@dataclass(frozen=True)
class Anchors:
    """The priors. `scales`: px of the network input, one list a level (P3 first). `square`: v1's height = width."""

    scales: Tuple[Tuple[float, ...], ...]
    ratios: Tuple[float, ...] = (1.0, 0.5, 2.0)
    square: bool = False

    @property
    def per_cell(self) -> int:
        """Priors a cell."""
        return len(self.scales[0]) * len(self.ratios)


@dataclass(frozen=True)
class MaskRescoring:
    """The mask re-scoring network: output channels of each stride-2 convolution."""

    channels: Tuple[int, ...] = (8, 16, 32, 64, 128)


@dataclass(frozen=True)
class Selection:
    """How detections are chosen from the priors."""

    score_floor: float = 0.05
    nms_iou: float = 0.5
    nms_top_k: int = 200
    max_detections: int = 100


@dataclass(frozen=True)
class Config:
    """Everything that tells one YOLACT or YOLACT++ network from another."""

    name: str
    backbone: Backbone
    anchors: Anchors
    classes: Tuple[str, ...]
    input_size: int = 550
    normalization: str = "mean_std"
    pyramid: Pyramid = field(default_factory=Pyramid)
    prototypes: Prototypes = field(default_factory=Prototypes)
    mask_rescoring: Optional[MaskRescoring] = None
    selection: Selection = field(default_factory=Selection)

    @property
    def levels(self) -> int:
        """Pyramid levels that carry priors."""
        return len(self.backbone.selected_stages) + self.pyramid.extra_levels


_NESTED: Dict[Tuple[type, str], type] = {
    (Backbone, "deformable"): Deformable,
    (Config, "backbone"): Backbone,
    (Config, "anchors"): Anchors,
    (Config, "pyramid"): Pyramid,
    (Config, "prototypes"): Prototypes,
    (Config, "mask_rescoring"): MaskRescoring,
    (Config, "selection"): Selection,
}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _build(kind: Type[T], value: Any, path: str) -> T:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: must be an object")
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(value) - known)
    if unknown:
        raise ConfigError(f"{path}: unknown member {unknown[0]!r}; known are {', '.join(sorted(known))}")
    members = {}
    for name, member in value.items():
        nested = _NESTED.get((kind, name))
        members[name] = _build(nested, member, f"{path}.{name}") if nested and member is not None else _frozen(member)
    try:
        return kind(**members)
    except TypeError as error:
        raise ConfigError(f"{path}: {error}") from None


def _check(config: Config) -> None:
    backbone, errors = config.backbone, []
    if backbone.kind not in ("resnet", "darknet"):
        errors.append("$.backbone.kind: resnet or darknet")
    if backbone.block not in ("bottleneck", "basic"):
        errors.append("$.backbone.block: bottleneck or basic")
    if config.normalization not in ("mean_std", "unit"):
        errors.append("$.normalization: mean_std or unit")
    if backbone.kind == "resnet" and len(backbone.blocks) != 4:
        errors.append(f"$.backbone.blocks: a ResNet has 4 stages, not {len(backbone.blocks)}")
    if backbone.deformable and len(backbone.deformable.layers) != len(backbone.blocks):
        errors.append(f"$.backbone.deformable.layers: {len(backbone.blocks)} counts, one a stage")
    if len(config.anchors.scales) != config.levels:
        errors.append(f"$.anchors.scales: {config.levels} levels, not {len(config.anchors.scales)}")
    if len({len(level) for level in config.anchors.scales}) > 1:
        errors.append("$.anchors.scales: the same number of sizes on each level")
    if not config.classes or len(set(config.classes)) != len(config.classes):
        errors.append("$.classes: at least one name, all different")
    if not 32 <= config.input_size <= 2048:
        errors.append(f"$.input_size: 32..2048, not {config.input_size}")
    if errors:
        raise ConfigError("\n".join(errors))


def parse(text: str, source: str = "config") -> Config:
    """Reads a configuration from JSON text; raises ConfigError that says what is wrong."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{source} is no JSON: {error}") from None
    try:
        config = _build(Config, document, "$")
        _check(config)
    except ConfigError as error:
        raise ConfigError(f"{source} is no valid network config:\n{error}") from None
    return config


def load(path: Path) -> Config:
    """Reads a configuration file."""
    return parse(Path(path).read_text(encoding="utf-8"), str(path))


def dump(config: Config) -> str:
    """The configuration as indented JSON."""
    assert is_dataclass(config)
    return json.dumps(asdict(config), indent=2) + "\n"
