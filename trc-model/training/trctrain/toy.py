"""A toy corpus for the smoke test: templates' prose, logs and JSON, and this project's own files.

It teaches a model nothing of the world; it shows that every step works, in minutes.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Callable

from trctrain.corpus import SEPARATOR

PROJECT = Path(__file__).resolve().parents[3]
KINDS = {"code": ("*.java", "*.py"), "docs": ("*.md",)}

_PEOPLE = "the miller,the widow,an old sailor,her brother,the clerk,a stranger".split(",")
_VERBS = "carried,remembered,sold,feared,found,mended,followed,described".split(",")
_THINGS = "the lantern,a heavy trunk,the letter,two horses,a silver watch".split(",")
_ENDS = "before the rain came,in silence,as far as the bridge,without a word,that winter".split(",")
_LINKS = "and later,but,for,while,so".split(",")


def _prose(chance: random.Random) -> str:
    def clause() -> str:
        return (f"{chance.choice(_PEOPLE)} {chance.choice(_VERBS)} {chance.choice(_THINGS)} "
                f"{chance.choice(_ENDS)}")

    def sentence() -> str:
        text = clause()
        if chance.random() < 0.5:
            text += f", {chance.choice(_LINKS)} {clause()}"
        return text[0].upper() + text[1:] + "."

    paragraphs = (" ".join(sentence() for _ in range(chance.randint(3, 7))) for _ in range(3))
    return "\n\n".join(paragraphs) + "\n"


def _log(chance: random.Random) -> str:
    second, lines = chance.randrange(3600), []
    for _ in range(20):
        second += chance.randint(0, 9)
        level = chance.choice(("INFO", "INFO", "INFO", "WARN", "ERROR"))
        what = chance.choice(("connection opened", "connection closed", "request served in",
                              "cache miss for key", "retrying after"))
        lines.append(f"2024-03-01T12:{second // 60 % 60:02d}:{second % 60:02d}Z {level} "
                     f"worker-{chance.randint(1, 8)} {what} {chance.randint(1, 999)}")
    return "\n".join(lines) + "\n"


def _data(chance: random.Random) -> str:
    items = [{"id": chance.randint(1000, 9999), "name": chance.choice(_THINGS),
              "price": chance.randint(1, 400) / 4, "sold": chance.random() < 0.5}
             for _ in range(6)]
    return json.dumps(items, indent=2) + "\n"


def make(out: Path, bytes_each: int = 100_000, own_bytes: int = 300_000, seed: int = 1) -> None:
    """Writes out/<category>/toy.txt: made-up prose, logs and data, the project's code and docs."""
    made: dict[str, Callable[[random.Random], str]] = {"prose": _prose, "logs": _log, "data": _data}
    for category, template in made.items():
        chance = random.Random(f"{seed} {category}")
        documents, size = [], 0
        while size < bytes_each:
            documents.append(template(chance))
            size += len(documents[-1])
        _write(out, category, documents)
    for category, patterns in KINDS.items():
        files = sorted(path for pattern in patterns for path in PROJECT.rglob(pattern)
                       if not {"target", "build", ".git"} & set(path.relative_to(PROJECT).parts))
        documents, size = [], 0
        for path in files:  # not all: the project grows, and the toy should stay one
            if size >= own_bytes:
                break
            documents.append(path.read_text(encoding="utf-8"))
            size += len(documents[-1])
        _write(out, category, documents)


def _write(out: Path, category: str, documents: list[str]) -> None:
    (out / category).mkdir(parents=True, exist_ok=True)
    text = f"{SEPARATOR}\n".join(d if d.endswith("\n") else d + "\n" for d in documents)
    (out / category / "toy.txt").write_text(text, encoding="utf-8", newline="")
