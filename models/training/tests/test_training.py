import contextlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections import OrderedDict
from pathlib import Path

import torch

import checkpoint
import config as configuration
import curves
import dataset
import optimizer
import options
import train
from network import Yolact
from schedule import Schedule
from tests import toy
from trainer import ExamplesAt, Trainer

HERE = Path(__file__).resolve().parents[1]


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def command(self, out, *extra, count=6, **changes):
        """The command line of a toy run."""
        data = self.folder / "annotations.json"
        if not data.exists():
            toy.write(self.folder, count)
        config = self.folder / "config.json"
        config.write_text(json.dumps(toy.config(**changes)))
        return [
            "--config",
            str(config),
            "--data",
            str(data),
            "--images",
            str(self.folder / "images"),
            "--out",
            str(self.folder / out),
            "--batch",
            "2",
            "--workers",
            "0",
            "--precision",
            "float32",
            "--device",
            "cpu",
            "--warmup",
            "2",
            "--log-every",
            "2",
            *extra,
        ]

    def run_train(self, *args):
        """Runs to the end; returns what it printed."""
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            self.assertEqual(train.main(list(args)), 0)
        return text.getvalue()


class Runs(Folder):
    def test_an_interrupted_run_ends_as_an_uninterrupted_one(self):
        self.run_train(*self.command("whole", "--steps", "6"))
        # The first half of the same run: its schedule is that of six steps.
        half = Trainer(options.arguments(self.command("halves", "--steps", "6")))
        source = dataset.open_dataset(self.folder / "annotations.json", self.folder / "images", toy.CLASSES, None)
        batches = ExamplesAt(half, source)(64, 0)
        for _ in range(3):
            half.train_step(next(batches))
            half.step += 1
        half.save()
        self.assertIn("goes on after step 3", self.run_train(*self.command("halves", "--steps", "6", "--resume")))
        a, b = (checkpoint.load(self.folder / name / "model.pth") for name in ("whole", "halves"))
        self.assertEqual(list(a), list(b))
        for name in a:
            self.assertTrue(torch.equal(a[name], b[name]), name)

    def test_the_same_seed_gives_the_same_run_and_another_seed_another(self):
        for out, seed in (("a", "5"), ("b", "5"), ("c", "6")):
            self.run_train(*self.command(out, "--steps", "2", "--seed", seed))
        a, b, c = (checkpoint.load(self.folder / name / "model.pth") for name in "abc")
        self.assertTrue(all(torch.equal(a[n], b[n]) for n in a))
        self.assertFalse(all(torch.equal(a[n], c[n]) for n in a))

    def test_worker_processes_change_nothing(self):
        self.run_train(*self.command("own", "--steps", "2"))
        self.run_train(*self.command("workers", "--steps", "2", "--workers", "1"))
        a, b = (checkpoint.load(self.folder / name / "model.pth") for name in ("own", "workers"))
        self.assertTrue(all(torch.equal(a[n], b[n]) for n in a))

    def test_two_processes_share_a_batch(self):
        self.run_train(*self.command("two", "--steps", "2", "--processes", "2"))
        state = checkpoint.load_run(self.folder / "two")
        self.assertEqual(state["step"], 2)

    def test_a_signal_saves_and_stops(self):
        # To the first process as `kill` sends it, or to all of them as a terminal or a service manager does.
        for processes, send in (("1", os.kill), ("2", os.kill), ("2", os.killpg)):
            out = f"stopped-{processes}-{send.__name__}"
            child = subprocess.Popen(
                [
                    sys.executable,
                    str(HERE / "train.py"),
                    *self.command(out, "--steps", "1000000", "--processes", processes, "--workers", "1"),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            line = next(text for text in child.stdout if text.startswith("step"))
            send(child.pid, signal.SIGTERM)
            _, errors = child.communicate(timeout=120)
            self.assertEqual(child.returncode, 130, errors)
            self.assertIn("--resume goes on", errors)
            self.assertGreaterEqual(checkpoint.load_run(self.folder / out)["step"], int(line.split()[1]))

    def test_sizes_grow_and_curves_are_drawn(self):
        self.run_train(*self.command("sizes", "--steps", "8", "--sizes", "32:0.5", "--cache", str(self.folder / "cache")))
        steps, values = curves.read(self.folder / "sizes" / "log.csv")
        self.assertEqual(steps, [2, 4, 6, 8])
        self.assertEqual(
            {name for name, _ in values}, {"rate", "gradient", "total", "box", "class", "mask", "semantic", "rescoring"}
        )
        rows = (self.folder / "sizes" / "log.csv").read_text().splitlines()
        self.assertEqual([row.split(",")[3] for row in rows[1:]], ["32", "32", "64", "64"])
        self.assertEqual((self.folder / "sizes" / "log.png").read_bytes()[:4], b"\x89PNG")

    def test_other_classes_start_from_a_trained_network(self):
        self.run_train(*self.command("first", "--steps", "1"))
        names = ["box", "disc", "star"]
        printed = self.run_train(
            *self.command(
                "second",
                "--steps",
                "1",
                "--freeze-bn",
                "--rate",
                "1e-9",
                "--warmup",
                "1000",
                "--start",
                str(self.folder / "first" / "model.pth"),
                classes=names,
            )
        )
        self.assertIn("other shape, starts anew: prediction_layers.0.conf_layer.weight", printed)
        a, b = (checkpoint.load(self.folder / name / "model.pth") for name in ("first", "second"))
        torch.testing.assert_close(a["backbone.layers.3.0.conv1.weight"], b["backbone.layers.3.0.conv1.weight"])
        self.assertTrue(torch.equal(a["backbone.bn1.running_mean"], b["backbone.bn1.running_mean"]))
        self.assertEqual(b["prediction_layers.0.conf_layer.weight"].shape[0], 9 * 4)

    def test_errors_are_one_paragraph_and_exit_code_1(self):
        text = io.StringIO()
        with contextlib.redirect_stderr(text):
            self.assertEqual(train.main(self.command("x", "--start", str(self.folder / "none.pth"))), 1)
        self.assertIn("none.pth", text.getvalue())
        self.assertNotIn("Traceback", text.getvalue())


class Files(Folder):
    def test_a_file_that_would_run_code_is_refused(self):
        class Evil:
            def __reduce__(self):
                return (os.mkdir, (str(marker),))

        marker, path = self.folder / "ran", self.folder / "evil.pth"
        torch.save({"a": Evil()}, path)
        with self.assertRaises(checkpoint.CheckpointError):
            checkpoint.load(path)
        path.write_bytes(pickle.dumps(Evil()))
        with self.assertRaises(checkpoint.CheckpointError):
            checkpoint.load(path)
        self.assertFalse(marker.exists())

    def test_the_old_format_of_published_files_is_read(self):
        network = Yolact(configuration.parse(json.dumps(toy.config())))
        path = self.folder / "legacy.pth"
        torch.save(network.state_dict(), path, _use_new_zipfile_serialization=False)
        self.assertEqual(checkpoint.start_from(network, path).fresh, [])

    def test_an_imagenet_backbone_is_renamed(self):
        network = Yolact(configuration.parse(json.dumps(toy.config())))
        path = self.folder / "imagenet.pth"
        weights = OrderedDict(
            [
                ("conv1.weight", torch.ones(8, 3, 7, 7)),
                ("layer2.0.conv1.weight", torch.full((16, 8, 3, 3), 2.0)),
                ("fc.weight", torch.ones(3, 3)),
            ]
        )
        torch.save(weights, path)
        loaded = checkpoint.start_from(network, path)
        self.assertEqual(loaded.taken, ["backbone.conv1.weight", "backbone.layers.1.0.conv1.weight"])
        self.assertEqual(loaded.unused, ["fc.weight"])
        self.assertEqual(float(network.backbone.layers[1][0].conv1.weight[0, 0, 0, 0]), 2.0)

    def test_a_torn_last_file_falls_back_to_the_previous(self):
        for step in (1, 2):
            checkpoint.save_run({"step": step}, self.folder)
        data = (self.folder / "last.pth").read_bytes()
        (self.folder / "last.pth").write_bytes(data[: len(data) // 2])
        self.assertEqual(checkpoint.load_run(self.folder)["step"], 1)

    def test_killed_at_any_moment_a_whole_checkpoint_remains(self):
        code = (
            "import sys, torch, itertools\nfrom pathlib import Path\nimport checkpoint\n"
            "for i in itertools.count():\n"
            "    checkpoint.save_run({'step': i, 'weights': torch.full((200000,), float(i))}, Path(sys.argv[1]))\n"
        )
        for trial in range(5):
            child = subprocess.Popen([sys.executable, "-c", code, str(self.folder)], cwd=HERE)
            deadline = time.monotonic() + 60
            while not (self.folder / "last.pth").exists() and time.monotonic() < deadline:
                os.sched_yield()
            # Land the kill at another point of the writing each time.
            until = time.monotonic() + 0.013 * trial
            while time.monotonic() < until:
                os.sched_yield()
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            state = checkpoint.load(self.folder / "last.pth")
            self.assertTrue(bool((state["weights"] == state["step"]).all()))


class Optimizers(Folder):
    def test_offsets_of_deformable_convolutions_learn_at_a_share_of_the_rate(self):
        trainer = Trainer(options.arguments(self.command("offsets", "--rate", "0.2", "--offset-rate", "0.1")))
        optimizer.set_rate(trainer.optimizer, 0.2)
        names = {id(p): name for name, p in trainer.network.named_parameters()}
        rates = {names[id(p)]: group["lr"] for group in trainer.optimizer.param_groups for p in group["params"]}
        self.assertEqual(set(rates), set(names.values()))
        offsets = {name for name in rates if "conv_offset_mask" in name}
        self.assertTrue(offsets)
        for name, rate in rates.items():
            self.assertAlmostEqual(rate, 0.02 if name in offsets else 0.2, msg=name)


class Rates(unittest.TestCase):
    def test_cosine_falls_to_zero_after_the_warm_up(self):
        schedule = Schedule(0.1, warmup=10)
        self.assertAlmostEqual(schedule.at(0, 0.0), 0.01)
        self.assertAlmostEqual(schedule.at(100, 0.5), 0.05)
        self.assertAlmostEqual(schedule.at(100, 1.0), 0.0)

    def test_the_warm_up_of_a_short_run_is_a_tenth_of_it(self):
        rates = [Schedule(0.1).at(step, step / 200) for step in range(200)]
        self.assertEqual(max(rates), rates[20])
        self.assertGreater(rates[20], 0.09)
        self.assertLess(rates[0], 0.001)
        # A long one has 500 steps.
        self.assertAlmostEqual(Schedule(0.1).at(249, 249 / 1_000_000), 0.05, 5)

    def test_steps_divide_by_ten(self):
        schedule = Schedule(0.1, "steps", 0, (0.5, 0.9))
        self.assertEqual([round(schedule.at(9, p), 6) for p in (0.4, 0.5, 0.95)], [0.1, 0.01, 0.001])


if __name__ == "__main__":
    unittest.main()
