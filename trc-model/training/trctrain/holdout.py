"""The hold-out rule: a text that judges a model is never trained on.

A document is kept out of training, and of making the vocabulary, when

1. the first 32 bits of the SHA-256 of its text (line ends made LF, blank ends cut) are below
   2^32 / 64: about one document in 64, chosen by nothing but its content, so that the same text
   is kept out of every model, wherever it comes from and in whatever order it is read; or
2. it shares more than a tenth of its 13-word runs, or a tenth of theirs, with a text of a folder
   named by ``--judges``: the texts that a model will be judged with, whatever their origin.

The rule looks at whole documents, before they are cut or re-wrapped.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

RULE = "sha256(document)[:4] < 2^32/64, or a tenth of its 13-word runs shared with a judge"
LIMIT = (1 << 32) // 64
RUN = 13


def digest(document: str) -> bytes:
    """SHA-256 of a document, the same whatever its line ends."""
    text = document.replace("\r\n", "\n").replace("\r", "\n").strip()
    return hashlib.sha256(text.encode()).digest()


def chosen(digest: bytes) -> bool:
    """Rule 1."""
    return int.from_bytes(digest[:4], "big") < LIMIT


class Judges:
    """Rule 2: the word runs of the texts that judge."""

    def __init__(self, texts: list[str]) -> None:
        self._judges: dict[tuple[str, ...], set[int]] = {}
        self._runs: list[int] = []
        for number, text in enumerate(texts):
            words = text.split()
            runs = {tuple(words[i:i + RUN]) for i in range(len(words) - RUN + 1)}
            self._runs.append(len(runs))
            for run in runs:
                self._judges.setdefault(run, set()).add(number)

    @staticmethod
    def load(folder: Path | None) -> Judges:
        files = sorted(p for p in folder.rglob("*") if p.is_file()) if folder else []
        return Judges([p.read_text(encoding="utf-8", errors="replace") for p in files])

    def share(self, document: str) -> bool:
        """Whether the document overlaps with a judge.

        Its runs are taken side by side, the judges' at every word, so that a shared passage is
        found wherever it stands; each hit therefore stands for 13 runs of the judge.
        """
        if not self._judges:
            return False
        words = document.split()
        hits: dict[int, int] = {}
        runs = range(0, len(words) - RUN + 1, RUN)
        for i in runs:
            for judge in self._judges.get(tuple(words[i:i + RUN]), ()):
                hits[judge] = hits.get(judge, 0) + 1
        return any(10 * n > len(runs) or 10 * n * RUN > self._runs[judge]
                   for judge, n in hits.items())


class HoldOut:
    """Both rules together."""

    def __init__(self, judges: Judges | None = None) -> None:
        self._judges = judges or Judges([])

    def keeps_out(self, document: str) -> bool:
        return chosen(digest(document)) or self._judges.share(document)
