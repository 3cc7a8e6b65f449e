import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

import augment
import coco
import dataset
from dataset import Sample
from tests import toy


def plate(width=120, height=90, box=(30, 20, 66, 44)):
    """A picture with one bright rectangle whose box and mask are known."""
    x1, y1, x2, y2 = box
    image = np.full((height, width, 3), 20, np.uint8)
    image[y1:y2, x1:x2] = 250
    return Sample(
        image,
        np.array([1]),
        np.array([False]),
        np.array([box], np.float32),
        [np.ones((y2 - y1, x2 - x1), bool)],
        np.array([[x1, y1]], np.int32),
    )


class Geometry(unittest.TestCase):
    def test_pixels_box_and_mask_move_together(self):
        options = augment.Options(photometric=0, flip=True, quarter_turns=True, expand=2)
        random = np.random.default_rng(3)
        seen = 0
        for _ in range(200):
            example = augment.augment(plate(), random, options, 64, 32, 2)
            if not len(example.labels) or example.crowd[0]:
                continue
            seen += 1
            bright = example.image[:, :, 0] > 135
            rows, columns = np.nonzero(bright)
            pixels = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / 64
            np.testing.assert_allclose(example.boxes[0], pixels, atol=1.5 / 64)
            # A cell is set where most of it is covered: four pixels each.
            covered = bright.reshape(32, 2, 32, 2).mean((1, 3)) > 0.5
            self.assertLessEqual(int((covered != example.masks[0]).sum()), int(2 * (pixels[2:] - pixels[:2]).sum() * 32) + 4)
            self.assertEqual(example.semantic[0].sum(), 0)
            self.assertAlmostEqual(example.semantic[1].mean(), example.masks[0].mean(), delta=0.06)
        self.assertGreater(seen, 120)

    def test_the_whole_picture_is_a_plain_resize(self):
        example = augment.augment(plate(), np.random.default_rng(0), augment.NONE, 60, 30, 2)
        np.testing.assert_allclose(example.boxes[0], [30 / 120, 20 / 90, 66 / 120, 44 / 90], atol=1e-6)
        np.testing.assert_array_equal(example.colour, np.eye(3, 4, dtype=np.float32))

    def test_a_quarter_turn_four_times_is_nothing(self):
        sample = plate()
        once, four = augment.turn(sample, 1), augment.turn(augment.turn(sample, 3), 1)
        x1, y1, x2, y2 = (int(v) for v in once.boxes[0])
        self.assertTrue((once.image[y1:y2, x1:x2] == 250).all())
        self.assertEqual(int((once.image == 250).sum()), int((sample.image == 250).sum()))
        self.assertEqual(once.origins[0].tolist(), [x1, y1])
        np.testing.assert_array_equal(four.image, sample.image)
        np.testing.assert_allclose(four.boxes, sample.boxes)

    def test_an_instance_cut_by_the_window_gets_the_box_of_what_is_seen(self):
        example = augment.render(plate(), (48.0, 0.0, 120.0, 90.0), 72, 36, 2)
        np.testing.assert_allclose(example.boxes[0], [0, 20 / 90, 18 / 72, 44 / 90], atol=1e-6)
        self.assertFalse(example.crowd[0])

    def test_an_instance_hardly_seen_is_neutral_and_one_unseen_is_gone(self):
        self.assertTrue(augment.render(plate(), (64.0, 0.0, 120.0, 90.0), 64, 32, 2).crowd[0])
        self.assertEqual(len(augment.render(plate(), (70.0, 0.0, 120.0, 90.0), 64, 32, 2).labels), 0)

    def test_coverage_adds_up(self):
        rows = augment.coverage(7, -3.0, 18.5, 4, 5)
        np.testing.assert_allclose(rows.sum(0), 7 / 21.5, rtol=1e-5)

    def test_expansion_shows_everything_smaller(self):
        options = augment.Options(expand_share=1, crop_share=0, mirror=False, photometric=0, expand=3)
        example = augment.augment(plate(), np.random.default_rng(1), options, 64, 32, 2)
        self.assertLess((example.boxes[0, 2:] - example.boxes[0, :2]).prod(), 36 * 24 / (120 * 90))


class Colour(unittest.TestCase):
    def test_nothing_is_changed_at_share_zero(self):
        np.testing.assert_array_equal(augment.colour_change(np.random.default_rng(0), 0.0), np.eye(3, 4, dtype=np.float32))

    def test_saturation_and_hue_keep_grey_grey(self):
        for seed in range(20):
            matrix = augment.colour_change(np.random.default_rng(seed), 1.0)
            grey = matrix[:, :3] @ np.full(3, 100.0) + matrix[:, 3]
            np.testing.assert_allclose(grey, grey[0], rtol=1e-4)


class Data(unittest.TestCase):
    def test_the_cache_gives_what_the_files_give(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = toy.write(folder, 5)
            plain = dataset.open_dataset(data, folder / "images", toy.CLASSES, None)
            cached = dataset.open_dataset(data, folder / "images", toy.CLASSES, folder / "cache")
            again = dataset.open_dataset(data, folder / "images", toy.CLASSES, folder / "cache")
            self.assertEqual(len(plain), len(cached))
            for i in range(len(plain)):
                for other in (cached, again):
                    a, b = plain[i], other[i]
                    np.testing.assert_array_equal(a.image, b.image)
                    np.testing.assert_array_equal(a.labels, b.labels)
                    np.testing.assert_array_equal(a.boxes, b.boxes)
                    np.testing.assert_array_equal(a.origins, b.origins)
                    for m, n in zip(a.masks, b.masks):
                        np.testing.assert_array_equal(m, n)

    def test_missing_pictures_are_listed(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = toy.write(folder, 3)
            (folder / "images" / "1.png").unlink()
            source = dataset.open_dataset(data, folder / "images", toy.CLASSES, None)
            self.assertEqual(len(source), 2)
            self.assertTrue(any("1.png" in problem for problem in source.problems))
            with self.assertRaisesRegex(ValueError, "--images"):
                dataset.open_dataset(data, folder, toy.CLASSES, None)

    def test_broken_pictures_are_listed_and_do_not_end_a_run(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = toy.write(folder, 4)
            whole = (folder / "images" / "2.png").read_bytes()
            (folder / "images" / "0.png").write_bytes(b"no picture")
            Image.new("RGB", (10, 10)).save(folder / "images" / "1.png")
            (folder / "images" / "2.png").write_bytes(whole[: len(whole) // 2])
            source = dataset.open_dataset(data, folder / "images", toy.CLASSES, None)
            self.assertEqual([p.file for p in source.pictures], ["2.png", "3.png"])
            self.assertEqual(len(source[0].labels), 0)
            self.assertGreater(len(source[1].labels), 0)
            for file in ("0.png", "1.png", "2.png"):
                self.assertTrue(any(file in problem for problem in source.problems), file)

    def test_an_undecodable_mask_costs_only_its_annotation(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            annotations = coco.read(toy.write(folder, 1), toy.CLASSES)
            before = len(annotations.pictures[0].instances)
            annotations.pictures[0].instances[0].segmentation = {"size": [1, 1], "counts": [1]}
            source = dataset.FileDataset(annotations, folder / "images")
            self.assertEqual(len(source[0].labels), before - 1)
            self.assertEqual(len(source.problems), 1)


if __name__ == "__main__":
    unittest.main()
