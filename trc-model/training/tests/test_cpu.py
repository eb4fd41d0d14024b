import random
import subprocess
import tempfile
import unittest
from array import array
from pathlib import Path

from tests.small import COMPILER, NO_COMPILER, NO_TORCH, TIED, TORCH, UNTIED, write_checkpoint
from trctrain import KitError
from trctrain.checkpoint import load, write_head
from trctrain.cpu import KIT, CpuEngine, build
from trctrain.engine import Rates
from trctrain.tokens import Tokens
from trctrain.windows import Window


@unittest.skipUnless(COMPILER, NO_COMPILER)
class GradientsTest(unittest.TestCase):
    def test_gradients_agree_with_finite_differences_in_every_kernel(self) -> None:
        subprocess.run(["make", "-s", "-C", str(KIT), "build/test-gradients"], check=True)
        run = subprocess.run([KIT / "build/test-gradients"], capture_output=True, text=True)
        self.assertEqual("gradients agree\n", run.stdout, run.stderr)

    def test_it_compiles_without_a_warning_for_any_machine(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(["make", "-s", "-C", str(KIT), f"BUILD={folder}", "MARCH=",
                                  "CFLAGS=-O1", f"{folder}/trc-train"],
                                 capture_output=True, text=True)
        self.assertEqual((0, ""), (run.returncode, run.stderr))


@unittest.skipUnless(COMPILER, NO_COMPILER)
class CpuEngineTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        chance = random.Random(2)
        ids = array("H", (chance.randrange(512) for _ in range(3000)))
        (self.folder / "ids.bin").write_bytes(ids.tobytes())
        self.tokens = Tokens([self.folder / "ids.bin"], bos=1)
        self.windows = [Window(0, 130 * i, i == 2) for i in range(9)]
        self.checkpoint = self.folder / "checkpoint.bin"

    def engine(self, shape: object, threads: int = 2, kernel: str | None = None) -> CpuEngine:
        engine = CpuEngine(shape, self.tokens, threads, kernel=kernel)
        self.addCleanup(engine.close)
        return engine

    @unittest.skipUnless(TORCH, NO_TORCH)
    def test_losses_and_gradients_are_pytorchs(self) -> None:
        import torch
        from trctrain.gpu import TorchEngine
        for shape in (UNTIED, TIED):
            write_checkpoint(self.checkpoint, shape)
            reference = TorchEngine(shape, self.tokens)
            reference.load(self.checkpoint)
            loss, gradients = reference.gradients(self.windows)
            losses = torch.tensor(reference.losses(self.windows))
            for threads, kernel in ((1, None), (2, "plain")):
                engine = self.engine(shape, threads, kernel)
                engine.load(self.checkpoint)
                computed_loss, computed = engine.gradients(self.windows)
                self.assertAlmostEqual(loss, computed_loss, delta=0.002)
                difference = torch.tensor(engine.losses(self.windows)) - losses
                self.assertLess(difference.abs().max().item(), 0.15)
                at = 0
                for tensor in shape.tensors():
                    a = torch.tensor(gradients[at:at + tensor.parameters])
                    b = torch.tensor(computed[at:at + tensor.parameters])
                    at += tensor.parameters
                    self.assertLess((a - b).norm().item(), 0.03 * a.norm().item(), tensor.name)

    @unittest.skipUnless(TORCH, NO_TORCH)
    def test_steps_are_pytorchs(self) -> None:
        import torch
        from trctrain.checkpoint import weights
        from trctrain.gpu import TorchEngine
        write_checkpoint(self.checkpoint, UNTIED)
        before = [torch.tensor(numbers) for _, numbers in weights(self.checkpoint)]
        after = []
        for name in ("torch", "cpu"):
            engine = (TorchEngine(UNTIED, self.tokens) if name == "torch" else self.engine(UNTIED))
            engine.load(self.checkpoint)
            for number in (1, 2, 3):
                engine.step(self.windows[number:number + 4],
                            Rates(1e-3, 0.01, 0.01, 0.05, 0.9, number))
            path = self.folder / f"{name}.bin"
            write_head(path, load(self.checkpoint))
            engine.save(path)
            after.append(list(weights(path)))
        for old, (tensor, a), (_, b) in zip(before, *after):
            moved, difference = torch.tensor(a) - old, torch.tensor(a) - torch.tensor(b)
            self.assertGreater(moved.norm().item(), 0, tensor.name)
            # AdamW's first steps go by the sign of gradients, however small: rounding turns some
            self.assertLess(difference.norm().item(), 0.25 * moved.norm().item(), tensor.name)

    def test_what_is_loaded_is_saved_the_same(self) -> None:
        for shape in (UNTIED, TIED):
            write_checkpoint(self.checkpoint, shape)
            numbers = random.Random(4).randbytes(4096)
            data = bytearray(self.checkpoint.read_bytes())
            data[-len(numbers):] = bytes(b & 0x3f for b in numbers)  # moments too; no NaN
            self.checkpoint.write_bytes(data)
            engine = self.engine(shape)
            engine.load(self.checkpoint)
            copy = self.folder / "copy.bin"
            write_head(copy, load(self.checkpoint))
            engine.save(copy)
            self.assertEqual(data, copy.read_bytes())

    def test_a_window_that_begins_with_bos_differs_only_there(self) -> None:
        write_checkpoint(self.checkpoint, UNTIED)
        engine = self.engine(UNTIED)
        engine.load(self.checkpoint)
        plain = engine.losses([Window(0, 0, False)])
        self.assertNotEqual(plain, engine.losses([Window(0, 0, True)]))
        self.assertEqual(plain, engine.losses([Window(0, 0, False)]))

    def test_more_threads_than_windows_are_no_harm(self) -> None:
        write_checkpoint(self.checkpoint, UNTIED)
        engines = [self.engine(UNTIED, threads) for threads in (1, 5)]
        for engine in engines:
            engine.load(self.checkpoint)
        one, five = (engine.gradients(self.windows[:2]) for engine in engines)
        self.assertAlmostEqual(one[0], five[0], places=5)
        self.assertLess(max(abs(a - b) for a, b in zip(one[1], five[1])), 1e-4)

    def test_errors_are_told(self) -> None:
        engine = self.engine(UNTIED)
        with self.assertRaisesRegex(KitError, "No such file"):
            engine.load(self.folder / "missing.bin")
        with self.assertRaisesRegex(KitError, "no such kernel|kernels are"):
            self.engine(UNTIED, kernel="quick")
        (self.folder / "ids.bin").write_bytes(array("H", [600] * 200).tobytes())
        engine = CpuEngine(UNTIED, Tokens([self.folder / "ids.bin"], 1), 1)
        self.addCleanup(engine.close)
        with self.assertRaisesRegex(KitError, "beyond the vocabulary"):
            engine.losses([Window(0, 0, False)])

    def test_a_shape_that_it_does_not_compute_is_refused(self) -> None:
        program = build()
        for change in ({0: "500"}, {1: "100"}, {2: "96"}, {3: "0"}, {5: "100"}, {7: "0"},
                       {0: "70000"}, {3: "x"}):
            sizes = ["512", "128", "64", "1", "1", "96", "1", "1"]
            for place, size in change.items():
                sizes[place] = size
            run = subprocess.run([program, *sizes], stdin=subprocess.DEVNULL, capture_output=True)
            self.assertEqual(1, run.returncode, change)
            self.assertTrue(run.stderr, change)
