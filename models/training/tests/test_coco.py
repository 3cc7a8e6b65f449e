import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

import coco
from tests import toy


def inside(polygon, x, y):
    """Even-odd rule for one point, the slow way."""
    result = False
    points = list(zip(polygon[::2], polygon[1::2]))
    for (xa, ya), (xb, yb) in zip(points, points[1:] + points[:1]):
        if (ya > y) != (yb > y) and x < xa + (y - ya) * (xb - xa) / (yb - ya):
            result = not result
    return result


class RunLengths(unittest.TestCase):
    def test_columns_come_first(self):
        self.assertEqual(coco.from_runs([1, 2, 3], 2, 3).tolist(), [[False, True, False], [True, False, False]])

    def test_compressed_known_string(self):
        # 4 x 4, the second column set: runs 4, 4, 8; the third is written as a difference only from index 3 on.
        self.assertEqual(coco.from_string("448"), [4, 4, 8])
        self.assertEqual(coco.from_string("X2"), [72])

    def test_compressed_random_masks(self):
        random = np.random.default_rng(0)
        for _ in range(40):
            height, width = random.integers(1, 60, 2)
            mask = random.random((height, width)) < random.random()
            counts = toy.runs(mask)
            text = toy.compressed(counts)
            self.assertEqual(coco.from_string(text), counts)
            decoded = coco.decode({"size": [int(height), int(width)], "counts": text}, int(height), int(width))
            np.testing.assert_array_equal(decoded, mask)

    def test_wrong_totals_and_characters_are_refused(self):
        for segmentation in (
            {"size": [4, 4], "counts": [4, 4]},
            {"size": [4, 4], "counts": "\x7f"},
            {"size": [4, 4], "counts": "P"},
            {"size": [2, 8], "counts": [16]},
            {"size": [4, 4], "counts": [20, -4]},
            {"size": [4, 4], "counts": [1.5, 14.5]},
        ):
            with self.assertRaises(coco.AnnotationError):
                coco.decode(segmentation, 4, 4)


class Polygons(unittest.TestCase):
    def test_rectangle_on_pixel_edges_is_exact(self):
        mask = coco.from_polygons([[2, 1, 5, 1, 5, 4, 2, 4]], 6, 8)
        expected = np.zeros((6, 8), bool)
        expected[1:4, 2:5] = True
        np.testing.assert_array_equal(mask, expected)

    def test_random_polygons_against_the_slow_rule(self):
        random = np.random.default_rng(1)
        for _ in range(25):
            polygon = random.uniform(-8, 38, 2 * random.integers(3, 9)).tolist()
            mask = coco.from_polygons([polygon], 24, 30)
            expected = [[inside(polygon, c + 0.5, r + 0.5) for c in range(30)] for r in range(24)]
            np.testing.assert_array_equal(mask, np.array(expected))

    def test_parts_are_united(self):
        mask = coco.from_polygons([[0, 0, 2, 0, 2, 2, 0, 2], [1, 1, 4, 1, 4, 4, 1, 4]], 4, 4)
        self.assertEqual(int(mask.sum()), 4 + 9 - 1)

    def test_a_line_is_refused(self):
        for polygon in ([1, 2, 3, 4], [1, 2, 3, 4, 5], [0, 0, float("nan"), 1, 2, 2]):
            with self.assertRaises(coco.AnnotationError):
                coco.from_polygons([polygon], 4, 4)


class Reading(unittest.TestCase):
    def read(self, change):
        with tempfile.TemporaryDirectory() as folder:
            path = toy.write(Path(folder), 3)
            document = json.loads(path.read_text())
            change(document)
            path.write_text(json.dumps(document))
            return coco.read(path, toy.CLASSES)

    def test_bad_annotations_are_listed_and_the_rest_is_kept(self):
        def spoil(document):
            first = document["annotations"][0]
            document["annotations"] += [
                {**first, "id": 901, "bbox": [5, 5, 0, 3]},
                {**first, "id": 902, "image_id": 77},
                {**first, "id": 903, "segmentation": []},
                {**first, "id": 904, "category_id": 9},
                {**first, "id": 905, "bbox": None},
                "nonsense",
            ]

        whole, spoiled = self.read(lambda document: None), self.read(spoil)
        self.assertEqual(sum(len(p.instances) for p in spoiled.pictures), sum(len(p.instances) for p in whole.pictures))
        self.assertEqual(len(spoiled.problems), 6)
        for number in (901, 902, 903, 904, 905):
            self.assertTrue(any(f"annotation {number}:" in problem for problem in spoiled.problems), number)

    def test_a_file_without_the_networks_classes_says_what_to_do(self):
        def rename(document):
            for category in document["categories"]:
                category["name"] = "other " + category["name"]

        with self.assertRaisesRegex(ValueError, "classes"):
            self.read(rename)


if __name__ == "__main__":
    unittest.main()
