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
    """A LLaMA-architecture model."""

    vocabulary: int
    context: int
    embedding: int
    layers: int
    heads: int
    feed_forward: int
    kv_heads: int = 0
    """Heads of keys and values; 0 means as many as ``heads``."""
    untied: bool = False
    """Whether the output has a matrix of its own, or shares that of the embedding."""

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
        if self.untied:
            yield Tensor("output.weight", d, self.vocabulary)
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
    weight: float = 1.0
    """Times that an epoch of training reads its documents; a part of a time is drawn by lot."""
    dresses: int = 1
    """Versions of each document, in different dress; an epoch reads each version
    ``weight / dresses`` times."""
    megabytes: float = 1e9
    """Million characters to train on, up to the end of the last document."""
    wrapped: float = 0.0
    """Share of documents re-wrapped at 58 to 80 columns; a third of them with CRLF line ends."""
    crlf: float = 0.0
    """Share of the others that gets CRLF line ends."""
    ascii: float = 0.0
    """Share of documents with typographic quotes and dashes replaced by ASCII."""
    files: str = ""
    """Patterns, such as "*.java *.md": every such file below the corpus folder is a document."""

    def __post_init__(self) -> None:
        if not self.name.replace("-", "").replace("_", "").isalnum():
            raise KitError(f"category name {self.name!r} is not a plain word")
        if min(self.weight, self.dresses, self.megabytes) <= 0 or self.dresses > 100:
            raise KitError(f"category {self.name}: weight, dresses (at most 100) and megabytes "
                           "must be positive")


@dataclass(frozen=True)
class Training:
    """Muon for the matrices of the layers, AdamW for embedding, output and norms.

    After a warm-up both go at their full rate for the first share of the run, then linearly to 0.
    """

    batch: int
    """Windows in a step."""
    rate: float
    """AdamW's."""
    matrix_rate: float
    """Muon's."""
    steps: int = 0
    """Length of the run; 0: no limit."""
    epochs: float = 0.0
    """Length of the run in readings of the texts; 0: no limit."""
    seconds: float = 0.0
    """Length of the run by the clock; 0: no limit, and so repeatable. The first limit counts."""
    warmup: int = 200
    flat: float = 0.15
    """Share of the run at the full rate."""
    weight_decay: float = 0.01
    """AdamW's, on embedding and output, as a share of its rate."""
    matrix_decay: float = 0.05
    """Muon's."""
    bos: float = 0.3
    """Share of windows whose first token is replaced by BOS, as a block of the codec begins."""
    evaluate_every: int = 100
    """Steps between rows of the log and checkpoints."""
    seed: int = 1

    def __post_init__(self) -> None:
        if min(self.batch, self.evaluate_every, self.warmup) < 1:
            raise KitError("batch, warmup and evaluate_every must be positive")
        limits = self.steps, self.epochs, self.seconds
        if min(limits) < 0 or not any(limits):
            raise KitError("a run needs an end: steps, epochs or seconds must be positive")
        if not (0 <= self.flat <= 1 and 0 <= self.bos <= 1):
            raise KitError("flat and bos must be in [0, 1]")
        if min(self.rate, self.matrix_rate) <= 0 or min(self.weight_decay, self.matrix_decay) < 0:
            raise KitError("rates must be positive, decays not negative")

    def on(self, windows: float) -> Training:
        """The same with its epochs made steps, where an epoch has so many windows."""
        if not self.epochs:
            return self
        steps = max(1, round(self.epochs * windows / self.batch))
        return dataclasses.replace(self, epochs=0.0, steps=min(self.steps or steps, steps))

    def progress(self, step: int, seconds: float) -> float:
        """How much of the run is over, 0 to 1, by its steps or by its time."""
        by_steps = step / self.steps if self.steps else 0.0
        by_clock = seconds / self.seconds if self.seconds else 0.0
        return min(1.0, max(by_steps, by_clock))

    def pace(self, step: int, seconds: float) -> float:
        """The factor of both rates at a step (from 0) after so many seconds of training."""
        done = self.progress(step, seconds)
        fall = 1.0 if done < self.flat else (1.0 - done) / max(1.0 - self.flat, 1e-9)
        return min(1.0, (step + 1) / self.warmup) * fall

    def momentum(self, step: int) -> float:
        """Muon's momentum, which grows over the first 300 steps."""
        return min(0.95, 0.85 + step / 3000)


@dataclass(frozen=True)
class Config:
    name: str
    shape: Shape | None
    """None: that of the model which training begins with (``--init``)."""
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
        needed = {"name", "category", "training"}
        if not needed <= table.keys() <= needed | {"model"}:
            raise KitError(f"keys must be {sorted(needed)} and perhaps model, not {sorted(table)}")
        categories = tuple(_record(Category, entry) for entry in table["category"])
        if len({category.name for category in categories}) != len(categories):
            raise KitError("a category is named twice")
        shape = _record(Shape, table["model"]) if "model" in table else None
        return Config(table["name"], shape, categories, _record(Training, table["training"]))

    def known_shape(self) -> Shape:
        """The shape; raises where only the model to begin with has one."""
        if self.shape is None:
            raise KitError(f"{self.name} has no [model]: its shape is that of the GGUF file that "
                           "training begins with")
        return self.shape


def _record(kind: type, table: dict[str, Any]) -> Any:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = table.keys() - fields.keys()
    missing = {name for name, field in fields.items()
               if field.default is dataclasses.MISSING} - table.keys()
    if unknown or missing:
        raise KitError(f"{kind.__name__}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return kind(**table)
