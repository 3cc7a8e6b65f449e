"""ResNet (bottleneck and basic blocks, deformable where configured) and Darknet, with the published parameter names."""
from __future__ import annotations

from typing import List, Optional

import torch.nn.functional as F
from torch import Tensor, nn

import config as cfg
from deform import DeformConv


def _conv3x3(channels_in: int, channels_out: int, stride: int, deformable: bool) -> nn.Module:
    if deformable:
        return DeformConv(channels_in, channels_out, stride)
    return nn.Conv2d(channels_in, channels_out, 3, stride=stride, padding=1, bias=False)


def _projection(channels_in: int, channels_out: int, stride: int) -> Optional[nn.Module]:
    if stride == 1 and channels_in == channels_out:
        return None
    return nn.Sequential(nn.Conv2d(channels_in, channels_out, 1, stride=stride, bias=False), nn.BatchNorm2d(channels_out))


class Bottleneck(nn.Module):
    """1x1, 3x3 (stride and deformation here), 1x1 to four times the channels, plus the input or its projection."""

    expansion = 4

    def __init__(self, channels_in: int, inner: int, stride: int, deformable: bool) -> None:
        super().__init__()
        out = inner * self.expansion
        self.conv1 = nn.Conv2d(channels_in, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = _conv3x3(inner, inner, stride, deformable)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.downsample = _projection(channels_in, out, stride)

    def forward(self, x: Tensor) -> Tensor:
        """[N, Cin, H, W] -> [N, 4 * inner, H / stride, W / stride]."""
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)), inplace=True)


class Basic(nn.Module):
    """Two 3x3 (the stride on the first, the deformation on the second), plus the input or its projection."""

    expansion = 1

    def __init__(self, channels_in: int, inner: int, stride: int, deformable: bool) -> None:
        super().__init__()
        self.conv1 = _conv3x3(channels_in, inner, stride, False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = _conv3x3(inner, inner, 1, deformable)
        self.bn2 = nn.BatchNorm2d(inner)
        self.downsample = _projection(channels_in, inner, stride)

    def forward(self, x: Tensor) -> Tensor:
        """[N, Cin, H, W] -> [N, inner, H / stride, W / stride]."""
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)), inplace=True)


class ResNet(nn.Module):
    """A ResNet v1.5: 7x7 stem, max-pool, four stages."""

    def __init__(self, config: cfg.Backbone) -> None:
        super().__init__()
        deformable = set(config.deformable_blocks())
        block = Bottleneck if config.block == "bottleneck" else Basic
        self.layers = nn.ModuleList()
        self.channels: List[int] = []
        channels = config.width
        for stage, count in enumerate(config.blocks):
            inner = config.width << stage
            blocks = []
            for index in range(count):
                stride = 2 if index == 0 and stage > 0 else 1
                blocks.append(block(channels, inner, stride, (stage, index) in deformable))
                channels = inner * block.expansion
            self.layers.append(nn.Sequential(*blocks))
            self.channels.append(channels)
        self.conv1 = nn.Conv2d(3, config.width, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(config.width)

    def forward(self, x: Tensor) -> List[Tensor]:
        """[N, 3, S, S] normalised -> one [N, C, S / 4 / 2^stage, ...] a stage."""
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x)), inplace=True), 3, stride=2, padding=1)
        outputs = []
        for stage in self.layers:
            x = stage(x)
            outputs.append(x)
        return outputs


def _dark(channels_in: int, channels_out: int, kernel: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.LeakyReLU(0.1),
    )


class DarkBlock(nn.Module):
    """1x1 to half the channels, 3x3 back, plus the input; no activation after the sum."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = _dark(channels, channels // 2, 1)
        self.conv2 = _dark(channels // 2, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] -> the same shape."""
        return x + self.conv2(self.conv1(x))


class DarkNet(nn.Module):
    """Darknet: a 3x3 stem, then stages of a stride-2 convolution and residual blocks."""

    def __init__(self, config: cfg.Backbone) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        self.channels: List[int] = []
        channels = config.width // 2
        self_preconv = _dark(3, channels, 3)
        for stage, count in enumerate(config.blocks):
            out = config.width << stage
            self.layers.append(nn.Sequential(_dark(channels, out, 3, 2), *[DarkBlock(out) for _ in range(count)]))
            self.channels.append(out)
            channels = out
        self._preconv = self_preconv

    def forward(self, x: Tensor) -> List[Tensor]:
        """[N, 3, S, S] normalised -> one [N, C, S / 2^(stage + 1), ...] a stage."""
        x = self._preconv(x)
        outputs = []
        for stage in self.layers:
            x = stage(x)
            outputs.append(x)
        return outputs


def create(config: cfg.Backbone) -> nn.Module:
    """The backbone of a configuration; has `channels`, the output channels of each stage."""
    network = ResNet(config) if config.kind == "resnet" else DarkNet(config)
    slope = 0.0 if config.kind == "resnet" else 0.1
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.bias is None:
            nn.init.kaiming_normal_(module.weight, a=slope, mode="fan_out", nonlinearity="leaky_relu")
    return network
