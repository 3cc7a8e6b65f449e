import contextlib
import io
import unittest

import torch

import anchors
import checkpoint
import config as configuration
import rescoring
from ablations import at_size
from decode import Detections
from network import MaskRescoring, Yolact
from tests import toy
from tests.test_training import Folder


def discs(count):
    """Soft masks of which more is missing the worse they fit: the IoU can be told from the mask."""
    generator = torch.Generator().manual_seed(3)
    iou = torch.rand(count, generator=generator)
    soft = torch.zeros(count, 16, 16)
    for mask, share in zip(soft, iou):
        mask[2 : 2 + max(1, int(12 * share)), 2:14] = 1
    return rescoring.Masks((soft * 255).byte(), torch.zeros(count, dtype=torch.long), iou)


class FitTests(unittest.TestCase):
    def found(self, masks, labels):
        nothing = torch.zeros(len(labels))
        return Detections(nothing, torch.tensor(labels), nothing, nothing, masks, masks.float())

    def test_a_mask_is_judged_by_the_best_truth_of_its_class(self):
        left, half = torch.zeros(4, 4, dtype=torch.bool), torch.zeros(4, 4, dtype=torch.bool)
        left[:, :2], half[:2, :2] = True, True
        found = self.found(torch.stack([left, half, left]), [0, 0, 1])
        fit = rescoring._fit(found, torch.tensor([0, 0]), torch.stack([left, half]).float())
        self.assertEqual(fit.tolist(), [1, 1, 0])
        self.assertEqual(rescoring._fit(found, torch.tensor([0]), half[None].float()).tolist(), [0.5, 1, 0])

    def test_without_truths_nothing_fits(self):
        found = self.found(torch.ones(2, 4, 4, dtype=torch.bool), [0, 1])
        self.assertEqual(rescoring._fit(found, torch.zeros(0, dtype=torch.long), torch.zeros(0, 4, 4)).tolist(), [0, 0])


    def test_drawing_in_keeps_mean_and_order(self):
        iou = torch.tensor([0.2, 0.6, 1.0])
        torch.testing.assert_close(rescoring.drawn_in(iou, 0.5), torch.tensor([0.4, 0.6, 0.8]))
        torch.testing.assert_close(rescoring.drawn_in(iou, 1), iou)


class RescoringTests(Folder):
    def test_it_learns_the_iou(self):
        torch.manual_seed(1)
        network = torch.nn.Module()
        network.maskiou_net = MaskRescoring((8, 16), 1)
        masks = discs(256)

        def error():
            with torch.no_grad():
                return float((network.maskiou_net(masks.soft.float()[:, None] / 255)[:, 0] - masks.iou).abs().mean())

        before = error()
        with contextlib.redirect_stdout(io.StringIO()):
            rescoring.train(network, masks, epochs=20, batch=32, rate=3e-3, seed=1)
        self.assertLess(error(), min(0.08, before / 2))

    def test_only_the_rescoring_net_changes(self):
        self.run_train(*self.command("run", "--steps", "30"))
        model = self.folder / "run" / "model.pth"
        out = self.folder / "rescored.pth"
        command = ["--config", self.folder / "config.json", "--model", model, "--data", self.folder / "annotations.json"]
        command += ["--images", self.folder / "images", "--out", out, "--pictures", 6, "--epochs", 2, "--device", "cpu"]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self.assertEqual(rescoring.main([str(part) for part in command]), 0)
        before, after = checkpoint.load(model), checkpoint.load(out)
        self.assertEqual(list(before), list(after))
        changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
        self.assertEqual(changed, {"maskiou_net"})

        with contextlib.redirect_stdout(printed):
            self.assertEqual(rescoring.main([str(part) for part in [*command, "--half"]]), 0)
        halved = checkpoint.load(out)
        self.assertEqual({value.dtype for value in halved.values() if value.ndim == 4}, {torch.float16})
        self.assertTrue(all(torch.equal(halved[name], after[name].to(halved[name].dtype)) for name in after))
        self.assertLess(out.stat().st_size, 0.7 * model.stat().st_size)

    def test_a_network_without_rescoring_is_refused(self):
        command = self.command("run", mask_rescoring=None)
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            code = rescoring.main([*command[:6], "--model", "none.pth", "--out", str(self.folder / "x.pth")])
        self.assertEqual(code, 1)
        self.assertIn("nothing to train", errors.getvalue())


class SizeTests(unittest.TestCase):
    def test_a_smaller_network_keeps_its_proportions_and_still_works(self):
        config = configuration.parse(configuration.json.dumps(toy.config(mask_rescoring={"channels": [4, 8, 8, 8]})))
        small = at_size(config, 32)
        self.assertEqual((small.input_size, small.anchors.scales[0][0]), (32, 4))
        self.assertEqual(anchors.prototype_size(small, 32), 8)
        self.assertEqual(small.mask_rescoring.channels, (4, 8))
        with torch.no_grad():
            network = Yolact(small).eval()
            self.assertEqual(network.maskiou_net(torch.zeros(1, 1, 8, 8)).shape, (1, 2))
        self.assertIs(at_size(config, 64), config)
