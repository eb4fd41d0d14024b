"""The ideal code length of texts, in the windows in which the codec codes.

A window has as many cells as the model has positions. The first four tokens, BOS and three more,
keep theirs. The rest are four parts of a quarter of the window less one; when all are full, the
oldest part is dropped, and the others move down. What a token saw when it was computed stays what
it was: only its place changes. That is what the codec pays before its coder's own loss, and without
other predictors. Computed in float32, not with the engines' quantised products.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from trctrain import KitError, checkpoint
from trctrain.checkpoint import HEAD_BYTES
from trctrain.config import Shape
from trctrain.evaluate import texts
from trctrain.gguf import Gguf, values
from trctrain.model import Model

KEPT = 4
PARTS = 4


def load_model(path: Path) -> Model:
    """The model of a GGUF file, or of a checkpoint."""
    if path.suffix == ".gguf":
        file = Gguf.load(path)
        shape = file.check()
        numbers = {tensor.name: numpy.array(values(tensor)) for tensor in file.tensors}
    else:
        shape = checkpoint.load(path).shape
        flat = numpy.fromfile(path, dtype="<f4", count=shape.parameters, offset=HEAD_BYTES)
        numbers, at = {}, 0
        for tensor in shape.tensors():
            numbers[tensor.name] = flat[at:at + tensor.parameters]
            at += tensor.parameters
    model = Model(shape)
    for name, parameter in model.named_parameters():
        parameter.data.copy_(torch.from_numpy(numbers[name]).view(parameter.shape))
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval()


class _Past:
    """Keys, not yet turned, and values of the tokens in the window, for every layer."""

    def __init__(self, layers: int) -> None:
        self._kept: list[tuple[Tensor, Tensor] | None] = [None] * layers
        self._parts: list[deque[tuple[Tensor, Tensor]]] = [
            deque(maxlen=PARTS - 1) for _ in range(layers)]  # beside the part that is being filled

    def of(self, layer: int) -> list[tuple[Tensor, Tensor]]:
        kept = self._kept[layer]
        return ([kept] if kept else []) + list(self._parts[layer])

    def add(self, layer: int, k: Tensor, v: Tensor) -> None:
        if self._kept[layer] is None:
            self._kept[layer] = k[..., :KEPT, :], v[..., :KEPT, :]
            k, v = k[..., KEPT:, :], v[..., KEPT:, :]
        self._parts[layer].append((k, v))


@torch.no_grad()
def code_length(model: Model, window: int, ids: list[int], bos: int) -> float:
    """Bits of a text's tokens."""
    if window < 32 or window % PARTS:
        raise KitError(f"a window of {window} has no four parts")
    part = window // PARTS - 1
    device = model.token_embd.weight.device
    sequence = torch.tensor([bos, *ids], device=device)
    past = _Past(len(model.blk))
    nats, start, end = 0.0, 0, KEPT + part
    while start < len(ids):
        inputs, targets = sequence[start:end][:len(ids) - start], sequence[start + 1:end + 1]
        x = model.token_embd(inputs)[None]
        for number, layer in enumerate(model.blk):
            q, k, v = layer.projections(x, model.low)
            before = past.of(number)
            past.add(number, k, v)
            keys = torch.cat([key for key, _ in before] + [k], -2)
            all_values = torch.cat([value for _, value in before] + [v], -2)
            q = model.rotation(q, keys.shape[-2] - q.shape[-2])
            x = layer.rest(x, q, model.rotation(keys), all_values, model.low)
        nats += F.cross_entropy(model.logits(x)[0], targets, reduction="sum").item()
        start, end = end, end + part
    return nats / math.log(2)


@dataclass(frozen=True)
class Length:
    category: str
    name: str
    plain: int
    tokens: int
    bytes: float


def ideal(path: Path, vocabulary: Path, folder: Path, window: int | None) -> list[Length]:
    """Code lengths of all texts of a folder."""
    from trctrain.vocabulary import Vocabulary
    model = load_model(path)
    pieces = Vocabulary.of(vocabulary)
    shape: Shape = model.shape
    if window and window > shape.context:
        raise KitError(f"the model has {shape.context} positions, fewer than {window}")
    result = []
    for category, file in texts(folder):
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError as e:
            raise KitError(f"{file} is not UTF-8: only the codec can tell what it costs") from e
        ids = pieces.encode([text])[0]
        bits = code_length(model, window or shape.context, ids, pieces.bos)
        result.append(Length(category, file.name, len(text.encode()), len(ids), bits / 8))
    return result


def table(lengths: list[Length]) -> str:
    """A Markdown table."""
    lines = ["| category | file | bytes | tokens | ideal bytes | bits per byte |",
             "| --- | --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {x.category} | {x.name} | {x.plain} | {x.tokens} | {x.bytes:.0f} "
              f"| {8 * x.bytes / max(1, x.plain):.4f} |" for x in lengths]
    return "\n".join(lines) + "\n"
