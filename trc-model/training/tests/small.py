"""Small models and token files for tests. Test use only."""

import importlib.util
import json
import random
import shutil
import struct
from array import array
from pathlib import Path
from typing import Iterator

from trctrain.checkpoint import State, begin
from trctrain.config import Shape
from trctrain.export import model_metadata
from trctrain.gguf import Kind, Stored, Value, Weights, q8_0, write
from trctrain.holdout import RULE
from trctrain.tokens import held_out_file, training_file

COMPILER = bool(shutil.which("make") and (shutil.which("cc") or shutil.which("gcc")))
NO_COMPILER = "no C compiler, or no make"
TORCH = all(importlib.util.find_spec(name) for name in ("torch", "numpy"))
NO_TORCH = "python3-torch or python3-numpy is missing"
PIECES = bool(importlib.util.find_spec("sentencepiece"))
NO_PIECES = "python3-sentencepiece is missing"

UNTIED = Shape(vocabulary=512, context=128, embedding=64, layers=2, heads=1, feed_forward=96,
               untied=True)
TIED = Shape(vocabulary=512, context=64, embedding=128, layers=1, heads=2, feed_forward=64)


def lively(shape: Shape, seed: int = 1) -> Iterator[array]:
    """Weights larger than those that training begins with: attention and gates are not flat."""
    chance = random.Random(seed)
    for tensor in shape.tensors():
        if tensor.rows is None:
            yield array("f", (1 + 0.3 * chance.gauss(0, 1) for _ in range(tensor.columns)))
        else:
            deviation = 0.05 if tensor.rows == shape.vocabulary else 0.6 / tensor.columns ** 0.5
            yield array("f", (chance.gauss(0, deviation) for _ in range(tensor.parameters)))


def write_checkpoint(path: Path, shape: Shape) -> None:
    begin(path, State("test", shape), lively(shape))


def write_tokens(folder: Path, ids: array, category: str = "prose", dresses: int = 1) -> None:
    """What prepare would make of one category; its held-out text is the beginning of it."""
    for number in range(dresses):
        training_file(folder, category, number).write_bytes(ids.tobytes())
    held_out_file(folder, category).write_bytes(ids[:1000].tobytes())
    meta = {"config": "x", "rule": RULE, "bos": 1, "lengths": [1] * 512, "categories": {}}
    (folder / "meta.json").write_text(json.dumps(meta))


def vocabulary() -> dict[str, Value]:
    """512 tokens: three of control, the bytes, and made-up words."""
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [2, 3, 3] + [6] * 256
    tokens.append("\n  ")
    kinds.append(4)
    tokens += [f"\u2581w{i}" for i in range(512 - len(tokens))]
    kinds += [1] * (512 - len(kinds))
    scores = [0.0] * 259 + [-float(i) for i in range(512 - 259)]
    return {
        "tokenizer.ggml.model": Value(Kind.STRING, "llama"),
        "tokenizer.ggml.tokens": Value(Kind.ARRAY, tokens, Kind.STRING),
        "tokenizer.ggml.scores": Value(Kind.ARRAY, scores, Kind.F32),
        "tokenizer.ggml.token_type": Value(Kind.ARRAY, kinds, Kind.I32),
        "tokenizer.ggml.bos_token_id": Value(Kind.U32, 1),
        "tokenizer.ggml.eos_token_id": Value(Kind.U32, 2),
        "tokenizer.ggml.unknown_token_id": Value(Kind.U32, 0),
    }


def write_gguf(path: Path, shape: Shape) -> None:
    tensors = []
    for tensor, numbers in zip(shape.tensors(), lively(shape)):
        if tensor.rows is None:
            data = struct.pack(f"<{len(numbers)}f", *numbers)
            tensors.append(Stored(tensor.name, (tensor.columns,), Weights.F32, data))
        else:
            tensors.append(Stored(tensor.name, (tensor.columns, tensor.rows), Weights.Q8_0,
                                  q8_0(numbers)))
    write(path, {**model_metadata("test", shape), **vocabulary()}, tensors)
