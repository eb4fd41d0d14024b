import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from trctrain import KitError
from trctrain.log import Log, Row, load
from trctrain.plot import svg, ticks

ROWS = [Row(step, step * 1000, step * 0.5, 8 / step, 1e-3, 2000.0, 4 / step)
        for step in (1, 2, 4, 8)]


class PlotTest(unittest.TestCase):
    def test_the_plot_is_well_formed_and_has_a_curve_of_every_row_in_both_panels(self) -> None:
        root = ElementTree.fromstring(svg(ROWS, "a < b & c"))
        name = "{http://www.w3.org/2000/svg}"
        curves = [[tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
                  for line in root.iter(name + "polyline")]
        self.assertEqual([4, 4], [len(curve) for curve in curves])
        for curve in curves:
            self.assertEqual(curve, sorted(curve))  # rightwards, and down the page: falling
        self.assertIn("a < b & c, over tokens trained",
                      [text.text for text in root.iter(name + "text")])

    def test_a_single_row_can_be_drawn(self) -> None:
        ElementTree.fromstring(svg(ROWS[:1], "one"))

    def test_nothing_cannot_be_drawn(self) -> None:
        with self.assertRaises(KitError):
            svg([], "none")

    def test_ticks_are_round(self) -> None:
        self.assertEqual([0, 5, 10, 15, 20], ticks(0, 21))
        self.assertEqual([2, 2.5, 3], ticks(1.7, 3.2))


class LogTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "log.tsv"

    def test_rows_are_read_back(self) -> None:
        log = Log(self.path)
        for row in ROWS:
            log.append(row)
        self.assertEqual(ROWS, load(self.path))

    def test_rows_after_the_checkpoint_are_dropped(self) -> None:
        log = Log(self.path)
        for row in ROWS:
            log.append(row)
        Log(self.path, resumed_at=2).append(ROWS[3])
        self.assertEqual([1, 2, 8], [row.step for row in load(self.path)])

    def test_another_file_is_not_taken_for_a_log(self) -> None:
        self.path.write_text("hello\n")
        with self.assertRaises(KitError):
            load(self.path)
