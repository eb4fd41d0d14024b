"""The order in which training reads the tokens: shuffled windows over all files of tokens."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple, Sequence

from trctrain import KitError


class Window(NamedTuple):
    """``length + 1`` tokens of a file from ``start``: all but the last read, all but the first
    predicted. With ``bos`` the first of them is read as BOS, as at the beginning of a block.
    """

    file: int
    start: int
    bos: bool


@dataclass(frozen=True)
class Source:
    """A file's tokens, and how many times an epoch reads them."""

    tokens: int
    weight: float


class Windows:
    """An endless sequence of windows; its state is two numbers, so a run can be resumed.

    For each time that an epoch reads a file it cuts it into windows side by side, from an offset of
    its own; a part of a time takes each window with that chance. All windows of an epoch are
    shuffled together.
    """

    def __init__(self, sources: Sequence[Source], length: int, seed: int, bos: float = 0.0,
                 epoch: int = 0, taken: int = 0) -> None:
        self._sources = sources
        self._length = length
        self._seed = seed
        self._bos = bos
        self.epoch = epoch
        self.taken = taken
        self._order = self._shuffled()

    def _shuffled(self) -> list[Window]:
        chance = random.Random(f"{self._seed} {self.epoch}")
        windows = []
        for file, source in enumerate(self._sources):
            left = source.weight
            while left > 0:
                first = chance.randrange(self._length)
                windows += [Window(file, start, chance.random() < self._bos)
                            for start in range(first, source.tokens - self._length, self._length)
                            if left >= 1 or chance.random() < left]
                left -= 1
        if not windows:
            raise KitError(f"there are too few tokens for a window of {self._length}; take more "
                           "text")
        chance.shuffle(windows)
        return windows

    def take(self, count: int) -> list[Window]:
        """The next windows."""
        result: list[Window] = []
        while len(result) < count:
            if self.taken == len(self._order):
                self.epoch += 1
                self.taken = 0
                self._order = self._shuffled()
            some = self._order[self.taken:self.taken + count - len(result)]
            self.taken += len(some)
            result += some
        return result
