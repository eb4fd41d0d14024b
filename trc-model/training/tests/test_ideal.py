import tempfile
import unittest
from pathlib import Path

from tests.small import NO_TORCH, TIED, TORCH, UNTIED, write_checkpoint, write_gguf
from trctrain import KitError


@unittest.skipUnless(TORCH, NO_TORCH)
class IdealTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "checkpoint.bin"
        self.ids = [(7 * i * i + i // 3) % 500 + 3 for i in range(400)]

    def test_a_text_within_the_first_window_costs_what_one_pass_says(self) -> None:
        import torch
        from trctrain.ideal import code_length, load_model
        for shape in (UNTIED, TIED):
            write_checkpoint(self.path, shape)
            model = load_model(self.path)
            ids = self.ids[:shape.context]
            with torch.no_grad():
                losses = model(torch.tensor([[1, *ids[:-1]]]), torch.tensor([ids]))
            self.assertAlmostEqual(losses.sum().item() / 0.6931471805599453,
                                   code_length(model, shape.context, ids, 1), delta=0.05)

    def test_the_window_keeps_its_first_tokens_and_drops_the_oldest_part(self) -> None:
        """With one layer a token's state is its own, so that a window can be put together."""
        import torch
        from trctrain.ideal import code_length, load_model
        write_checkpoint(self.path, TIED)
        model = load_model(self.path)
        sequence = [1, *self.ids]
        window, part = 64, 15
        expected, start, end = 0.0, 0, 4 + part
        while start < len(self.ids):
            end_here = min(end, len(self.ids))
            first = 4 if end <= window else end - 4 * part
            cells = sequence[:4] + sequence[first:end_here]
            targets = sequence[1:5] + sequence[first + 1:end_here + 1]
            with torch.no_grad():
                losses = model(torch.tensor([cells]), torch.tensor([targets]))
            expected += losses[start - end_here:].sum().item()
            start, end = end, end + part
        self.assertAlmostEqual(expected / 0.6931471805599453,
                               code_length(model, window, self.ids, 1), delta=0.1)

    def test_a_window_that_has_no_four_parts_is_refused(self) -> None:
        from trctrain.ideal import code_length, load_model
        write_checkpoint(self.path, TIED)
        with self.assertRaises(KitError):
            code_length(load_model(self.path), 63, self.ids, 1)

    def test_a_gguf_file_is_read(self) -> None:
        from trctrain.ideal import code_length, load_model
        write_checkpoint(self.path, UNTIED)
        model = self.path.with_suffix(".gguf")
        write_gguf(model, UNTIED)
        exact, quantised = (code_length(load_model(path), 128, self.ids, 1)
                            for path in (self.path, model))
        self.assertAlmostEqual(1, quantised / exact, delta=0.02)
