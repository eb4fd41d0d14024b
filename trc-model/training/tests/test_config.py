import dataclasses
import unittest
from pathlib import Path

from trctrain import KitError
from trctrain.config import Category, Config, Shape, Training
from trctrain.manifest import load

CONFIGS = Path(__file__).parents[1] / "configs"
MANIFEST = CONFIGS.parent / "MANIFEST.tsv"


class ConfigTest(unittest.TestCase):
    def test_small_and_base_are_the_released_models(self) -> None:
        small = Config.load(CONFIGS / "small.toml").known_shape()
        base = Config.load(CONFIGS / "base.toml").known_shape()
        self.assertEqual((9_309_440, 34_087_424), (small.parameters, base.parameters))
        for shape, size in ((small, 10_079_968), (base, 36_423_424)):
            self.assertLess(shape.tensor_bytes, size)
            self.assertLess(size, shape.file_bytes_at_most)

    def test_their_categories_are_those_of_the_manifest_and_make_278_million_tokens(self) -> None:
        tokens = {"books": 63.21, "books2": 7.19, "books3": 49.36, "code": 29.1, "data": 5.96,
                  "data2": 13.72, "dialogue": 4.82, "docs": 26.79, "encyclopaedic": 5.81,
                  "english": 32.39, "logs": 5.14, "logs2": 11.81, "markup": 10.98, "misc": 7.88,
                  "multilingual": 14.9, "web": 29.19}  # all dresses, as the training log has them
        for name in ("small", "base"):
            categories = Config.load(CONFIGS / f"{name}.toml").categories
            self.assertEqual({source.category for source in load(MANIFEST)},
                             {category.name for category in categories})
            epoch = sum(tokens[c.name] * c.weight / c.dresses for c in categories)
            self.assertAlmostEqual(278.5, epoch, delta=0.1)

    def test_parameters_are_those_counted_by_hand(self) -> None:
        shape = Shape(vocabulary=512, context=128, embedding=128, layers=2, heads=2,
                      feed_forward=192, kv_heads=1)
        attention = 2 * 128 * 128 + 2 * 128 * 64
        layer = attention + 3 * 128 * 192 + 2 * 128
        self.assertEqual(512 * 128 + 128 + 2 * layer, shape.parameters)

    def test_an_output_of_its_own_is_counted(self) -> None:
        tied = Shape(vocabulary=512, context=128, embedding=64, layers=1, heads=1, feed_forward=64)
        untied = dataclasses.replace(tied, untied=True)
        self.assertEqual(512 * 64, untied.parameters - tied.parameters)
        self.assertEqual("output.weight", list(untied.tensors())[2].name)

    def test_every_configuration_loads(self) -> None:
        names = sorted(Config.load(path).name for path in CONFIGS.glob("*.toml"))
        self.assertEqual(["trc-en-34m", "trc-en-9m", "trc-smoke", "trc-tuned"], names)

    def test_a_configuration_without_a_shape_says_where_it_comes_from(self) -> None:
        with self.assertRaisesRegex(KitError, "GGUF"):
            Config.load(CONFIGS / "tune.toml").known_shape()

    def test_shapes_that_the_engines_do_not_compute_are_refused(self) -> None:
        good = Config.load(CONFIGS / "smoke.toml").known_shape()
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

    def test_a_category_needs_a_weight_and_a_dress(self) -> None:
        for change in ({"weight": 0.0}, {"dresses": 0}, {"dresses": 101}, {"megabytes": -1.0}):
            with self.subTest(change), self.assertRaises(KitError):
                Category("books", **change)

    def test_the_rates_rise_stay_and_fall_to_zero(self) -> None:
        training = Training(batch=1, steps=1000, rate=1.0, matrix_rate=1.0, warmup=10, flat=0.6)
        paces = [training.pace(step, 0) for step in (0, 9, 599, 800, 1000)]
        for expected, actual in zip((0.1, 1.0, 1.0, 0.5, 0.0), paces):
            self.assertAlmostEqual(expected, actual, places=9)

    def test_a_run_by_the_clock_ends_by_the_clock(self) -> None:
        training = Training(batch=1, seconds=60, rate=1.0, matrix_rate=1.0, warmup=1, flat=0.5)
        self.assertEqual(0.5, training.progress(10, 30))
        self.assertEqual(1.0, training.progress(10, 61))
        self.assertAlmostEqual(0.5, training.pace(500, 45))

    def test_epochs_are_made_steps_and_the_shorter_run_counts(self) -> None:
        training = Training(batch=8, epochs=3, rate=1.0, matrix_rate=1.0)
        self.assertEqual(300, training.on(800).steps)
        self.assertEqual(1, training.on(0.5).steps)
        self.assertEqual(100, dataclasses.replace(training, steps=100).on(800).steps)

    def test_momentum_grows_to_its_limit(self) -> None:
        training = Training(batch=1, steps=1, rate=1.0, matrix_rate=1.0)
        self.assertEqual([0.85, 0.9, 0.95, 0.95],
                         [training.momentum(step) for step in (0, 150, 300, 9999)])

    def test_a_run_without_an_end_or_with_senseless_rates_is_refused(self) -> None:
        good = {"batch": 1, "steps": 1, "rate": 1.0, "matrix_rate": 1.0}
        for change in ({"steps": 0}, {"batch": 0}, {"rate": 0.0}, {"bos": 1.5}, {"flat": -0.1},
                       {"weight_decay": -1.0}, {"seconds": -1.0}):
            with self.subTest(change), self.assertRaises(KitError):
                Training(**{**good, **change})
