import shlex
import sys
import tempfile
import unittest
from pathlib import Path

from trctrain import KitError
from trctrain.evaluate import Codec, Result, evaluate, table, texts

FAKE = shlex.join([sys.executable, str(Path(__file__).with_name("fake_trc.py"))])


class EvaluateTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.texts = Path(folder.name)
        (self.texts / "prose").mkdir()
        (self.texts / "prose" / "a.txt").write_bytes(b"It was a dark and stormy night.\r\n" * 40)
        (self.texts / "prose" / "empty.txt").touch()
        (self.texts / "top.txt").write_bytes(bytes(range(256)) * 4)

    def test_archives_are_counted_for_every_coder(self) -> None:
        results = evaluate(Codec(FAKE, Path("m.gguf"), 2), self.texts, ["huffman", "range"])
        self.assertEqual([("prose", "a.txt", 1320), ("-", "top.txt", 1024)],
                         [(r.category, r.name, r.plain) for r in results])
        for result in results:
            self.assertEqual(8, result.compressed["huffman"] - result.compressed["range"])
            self.assertAlmostEqual(result.compressed["xz -9e"], result.compressed["range"], delta=9)

    def test_a_wrong_round_trip_is_an_error(self) -> None:
        with self.assertRaisesRegex(KitError, "did not come back"):
            evaluate(Codec(FAKE, Path("broken")), self.texts, ["range"])

    def test_what_trc_says_is_passed_on(self) -> None:
        with self.assertRaisesRegex(KitError, "no such model"):
            evaluate(Codec(FAKE, Path("missing")), self.texts, ["range"])

    def test_a_missing_command_is_named(self) -> None:
        with self.assertRaisesRegex(KitError, "no-such-trc"):
            evaluate(Codec("./no-such-trc", None), self.texts, ["range"])

    def test_a_folder_without_texts_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as empty, self.assertRaises(KitError):
            texts(Path(empty))

    def test_a_category_is_weighted_by_bytes(self) -> None:
        results = [Result("b", "x|y", 1000, {"range": 250}), Result("b", "z", 3000, {"range": 250}),
                   Result("a", "w", 100, {"range": 100})]
        self.assertEqual("""\
| category | file | bytes | range / bpb |
| --- | --- | ---: | ---: |
| b | x\\|y | 1000 | 250 / 2.000 |
| b | z | 3000 | 250 / 0.667 |
| a | w | 100 | 100 / 8.000 |

| category | files | bytes | range / bpb |
| --- | --- | ---: | ---: |
| a | 1 | 100 | 100 / 8.000 |
| b | 2 | 4000 | 500 / 1.000 |
| **all** | 3 | 4100 | 600 / 1.171 |
""", table(results))
