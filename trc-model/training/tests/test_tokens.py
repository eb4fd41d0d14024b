import contextlib
import dataclasses
import io
import random
import tempfile
import unittest
from array import array
from pathlib import Path

from tests.small import NO_PIECES, PIECES
from trctrain import KitError
from trctrain.config import Category, Config
from trctrain.corpus import SEPARATOR
from trctrain.holdout import HoldOut
from trctrain.tokens import Meta, Tokens, held_out_file, prepare, training_file
from trctrain.windows import Window

TRAINING = Path(__file__).parents[1]
EMBEDDED = next((TRAINING.parent / "src/main/resources/io/trc/model").glob("*.gguf"))
WORDS = "the sea was grey and the wind rose over low hills while nobody spoke of it".split()


class TokensTest(unittest.TestCase):
    def test_a_window_is_read_from_its_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ("a", "b", "c")]
            paths[0].write_bytes(b"")
            paths[1].write_bytes(array("H", range(100, 120)).tobytes())
            paths[2].write_bytes(array("H", range(200, 220)).tobytes())
            tokens = Tokens(paths, bos=1)
            self.assertEqual([0, 20, 20], [len(ids) for ids in tokens.files])
            self.assertEqual(array("H", [103, 104, 105]).tobytes(),
                             tokens.window(Window(1, 3, False), 2))
            self.assertEqual(array("H", [1, 214, 215]).tobytes(),
                             tokens.window(Window(2, 13, True), 2))
            self.assertEqual([214, 215], tokens.targets(Window(2, 13, True), 2))
            with self.assertRaises(KitError):
                tokens.window(Window(1, 18, False), 2)


@unittest.skipUnless(PIECES, NO_PIECES)
class PrepareTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        chance = random.Random(1)
        texts = [f"Document {i}: " + " ".join(chance.choices(WORDS, k=60)) + ".\n"
                 for i in range(400)]
        (self.folder / "prose").mkdir()
        (self.folder / "prose/a.txt").write_text(f"{SEPARATOR}\n".join(texts))
        config = Config.load(TRAINING / "configs/smoke.toml")
        assert config.shape
        shape = dataclasses.replace(config.shape, vocabulary=320)
        category = Category("prose", dresses=2, wrapped=0.5, crlf=0.2)
        self.config = dataclasses.replace(config, shape=shape, categories=(category,))

    def prepare(self, name: str, model: Path | None = None) -> Meta:
        with contextlib.redirect_stdout(io.StringIO()):
            return prepare(self.config, self.folder, HoldOut(), self.folder / name, model)

    def test_every_dress_has_all_documents_in_an_order_of_its_own(self) -> None:
        from trctrain.vocabulary import Vocabulary
        meta = self.prepare("tokens")
        self.assertEqual(meta, Meta.load(self.folder / "tokens"))
        count = meta.categories["prose"]
        self.assertEqual(400, count.documents + count.held_out)
        processor = Vocabulary(self.folder / "tokens/spm.model").processor
        texts = []
        for number in range(2):
            ids = array("H", training_file(self.folder / "tokens", "prose", number).read_bytes())
            self.assertEqual(count.documents, ids.count(meta.bos))
            documents: list[list[int]] = []
            for token in ids:
                if token == meta.bos:
                    documents.append([])
                else:
                    documents[-1].append(token)
            texts.append([processor.decode(document) for document in documents])
        plain = [[" ".join(text.split()) for text in dress] for dress in texts]
        self.assertEqual(sorted(plain[0]), sorted(plain[1]))
        self.assertNotEqual(plain[0], plain[1])
        self.assertNotEqual(sorted(texts[0]), sorted(texts[1]))
        held_out = array("H", held_out_file(self.folder / "tokens", "prose").read_bytes())
        self.assertEqual(count.held_out, held_out.count(meta.bos))

    def test_the_same_texts_give_the_same_files(self) -> None:
        for name in ("a", "b"):
            self.prepare(name)
        for file in sorted((self.folder / "a").iterdir()):
            self.assertEqual(file.read_bytes(), (self.folder / "b" / file.name).read_bytes(), file)

    def test_a_vocabulary_that_is_there_is_kept_if_it_fits(self) -> None:
        self.prepare("tokens")
        assert self.config.shape
        shape = dataclasses.replace(self.config.shape, vocabulary=352)
        self.config = dataclasses.replace(self.config, shape=shape)
        with self.assertRaisesRegex(KitError, "320 pieces"):
            self.prepare("tokens")

    def test_a_models_vocabulary_is_the_one_it_was_made_from(self) -> None:
        from trctrain.export import vocabulary_metadata
        from trctrain.gguf import Gguf
        from trctrain.vocabulary import Vocabulary
        self.config = dataclasses.replace(self.config, shape=None)
        meta = self.prepare("tokens", EMBEDDED)
        vocabulary = Vocabulary(self.folder / "tokens/spm.model")
        self.assertEqual(8192, len(meta.lengths))
        metadata = Gguf.load(EMBEDDED).metadata
        for key, value in vocabulary_metadata(vocabulary).items():
            self.assertEqual(metadata[key], value, key)
        for text in ("  two\n\n\tlines \u2014 caf\u00e9\r\n    x = 1;\u2581\U0001f600\x00",
                     (TRAINING / "README.md").read_text(encoding="utf-8")):
            ids, = vocabulary.encode([text])
            self.assertEqual(text.replace("\u2581", " "), vocabulary.processor.decode(ids))
