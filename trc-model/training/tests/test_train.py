import contextlib
import dataclasses
import importlib.util
import io
import json
import tempfile
import unittest
from array import array
from pathlib import Path

from trctrain import KitError
from trctrain.config import Config
from trctrain.holdout import RULE

HERE = all(importlib.util.find_spec(name) for name in ("torch", "numpy", "sentencepiece"))
CONFIG = Config.load(Path(__file__).parents[1] / "configs/smoke.toml")


@unittest.skipUnless(HERE, "python3-torch, python3-numpy or python3-sentencepiece is missing")
class TrainTest(unittest.TestCase):
    """Training on ids that count upwards, over and over."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)
        ids = array("H", [i % 511 + 1 for i in range(6000)])
        (self.out / "train.bin").write_bytes(ids.tobytes())
        (self.out / "valid.bin").write_bytes(ids[:1000].tobytes())
        self.meta = {"config": "x", "rule": RULE, "bos": 1, "lengths": [1] * 512}
        self.write_meta()
        training = dataclasses.replace(CONFIG.training, batch=4, steps=12, evaluate_every=4)
        self.config = dataclasses.replace(CONFIG, training=training)

    def write_meta(self) -> None:
        (self.out / "meta.json").write_text(json.dumps(self.meta))

    def run_training(self, name: str, stop_at: int | None = None) -> Path:
        from trctrain.train import Trainer
        with contextlib.redirect_stdout(io.StringIO()):
            Trainer(self.config, self.out, self.out / name).run(stop_at)
        return self.out / name

    def test_a_resumed_run_equals_a_run_in_one_piece(self) -> None:
        import torch
        from trctrain.train import load_checkpoint
        whole = load_checkpoint(self.run_training("whole") / "checkpoint.pt")
        self.run_training("parts", stop_at=5)
        parts = load_checkpoint(self.run_training("parts") / "checkpoint.pt")
        self.assertEqual(12, parts["step"])
        for name, weight in whole["model"].items():
            self.assertTrue(torch.equal(weight, parts["model"][name]), name)

    def test_the_model_learns_to_count(self) -> None:
        from trctrain.log import load
        rows = load(self.run_training("run") / "log.tsv")
        self.assertEqual([4, 8, 12], [row.step for row in rows])
        self.assertLess(rows[-1].held_out_bits_per_byte, rows[0].held_out_bits_per_byte - 0.5)

    def test_tokens_made_by_another_hold_out_rule_are_refused(self) -> None:
        self.meta["rule"] = "none"
        self.write_meta()
        with self.assertRaisesRegex(KitError, "hold-out rule"):
            self.run_training("run")

    def test_the_parameters_are_those_of_the_gguf_file(self) -> None:
        from trctrain.model import Model
        weights = Model(CONFIG.shape).state_dict()
        model = {name: tuple(weight.shape) for name, weight in weights.items()}
        self.assertEqual({t.name: (t.columns,) if t.rows is None else (t.rows, t.columns)
                          for t in CONFIG.shape.tensors()}, model)
