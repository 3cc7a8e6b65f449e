"""From raw predictions to detections, as the product decodes them; the product's own decoder is in C#."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import matching
from config import Selection
from losses import crop_window


@dataclass
class Detections:
    """
    boxes [K, 4] corners 0..1, labels [K] 0-based, scores [K], mask_iou [K] (1 without re-scoring), masks bool [K, h, w]; soft
    [K, H, W]: the masks on the prototypes' grid, 0..1, as the re-scoring net sees them.
    """

    boxes: Tensor
    labels: Tensor
    scores: Tensor
    mask_iou: Tensor
    masks: Tensor
    soft: Tensor


def fast_nms(boxes: Tensor, scores: Tensor, selection: Selection) -> List[Tensor]:
    """
    boxes [P, 4], scores [C, P] -> prior [K], class [K], score [K]. Fast NMS (section 3.3 of the YOLACT paper): of each class's
    best, those that no better one (itself kept or not) overlaps; then the best of all classes.
    """
    scores, order = scores.sort(1, descending=True)
    scores, order = scores[:, : selection.nms_top_k], order[:, : selection.nms_top_k]
    kept = torch.stack([matching.overlap(boxes[row], boxes[row]).triu(1).amax(0) <= selection.nms_iou for row in order])
    classes = torch.arange(len(scores), device=scores.device)[:, None].expand_as(scores)[kept]
    best, top = scores[kept].sort(descending=True)
    top = top[: selection.max_detections]
    return [order[kept][top], classes[top], best[: selection.max_detections]]


def standard_nms(boxes: Tensor, scores: Tensor, selection: Selection) -> List[Tensor]:
    """The same with sequential NMS: a suppressed box suppresses no other."""
    priors, classes, values = [], [], []
    for c, row in enumerate(scores):
        candidates = (row > selection.score_floor).nonzero()[:, 0]
        candidates = candidates[row[candidates].argsort(descending=True)][: selection.nms_top_k]
        overlaps = matching.overlap(boxes[candidates], boxes[candidates]) > selection.nms_iou
        alive = torch.ones(len(candidates), dtype=torch.bool)
        for i in range(len(candidates)):
            if alive[i]:
                alive[i + 1 :] &= ~overlaps[i, i + 1 :].cpu()
        kept = candidates[alive.to(candidates.device)]
        priors.append(kept)
        classes.append(torch.full_like(kept, c))
        values.append(row[kept])
    best, top = torch.cat(values).sort(descending=True)
    top = top[: selection.max_detections]
    return [torch.cat(priors)[top], torch.cat(classes)[top], best[: selection.max_detections]]


@torch.no_grad()
def detect(
    network: nn.Module,
    output: Dict[str, Tensor],
    priors: Tensor,
    picture: int,
    height: int,
    width: int,
    nms: str = "fast",
    min_score: float = 0.0,
) -> Detections:
    """Detections of one picture of the batch at its source size, height x width px."""
    selection = network.config.selection
    probability = torch.softmax(output["logits"][picture].float(), 1)[:, 1:]
    kept = (probability.amax(1) > selection.score_floor).nonzero()[:, 0]
    boxes = matching.decode(output["box"][picture][kept], priors[kept])
    if not len(kept):
        empty = boxes.new_zeros(0)
        nothing = torch.zeros(0, height, width, dtype=torch.bool)
        return Detections(boxes, empty.long(), empty, empty, nothing, boxes.new_zeros(0, *output["prototypes"].shape[2:]))
    choose = fast_nms if nms == "fast" else standard_nms
    index, labels, scores = choose(boxes, probability[kept].t().contiguous(), selection)
    strong = scores > min_score
    index, labels, scores = index[strong], labels[strong], scores[strong]
    boxes = boxes[index]
    prototypes = output["prototypes"][picture]
    depth, rows, columns = prototypes.shape
    soft = torch.sigmoid(output["coefficients"][picture][kept[index]] @ prototypes.reshape(depth, -1)).view(-1, rows, columns)
    soft = soft * crop_window(boxes.clamp(0, 1), rows, columns)
    mask_iou = torch.ones_like(scores)
    if hasattr(network, "maskiou_net") and len(labels):
        mask_iou = network.maskiou_net(soft[:, None]).float()[torch.arange(len(labels), device=labels.device), labels]
    masks = (
        F.interpolate(soft[:, None], size=(height, width), mode="bilinear", align_corners=False)[:, 0] > 0.5
        if len(labels)
        else torch.zeros(0, height, width, dtype=torch.bool)
    )
    return Detections(boxes, labels, scores, mask_iou, masks, soft)
