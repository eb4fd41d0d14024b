import contextlib
import dataclasses
import io
import json
import tempfile
import unittest
from array import array
from pathlib import Path

from tests.small import (COMPILER, NO_COMPILER, NO_TORCH, TIED, TORCH, UNTIED, write_gguf,
                         write_tokens)
from trctrain import KitError, checkpoint
from trctrain.checkpoint import HEAD_BYTES
from trctrain.config import Category, Config, Shape, Training
from trctrain.engine import Engine
from trctrain.log import load
from trctrain.tokens import Tokens
from trctrain.train import Trainer


class TrainerTest(unittest.TestCase):
    """Training on ids that count upwards, over and over."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)
        write_tokens(self.out, array("H", [i % 511 + 1 for i in range(6000)]), dresses=2)
        training = Training(batch=4, steps=12, rate=4e-3, matrix_rate=0.02, warmup=3,
                            evaluate_every=4)
        self.config = Config("test", UNTIED, (Category("prose", weight=1.5, dresses=2),), training)

    def engine(self, shape: Shape, tokens: Tokens) -> Engine:
        from trctrain.cpu import CpuEngine
        return CpuEngine(shape, tokens, threads=2)

    def trainer(self, name: str, init: Path | None = None) -> Trainer:
        with contextlib.redirect_stdout(io.StringIO()):
            trainer = Trainer(self.config, self.out, self.out / name, self.engine, init)
        self.addCleanup(trainer.close)
        return trainer

    def run_training(self, name: str, stop_at: int | None = None, init: Path | None = None) -> Path:
        trainer = self.trainer(name, init)
        with contextlib.redirect_stdout(io.StringIO()):
            trainer.run(stop_at)
        return self.out / name

    def losses(self, folder: Path) -> list[float]:
        return [row.held_out_bits_per_byte for row in load(folder / "log.tsv")]


@unittest.skipUnless(COMPILER, NO_COMPILER)
class CpuTrainerTest(TrainerTest):
    def test_a_resumed_run_equals_a_run_in_one_piece_bit_for_bit(self) -> None:
        whole = self.run_training("whole") / "checkpoint.bin"
        self.run_training("parts", stop_at=5)
        parts = self.run_training("parts") / "checkpoint.bin"
        self.assertEqual(12, checkpoint.load(parts).step)
        self.assertEqual(whole.read_bytes()[HEAD_BYTES:], parts.read_bytes()[HEAD_BYTES:])
        a, b = checkpoint.load(whole), checkpoint.load(parts)
        self.assertEqual(dataclasses.replace(a, seconds=0), dataclasses.replace(b, seconds=0))

    def test_the_model_learns_to_count(self) -> None:
        rows = load(self.run_training("run") / "log.tsv")
        self.assertEqual([4, 8, 12], [row.step for row in rows])
        self.assertLess(rows[-1].held_out_bits_per_byte, rows[0].held_out_bits_per_byte - 0.5)
        self.assertTrue((self.out / "run/loss.svg").exists())

    def test_a_run_by_the_clock_ends(self) -> None:
        training = dataclasses.replace(self.config.training, steps=0, seconds=0.5)
        self.config = dataclasses.replace(self.config, training=training)
        state = checkpoint.load(self.run_training("run") / "checkpoint.bin")
        self.assertGreater(state.step, 0)
        self.assertGreaterEqual(state.seconds, 0.5)

    def test_training_begins_with_a_model(self) -> None:
        for shape in (UNTIED, TIED):
            model = self.out / "model.gguf"
            write_gguf(model, shape)
            self.config = dataclasses.replace(self.config, shape=None)
            name = "untied" if shape.untied else "tied"
            self.run_training(name, stop_at=2, init=model)
            state = checkpoint.load(self.out / name / "checkpoint.bin")
            self.assertEqual((2, shape), (state.step, state.shape))

    def test_tokens_made_by_another_hold_out_rule_are_refused(self) -> None:
        meta = json.loads((self.out / "meta.json").read_text())
        (self.out / "meta.json").write_text(json.dumps({**meta, "rule": "none"}))
        with self.assertRaisesRegex(KitError, "hold-out rule"):
            self.run_training("run")

    def test_a_checkpoint_of_another_shape_is_refused(self) -> None:
        self.run_training("run", stop_at=1)
        self.config = dataclasses.replace(self.config, shape=TIED)
        with self.assertRaisesRegex(KitError, "another shape"):
            self.run_training("run")

    def test_tokens_of_another_configuration_are_refused(self) -> None:
        category = Category("prose", dresses=3)
        self.config = dataclasses.replace(self.config, categories=(category,))
        with self.assertRaisesRegex(KitError, "prose.2.bin is missing"):
            self.run_training("run")


@unittest.skipUnless(TORCH, NO_TORCH)
class TorchTrainerTest(TrainerTest):
    def engine(self, shape: Shape, tokens: Tokens) -> Engine:
        from trctrain.gpu import TorchEngine
        return TorchEngine(shape, tokens)

    def test_a_resumed_run_equals_a_run_in_one_piece(self) -> None:
        whole = self.run_training("whole") / "checkpoint.bin"
        self.run_training("parts", stop_at=5)
        parts = self.run_training("parts") / "checkpoint.bin"
        self.assertEqual(whole.read_bytes()[HEAD_BYTES:], parts.read_bytes()[HEAD_BYTES:])

    @unittest.skipUnless(COMPILER, NO_COMPILER)
    def test_what_the_one_engine_began_the_other_goes_on_with(self) -> None:
        whole = self.losses(self.run_training("whole"))
        self.run_training("mixed", stop_at=4)
        self.engine = CpuTrainerTest.engine.__get__(self)  # type: ignore[method-assign]
        mixed = self.losses(self.run_training("mixed"))
        self.assertEqual(whole[0], mixed[0])
        for a, b in zip(whole, mixed):
            self.assertAlmostEqual(a, b, delta=0.05)

    def test_the_parameters_are_those_of_the_gguf_file(self) -> None:
        from trctrain.model import Model
        for shape in (UNTIED, TIED):
            model = {name: tuple(weight.shape) for name, weight in Model(shape).named_parameters()}
            self.assertEqual({t.name: (t.columns,) if t.rows is None else (t.rows, t.columns)
                              for t in shape.tensors()}, model)
