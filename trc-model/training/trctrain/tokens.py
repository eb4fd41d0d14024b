"""Turns the corpus into a vocabulary and files of token ids.

OUT/spm.model is the vocabulary. OUT/<category>.<n>.bin holds the documents in their n-th dress,
OUT/<category>.held-out.bin those that the hold-out rule keeps from training: 16-bit little-endian
ids, every document behind a BOS. OUT/meta.json tells what went in, and by which hold-out rule.
"""

from __future__ import annotations

import itertools
import json
import mmap
import random
import sys
from array import array
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Iterable, Iterator

from trctrain import KitError
from trctrain.config import Config
from trctrain.corpus import dress, pieces, read
from trctrain.gguf import Gguf
from trctrain.holdout import RULE, HoldOut
from trctrain.windows import Window

if TYPE_CHECKING:
    from trctrain.vocabulary import Vocabulary

HELD_OUT_TOKENS = 20_000
"""Tokens taken of one held-out piece, so that a long book does not decide alone."""

SAMPLE = 3
"""The vocabulary is learned from every third document."""


@dataclass
class Count:
    documents: int = 0
    held_out: int = 0
    bytes: int = 0
    tokens: int = 0
    """Bytes and tokens of all dresses together."""


@dataclass
class Meta:
    """meta.json."""

    config: str
    rule: str
    bos: int
    lengths: list[int]
    """Bytes that each token stands for."""
    categories: dict[str, Count] = field(default_factory=dict)

    @staticmethod
    def load(folder: Path) -> Meta:
        try:
            table: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            table["categories"] = {name: Count(**c) for name, c in table["categories"].items()}
            meta = Meta(**table)
        except (ValueError, LookupError, TypeError, AttributeError) as e:
            raise KitError(f"{folder}/meta.json is not what prepare writes: {e}") from e
        if meta.rule != RULE:
            raise KitError(f"{folder} was made by another hold-out rule, {meta.rule}; make it anew")
        return meta


def training_file(folder: Path, category: str, dress_number: int) -> Path:
    return folder / f"{category}.{dress_number}.bin"


def held_out_file(folder: Path, category: str) -> Path:
    return folder / f"{category}.held-out.bin"


class Tokens:
    """Files of token ids, mapped into memory."""

    def __init__(self, paths: list[Path], bos: int) -> None:
        self.files = [_mapped(path) for path in paths]
        self.bos = bos
        self._bos = array("H", [bos])

    def window(self, window: Window, length: int) -> bytes:
        """Its ``length + 1`` ids, little-endian."""
        ids = self.files[window.file][window.start:window.start + length + 1]
        if len(ids) != length + 1:
            raise KitError(f"a window from {window.start} goes beyond the end of its file")
        data = ids.tobytes()
        return self._bos.tobytes() + data[2:] if window.bos else data

    def targets(self, window: Window, length: int) -> list[int]:
        """The ids that the window predicts."""
        return self.files[window.file][window.start + 1:window.start + length + 1].tolist()


def _mapped(path: Path) -> memoryview:
    if sys.byteorder == "big":
        raise KitError("token files are little-endian; training needs such a machine")
    with open(path, "rb") as file:
        if not path.stat().st_size:
            return memoryview(b"").cast("H")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast("H")


def prepare(config: Config, corpus: Path, hold_out: HoldOut, out: Path,
            model: Path | None = None) -> Meta:
    """Makes everything in ``out``.

    The vocabulary is that of the GGUF file ``model`` if one is named; else one that is already
    there is kept, or one is learned.
    """
    from trctrain.vocabulary import Vocabulary, train, write_gguf_vocabulary
    out.mkdir(parents=True, exist_ok=True)
    taken = {category: read(corpus, category, hold_out) for category in config.categories}
    pieces_file = out / "spm.model"
    if model:
        write_gguf_vocabulary(Gguf.load(model), pieces_file)
    elif not pieces_file.exists():
        size = config.known_shape().vocabulary
        sample = itertools.chain.from_iterable(
            (dress(document, category) for document in documents.train[::SAMPLE])
            for category, documents in taken.items())
        train(sample, size, config.training.seed, pieces_file)
    vocabulary = Vocabulary(pieces_file)
    if config.shape and vocabulary.size != config.shape.vocabulary:
        raise KitError(f"{pieces_file} has {vocabulary.size} pieces, the configuration "
                       f"{config.shape.vocabulary}; remove it to make it anew")
    meta = Meta(config.name, RULE, vocabulary.bos,
                [vocabulary.length(token) for token in range(vocabulary.size)])
    for category, documents in taken.items():
        count = Count(len(documents.train), len(documents.held_out))
        for number in range(category.dresses):
            order = list(documents.train)  # another one for each dress
            random.Random(f"{category.name} {number}").shuffle(order)
            with open(training_file(out, category.name, number), "wb") as file:
                for ids in _encoded(vocabulary, (dress(d, category, number) for d in order), count):
                    _write(file, ids)
        with open(held_out_file(out, category.name), "wb") as file:
            held_out = (dress(d, category) for d in documents.held_out)
            for ids in _encoded(vocabulary, held_out, Count()):
                _write(file, ids[:HELD_OUT_TOKENS])
        meta.categories[category.name] = count
        print(f"{category.name}: {count.documents} documents, {count.held_out} held out, "
              f"{count.bytes / 1e6:.1f} MB, {count.tokens / 1e6:.2f} M tokens in "
              f"{category.dresses} dresses, {count.bytes / max(1, count.tokens):.2f} bytes a token",
              flush=True)
    (out / "meta.json").write_text(json.dumps(asdict(meta)) + "\n", encoding="utf-8")
    return meta


def _encoded(vocabulary: Vocabulary, documents: Iterable[str],
             count: Count) -> Iterator[array[int]]:
    parts = itertools.chain.from_iterable(pieces(document) for document in documents)
    while group := list(itertools.islice(parts, 512)):
        for text, ids in zip(group, vocabulary.encode(group)):
            count.bytes += len(text.encode())
            count.tokens += len(ids) + 1
            yield array("H", [vocabulary.bos, *ids])


def _write(file: BinaryIO, ids: array[int]) -> None:
    if sys.byteorder == "big":
        ids.byteswap()
    file.write(ids.tobytes())
