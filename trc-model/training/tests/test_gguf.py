import dataclasses
import math
import random
import struct
import tempfile
import unittest
from pathlib import Path

from trctrain import KitError
from trctrain.config import Config
from trctrain.gguf import Gguf, Kind, Stored, Value, Weights, q8_0, q8_0_values, write

TRAINING = Path(__file__).parents[1]
SMALL = Config.load(TRAINING / "configs/small.toml")
MODELS = sorted((TRAINING.parent / "src/main/resources/io/trc/model").glob("*.gguf"))
EMBEDDED = MODELS[0]


class Q8Test(unittest.TestCase):
    def test_a_block_is_a_half_scale_and_32_bytes(self) -> None:
        data = q8_0([127.0, -127.0, 0.0, 1.4] + [0.5, 1.5, 2.5, -2.5] * 7)
        self.assertEqual(34, len(data))
        self.assertEqual(struct.pack("<e4b", 1.0, 127, -127, 0, 1), data[:6])
        self.assertEqual((0, 2, 2, -2), struct.unpack("4b", data[6:10]))  # halves go to even

    def test_the_error_is_at_most_half_a_step(self) -> None:
        chance = random.Random(1)
        for scale in (1e-6, 0.02, 3.0, 5000.0):
            values = [chance.gauss(0, scale) for _ in range(320)]
            back = q8_0_values(q8_0(values))
            for i in range(0, 320, 32):
                step = max(map(abs, values[i:i + 32])) / 127
                slack = step * 127 / 2048 + 2 ** -25 * 127  # the scale itself is rounded to a half
                for a, b in zip(values[i:i + 32], back[i:i + 32]):
                    self.assertLessEqual(abs(a - b), step / 2 + slack)

    def test_zeros_stay_zeros(self) -> None:
        self.assertEqual(bytes(34), q8_0([0.0] * 32))

    def test_what_cannot_be_stored_is_refused(self) -> None:
        for values in ([math.nan] * 32, [0.0, math.inf] * 16, [1e7] * 32, [0.0] * 33):
            with self.subTest(values[:2]), self.assertRaises(KitError):
                q8_0(values)


class GgufTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "x.gguf"

    def test_what_is_written_is_read_back(self) -> None:
        metadata = {
            "a.string": Value(Kind.STRING, "h\u00e9 \u2581"), "a.bool": Value(Kind.BOOL, True),
            "a.float": Value(Kind.F32, 0.5), "a.u32": Value(Kind.U32, 7),
            "a.list": Value(Kind.ARRAY, ["x", "", "\n  "], Kind.STRING),
            "a.scores": Value(Kind.ARRAY, [1.5, -2.0], Kind.F32),
        }
        tensors = [Stored("m", (64, 3), Weights.Q8_0, q8_0([0.1 * i for i in range(192)])),
                   Stored("v", (5,), Weights.F32, struct.pack("<5f", *range(5)))]
        size = write(self.path, metadata, tensors)
        self.assertEqual(size, self.path.stat().st_size)
        self.assertEqual(Gguf(metadata, tensors), Gguf.load(self.path))

    def test_a_cut_file_is_refused_wherever_it_is_cut(self) -> None:
        write(self.path, {"k": Value(Kind.ARRAY, ["a", "b"], Kind.STRING)},
              [Stored("v", (8,), Weights.F32, bytes(32))])
        data = self.path.read_bytes()
        for end in range(len(data)):
            with self.assertRaises(KitError):
                Gguf.parse(data[:end])

    def test_a_tensor_of_the_wrong_size_is_not_written(self) -> None:
        with self.assertRaisesRegex(KitError, "v: 4 bytes"):
            write(self.path, {}, [Stored("v", (8,), Weights.F32, bytes(4))])


class EmbeddedModelTest(unittest.TestCase):
    model: Gguf

    @classmethod
    def setUpClass(cls) -> None:
        cls.model = Gguf.load(EMBEDDED)

    def test_it_is_the_only_one(self) -> None:
        self.assertEqual([EMBEDDED], MODELS)

    @unittest.skipUnless(SMALL.name in EMBEDDED.name, f"{SMALL.name} is not the embedded model")
    def test_it_has_the_shape_of_small_toml(self) -> None:
        self.assertEqual(SMALL.shape, self.model.check())

    def test_its_size_is_what_the_shape_foretells(self) -> None:
        shape = self.model.shape()
        self.assertEqual(shape.tensor_bytes, sum(
            -(-len(tensor.data) // 32) * 32 for tensor in self.model.tensors))
        self.assertLess(EMBEDDED.stat().st_size, shape.file_bytes_at_most)

    def test_written_again_it_is_the_same_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.gguf"
            write(copy, self.model.metadata, self.model.tensors)
            self.assertEqual(EMBEDDED.read_bytes(), copy.read_bytes())

    def test_its_weights_survive_quantising_once_more(self) -> None:
        matrix = next(t for t in self.model.tensors if t.weights == Weights.Q8_0)
        data = matrix.data[:34 * 500]
        values = q8_0_values(data)
        again = q8_0_values(q8_0(values))
        largest = max(map(abs, values))
        for a, b in zip(values, again):
            self.assertAlmostEqual(a, b, delta=1e-3 * largest)

    def test_files_outside_the_profile_are_refused(self) -> None:
        def changed(key: str, value: object) -> Gguf:
            entry = dataclasses.replace(self.model.metadata[key], value=value)
            return Gguf({**self.model.metadata, key: entry}, self.model.tensors)

        tokens = self.model.get("tokenizer.ggml.tokens")
        for bad in (changed("general.architecture", "gpt2"),
                    changed("llama.rope.dimension_count", 32),
                    changed("llama.block_count", 5),
                    changed("tokenizer.ggml.tokens", tokens[:-1] + tokens[:1]),
                    changed("tokenizer.ggml.tokens",
                            ["zero" if t == "<0x00>" else t for t in tokens]),
                    changed("tokenizer.ggml.scores", [0.0]),
                    Gguf(self.model.metadata, self.model.tensors[1:])):
            with self.assertRaises(KitError):
                bad.check()
