"""The state of a training run in one file, the same whatever trains.

A head of 4,096 bytes, JSON padded with spaces; then the weights, then the first and the second
moments of the optimisers, all as 32-bit little-endian floats in the order of the GGUF file. Muon
has no second moment: its place is there and stays as it was.
"""

from __future__ import annotations

import json
import math
import os
import random
import sys
from array import array
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Iterator

from trctrain import KitError
from trctrain.config import Shape, Tensor
from trctrain.gguf import Gguf, values

FORMAT = "trctrain 1"
HEAD_BYTES = 4096
PARTS = 3


@dataclass
class State:
    """Where a run stands."""

    name: str
    shape: Shape
    step: int = 0
    seconds: float = 0.0
    loss: float | None = None
    """Running mean of the training loss."""
    epoch: int = 0
    taken: int = 0
    """Windows of the epoch that were read."""


def write_head(path: Path, state: State) -> None:
    """Begins a checkpoint; the numbers are to follow."""
    head = json.dumps({"format": FORMAT, **asdict(state)}).encode()
    if len(head) >= HEAD_BYTES:
        raise KitError(f"the name {state.name!r} is too long")
    path.write_bytes(head.ljust(HEAD_BYTES - 1) + b"\n")


def load(path: Path) -> State:
    """Reads the head, and checks that the numbers are there."""
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        table = json.loads(head)
        if table.pop("format") != FORMAT:
            raise KitError("another format")
        state = State(**{**table, "shape": Shape(**table["shape"])})
    except (ValueError, LookupError, TypeError, AttributeError, KitError) as e:
        raise KitError(f"{path} is not a checkpoint: {e}") from e
    expected = HEAD_BYTES + PARTS * 4 * state.shape.parameters
    if path.stat().st_size != expected:
        raise KitError(f"{path} has {path.stat().st_size} bytes, not {expected}")
    return state


def weights(path: Path) -> Iterator[tuple[Tensor, array[float]]]:
    """The weights, tensor by tensor."""
    shape = load(path).shape
    with open(path, "rb") as file:
        file.seek(HEAD_BYTES)
        for tensor in shape.tensors():
            numbers = array("f")
            numbers.fromfile(file, tensor.parameters)
            if sys.byteorder == "big":
                numbers.byteswap()
            yield tensor, numbers


def begin(path: Path, state: State, tensors: Iterator[array[float]]) -> None:
    """Writes a checkpoint of step 0: weights as given, moments of zero."""
    part = path.with_suffix(".part")
    write_head(part, state)
    with open(part, "ab") as file:
        for numbers in tensors:
            if sys.byteorder == "big":
                numbers.byteswap()
            numbers.tofile(file)
        _zeros(file, (PARTS - 1) * state.shape.parameters)
    os.replace(part, path)


def _zeros(file: BinaryIO, count: int) -> None:
    while count:
        some = min(count, 1 << 18)
        file.write(bytes(4 * some))
        count -= some


def random_weights(shape: Shape, seed: int) -> Iterator[array[float]]:
    """Gaussian with a deviation of 0.02, less for what is added to the residual stream; norms 1."""
    chance = random.Random(f"weights {seed}")
    deep = 0.02 / math.sqrt(2 * shape.layers)
    for tensor in shape.tensors():
        if tensor.rows is None:
            yield array("f", [1.0]) * tensor.columns
            continue
        residual = tensor.name.endswith(("attn_output.weight", "ffn_down.weight"))
        deviation = deep if residual else 0.02
        yield array("f", (chance.gauss(0.0, deviation) for _ in range(tensor.parameters)))


def gguf_weights(model: Gguf) -> Iterator[array[float]]:
    """The weights of a GGUF file, Q8_0 made floats."""
    stored = {tensor.name: tensor for tensor in model.tensors}
    for tensor in model.check().tensors():
        yield values(stored[tensor.name])
