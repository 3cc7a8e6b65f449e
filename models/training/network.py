"""The YOLACT / YOLACT++ network. Every parameter has the name and shape that the published checkpoints give it."""
from __future__ import annotations

from typing import Dict, List, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import backbone
from config import Config

MEAN_RGB = (123.68, 116.78, 103.94)
STD_RGB = (58.40, 57.12, 57.38)


class FeaturePyramid(nn.Module):
    """Lateral and output convolutions are stored deepest level first; the outputs come shallowest first."""

    def __init__(self, stage_channels: Sequence[int], channels: int, extra_levels: int) -> None:
        super().__init__()
        self.lat_layers = nn.ModuleList([nn.Conv2d(c, channels, 1) for c in reversed(stage_channels)])
        self.pred_layers = nn.ModuleList([nn.Conv2d(channels, channels, 3, padding=1) for _ in stage_channels])
        self.downsample_layers = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, stride=2, padding=1) for _ in range(extra_levels)]
        )

    def forward(self, stages: Sequence[Tensor]) -> List[Tensor]:
        """[N, C_i, H_i, W_i], shallowest first -> P3, P4, ... of [N, channels, H_i, W_i]."""
        merged: List[Tensor] = []
        for lateral, stage in zip(self.lat_layers, reversed(stages)):
            level = lateral(stage)
            if merged:
                level = level + F.interpolate(merged[-1], size=stage.shape[2:], mode="bilinear", align_corners=False)
            merged.append(level)
        outputs = [F.relu(conv(level)) for conv, level in zip(self.pred_layers, merged)][::-1]
        for conv in self.downsample_layers:
            outputs.append(conv(outputs[-1]))
        return outputs


class PredictionHead(nn.Module):
    """Box regression, class logits and mask coefficients of every prior; one set of weights for all levels."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        channels, priors = config.pyramid.channels, config.anchors.per_cell
        self.upfeature = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(inplace=True))
        self.bbox_layer = nn.Conv2d(channels, priors * 4, 3, padding=1)
        self.conf_layer = nn.Conv2d(channels, priors * (len(config.classes) + 1), 3, padding=1)
        self.mask_layer = nn.Conv2d(channels, priors * config.prototypes.count, 3, padding=1)

    def forward(self, levels: Sequence[Tensor]) -> List[Tensor]:
        """P3, P4, ... -> box [N, P, 4], class logits [N, P, C + 1], coefficients [N, P, D] before the tanh."""
        features = [self.upfeature(level) for level in levels]
        outputs = []
        for layer in (self.bbox_layer, self.conf_layer, self.mask_layer):
            size = layer.out_channels // (self.bbox_layer.out_channels // 4)
            outputs.append(torch.cat([layer(f).permute(0, 2, 3, 1).reshape(f.shape[0], -1, size) for f in features], 1).float())
        return outputs


class MaskRescoring(nn.Module):
    """Predicts the IoU of a soft, cropped mask with the truth, for each class."""

    def __init__(self, channels: Sequence[int], classes: int) -> None:
        super().__init__()
        layers: List[nn.Module] = []
        previous = 1
        for count in channels:
            layers += [nn.Conv2d(previous, count, 3, stride=2), nn.ReLU(inplace=True)]
            previous = count
        last = nn.Conv2d(previous, classes, 1)
        self.maskiou_net = nn.Sequential(*layers, last, nn.ReLU(inplace=True))
        for layer in self.maskiou_net:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        # The last ReLU must not start dead: begin at a middling IoU, whatever the mask.
        nn.init.normal_(last.weight, std=0.01)
        nn.init.constant_(last.bias, 0.5)

    def forward(self, masks: Tensor) -> Tensor:
        """[M, 1, H, W] -> [M, classes]."""
        return self.maskiou_net(masks).amax((2, 3))


class Yolact(nn.Module):
    """The whole network, from RGB 0..255 to the raw predictions."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        channels, inner = config.pyramid.channels, config.prototypes.channels
        self.backbone = backbone.create(config.backbone)
        # The published indices: 6 is the upsampling, 7 its ReLU; prototypes are ReLU'd in forward.
        self.proto_net = nn.Sequential(
            nn.Conv2d(channels, inner, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, inner, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, inner, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False),
            nn.Identity(),
            nn.Conv2d(inner, inner, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, config.prototypes.count, 1),
        )
        if config.mask_rescoring:
            self.maskiou_net = MaskRescoring(config.mask_rescoring.channels, len(config.classes))
        stages = [self.backbone.channels[i] for i in config.backbone.selected_stages]
        self.fpn = FeaturePyramid(stages, channels, config.pyramid.extra_levels)
        self.prediction_layers = nn.ModuleList([PredictionHead(config)])
        self.semantic_seg_conv = nn.Conv2d(channels, len(config.classes), 1)
        self.register_buffer("mean", torch.tensor(MEAN_RGB).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD_RGB).view(1, 3, 1, 1), persistent=False)
        for part in (self.proto_net, self.fpn, self.prediction_layers, self.semantic_seg_conv):
            for module in part.modules():
                if isinstance(module, nn.Conv2d):
                    nn.init.xavier_uniform_(module.weight)
                    nn.init.zeros_(module.bias)

    def normalise(self, image: Tensor) -> Tensor:
        """RGB 0..255 -> what the first convolution eats."""
        return (image - self.mean) / self.std if self.config.normalization == "mean_std" else image / 255

    def forward(self, image: Tensor) -> Dict[str, Tensor]:
        """
        image [N, 3, S, S] RGB 0..255 -> box [N, P, 4], logits [N, P, C + 1] (background first), coefficients [N, P, D] (tanh),
        prototypes [N, D, H, W] (ReLU'd), semantic logits [N, C, H3, W3], and the levels' sizes [L, 2].
        """
        stages = self.backbone(self.normalise(image))
        levels = self.fpn([stages[i] for i in self.config.backbone.selected_stages])
        box, logits, coefficients = self.prediction_layers[0](levels)
        return {
            "box": box,
            "logits": logits,
            "coefficients": torch.tanh(coefficients),
            "prototypes": F.relu(self.proto_net(levels[0])).float(),
            "semantic": self.semantic_seg_conv(levels[0]).float() if self.training else box.new_zeros(0),
            "sizes": torch.tensor([level.shape[2:] for level in levels]),
        }


def freeze_batch_norm(network: nn.Module) -> None:
    """Batch norm keeps its running statistics and its scale and shift: for fine-tuning with small batches."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
            module.weight.requires_grad_(False)
            module.bias.requires_grad_(False)


def speed_up_pointwise(network: nn.Module) -> None:
    """
    Makes 1x1 convolutions on one CPU thread up to twice as fast, and changes no result: PyTorch takes its slow path for batches of
    less than 16 unless a convolution is strided or dilated, and one pixel dilated is one pixel.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.kernel_size == (1, 1):
            module.dilation = (2, 2)
