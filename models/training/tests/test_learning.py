import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import checkpoint
import config as configuration
import dataset
import decode
import evaluate
import train
from config import Selection
from network import Yolact
from tests import toy


class Overfitting(unittest.TestCase):
    def test_eight_pictures_are_learnt_by_heart(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = toy.write(folder, 8)
            config = folder / "config.json"
            config.write_text(json.dumps(toy.config()))
            command = ["--config", str(config), "--data", str(data), "--images", str(folder / "images"), "--out", str(folder / "run")]
            options = ["--steps", "300", "--batch", "8", "--warmup", "20", "--rate", "0.02", "--no-augment", "--workers", "0"]
            with contextlib.redirect_stdout(io.StringIO()):
                self.assertEqual(train.main([*command, *options, "--precision", "float32", "--device", "cpu"]), 0)
            network = Yolact(configuration.load(config))
            checkpoint.start_from(network, folder / "run" / "model.pth")
            source = dataset.open_dataset(data, folder / "images", toy.CLASSES, None)
            for nms in ("fast", "standard"):
                figures = evaluate.evaluate(network, source, None, nms)
                self.assertGreater(figures["mask AP50"], 0.95, figures)
                self.assertGreater(figures["box AP50"], 0.95, figures)


class Figures(unittest.TestCase):
    def precision(self, *pictures):
        """AP at each threshold of pictures given as (scores, ious, ignored), one class."""
        result = evaluate.Precision()
        for scores, ious, ignored in pictures:
            result.add(0, np.array(scores, float), np.array(ious, float).reshape(len(scores), len(ignored)), np.array(ignored, bool))
        return result.average()

    def test_one_right_one_wrong_one_missed(self):
        # Ranked: right, wrong; two truths: recall reaches 1/2 at precision 1, so 51 of the 101 recall points count 1.
        average = self.precision(([0.9, 0.8], [[0.72, 0], [0, 0.3]], [False, False]))
        np.testing.assert_allclose(average[:5], 51 / 101)
        np.testing.assert_allclose(average[5:], 0)

    def test_a_second_detection_of_one_object_is_wrong(self):
        average = self.precision(([0.9, 0.8], [[0.96], [0.97]], [False]), ([0.7], [[0.96]], [False]))
        # Hits 1, 0, 1 of two truths: precision 1 up to recall 1/2, then 2/3.
        np.testing.assert_allclose(average, (51 + 50 * 2 / 3) / 101)

    def test_detections_in_crowds_do_not_count(self):
        average = self.precision(([0.9, 0.8], [[0, 0.9], [0.96, 0]], [False, True]))
        np.testing.assert_allclose(average[:9], 1.0)


class Suppression(unittest.TestCase):
    def setUp(self):
        # A chain: each overlaps the next by IoU 0.6, the first and the third by 1/3.
        self.boxes = torch.tensor([[0.0, 0, 0.4, 0.4], [0.1, 0, 0.5, 0.4], [0.2, 0, 0.6, 0.4]])
        self.scores = torch.tensor([[0.9, 0.8, 0.7], [0.01, 0.02, 0.03]])

    def test_fast_nms_lets_a_suppressed_box_suppress(self):
        priors, classes, _ = decode.fast_nms(self.boxes, self.scores[:1], Selection())
        self.assertEqual((priors.tolist(), classes.tolist()), ([0], [0]))

    def test_standard_nms_does_not(self):
        priors, classes, scores = decode.standard_nms(self.boxes, self.scores, Selection())
        self.assertEqual((priors.tolist(), classes.tolist()), ([0, 2], [0, 0]))
        torch.testing.assert_close(scores, torch.tensor([0.9, 0.7]))

    def test_the_best_of_all_classes_stay(self):
        priors, classes, scores = decode.fast_nms(self.boxes, self.scores, Selection(max_detections=2))
        self.assertEqual((priors.tolist(), classes.tolist()), ([0, 2], [0, 1]))
        torch.testing.assert_close(scores, torch.tensor([0.9, 0.03]))


if __name__ == "__main__":
    unittest.main()
