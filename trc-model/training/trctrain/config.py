"""One TOML file describes one model: its shape, its vocabulary, its texts, its training."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

from trctrain import KitError

HEAD = 64
"""Size of an attention head; one that every engine of TRC computes without a remainder."""

BLOCK = 32
"""Weights in a Q8_0 block; every row of a matrix must be a whole number of them."""

PIECE = 24
"""The longest vocabulary piece, in characters."""


@dataclass(frozen=True)
class Tensor:
    """A tensor of the GGUF file. A matrix has ``rows``; a vector (a norm) has none."""

    name: str
    columns: int
    rows: int | None = None

    @property
    def parameters(self) -> int:
        return self.columns * (self.rows or 1)

    @property
    def bytes(self) -> int:
        """Size in the file: Q8_0 (34 bytes for 32 weights) for matrices, F32 for vectors."""
        return self.parameters * 4 if self.rows is None else self.parameters // BLOCK * 34


@dataclass(frozen=True)
class Shape:
    """A LLaMA-architecture model with tied input and output embeddings."""

    vocabulary: int
    context: int
    embedding: int
    layers: int
    heads: int
    feed_forward: int
    kv_heads: int = 0
    """Heads of keys and values; 0 means as many as ``heads``."""

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.context, self.embedding, self.layers, self.heads,
               self.feed_forward) < 1 or self.kv_heads < 0:
            raise KitError(f"a model needs positive sizes: {self}")
        if self.embedding != self.heads * HEAD:
            raise KitError(f"embedding {self.embedding} is not heads {self.heads} x {HEAD}")
        if self.feed_forward % BLOCK:
            raise KitError(f"feed_forward {self.feed_forward} is not a multiple of {BLOCK}")
        if self.heads % self.key_heads:
            raise KitError(f"heads {self.heads} is not a multiple of kv_heads {self.kv_heads}")
        if self.vocabulary > 65_536:
            raise KitError(f"vocabulary {self.vocabulary}: token files hold 16-bit ids")

    @property
    def key_heads(self) -> int:
        return self.kv_heads or self.heads

    def tensors(self) -> Iterator[Tensor]:
        """All tensors in the order of the GGUF file."""
        d, kv = self.embedding, self.key_heads * HEAD
        yield Tensor("token_embd.weight", d, self.vocabulary)
        yield Tensor("output_norm.weight", d)
        for i in range(self.layers):
            yield Tensor(f"blk.{i}.attn_norm.weight", d)
            yield Tensor(f"blk.{i}.attn_q.weight", d, d)
            yield Tensor(f"blk.{i}.attn_k.weight", d, kv)
            yield Tensor(f"blk.{i}.attn_v.weight", d, kv)
            yield Tensor(f"blk.{i}.attn_output.weight", d, d)
            yield Tensor(f"blk.{i}.ffn_norm.weight", d)
            yield Tensor(f"blk.{i}.ffn_gate.weight", d, self.feed_forward)
            yield Tensor(f"blk.{i}.ffn_up.weight", d, self.feed_forward)
            yield Tensor(f"blk.{i}.ffn_down.weight", self.feed_forward, d)

    @property
    def parameters(self) -> int:
        return sum(tensor.parameters for tensor in self.tensors())

    @property
    def tensor_bytes(self) -> int:
        """Bytes of all tensors in a Q8_0 file, each padded to 32."""
        return sum(-(-tensor.bytes // 32) * 32 for tensor in self.tensors())

    @property
    def file_bytes_at_most(self) -> int:
        """An upper bound for the GGUF file, whatever pieces the vocabulary learns.

        A piece costs its length (8 bytes), score (4), type (4) and at most 4 bytes a character.
        """
        names = sum(len(tensor.name) + 40 for tensor in self.tensors())
        return self.tensor_bytes + self.vocabulary * (16 + 4 * PIECE) + names + 4096


@dataclass(frozen=True)
class Category:
    """How much of a category of the corpus is taken, and in which dress."""

    name: str
    megabytes: float = 1e9
    """Million characters to train on, up to the end of the last document."""
    repeat: int = 1
    """Times that its documents occur in the training tokens."""
    wrapped: float = 0.0
    """Share of documents re-wrapped at 58 to 80 columns; a third of them with CRLF line ends."""
    crlf: float = 0.0
    """Share of the others that gets CRLF line ends."""
    ascii: float = 0.0
    """Share of documents with typographic quotes and dashes replaced by ASCII."""

    def __post_init__(self) -> None:
        if not self.name.replace("-", "").replace("_", "").isalnum():
            raise KitError(f"category name {self.name!r} is not a plain word")
        if self.repeat < 1 or self.megabytes <= 0:
            raise KitError(f"category {self.name}: repeat and megabytes must be positive")


@dataclass(frozen=True)
class Training:
    """AdamW at a constant rate after a warm-up, then a linear decay over the last share."""

    batch: int
    steps: int
    rate: float
    minutes: float = 0.0
    """Ends the run early, decay included; 0: no limit, the only way to a repeatable run."""
    warmup: int = 200
    decay: float = 0.35
    floor: float = 0.03
    """Lowest rate of the decay, as a share of ``rate``."""
    weight_decay: float = 0.1
    evaluate_every: int = 100
    """Steps between rows of the log and checkpoints."""
    seed: int = 1

    def __post_init__(self) -> None:
        if min(self.batch, self.steps, self.evaluate_every, self.warmup) < 1:
            raise KitError("batch, steps, warmup and evaluate_every must be positive")
        if not 0 < self.decay <= 1 or self.rate <= 0 or self.minutes < 0:
            raise KitError("decay must be in (0, 1], rate positive, minutes not negative")

    def progress(self, step: int, seconds: float) -> float:
        """How much of the run is over, 0 to 1, by its steps or by its time."""
        spent = seconds / (60 * self.minutes) if self.minutes else 0.0
        return min(1.0, max(step / self.steps, spent))

    def rate_at(self, step: int, seconds: float) -> float:
        """The learning rate of a step (from 0) after so many seconds of training."""
        rate = self.rate * min(1.0, (step + 1) / self.warmup)
        left = (1.0 - self.progress(step, seconds)) / self.decay
        return rate * max(self.floor, min(1.0, left))


@dataclass(frozen=True)
class Config:
    name: str
    shape: Shape
    categories: tuple[Category, ...]
    training: Training

    @staticmethod
    def load(path: Path) -> Config:
        try:
            with open(path, "rb") as file:
                return Config.parse(tomllib.load(file))
        except (tomllib.TOMLDecodeError, KitError) as e:
            raise KitError(f"{path}: {e}") from e

    @staticmethod
    def parse(table: dict[str, Any]) -> Config:
        known = {"name", "model", "category", "training"}
        if table.keys() != known:
            raise KitError(f"keys must be {sorted(known)}, not {sorted(table)}")
        categories = tuple(_record(Category, entry) for entry in table["category"])
        if len({category.name for category in categories}) != len(categories):
            raise KitError("a category is named twice")
        return Config(table["name"], _record(Shape, table["model"]), categories,
                      _record(Training, table["training"]))


def _record(kind: type, table: dict[str, Any]) -> Any:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = table.keys() - fields.keys()
    missing = {name for name, field in fields.items()
               if field.default is dataclasses.MISSING} - table.keys()
    if unknown or missing:
        raise KitError(f"{kind.__name__}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return kind(**table)
