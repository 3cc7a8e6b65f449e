"""Modulated deformable 3x3 convolution (DCNv2), with the parameter names of the published checkpoints."""
from __future__ import annotations

from typing import Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import deform_conv2d

TAPS = 9


class DeformConv(nn.Module):
    """
    A 3x3 convolution, padding 1, whose nine taps are moved by learned offsets and weighted by learned modulations.

    `conv_offset_mask` gives 27 channels: 2k = dy and 2k+1 = dx of tap k (row-major), 18+k its modulation's logit. It starts at
    zero, so the layer starts as half a plain convolution. A sample outside counts as zero, corner by corner.
    """

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels_out, channels_in, 3, 3))
        self.bias = nn.Parameter(torch.zeros(channels_out))
        self.conv_offset_mask = nn.Conv2d(channels_in, 3 * TAPS, 3, stride=stride, padding=1)
        self.stride = stride
        nn.init.kaiming_normal_(self.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(self.conv_offset_mask.weight)
        nn.init.zeros_(self.conv_offset_mask.bias)

    def forward(self, x: Tensor) -> Tensor:
        """[N, Cin, H, W] -> [N, Cout, H', W']."""
        x = _full(x)
        raw = _full(self.conv_offset_mask(x))
        offset, modulation = raw[:, : 2 * TAPS], torch.sigmoid(raw[:, 2 * TAPS :])
        if x.is_cuda:
            return deform_conv2d(
                x, offset.contiguous(), self.weight, self.bias, stride=self.stride, padding=1, mask=modulation.contiguous()
            )
        return sampled_conv(x, offset, modulation, self.weight, self.bias, self.stride)


def sampled_conv(x: Tensor, offset: Tensor, modulation: Tensor, weight: Tensor, bias: Tensor, stride: int) -> Tensor:
    """
    The same function as torchvision's `deform_conv2d` (padding 1), made of weighted sums of pixel rows and one matrix product.

    A sample is the sum of its four corner pixels (all channels at once, contiguous in channels-last order), weighted by bilinear
    weight times modulation: an embedding bag. On a CPU that is vectorised and parallel forward and backward, which torchvision's
    kernels are not: four to eight times as fast in training.

    x [N, C, H, W], offset [N, 18, H', W'], modulation [N, 9, H', W'], weight [O, C, 3, 3], bias [O] -> [N, O, H', W'].
    """
    n, c, h, w = x.shape
    ho, wo = offset.shape[2:]
    tap = torch.arange(TAPS, device=x.device)
    moved = offset.view(n, TAPS, 2, ho, wo).permute(0, 3, 4, 1, 2)
    y = moved[..., 0] + (torch.arange(ho, device=x.device) * stride).view(1, ho, 1, 1) + (tap // 3 - 1)
    z = moved[..., 1] + (torch.arange(wo, device=x.device) * stride).view(1, 1, wo, 1) + (tap % 3 - 1)
    rows, row_weights = _corners(y, h)
    columns, column_weights = _corners(z, w)
    corner_weights = row_weights[..., :, None] * (column_weights * modulation.permute(0, 2, 3, 1)[..., None])[..., None, :]
    first = (torch.arange(n, device=x.device) * (h * w)).view(n, 1, 1, 1, 1)
    corners = (rows * w + first)[..., :, None] + columns[..., None, :]
    pixels = x.permute(0, 2, 3, 1).reshape(n * h * w, c)
    if torch.is_grad_enabled() and not pixels.requires_grad:
        # PyTorch 1.13 fails on an assertion where the weights alone ask for gradients.
        pixels = pixels.detach().requires_grad_()
    samples = F.embedding_bag(corners.reshape(-1, 4), pixels, mode="sum", per_sample_weights=corner_weights.reshape(-1, 4))
    matrix = weight.permute(2, 3, 1, 0).reshape(TAPS * c, -1)
    product = torch.addmm(bias, samples.view(n * ho * wo, TAPS * c), matrix)
    return product.view(n, ho, wo, -1).permute(0, 3, 1, 2)


def _full(x: Tensor) -> Tensor:
    """At least float32: positions and sums of samples need it."""
    return x if x.dtype == torch.float64 else x.float()


def _corners(position: Tensor, size: int) -> Tuple[Tensor, Tensor]:
    """Of positions [...] on an axis the two neighbours' indices [..., 2], and their weights: zero where outside."""
    low = position.detach().floor()
    fraction = position - low
    neighbours = torch.stack([low, low + 1], -1)
    inside = (neighbours >= 0) & (neighbours < size)
    return neighbours.clamp(0, size - 1).long(), torch.stack([1 - fraction, fraction], -1) * inside
