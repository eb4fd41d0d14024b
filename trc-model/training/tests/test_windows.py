import unittest
from collections import Counter

from trctrain import KitError
from trctrain.windows import Source, Window, Windows


class WindowsTest(unittest.TestCase):
    def test_an_epoch_reads_every_window_once(self) -> None:
        windows = Windows([Source(1003, 1)], 10, seed=1).take(99)
        starts = {window.start for window in windows}
        self.assertEqual(99, len(starts))
        self.assertEqual({windows[0].start % 10}, {start % 10 for start in starts})
        self.assertTrue(all(0 <= start and start + 11 <= 1003 for start in starts))

    def test_the_order_is_not_that_of_the_file_and_differs_by_epoch(self) -> None:
        windows = Windows([Source(1001, 1)], 10, seed=1)
        first, second = windows.take(99), windows.take(99)
        self.assertNotEqual(first, sorted(first))
        self.assertNotEqual(first, second)

    def test_files_are_read_as_often_as_they_weigh_and_mixed(self) -> None:
        sources = [Source(10_000, 2), Source(10_000, 0.5), Source(10_000, 1)]
        windows = Windows(sources, 10, seed=1)
        taken: list[Window] = []
        while not windows.epoch:
            taken += windows.take(1)
        del taken[-1]  # the first of the next epoch
        count = Counter(window.file for window in taken)
        self.assertAlmostEqual(2 * 999, count[0], delta=2)
        self.assertAlmostEqual(999, count[2], delta=1)
        self.assertAlmostEqual(500, count[1], delta=100)
        self.assertGreater(Counter(window.file for window in taken[:340])[0], 150)
        phases = {window.start % 10 for window in taken if window.file == 0}
        self.assertEqual(2, len(phases))  # the second reading cuts elsewhere

    def test_a_share_of_windows_begins_with_bos(self) -> None:
        taken = Windows([Source(20_000, 1)], 10, seed=1, bos=0.3).take(1_990)
        self.assertAlmostEqual(0.3, sum(window.bos for window in taken) / 1_990, delta=0.04)

    def test_a_resumed_order_goes_on_where_it_stopped(self) -> None:
        sources = [Source(500, 1.5), Source(300, 0.7)]
        whole = Windows(sources, 7, 3, 0.3)
        expected = whole.take(700)
        part = Windows(sources, 7, 3, 0.3)
        head = part.take(513)
        resumed = Windows(sources, 7, 3, 0.3, part.epoch, part.taken)
        self.assertEqual(expected, head + resumed.take(187))

    def test_too_few_tokens_are_refused(self) -> None:
        with self.assertRaises(KitError):
            Windows([Source(10, 1), Source(0, 3)], length=10, seed=1)

    def test_a_file_of_one_window_gives_it(self) -> None:
        self.assertEqual([Window(0, 0, False)] * 2, Windows([Source(2, 1)], 1, seed=1).take(2))
