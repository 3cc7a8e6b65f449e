import hashlib
import json
import unittest
from dataclasses import replace
from pathlib import Path

import torch
from torchvision.ops import deform_conv2d

import anchors
import config as configuration
import parity
from deform import DeformConv, sampled_conv
from network import Yolact, freeze_batch_norm, speed_up_pointwise
from tests import toy

# Count and SHA-256 of the sorted lines "NAME SHAPE" of each published network's parameters (80 classes; Pascal 20).
PUBLISHED = {
    "yolact_base": (660, "8fd847442762ab30179d546c716b6d22dfd20bdc1a2113a22eff32144c7f6721"),
    "yolact_darknet53": (348, "9da7e0f93f32a8803c2fb08e2866975d51b0c3523f50058ccad9dd14c91bdb25"),
    "yolact_im400": (660, "8fd847442762ab30179d546c716b6d22dfd20bdc1a2113a22eff32144c7f6721"),
    "yolact_im700": (660, "8fd847442762ab30179d546c716b6d22dfd20bdc1a2113a22eff32144c7f6721"),
    "yolact_plus_base": (705, "9527a3fd2226aa10eca1e1eb40f3a8e2876240c63cb680cd2132bd2604e7f9c5"),
    "yolact_plus_resnet50": (405, "be5e52bdc9e8f9d32d122ffe5cf364264a908323b173a1ea4856dec063b046a0"),
    "yolact_resnet50": (354, "2de1bc5308c7429bc5003b944a527432425df643a285ce17bd67d9f9eb7e0c05"),
    "yolact_resnet50_pascal": (354, "43002fd4e98dd2f614aa386a0deb6c0e8383f8a3d9c8eaf20136ba7b0b0036cd"),
}


def lines(network):
    return sorted(f"{name} {'x'.join(map(str, value.shape))}" for name, value in network.state_dict().items())


class Parameters(unittest.TestCase):
    def test_names_and_shapes_are_the_published_ones(self):
        for config in parity.named(96, ["a"]):
            if config.name not in PUBLISHED:
                continue
            classes = tuple(str(i) for i in range(20 if "pascal" in config.name else 80))
            rescoring = configuration.MaskRescoring() if config.mask_rescoring else None
            text = lines(Yolact(replace(config, classes=classes, input_size=550, mask_rescoring=rescoring)))
            with self.subTest(config.name):
                self.assertEqual((len(text), hashlib.sha256("\n".join(text).encode()).hexdigest()), PUBLISHED[config.name])

    def test_frozen_batch_norm_learns_nothing(self):
        network = Yolact(configuration.parse(json.dumps(toy.config()))).train()
        freeze_batch_norm(network)
        before = network.backbone.bn1.running_mean.clone()
        sum(v.sum() for v in network(torch.rand(1, 3, 64, 64) * 255).values() if v.is_floating_point()).backward()
        self.assertTrue(torch.equal(before, network.backbone.bn1.running_mean))
        self.assertIsNone(network.backbone.bn1.weight.grad)

    def test_fast_pointwise_convolutions_compute_the_same(self):
        config = configuration.load(Path(configuration.__file__).parent / "ablations" / "yolact.json")
        network, pixels = Yolact(config).eval(), torch.rand(2, 3, 96, 96) * 255
        with torch.no_grad():
            before = network(pixels)
            speed_up_pointwise(network)
            after = network(pixels)
        for name, value in before.items():
            torch.testing.assert_close(after[name], value, rtol=1e-4, atol=1e-4)


class Sizes(unittest.TestCase):
    def test_prior_counts_of_the_published_networks(self):
        counts = {
            "yolact_base": (550, 19248),
            "yolact_plus_base": (550, 57744),
            "yolact_im400": (400, 10077),
            "yolact_im700": (700, 30963),
        }
        for config in parity.named(96, ["a"]):
            if config.name in counts:
                size, count = counts[config.name]
                sides = anchors.level_sizes(config, size)
                self.assertEqual(len(anchors.create(replace(config, input_size=size), [(s, s) for s in sides])), count)

    def test_sizes_are_those_of_the_network(self):
        config = configuration.parse(json.dumps(toy.config()))
        for side in (64, 96, 75):
            output = Yolact(config).eval()(torch.zeros(1, 3, side, side))
            self.assertEqual(output["sizes"][:, 0].tolist(), anchors.level_sizes(config, side))
            self.assertEqual(output["prototypes"].shape[-1], anchors.prototype_size(config, side))

    def test_prior_order_is_level_row_column_scale_ratio(self):
        config = configuration.parse(json.dumps(toy.config()))
        priors = anchors.create(config, [(2, 2), (1, 1), (1, 1)])
        self.assertEqual(priors[0].tolist(), [0.25, 0.25, 8 / 64, 8 / 64])
        torch.testing.assert_close(priors[1], torch.tensor([0.25, 0.25, 8 / 64 * 0.5**0.5, 8 / 64 / 0.5**0.5]))
        torch.testing.assert_close(priors[3], torch.tensor([0.25, 0.25, 10 / 64, 10 / 64]))
        torch.testing.assert_close(priors[9][:2], torch.tensor([0.75, 0.25]))


class Deformable(unittest.TestCase):
    def compare(self, n, cin, cout, side, stride, spread):
        torch.manual_seed(side)
        x = torch.randn(n, cin, side, side + 3, requires_grad=True)
        height, width = (side - 1) // stride + 1, (side + 2) // stride + 1
        offset = (torch.randn(n, 18, height, width) * spread).requires_grad_()
        modulation = torch.rand(n, 9, height, width, requires_grad=True)
        weight, bias = torch.randn(cout, cin, 3, 3, requires_grad=True), torch.randn(cout, requires_grad=True)
        inputs = (x, offset, modulation, weight, bias)
        wanted = deform_conv2d(x, offset, weight, bias, stride=stride, padding=1, mask=modulation)
        found = sampled_conv(x, offset, modulation, weight, bias, stride)
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)
        direction = torch.randn_like(wanted)
        for a, b in zip(torch.autograd.grad(found, inputs, direction), torch.autograd.grad(wanted, inputs, direction)):
            torch.testing.assert_close(a, b, atol=2e-3, rtol=1e-3)

    def test_equals_torchvision_forward_and_backward(self):
        for case in ((2, 5, 7, 9, 1, 1.5), (1, 4, 3, 12, 2, 0.5), (2, 3, 3, 7, 1, 8.0), (1, 2, 2, 5, 2, 40.0)):
            with self.subTest(case):
                self.compare(*case)

    def test_starts_as_half_a_plain_convolution(self):
        layer = DeformConv(4, 6, 1)
        x = torch.randn(1, 4, 8, 8)
        torch.testing.assert_close(layer(x), torch.nn.functional.conv2d(x, layer.weight, padding=1) / 2, atol=1e-5, rtol=1e-5)


if __name__ == "__main__":
    unittest.main()
