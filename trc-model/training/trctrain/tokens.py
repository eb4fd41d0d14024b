"""Turns the corpus into a vocabulary and files of token ids.

OUT/spm.model is the vocabulary; OUT/train.bin and OUT/valid.bin hold 16-bit little-endian ids,
every document behind a BOS; OUT/meta.json tells what went in, and by which hold-out rule.
"""

from __future__ import annotations

import itertools
import json
import sys
from array import array
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO, Iterable, Iterator

from trctrain import KitError
from trctrain.config import Config
from trctrain.corpus import Documents, dress, pieces, read
from trctrain.holdout import RULE, HoldOut
from trctrain.vocabulary import Vocabulary, train

HELD_OUT_TOKENS = 20_000
"""Tokens taken of one held-out document, so that a long book does not decide alone."""

SAMPLE = 3
"""The vocabulary is learned from every third document."""


@dataclass
class Count:
    documents: int = 0
    held_out: int = 0
    bytes: int = 0
    tokens: int = 0


@dataclass
class Meta:
    """meta.json."""

    config: str
    rule: str
    bos: int
    lengths: list[int]
    """Bytes that each token stands for."""
    train_tokens: int = 0
    valid_tokens: int = 0
    categories: dict[str, Count] = field(default_factory=dict)

    @staticmethod
    def load(folder: Path) -> Meta:
        table = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        meta = Meta(**table)
        if meta.rule != RULE:
            raise KitError(f"{folder} was made by another hold-out rule, {meta.rule}; make it anew")
        return meta


def prepare(config: Config, corpus: Path, hold_out: HoldOut, out: Path) -> Meta:
    """Makes everything in ``out``; a vocabulary that is already there is kept."""
    out.mkdir(parents=True, exist_ok=True)
    taken = {category: read(corpus, category, hold_out) for category in config.categories}
    model = out / "spm.model"
    if not model.exists():
        sample = itertools.chain.from_iterable(
            (dress(document, category) for document in documents.train[::SAMPLE])
            for category, documents in taken.items())
        train(sample, config.shape.vocabulary, config.training.seed, model)
    vocabulary = Vocabulary(model)
    if vocabulary.size != config.shape.vocabulary:
        raise KitError(f"{model} has {vocabulary.size} pieces, the configuration "
                       f"{config.shape.vocabulary}; remove it to make it anew")
    meta = Meta(config.name, RULE, vocabulary.bos,
                [vocabulary.length(token) for token in range(vocabulary.size)])
    with open(out / "train.bin", "wb") as training, open(out / "valid.bin", "wb") as validation:
        for category, documents in taken.items():
            dressed = Documents([dress(d, category) for d in documents.train],
                                [dress(d, category) for d in documents.held_out])
            count = Count(len(dressed.train), len(dressed.held_out))
            for ids in _encoded(vocabulary, dressed.train, count):
                meta.train_tokens += _write(training, ids * category.repeat)
            for ids in _encoded(vocabulary, dressed.held_out, count):
                meta.valid_tokens += _write(validation, ids[:HELD_OUT_TOKENS])
            meta.categories[category.name] = count
            print(f"{category.name}: {count.documents} documents, {count.held_out} held out, "
                  f"{count.bytes / 1e6:.1f} MB, {count.tokens / 1e6:.2f} M tokens, "
                  f"{count.bytes / max(1, count.tokens):.2f} bytes a token", flush=True)
    (out / "meta.json").write_text(json.dumps(asdict(meta)) + "\n", encoding="utf-8")
    print(f"train {meta.train_tokens} tokens, held out {meta.valid_tokens}")
    return meta


def _encoded(vocabulary: Vocabulary, documents: Iterable[str],
             count: Count) -> Iterator[array[int]]:
    parts = itertools.chain.from_iterable(pieces(document) for document in documents)
    while group := list(itertools.islice(parts, 512)):
        for text, ids in zip(group, vocabulary.encode(group)):
            count.bytes += len(text.encode())
            count.tokens += len(ids) + 1
            yield array("H", [vocabulary.bos, *ids])


def _write(file: BinaryIO, ids: array[int]) -> int:
    if sys.byteorder == "big":
        ids.byteswap()
    file.write(ids.tobytes())
    return len(ids)
