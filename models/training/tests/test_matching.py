import unittest

import torch

import matching


class Matching(unittest.TestCase):
    def setUp(self):
        self.priors = torch.tensor([[0.2, 0.2, 0.2, 0.2], [0.25, 0.2, 0.2, 0.2], [0.8, 0.8, 0.2, 0.2], [0.5, 0.5, 0.1, 0.1]])

    def run_match(self, boxes, labels, crowd=None):
        crowd = crowd or [False] * len(labels)
        return matching.match(
            torch.tensor(boxes).view(-1, 4),
            torch.tensor(labels, dtype=torch.long),
            torch.tensor(crowd, dtype=torch.bool),
            self.priors,
        )

    def test_thresholds(self):
        # IoU of prior 0 with the truth: 1; of prior 1: 0.15 / 0.25 = 0.6.
        classes, truth = self.run_match([[0.1, 0.1, 0.3, 0.3]], [4])
        self.assertEqual(classes.tolist(), [5, 5, 0, 0])
        self.assertEqual(truth[:2].tolist(), [0, 0])

    def test_between_the_thresholds_is_neutral(self):
        # Shifted by 0.08: IoU 0.12 / 0.28 = 0.43 with prior 1.
        classes, _ = self.run_match([[0.1 - 0.03, 0.1, 0.3 - 0.03, 0.3]], [0])
        self.assertEqual(classes.tolist(), [1, matching.NEUTRAL, 0, 0])

    def test_each_truth_gets_a_prior_of_its_own(self):
        same = [0.1, 0.1, 0.3, 0.3]
        classes, truth = self.run_match([same, same], [0, 1])
        self.assertEqual(sorted(classes[:2].tolist()), [1, 2])
        self.assertEqual(sorted(truth[:2].tolist()), [0, 1])

    def test_a_truth_that_overlaps_no_prior_well_still_gets_its_best(self):
        classes, _ = self.run_match([[0.45, 0.45, 0.95, 0.95]], [2])
        self.assertEqual(int((classes == 3).sum()), 1)

    def test_crowds_are_neutral_and_no_target(self):
        classes, _ = self.run_match([[0.0, 0.0, 0.4, 0.4]], [1], [True])
        self.assertEqual(classes.tolist(), [matching.NEUTRAL, matching.NEUTRAL, 0, 0])

    def test_a_crowd_does_not_touch_positives(self):
        classes, _ = self.run_match([[0.1, 0.1, 0.3, 0.3], [0.0, 0.0, 0.4, 0.4]], [1, 0], [False, True])
        self.assertEqual(classes.tolist(), [2, 2, 0, 0])

    def test_no_truths(self):
        classes, _ = self.run_match([], [])
        self.assertEqual(classes.tolist(), [0, 0, 0, 0])

    def test_encode_is_the_inverse_of_decode(self):
        torch.manual_seed(0)
        priors = torch.rand(50, 4) * 0.5 + 0.1
        boxes = matching.corners(torch.rand(50, 4) * 0.4 + 0.05)
        torch.testing.assert_close(matching.decode(matching.encode(boxes, priors), priors), boxes, atol=1e-5, rtol=1e-5)

    def test_many_truths_against_the_slow_rule(self):
        torch.manual_seed(1)
        priors = torch.cat([torch.rand(300, 2), torch.rand(300, 2) * 0.3 + 0.05], 1)
        boxes = matching.corners(torch.cat([torch.rand(12, 2), torch.rand(12, 2) * 0.3 + 0.05], 1))
        labels = torch.arange(12)
        classes, truth = matching.match(boxes, labels, torch.zeros(12, dtype=torch.bool), priors)
        iou = matching.overlap(boxes, matching.corners(priors))
        forced = {}
        for value, t, p in sorted(((float(iou[t, p]), t, p) for t in range(12) for p in range(300)), reverse=True):
            if t not in forced.values() and p not in forced:
                forced[p] = t
        for p in range(300):
            best = int(iou[:, p].argmax())
            expected = forced.get(p, best if iou[best, p] >= 0.5 else None)
            if expected is None:
                self.assertEqual(int(classes[p]), 0 if iou[best, p] < 0.4 else matching.NEUTRAL)
            else:
                self.assertEqual((int(classes[p]), int(truth[p])), (expected + 1, expected))


if __name__ == "__main__":
    unittest.main()
