"""The order in which training reads the tokens: each once an epoch, in shuffled windows."""

from __future__ import annotations

import random

from trctrain import KitError


class Windows:
    """Start positions of training windows; its state is two numbers, so a run can be resumed.

    An epoch cuts the file into windows side by side, from an offset of its own, and shuffles them.
    """

    def __init__(self, tokens: int, length: int, seed: int, epoch: int = 0, taken: int = 0) -> None:
        if tokens < 2 * length + 1:
            raise KitError(f"{tokens} tokens are too few for windows of {length}")
        self._tokens = tokens
        self._length = length
        self._seed = seed
        self.epoch = epoch
        self.taken = taken
        self._starts = self._order()

    def _order(self) -> list[int]:
        chance = random.Random(f"{self._seed} {self.epoch}")
        starts = list(range(chance.randrange(self._length), self._tokens - self._length,
                            self._length))
        chance.shuffle(starts)
        return starts

    def take(self, count: int) -> list[int]:
        """The next windows; window ``i`` covers ids ``i`` to ``i + length``, the last a target."""
        result: list[int] = []
        while len(result) < count:
            if self.taken == len(self._starts):
                self.epoch += 1
                self.taken = 0
                self._starts = self._order()
            part = self._starts[self.taken:self.taken + count - len(result)]
            self.taken += len(part)
            result += part
        return result
