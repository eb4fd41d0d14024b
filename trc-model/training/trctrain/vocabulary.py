"""The vocabulary: SentencePiece BPE with byte fallback, so that any bytes can be spelled.

Nothing is normalised and no space is put in front; line ends and indents are pieces of their own.
"""

from __future__ import annotations

import io
import os
import struct
import tempfile
from pathlib import Path
from typing import Any, Iterable, Iterator

import sentencepiece

from trctrain.config import PIECE
from trctrain.gguf import Gguf

SPACE = "\u2581"

LAYOUT = tuple(
    ["\n", "\n\n", "\n\n\n", "\t", "\t\t", "\t\t\t", "\r\n"]
    + ["\n" + " " * width for width in (2, 4, 6, 8, 12, 16)] + ["\n\t", "\n\t\t"])
"""Pieces of layout, matched before the text is split into others."""

LINE = 3000
"""Longest line given to the trainer, in characters; the rest becomes lines of its own."""


def train(documents: Iterable[str], size: int, seed: int, out: Path) -> None:
    """Learns ``size`` pieces from the documents; writes a SentencePiece model."""
    model = io.BytesIO()
    sentencepiece.set_random_generator_seed(seed)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=_lines(documents), model_writer=model, vocab_size=size,
        model_type="bpe", character_coverage=0.9995, byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=False, allow_whitespace_only_pieces=True,
        user_defined_symbols=[piece.replace(" ", SPACE) for piece in LAYOUT],
        input_sentence_size=700_000, shuffle_input_sentence=True, num_threads=os.cpu_count() or 1,
        max_sentence_length=4 * LINE, max_sentencepiece_length=PIECE, unk_id=0, bos_id=1, eos_id=2,
        pad_id=-1, minloglevel=1)
    out.write_bytes(model.getvalue())


def _lines(documents: Iterable[str]) -> Iterator[str]:
    for document in documents:
        for line in document.split("\n"):
            line = line.replace("\t", "  ").replace("\r", "")
            for start in range(0, len(line), LINE):
                if line[start:start + LINE].strip():
                    yield line[start:start + LINE]


def write_gguf_vocabulary(model: Gguf, out: Path) -> None:
    """Writes the vocabulary of a GGUF file as the SentencePiece model that it was made from.

    A ModelProto of sentencepiece_model.proto: pieces in field 1, how they were made in 2, how text
    is normalised in 3. What it does not say has its default.
    """
    model.check()
    proto = bytearray()
    for text, score, kind in zip(model.get("tokenizer.ggml.tokens"),
                                 model.get("tokenizer.ggml.scores"),
                                 model.get("tokenizer.ggml.token_type")):
        proto += _field(1, _field(1, text.replace(" ", SPACE).encode())
                        + _tag(2, 5) + struct.pack("<f", score) + _number(3, kind))
    size, bos, eos, unknown = (len(model.get("tokenizer.ggml.tokens")),
                               *(model.get(f"tokenizer.ggml.{name}_token_id")
                                 for name in ("bos", "eos", "unknown")))
    bpe, none = 2, (1 << 64) - 1
    proto += _field(2, _number(3, bpe) + _number(4, size) + _number(35, 1) + _number(40, unknown)
                    + _number(41, bos) + _number(42, eos) + _number(43, none))
    proto += _field(3, _field(1, b"identity") + _number(3, 0) + _number(4, 0) + _number(5, 1))
    out.write_bytes(proto)


def _varint(value: int) -> bytes:
    result = bytearray()
    while value > 127:
        result.append(value & 127 | 128)
        value >>= 7
    result.append(value)
    return bytes(result)


def _tag(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _number(field: int, value: int) -> bytes:
    return _tag(field, 0) + _varint(value)


def _field(field: int, data: bytes) -> bytes:
    return _tag(field, 2) + _varint(len(data)) + data


class Vocabulary:
    """A trained vocabulary, as the token files and the GGUF file need it."""

    NORMAL, UNKNOWN, CONTROL, LAYOUT, UNUSED, BYTE = 1, 2, 3, 4, 5, 6

    def __init__(self, path: Path) -> None:
        self.processor: Any = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.size: int = self.processor.get_piece_size()
        self.bos: int = self.processor.bos_id()
        self.eos: int = self.processor.eos_id()
        self.unknown: int = self.processor.unk_id()
        self._layout = {piece.replace(" ", SPACE): piece for piece in LAYOUT}

    @staticmethod
    def of(path: Path) -> Vocabulary:
        """The vocabulary of a GGUF file or a SentencePiece model."""
        if path.suffix != ".gguf":
            return Vocabulary(path)
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "spm.model"
            write_gguf_vocabulary(Gguf.load(path), model)
            return Vocabulary(model)

    def kind(self, token: int) -> int:
        """The token's type as GGUF numbers them."""
        if self.processor.is_byte(token):
            return self.BYTE
        if self.processor.is_control(token):
            return self.CONTROL
        if self.processor.is_unknown(token):
            return self.UNKNOWN
        return self.LAYOUT if self.processor.id_to_piece(token) in self._layout else self.NORMAL

    def text(self, token: int) -> str:
        """The piece as GGUF stores it.

        Layout pieces have real spaces: llama.cpp matches them before it escapes spaces.
        """
        piece: str = self.processor.id_to_piece(token)
        return self._layout.get(piece, piece)

    def score(self, token: int) -> float:
        return float(self.processor.get_score(token))

    def length(self, token: int) -> int:
        """Bytes of text that the token stands for."""
        kind = self.kind(token)
        if kind == self.BYTE:
            return 1
        if kind in (self.CONTROL, self.UNKNOWN):
            return 0
        return len(self.text(token).replace(SPACE, " ").encode())

    def encode(self, texts: list[str]) -> list[list[int]]:
        return self.processor.encode(texts, num_threads=os.cpu_count() or 1)
