"""The losses of the YOLACT and YOLACT++ papers, with the published weights."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import matching

BOX_WEIGHT = 1.5
CLASS_WEIGHT = 1.0
MASK_WEIGHT = 6.125
SEMANTIC_WEIGHT = 1.0
RESCORING_WEIGHT = 25.0
NEGATIVES_PER_POSITIVE = 3
# An empty picture has no positive, yet it must teach what is background.
MIN_NEGATIVES = 32
# A mask of at most this many prototype cells is too small to judge a re-scoring by.
MIN_RESCORED_AREA = 25


@dataclass
class Truth:
    """One picture's truths: boxes [T, 4] corners 0..1, labels [T], crowd [T] bool, masks [T, H, W] 0/1, semantic [C, H3, W3]."""

    boxes: Tensor
    labels: Tensor
    crowd: Tensor
    masks: Tensor
    semantic: Tensor


def crop_window(boxes: Tensor, height: int, width: int) -> Tensor:
    """Corner boxes [N, 4] -> [N, H, W] of 0/1: the box grown by one cell, as the decoder crops its masks."""
    x = torch.arange(width, device=boxes.device)
    y = torch.arange(height, device=boxes.device)
    x1, y1 = boxes[:, 0, None] * width - 1, boxes[:, 1, None] * height - 1
    x2, y2 = boxes[:, 2, None] * width + 1, boxes[:, 3, None] * height + 1
    columns = ((x >= x1) & (x < x2)).float()
    rows = ((y >= y1) & (y < y2)).float()
    return rows[:, :, None] * columns[:, None, :]


def hard_negatives(logits: Tensor, classes: Tensor) -> Tensor:
    """Of logits [P, C + 1] and classes [P] the background priors that look least like background, three a positive (OHEM)."""
    hardness = torch.logsumexp(logits, 1) - logits[:, 0]
    hardness[classes != 0] = -1.0
    wanted = max(NEGATIVES_PER_POSITIVE * int((classes > 0).sum()), MIN_NEGATIVES)
    values, hardest = hardness.topk(min(wanted, len(hardness) - 1))
    return hardest[values >= 0]


def mask_loss(prototypes: Tensor, coefficients: Tensor, boxes: Tensor, masks: Tensor) -> Tuple[Tensor, Tensor]:
    """
    Binary cross-entropy of assembled masks inside their boxes, each divided by its box's area in cells.

    prototypes [D, H, W], coefficients [K, D], boxes [K, 4], masks [K, H, W] -> loss [K], soft cropped masks [K, H, W] (detached).
    """
    depth, height, width = prototypes.shape
    logits = (coefficients @ prototypes.view(depth, -1)).view(-1, height, width)
    window = crop_window(boxes, height, width)
    area = (boxes[:, 2] - boxes[:, 0]) * width * (boxes[:, 3] - boxes[:, 1]) * height
    entropy = (F.softplus(logits) - logits * masks) * window
    return entropy.sum((1, 2)) / area.clamp(min=1), (torch.sigmoid(logits.detach()) * window)


def mask_iou(soft: Tensor, masks: Tensor) -> Tensor:
    """IoU [K] of soft masks [K, H, W] thresholded at 0.5 with masks [K, H, W]."""
    predicted = (soft > 0.5).float()
    inter = (predicted * masks).sum((1, 2))
    return inter / (predicted.sum((1, 2)) + masks.sum((1, 2)) - inter).clamp(min=1)


class YolactLoss(nn.Module):
    """All losses of a batch."""

    def __init__(self, rescored_side: int, max_masks: int = 100, max_rescored: int = 40) -> None:
        """rescored_side: side of the prototypes at the configured input size, which is what the re-scoring net is made for."""
        super().__init__()
        self.rescored_side = rescored_side
        self.max_masks = max_masks
        self.max_rescored = max_rescored

    def forward(
        self, network: nn.Module, output: Dict[str, Tensor], priors: Tensor, truths: List[Truth], generator: torch.Generator
    ) -> Dict[str, Tensor]:
        """The network's output and one Truth a picture -> weighted losses: box, class, mask, semantic, rescoring."""
        count = priors.shape[0]
        positive, negative, classes, targets, boxes, masks, labels, counts = [], [], [], [], [], [], [], []
        with torch.no_grad():
            for i, truth in enumerate(truths):
                matched, index = matching.match(truth.boxes, truth.labels, truth.crowd, priors)
                chosen = (matched > 0).nonzero()[:, 0]
                hard = hard_negatives(output["logits"][i], matched)
                positive.append(chosen + i * count)
                negative.append(hard + i * count)
                classes += [matched[chosen], matched[hard]]
                targets.append(matching.encode(truth.boxes[index[chosen]], priors[chosen]))
                some = torch.randperm(len(chosen), generator=generator)[: self.max_masks].to(chosen.device)
                answered = index[chosen[some]]
                counts.append((some, len(chosen)))
                boxes.append(truth.boxes[answered])
                masks.append(truth.masks[answered])
                labels.append(truth.labels[answered])
        # One gather for the whole batch: a gather a picture would cost a full-size gradient each.
        total = max(sum(len(p) for p in positive), 1)
        both = torch.cat([part for pair in zip(positive, negative) for part in pair])
        flat = torch.cat(positive)
        box = F.smooth_l1_loss(output["box"].flatten(0, 1)[flat], torch.cat(targets), reduction="sum")
        label = F.cross_entropy(output["logits"].flatten(0, 1)[both], torch.cat(classes), reduction="sum")
        semantic = (
            F.binary_cross_entropy_with_logits(output["semantic"], torch.stack([t.semantic for t in truths]), reduction="sum")
            / output["semantic"][0, 0].numel()
        )
        coefficients = output["coefficients"].flatten(0, 1)[torch.cat([p[some] for p, (some, _) in zip(positive, counts)])]
        mask = box.new_zeros(())
        soft_masks = []
        for prototypes, part, (some, all_), where, wanted in zip(
            output["prototypes"].unbind(0), coefficients.split([len(some) for some, _ in counts]), counts, boxes, masks
        ):
            if len(some):
                losses, soft = mask_loss(prototypes, part, where, wanted)
                mask = mask + losses.sum() * (all_ / len(some))
                soft_masks.append(soft[: self.max_rescored])
        weighted = {
            "box": box * (BOX_WEIGHT / total),
            "class": label * (CLASS_WEIGHT / total),
            "mask": mask * (MASK_WEIGHT / total),
            "semantic": semantic * (SEMANTIC_WEIGHT / len(truths)),
        }
        if hasattr(network, "maskiou_net"):
            weighted["rescoring"] = (
                box.new_zeros(())
                if not soft_masks
                else rescoring_loss(
                    network.maskiou_net,
                    torch.cat(soft_masks),
                    torch.cat([m[: self.max_rescored] for m in masks]),
                    torch.cat([v[: self.max_rescored] for v in labels]),
                    self.rescored_side,
                )
            )
        return weighted


def rescoring_loss(rescoring: nn.Module, soft: Tensor, masks: Tensor, labels: Tensor, side: int) -> Tensor:
    """
    Smooth L1 of the re-scoring net's output for the true class against the mask's true IoU, mean over masks of more than 25
    cells.

    soft [K, H, W] and masks [K, H, W] carry no gradient: only the re-scoring net learns here. labels [K]. The net sees masks of
    side x side, also where training runs at a smaller input size for now.
    """
    large = masks.sum((1, 2)) > MIN_RESCORED_AREA
    if not bool(large.any()):
        return soft.new_zeros(())
    soft, masks, labels = soft[large], masks[large], labels[large]
    seen = (
        soft[:, None]
        if soft.shape[-1] == side
        else F.interpolate(soft[:, None], (side, side), mode="bilinear", align_corners=False)
    )
    predicted = rescoring(seen).float()[torch.arange(len(labels), device=labels.device), labels]
    return RESCORING_WEIGHT * F.smooth_l1_loss(predicted, mask_iou(soft, masks))
