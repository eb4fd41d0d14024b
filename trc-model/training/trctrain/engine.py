"""What does the arithmetic of training: PyTorch (``gpu``) or the C program (``cpu``)."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Sequence

from trctrain.windows import Window


@dataclass(frozen=True)
class Rates:
    """The settings of one step of both optimisers."""

    rate: float
    """AdamW's, for embedding, output and norms."""
    decay: float
    """AdamW's, on embedding and output."""
    matrix_rate: float
    """Muon's, for the matrices of the layers."""
    matrix_decay: float
    momentum: float
    """Muon's."""
    number: int
    """Of the step, from 1: AdamW's means are corrected by it."""


class Engine(Protocol):
    """A model with its optimisers and its tokens.

    AdamW has betas of 0.9 and 0.95, and its gradients, all together, are clipped to a norm of 1.
    """

    name: str

    def load(self, checkpoint: Path) -> None:
        """Takes weights and moments from a checkpoint."""

    def save(self, checkpoint: Path) -> None:
        """Writes weights and moments behind the head of a checkpoint."""

    def warm_up(self, batch: int) -> None:
        """Does what a first step of so many windows would have to wait for; changes nothing."""

    def step(self, windows: Sequence[Window], rates: Rates) -> float | None:
        """Trains on a batch; its mean loss in nats, or None where that was not looked at."""

    def losses(self, windows: Sequence[Window]) -> array[float]:
        """Nats of every target, window after window."""

    def close(self) -> None:
        """Gives back what it holds; it can do nothing after that."""
