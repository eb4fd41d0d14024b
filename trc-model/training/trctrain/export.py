"""Writes the GGUF file of a trained model."""

from __future__ import annotations

import struct
from array import array
from pathlib import Path
from typing import Iterator

import torch

from trctrain import KitError, gguf
from trctrain.config import HEAD, Shape
from trctrain.gguf import Kind, Stored, Value, Weights
from trctrain.model import NORM_EPSILON, ROPE_BASE
from trctrain.train import load_checkpoint
from trctrain.vocabulary import Vocabulary

Q8_0_FILE = 7
"""``general.file_type`` of a file whose matrices are mostly Q8_0."""


def metadata(name: str, shape: Shape, vocabulary: Vocabulary) -> dict[str, Value]:
    """The entries of a LLaMA model with a SentencePiece vocabulary."""

    def u32(value: int) -> Value:
        return Value(Kind.U32, value)

    def f32(value: float) -> Value:
        return Value(Kind.F32, value)

    tokens = range(vocabulary.size)
    return {
        "general.architecture": Value(Kind.STRING, "llama"),
        "general.name": Value(Kind.STRING, name),
        "general.alignment": u32(gguf.ALIGNMENT),
        "general.file_type": u32(Q8_0_FILE),
        "general.quantization_version": u32(2),
        "llama.context_length": u32(shape.context),
        "llama.embedding_length": u32(shape.embedding),
        "llama.block_count": u32(shape.layers),
        "llama.feed_forward_length": u32(shape.feed_forward),
        "llama.attention.head_count": u32(shape.heads),
        "llama.attention.head_count_kv": u32(shape.key_heads),
        "llama.attention.layer_norm_rms_epsilon": f32(NORM_EPSILON),
        "llama.rope.dimension_count": u32(HEAD),
        "llama.rope.freq_base": f32(ROPE_BASE),
        "llama.vocab_size": u32(shape.vocabulary),
        "tokenizer.ggml.model": Value(Kind.STRING, "llama"),
        "tokenizer.ggml.tokens": Value(Kind.ARRAY, [vocabulary.text(t) for t in tokens],
                                       Kind.STRING),
        "tokenizer.ggml.scores": Value(Kind.ARRAY, [vocabulary.score(t) for t in tokens], Kind.F32),
        "tokenizer.ggml.token_type": Value(Kind.ARRAY, [vocabulary.kind(t) for t in tokens],
                                           Kind.I32),
        "tokenizer.ggml.bos_token_id": u32(vocabulary.bos),
        "tokenizer.ggml.eos_token_id": u32(vocabulary.eos),
        "tokenizer.ggml.unknown_token_id": u32(vocabulary.unknown),
        "tokenizer.ggml.add_bos_token": Value(Kind.BOOL, True),
        "tokenizer.ggml.add_eos_token": Value(Kind.BOOL, False),
        "tokenizer.ggml.add_space_prefix": Value(Kind.BOOL, False),
        "tokenizer.ggml.remove_extra_whitespaces": Value(Kind.BOOL, False),
    }


def tensors(shape: Shape, weights: dict[str, torch.Tensor]) -> Iterator[Stored]:
    """Matrices as Q8_0, vectors as F32. RoPE turns adjacent pairs, so Q and K stay as they are."""
    for tensor in shape.tensors():
        values = array("f", weights[tensor.name].float().flatten().tolist())
        if tensor.rows is None:
            data = struct.pack(f"<{len(values)}f", *values)
            yield Stored(tensor.name, (tensor.columns,), Weights.F32, data)
        else:
            yield Stored(tensor.name, (tensor.columns, tensor.rows), Weights.Q8_0,
                         gguf.q8_0(values))


def export(checkpoint: Path, vocabulary: Path, out: Path) -> int:
    """Writes ``out`` and reads it again to check it; returns its size in bytes."""
    state = load_checkpoint(checkpoint)
    shape = Shape(**state["shape"])
    pieces = Vocabulary(vocabulary)
    if pieces.size != shape.vocabulary:
        raise KitError(f"{vocabulary} has {pieces.size} pieces, the model {shape.vocabulary}")
    part = out.with_suffix(".part")
    size = gguf.write(part, metadata(state["name"], shape, pieces), tensors(shape, state["model"]))
    gguf.Gguf.load(part).check()
    part.replace(out)
    return size
