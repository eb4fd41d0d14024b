import unittest

from trctrain import KitError
from trctrain.windows import Windows


class WindowsTest(unittest.TestCase):
    def test_an_epoch_reads_every_window_once(self) -> None:
        windows = Windows(tokens=1003, length=10, seed=1)
        starts = windows.take(99)
        self.assertEqual(0, windows.epoch)
        self.assertEqual(99, len(set(starts)))
        self.assertEqual({starts[0] % 10}, {start % 10 for start in starts})
        self.assertTrue(all(0 <= start and start + 11 <= 1003 for start in starts))

    def test_the_order_is_not_that_of_the_file_and_differs_by_epoch(self) -> None:
        windows = Windows(tokens=1001, length=10, seed=1)
        first, second = windows.take(99), windows.take(99)
        self.assertNotEqual(first, sorted(first))
        self.assertNotEqual(first, second)

    def test_a_resumed_order_goes_on_where_it_stopped(self) -> None:
        whole = Windows(tokens=500, length=7, seed=3)
        expected = whole.take(300)
        part = Windows(tokens=500, length=7, seed=3)
        head = part.take(113)
        resumed = Windows(500, 7, 3, part.epoch, part.taken)
        self.assertEqual(expected, head + resumed.take(187))

    def test_too_few_tokens_are_refused(self) -> None:
        with self.assertRaises(KitError):
            Windows(tokens=20, length=10, seed=1)
