"""Reads the corpus: CORPUS/<category>.txt.xz or CORPUS/<category>/*.txt.

Documents are separated by a line ``<<<DOC>>>``; or, where a category names patterns, every file
below CORPUS that fits one is a document. They are taken in the order of their hashes, which is as
good as shuffled and the same on every machine, until the category has enough.
"""

from __future__ import annotations

import lzma
import random
import re
import string
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from trctrain import KitError
from trctrain.config import Category
from trctrain.holdout import HoldOut, Judges, digest

SEPARATOR = "<<<DOC>>>"
SHORTEST = 40
LONGEST = 80_000
"""Longer documents are cut at a line end into pieces of half to all of this, in characters."""

_ASCII = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2014": "--", "\u2013": "-",
    "\u2026": "...", "\u00a0": " ", "\u2060": "", "\u200a": "", "\u2009": " "})


@dataclass(frozen=True)
class Documents:
    """The documents of a category, whole and undressed."""

    train: list[str]
    held_out: list[str]


def raw(corpus: Path, category: Category) -> Iterator[str]:
    """Every document of a category as it stands in the corpus."""
    files = sorted((corpus / category.name).glob("*.txt")) if not category.files else []
    packed = corpus / f"{category.name}.txt.xz"
    if packed.exists():
        files.append(packed)
    whole = _matching(corpus, category.files.split())
    if not files and not whole:
        wanted = category.files or f"{category.name}.txt.xz and no {category.name}/*.txt"
        raise KitError(f"no {wanted} in {corpus}")
    for path in whole:
        try:
            yield path.read_bytes().decode()
        except UnicodeDecodeError:
            print(f"{path} is not UTF-8: left out")
    for path in files:
        opener = lzma.open if path.suffix == ".xz" else open
        with opener(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
            lines: list[str] = []
            for line in file:
                if line.rstrip("\r\n") == SEPARATOR:
                    yield "".join(lines)
                    lines = []
                else:
                    lines.append(line)
            yield "".join(lines)


def _matching(corpus: Path, patterns: list[str]) -> list[Path]:
    """Files below the folder whose name fits a pattern, nothing that is hidden by a dot."""
    return sorted({path for pattern in patterns for path in corpus.rglob(pattern)
                   if path.is_file() and not any(part.startswith(".")
                                                 for part in path.relative_to(corpus).parts)})


def read(corpus: Path, category: Category, hold_out: HoldOut) -> Documents:
    """Takes a category: no document twice, none that the hold-out rule forbids in ``train``.

    The cap counts what is trained on; held-out documents are few, and all of them are taken.
    """
    unique: dict[bytes, str] = {}
    for document in raw(corpus, category):
        document = document.strip("\n")
        if len(document) > SHORTEST:
            unique.setdefault(digest(document), document + "\n")
    documents = Documents([], [])
    characters = 0
    for key in sorted(unique, key=lambda key: key[8:]):  # other bits than the hold-out rule's
        document = unique[key]
        if hold_out.keeps_out(document):
            documents.held_out.append(document)
        elif characters <= category.megabytes * 1e6:
            documents.train.append(document)
            characters += len(document)
    return documents


def pieces(document: str) -> Iterator[str]:
    """Cuts a long document at line ends."""
    start = 0
    while len(document) - start > LONGEST:
        end = document.rfind("\n", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
        yield document[start:end]
        start = end
    yield document[start:]


def dress(document: str, category: Category, number: int = 0) -> str:
    """Gives a document the shape that plain text files have in the wild.

    A model trained on clean paragraphs alone codes a hard-wrapped book with CRLF line ends badly.
    The dress depends on the document and the dress's number, and on nothing else.
    """
    chance = random.Random(digest(document) + (bytes([number]) if number else b""))
    if chance.random() < category.ascii:
        document = document.translate(_ASCII)
    draw = chance.random()
    if draw < category.wrapped:
        return _wrap(document, chance)
    if draw < category.wrapped + category.crlf:
        return document.replace("\r\n", "\n").replace("\n", "\r\n")
    return document


def _wrap(document: str, chance: random.Random) -> str:
    width = chance.randint(58, 80)
    indent = chance.choice(("", "", "", "  ", "    "))
    gap = chance.choice(("\n\n", "\n\n", "\n"))
    paragraphs = [p for p in re.split(r"[\r\n]+", document) if p.strip()]
    text = gap.join(
        "\n".join(textwrap.wrap(p, width, initial_indent=indent, break_long_words=False))
        for p in paragraphs) + "\n"
    return text.replace("\n", "\r\n") if chance.random() < 0.35 else text


def write_held_out(corpus: Path, categories: tuple[Category, ...], hold_out: HoldOut, out: Path,
                   most: int) -> None:
    """Writes held-out documents to judge with, at most ``most`` bytes a category.

    Short documents share a file, so that the cost of a header does not decide; of a long document
    only the first piece is written.
    """
    for category in categories:
        folder = out / category.name
        folder.mkdir(parents=True, exist_ok=True)
        texts = [b""]
        total = 0
        for document in read(corpus, category, hold_out).held_out:
            data = next(pieces(document)).encode()
            if total + len(data) > most:
                continue
            total += len(data)
            if len(texts[-1]) + len(data) > LONGEST and texts[-1]:
                texts.append(b"")
            texts[-1] += data + b"\n"
        for number, text in enumerate(texts, 1):
            if text:
                (folder / f"{number:02}.txt").write_bytes(text)
        print(f"{folder}: {total} bytes of held-out text")


def _foreign(text: str, chance: random.Random) -> str:
    """Exchanges the letters, as in a language that no model knows."""
    letters = list(string.ascii_lowercase)
    chance.shuffle(letters)
    others = "".join(letters)
    return text.translate(str.maketrans(
        string.ascii_letters, others + others.upper()))


def write_subset(corpus: Path, categories: tuple[Category, ...], out: Path) -> None:
    """Writes the documents that the configuration takes, and no others, as a smaller corpus."""
    out.mkdir(parents=True, exist_ok=True)
    for category in categories:
        documents = read(corpus, category, HoldOut())
        path = out / f"{category.name}.txt.xz"
        with lzma.open(path, "wt", encoding="utf-8", newline="", preset=6) as file:
            file.write(f"{SEPARATOR}\n".join(documents.train + documents.held_out))
        print(f"{path}: {path.stat().st_size} bytes")


def write_excerpts(corpus: Path, categories: tuple[Category, ...], judges: Judges, out: Path,
                   lengths: tuple[int, ...], foreign: tuple[int, ...], times: int,
                   seed: int) -> None:
    """Writes excerpts for the mixer's state: of each category, some of each length in bytes.

    They are from documents that rule 1 kept out of the models' training, since a model is too sure
    of what it was trained on, and that share nothing with a judge. Every other excerpt begins where
    its document does, the others at a line. Those of ``foreign`` lengths are made foreign.
    Categories that the corpus lacks are left out.
    """
    for category in categories:
        try:
            documents = read(corpus, category, HoldOut()).held_out
        except KitError as e:
            print(f"{category.name} left out: {e}")
            continue
        documents = [dress(d, category) for d in documents if not judges.share(d)]
        chance = random.Random(f"{seed} {category.name}")
        folder = out / category.name
        folder.mkdir(parents=True, exist_ok=True)
        total = 0
        for number, length in enumerate((lengths + foreign) * times):
            long = [d for d in documents if len(d) >= length] or documents
            document = chance.choice(long)
            start = chance.randint(0, max(0, len(document) - length)) if number % 2 else 0
            start = document.rfind("\n", 0, start) + 1
            text = document[start:start + length].encode()[:length].decode(errors="ignore")
            if number % len(lengths + foreign) >= len(lengths):
                text = _foreign(text, chance)
            (folder / f"{number:03}.txt").write_text(text, encoding="utf-8", newline="")
            total += len(text.encode())
        print(f"{folder}: {len(documents)} documents, {total} bytes")
