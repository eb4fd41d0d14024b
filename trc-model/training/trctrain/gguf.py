"""The GGUF file format, version 3: writing, reading, Q8_0, and the embedded models' profile.

Layout, all little-endian: "GGUF", version, number of tensors, number of metadata entries; the
entries; name, dimensions, type and offset of each tensor; padding to 32; the tensors, each padded
to 32. See https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import math
import struct
from array import array
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence

from trctrain import KitError
from trctrain.config import BLOCK, HEAD, Shape

MAGIC = b"GGUF"
VERSION = 3
ALIGNMENT = 32

ROPE_BASE = 10_000.0
NORM_EPSILON = 1e-5


class Kind(IntEnum):
    """Types of metadata."""

    U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)


_FORMAT = {Kind.U8: "B", Kind.I8: "b", Kind.U16: "H", Kind.I16: "h", Kind.U32: "I", Kind.I32: "i",
           Kind.F32: "f", Kind.BOOL: "?", Kind.U64: "Q", Kind.I64: "q", Kind.F64: "d"}


class Weights(IntEnum):
    """Types of tensors that this kit writes and reads."""

    F32, F16, Q8_0 = 0, 1, 8


_BYTES_OF = {Weights.F32: (1, 4), Weights.F16: (1, 2), Weights.Q8_0: (BLOCK, 34)}


@dataclass(frozen=True)
class Value:
    """A metadata value; an array has the ``items`` kind of its elements."""

    kind: Kind
    value: Any
    items: Kind | None = None


@dataclass(frozen=True)
class Stored:
    """A tensor as stored. ``dimensions`` begins with the row length."""

    name: str
    dimensions: tuple[int, ...]
    weights: Weights
    data: bytes

    @staticmethod
    def size(dimensions: Sequence[int], weights: Weights) -> int:
        block, size = _BYTES_OF[weights]
        if dimensions[0] % block:
            raise KitError(f"rows of {dimensions[0]} do not fill blocks of {block}")
        return math.prod(dimensions) // block * size


def q8_0(values: Sequence[float]) -> bytes:
    """Quantises: per 32 values a half-precision scale (largest / 127) and 32 signed bytes."""
    if len(values) % BLOCK:
        raise KitError(f"{len(values)} values do not fill blocks of {BLOCK}")
    out = bytearray()
    for start in range(0, len(values), BLOCK):
        block = values[start:start + BLOCK]
        largest = max(map(abs, block))
        if not all(map(math.isfinite, block)) or largest / 127 > 65504:
            raise KitError("a weight is not finite or too large for Q8_0")
        half = struct.pack("<e", largest / 127)
        scale = struct.unpack("<e", half)[0]  # as rounded: what the reader will multiply by
        inverse = 1 / scale if scale else 0.0
        out += half
        out += struct.pack("32b", *[max(-127, min(127, round(v * inverse))) for v in block])
    return bytes(out)


def q8_0_values(data: bytes) -> list[float]:
    """What the quantised values stand for."""
    result: list[float] = []
    for scale, *quants in struct.iter_unpack("<e32b", data):
        result += [scale * q for q in quants]
    return result


def values(tensor: Stored) -> array[float]:
    """The numbers of a tensor."""
    if tensor.weights == Weights.Q8_0:
        return array("f", q8_0_values(tensor.data))
    if tensor.weights == Weights.F16:
        return array("f", (x for x, in struct.iter_unpack("<e", tensor.data)))
    return array("f", (x for x, in struct.iter_unpack("<f", tensor.data)))


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _entry(key: str, value: Value) -> bytes:
    head = _string(key) + struct.pack("<I", value.kind)
    if value.kind != Kind.ARRAY:
        return head + _scalar(value.kind, value.value)
    if value.items is None:
        raise KitError(f"{key}: an array needs the kind of its items")
    head += struct.pack("<IQ", value.items, len(value.value))
    return head + b"".join(_scalar(value.items, item) for item in value.value)


def _scalar(kind: Kind, value: Any) -> bytes:
    return _string(value) if kind == Kind.STRING else struct.pack("<" + _FORMAT[kind], value)


def write(path: Path, metadata: Mapping[str, Value], tensors: Iterable[Stored]) -> int:
    """Writes a file; returns its size in bytes."""
    tensors = list(tensors)
    head = bytearray(MAGIC + struct.pack("<IQQ", VERSION, len(tensors), len(metadata)))
    for key, value in metadata.items():
        head += _entry(key, value)
    body = bytearray()
    for tensor in tensors:
        if len(tensor.data) != Stored.size(tensor.dimensions, tensor.weights):
            raise KitError(f"{tensor.name}: {len(tensor.data)} bytes for {tensor.dimensions}")
        head += _string(tensor.name) + struct.pack("<I", len(tensor.dimensions))
        head += struct.pack(f"<{len(tensor.dimensions)}Q", *tensor.dimensions)
        head += struct.pack("<IQ", tensor.weights, len(body))
        body += tensor.data + bytes(-len(tensor.data) % ALIGNMENT)
    head += bytes(-len(head) % ALIGNMENT)
    path.write_bytes(head + body)
    return len(head) + len(body)


class _Cursor:
    """Reads from a byte string and never beyond its end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def bytes(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            raise KitError(f"the GGUF file ends within a field at byte {self.at}")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, kind: Kind) -> Any:
        code = "<" + _FORMAT[kind]
        return struct.unpack(code, self.bytes(struct.calcsize(code)))[0]

    def string(self) -> str:
        return self.bytes(self.number(Kind.U64)).decode()

    def scalar(self, kind: Kind) -> Any:
        return self.string() if kind == Kind.STRING else self.number(kind)

    def value(self) -> Value:
        kind = Kind(self.number(Kind.U32))
        if kind != Kind.ARRAY:
            return Value(kind, self.scalar(kind))
        items = Kind(self.number(Kind.U32))
        count = self.number(Kind.U64)
        if items == Kind.ARRAY or count > len(self.data):
            raise KitError(f"an array of {count} x {items.name} is not sensible")
        return Value(kind, [self.scalar(items) for _ in range(count)], items)


@dataclass(frozen=True)
class Gguf:
    metadata: dict[str, Value]
    tensors: list[Stored]

    @staticmethod
    def load(path: Path) -> Gguf:
        try:
            return Gguf.parse(path.read_bytes())
        except (KitError, ValueError) as e:
            raise KitError(f"{path}: {e}") from e

    @staticmethod
    def parse(data: bytes) -> Gguf:
        cursor = _Cursor(data)
        if cursor.bytes(4) != MAGIC or cursor.number(Kind.U32) != VERSION:
            raise KitError("not a GGUF file of version 3")
        tensors, entries = cursor.number(Kind.U64), cursor.number(Kind.U64)
        metadata: dict[str, Value] = {}
        for _ in range(entries):
            key = cursor.string()
            metadata[key] = cursor.value()
        infos = []
        for _ in range(tensors):
            name, rank = cursor.string(), cursor.number(Kind.U32)
            if not 1 <= rank <= 4:
                raise KitError(f"{name} has {rank} dimensions")
            dimensions = tuple(cursor.number(Kind.U64) for _ in range(rank))
            infos.append((name, dimensions, Weights(cursor.number(Kind.U32)),
                          cursor.number(Kind.U64)))
        base = cursor.at + -cursor.at % ALIGNMENT
        stored = []
        for name, dimensions, weights, offset in infos:
            start, size = base + offset, Stored.size(dimensions, weights)
            if start + size > len(data):
                raise KitError(f"{name} lies beyond the end of the file")
            stored.append(Stored(name, dimensions, weights, data[start:start + size]))
        return Gguf(metadata, stored)

    def get(self, key: str) -> Any:
        if key not in self.metadata:
            raise KitError(f"no {key} in the metadata")
        return self.metadata[key].value

    def shape(self) -> Shape:
        """The shape, of a file within the profile."""
        heads, keys = self.get("llama.attention.head_count"), "llama.attention.head_count_kv"
        kv_heads = self.get(keys)
        return Shape(
            vocabulary=len(self.get("tokenizer.ggml.tokens")),
            context=self.get("llama.context_length"), embedding=self.get("llama.embedding_length"),
            layers=self.get("llama.block_count"), heads=heads,
            feed_forward=self.get("llama.feed_forward_length"),
            kv_heads=0 if kv_heads == heads else kv_heads,
            untied=any(tensor.name == "output.weight" for tensor in self.tensors))

    def check(self) -> Shape:
        """Raises unless the file is a Q8_0 LLaMA model with a complete vocabulary."""
        if self.get("general.architecture") != "llama":
            raise KitError(f"architecture {self.get('general.architecture')}, not llama")
        shape = self.shape()
        for key, value in (("llama.rope.dimension_count", HEAD),
                           ("llama.vocab_size", shape.vocabulary),
                           ("tokenizer.ggml.model", "llama")):
            if self.get(key) != value:
                raise KitError(f"{key} is {self.get(key)}, not {value}")
        expected = [(tensor.name, (tensor.columns,) if tensor.rows is None
                     else (tensor.columns, tensor.rows)) for tensor in shape.tensors()]
        actual = [(tensor.name, tensor.dimensions) for tensor in self.tensors]
        if sorted(actual) != sorted(expected):
            raise KitError(f"the tensors are not those of {shape}")
        for tensor in self.tensors:
            kind = Weights.F32 if len(tensor.dimensions) == 1 else Weights.Q8_0
            if tensor.weights != kind:
                raise KitError(f"{tensor.name} is {tensor.weights.name}, not {kind.name}")
        tokens = self.get("tokenizer.ggml.tokens")
        if len(set(tokens)) != len(tokens):
            raise KitError("two tokens have the same text")
        missing = {f"<0x{byte:02X}>" for byte in range(256)} - set(tokens)
        if missing:
            raise KitError(f"no token for the bytes {sorted(missing)}")
        for key in ("tokenizer.ggml.scores", "tokenizer.ggml.token_type"):
            if len(self.get(key)) != len(tokens):
                raise KitError(f"{key} has {len(self.get(key))} entries for {len(tokens)} tokens")
        return shape
