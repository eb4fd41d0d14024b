import dataclasses
import unittest
from pathlib import Path

from trctrain import KitError
from trctrain.config import Category, Config, Shape, Training

CONFIGS = Path(__file__).parents[1] / "configs"


class ConfigTest(unittest.TestCase):
    def test_base_is_a_model_of_27_million_parameters_within_32_megabytes(self) -> None:
        shape = Config.load(CONFIGS / "base.toml").shape
        self.assertEqual(26_844_608, shape.parameters)
        self.assertLess(shape.tensor_bytes, shape.file_bytes_at_most)
        self.assertLessEqual(shape.file_bytes_at_most, 32_000_000)
        self.assertEqual((16_384, 1024), (shape.vocabulary, shape.context))

    def test_parameters_are_those_counted_by_hand(self) -> None:
        shape = Shape(vocabulary=512, context=128, embedding=128, layers=2, heads=2,
                      feed_forward=192, kv_heads=1)
        attention = 2 * 128 * 128 + 2 * 128 * 64
        layer = attention + 3 * 128 * 192 + 2 * 128
        self.assertEqual(512 * 128 + 128 + 2 * layer, shape.parameters)

    def test_every_configuration_loads(self) -> None:
        names = sorted(Config.load(path).name for path in CONFIGS.glob("*.toml"))
        self.assertEqual(["trc-en-27m", "trc-en-7m", "trc-smoke"], names)

    def test_shapes_that_the_engines_do_not_compute_are_refused(self) -> None:
        good = Config.load(CONFIGS / "smoke.toml").shape
        for change in ({"embedding": 96}, {"feed_forward": 200}, {"layers": 0},
                       {"kv_heads": 3}, {"vocabulary": 70_000}):
            with self.subTest(change), self.assertRaises(KitError):
                dataclasses.replace(good, **change)

    def test_a_misspelt_or_missing_key_is_refused(self) -> None:
        for table in ({"name": "x"}, {"name": "x", "model": {"layer": 1}, "training": {},
                                      "category": []}):
            with self.subTest(table), self.assertRaises(KitError):
                Config.parse(table)

    def test_a_category_that_would_leave_the_corpus_folder_is_refused(self) -> None:
        with self.assertRaises(KitError):
            Category("../books")

    def test_the_rate_rises_stays_and_decays(self) -> None:
        training = Training(batch=1, steps=1000, rate=1.0, warmup=10, decay=0.4, floor=0.1)
        rates = [training.rate_at(step, 0) for step in (0, 9, 599, 800, 999)]
        for expected, actual in zip((0.1, 1.0, 1.0, 0.5, 0.1), rates):
            self.assertAlmostEqual(expected, actual, places=9)

    def test_a_limit_of_minutes_ends_the_schedule_early(self) -> None:
        training = Training(batch=1, steps=1000, rate=1.0, minutes=1, decay=0.5, floor=0.0)
        self.assertEqual(0.5, training.progress(10, 30))
        self.assertEqual(1.0, training.progress(10, 61))
        self.assertAlmostEqual(0.5, training.rate_at(500, 45))
