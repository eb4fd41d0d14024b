"""Writes the GGUF file of a trained model."""

from __future__ import annotations

import struct
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Iterator

from trctrain import KitError, checkpoint, gguf
from trctrain.checkpoint import State
from trctrain.config import HEAD, Shape
from trctrain.gguf import Gguf, Kind, Stored, Value, Weights

if TYPE_CHECKING:
    from trctrain.vocabulary import Vocabulary

Q8_0_FILE = 7
"""``general.file_type`` of a file whose matrices are mostly Q8_0."""


def _u32(value: int) -> Value:
    return Value(Kind.U32, value)


def _f32(value: float) -> Value:
    return Value(Kind.F32, value)


def model_metadata(name: str, shape: Shape) -> dict[str, Value]:
    """The entries of a LLaMA model."""
    return {
        "general.architecture": Value(Kind.STRING, "llama"),
        "general.name": Value(Kind.STRING, name),
        "general.alignment": _u32(gguf.ALIGNMENT),
        "general.file_type": _u32(Q8_0_FILE),
        "general.quantization_version": _u32(2),
        "llama.context_length": _u32(shape.context),
        "llama.embedding_length": _u32(shape.embedding),
        "llama.block_count": _u32(shape.layers),
        "llama.feed_forward_length": _u32(shape.feed_forward),
        "llama.attention.head_count": _u32(shape.heads),
        "llama.attention.head_count_kv": _u32(shape.key_heads),
        "llama.attention.layer_norm_rms_epsilon": _f32(gguf.NORM_EPSILON),
        "llama.rope.dimension_count": _u32(HEAD),
        "llama.rope.freq_base": _f32(gguf.ROPE_BASE),
        "llama.vocab_size": _u32(shape.vocabulary),
    }


def vocabulary_metadata(vocabulary: Vocabulary) -> dict[str, Value]:
    """The entries of a SentencePiece vocabulary."""
    tokens = range(vocabulary.size)
    return {
        "tokenizer.ggml.model": Value(Kind.STRING, "llama"),
        "tokenizer.ggml.tokens": Value(Kind.ARRAY, [vocabulary.text(t) for t in tokens],
                                       Kind.STRING),
        "tokenizer.ggml.scores": Value(Kind.ARRAY, [vocabulary.score(t) for t in tokens], Kind.F32),
        "tokenizer.ggml.token_type": Value(Kind.ARRAY, [vocabulary.kind(t) for t in tokens],
                                           Kind.I32),
        "tokenizer.ggml.bos_token_id": _u32(vocabulary.bos),
        "tokenizer.ggml.eos_token_id": _u32(vocabulary.eos),
        "tokenizer.ggml.unknown_token_id": _u32(vocabulary.unknown),
        "tokenizer.ggml.add_bos_token": Value(Kind.BOOL, True),
        "tokenizer.ggml.add_eos_token": Value(Kind.BOOL, False),
        "tokenizer.ggml.add_space_prefix": Value(Kind.BOOL, False),
        "tokenizer.ggml.remove_extra_whitespaces": Value(Kind.BOOL, False),
    }


def load_vocabulary(path: Path) -> dict[str, Value]:
    """The vocabulary's entries, from a GGUF file or a SentencePiece model."""
    if path.suffix == ".gguf":
        metadata = Gguf.load(path).metadata
        return {key: value for key, value in metadata.items() if key.startswith("tokenizer.")}
    from trctrain.vocabulary import Vocabulary
    return vocabulary_metadata(Vocabulary(path))


def tensors(weights: Iterator[tuple[checkpoint.Tensor, array[float]]]) -> Iterator[Stored]:
    """Matrices as Q8_0, vectors as F32. RoPE turns adjacent pairs, so Q and K stay as they are."""
    for tensor, values in weights:
        if tensor.rows is None:
            data = struct.pack(f"<{len(values)}f", *values)
            yield Stored(tensor.name, (tensor.columns,), Weights.F32, data)
        else:
            yield Stored(tensor.name, (tensor.columns, tensor.rows), Weights.Q8_0,
                         gguf.q8_0(values))


def export(path: Path, vocabulary: Path, out: Path) -> int:
    """Writes the checkpoint's model, reads it again to check it; returns its size in bytes."""
    state: State = checkpoint.load(path)
    entries = load_vocabulary(vocabulary)
    size = len(entries["tokenizer.ggml.tokens"].value)
    if size != state.shape.vocabulary:
        raise KitError(f"{vocabulary} has {size} pieces, the model {state.shape.vocabulary}")
    part = out.with_suffix(".part")
    size = gguf.write(part, {**model_metadata(state.name, state.shape), **entries},
                      tensors(checkpoint.weights(path)))
    Gguf.load(part).check()
    part.replace(out)
    return size
