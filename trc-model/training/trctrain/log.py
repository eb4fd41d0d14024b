"""The log of a training run: one tab-separated row per evaluation."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from pathlib import Path

from trctrain import KitError


@dataclass(frozen=True)
class Row:
    step: int
    tokens: int
    seconds: float
    loss: float
    """Training loss in nats per token, a running mean."""
    lr: float
    tokens_per_second: float
    held_out_bits_per_byte: float


COLUMNS = [field.name for field in fields(Row)]
_TYPES = [int, int] + [float] * 5


class Log:
    """Appends rows; rows beyond the checkpoint that a run resumes from are dropped."""

    def __init__(self, path: Path, resumed_at: int = 0) -> None:
        self._path = path
        kept = [row for row in load(path) if row.step <= resumed_at] if path.exists() else []
        path.write_text("\t".join(COLUMNS) + "\n", encoding="utf-8")
        for row in kept:
            self.append(row)

    def append(self, row: Row) -> None:
        cells = [str(cell) if isinstance(cell, int) else f"{cell:.6g}" for cell in astuple(row)]
        with open(self._path, "a", encoding="utf-8") as file:
            file.write("\t".join(cells) + "\n")


def load(path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].split("\t") != COLUMNS:
        raise KitError(f"{path} is not a training log: its first line should name "
                       f"{' '.join(COLUMNS)}")
    try:
        return [Row(*(kind(cell) for kind, cell in zip(_TYPES, line.split("\t"), strict=True)))
                for line in lines[1:]]
    except ValueError as e:
        raise KitError(f"{path}: {e}") from e
