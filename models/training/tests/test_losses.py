import json
import unittest

import torch
import torch.nn.functional as F

import anchors
import config as configuration
import losses
import matching
from losses import Truth, YolactLoss
from network import Yolact
from tests import toy


class Parts(unittest.TestCase):
    def test_mask_loss_is_the_mean_cross_entropy_in_the_box(self):
        torch.manual_seed(0)
        prototypes, coefficients = torch.rand(4, 16, 16), torch.randn(3, 4)
        boxes = torch.tensor([[0.25, 0.25, 0.75, 0.5], [0.0, 0.0, 1.0, 1.0], [0.5, 0.125, 0.625, 0.25]])
        masks = (torch.rand(3, 16, 16) > 0.5).float()
        value, soft = losses.mask_loss(prototypes, coefficients, boxes, masks)
        for k, (x1, y1, x2, y2) in enumerate((boxes * 16).tolist()):
            probability = torch.sigmoid(torch.einsum("dhw,d->hw", prototypes, coefficients[k]))
            total = 0.0
            for r in range(16):
                for c in range(16):
                    within = x1 - 1 <= c < x2 + 1 and y1 - 1 <= r < y2 + 1
                    self.assertAlmostEqual(float(soft[k, r, c]), float(probability[r, c]) if within else 0.0, places=5)
                    if within:
                        total += float(F.binary_cross_entropy(probability[r, c], masks[k, r, c]))
            self.assertAlmostEqual(float(value[k]), total / ((x2 - x1) * (y2 - y1)), places=4)

    def test_hard_negatives_are_three_a_positive_and_never_neutral(self):
        logits = torch.zeros(200, 3)
        logits[:, 1] = torch.linspace(-5, 5, 200)
        classes = torch.zeros(200, dtype=torch.long)
        classes[180:] = 1
        classes[170:180] = matching.NEUTRAL
        chosen = losses.hard_negatives(logits, classes)
        self.assertEqual(sorted(chosen.tolist()), list(range(110, 170)))

    def test_mask_iou(self):
        soft = torch.zeros(2, 4, 4)
        soft[0, :2], soft[1, 0, 0] = 0.9, 0.4
        truth = torch.zeros(2, 4, 4)
        truth[0, 1:3] = 1
        truth[1, 0, 0] = 1
        torch.testing.assert_close(losses.mask_iou(soft, truth), torch.tensor([4 / 12, 0.0]))

    def test_rescoring_teaches_only_its_own_net(self):
        network = Yolact(configuration.parse(json.dumps(toy.config())))
        soft = torch.rand(5, 16, 16, requires_grad=True)
        value = losses.rescoring_loss(
            network.maskiou_net, soft.detach(), (torch.rand(5, 16, 16) > 0.3).float(), torch.tensor([0, 1, 0, 1, 0]), 16
        )
        value.backward()
        self.assertIsNone(soft.grad)
        self.assertGreater(float(value), 0)


class Whole(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        self.config = configuration.parse(json.dumps(toy.config()))
        self.network = Yolact(self.config).train()
        self.output = self.network(torch.rand(2, 3, 64, 64) * 255)
        self.priors = anchors.create(self.config, [tuple(s) for s in self.output["sizes"].tolist()])

    def truth(self, boxes, labels):
        count = len(labels)
        masks = torch.zeros(count, 16, 16)
        for mask, (x1, y1, x2, y2) in zip(masks, boxes):
            mask[int(y1 * 16) : int(y2 * 16), int(x1 * 16) : int(x2 * 16)] = 1
        return Truth(
            torch.tensor(boxes).view(-1, 4),
            torch.tensor(labels, dtype=torch.long),
            torch.zeros(count, dtype=torch.bool),
            masks,
            torch.zeros(2, 8, 8),
        )

    def total(self, truths):
        values = YolactLoss(16)(self.network, self.output, self.priors, truths, torch.Generator().manual_seed(1))
        return values, sum(values.values())

    def test_every_part_reaches_its_parameters(self):
        _, total = self.total([self.truth([[0.2, 0.2, 0.7, 0.8]], [1]), self.truth([], [])])
        total.backward()
        for name, parameter in self.network.named_parameters():
            self.assertIsNotNone(parameter.grad, name)
            self.assertTrue(bool(torch.isfinite(parameter.grad).all()), name)

    def test_pictures_without_objects_teach_the_background(self):
        values, total = self.total([self.truth([], []), self.truth([], [])])
        self.assertEqual(float(values["box"]), 0.0)
        self.assertEqual(float(values["mask"]), 0.0)
        self.assertGreater(float(values["class"]), 0.0)
        total.backward()

    def test_a_perfect_answer_costs_nothing_but_the_semantic_part(self):
        truth = self.truth([[0.25, 0.25, 0.75, 0.75]], [0])
        classes, index = matching.match(truth.boxes, truth.labels, truth.crowd, self.priors)
        positive = classes > 0
        box = torch.zeros(1, len(classes), 4)
        box[0, positive] = matching.encode(truth.boxes[index[positive]], self.priors[positive])
        logits = torch.full((1, len(classes), 3), -50.0)
        logits[0, torch.arange(len(classes)), classes.clamp(min=0)] = 50.0
        prototypes = torch.zeros(1, 8, 16, 16)
        prototypes[0, 0], prototypes[0, 1] = 60 * truth.masks[0], 60 * (1 - truth.masks[0])
        coefficients = torch.zeros(1, len(classes), 8)
        coefficients[..., 0], coefficients[..., 1] = 1, -1
        output = {
            "box": box,
            "logits": logits,
            "coefficients": coefficients,
            "prototypes": prototypes,
            "semantic": torch.zeros(1, 2, 8, 8),
        }
        values = YolactLoss(16)(self.network, output, self.priors, [truth], torch.Generator().manual_seed(1))
        for name in ("box", "class", "mask"):
            self.assertAlmostEqual(float(values[name]), 0.0, places=5, msg=name)


if __name__ == "__main__":
    unittest.main()
