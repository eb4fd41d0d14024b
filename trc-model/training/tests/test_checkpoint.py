import dataclasses
import math
import tempfile
import unittest
from array import array
from pathlib import Path

from tests.small import TIED, UNTIED, lively, write_checkpoint, write_gguf
from trctrain import KitError, checkpoint
from trctrain.checkpoint import HEAD_BYTES, State
from trctrain.export import export
from trctrain.gguf import Gguf


class CheckpointTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "checkpoint.bin"

    def test_what_is_written_is_read_back(self) -> None:
        write_checkpoint(self.path, UNTIED)
        self.assertEqual(State("test", UNTIED), checkpoint.load(self.path))
        tensors = list(checkpoint.weights(self.path))
        self.assertEqual(list(UNTIED.tensors()), [tensor for tensor, _ in tensors])
        self.assertEqual(list(lively(UNTIED)), [numbers for _, numbers in tensors])
        moments = self.path.read_bytes()[HEAD_BYTES + 4 * UNTIED.parameters:]
        self.assertEqual(bytes(8 * UNTIED.parameters), moments)

    def test_a_cut_or_foreign_file_is_refused(self) -> None:
        write_checkpoint(self.path, TIED)
        data = self.path.read_bytes()
        for bad in (data[:-1], data + b"x", data[:100], b"", b"[]", data[HEAD_BYTES:],
                    data.replace(b'"layers": 1', b'"layers": 2', 1),
                    data.replace(b"trctrain 1", b"trctrain 9", 1)):
            self.path.write_bytes(bad)
            with self.assertRaises(KitError):
                checkpoint.load(self.path)

    def test_random_weights_follow_from_the_seed_and_have_the_right_spread(self) -> None:
        first = list(checkpoint.random_weights(UNTIED, 3))
        self.assertEqual(first, list(checkpoint.random_weights(UNTIED, 3)))
        self.assertNotEqual(first, list(checkpoint.random_weights(UNTIED, 4)))
        for tensor, numbers in zip(UNTIED.tensors(), first):
            deviation = math.sqrt(sum(x * x for x in numbers) / len(numbers))
            deep = tensor.name.endswith(("attn_output.weight", "ffn_down.weight"))
            expected = 1 if tensor.rows is None else 0.01 if deep else 0.02
            self.assertAlmostEqual(expected, deviation, delta=0.05 * expected, msg=tensor.name)

    def test_a_gguf_file_made_a_checkpoint_is_exported_as_the_same_file(self) -> None:
        for shape in (UNTIED, TIED):
            model, again = self.folder / "model.gguf", self.folder / "again.gguf"
            write_gguf(model, shape)
            checkpoint.begin(self.path, State("test", shape),
                             checkpoint.gguf_weights(Gguf.load(model)))
            self.assertEqual(model.stat().st_size, export(self.path, model, again))
            self.assertEqual(model.read_bytes(), again.read_bytes())

    def test_a_vocabulary_of_another_size_is_not_exported(self) -> None:
        model = self.folder / "model.gguf"
        write_gguf(model, UNTIED)
        other = dataclasses.replace(TIED, vocabulary=256)
        checkpoint.begin(self.path, State("test", other),
                         (array("f", [0.0]) * t.parameters for t in other.tensors()))
        with self.assertRaisesRegex(KitError, "512 pieces"):
            export(self.path, model, self.folder / "out.gguf")
