"""Measures a model through the built codec: bits per byte of real archives, headers included.

Every file is compressed by ``trc -c``, the archive is counted, decompressed by ``trc -d -c``, and
compared with the original. Nothing is estimated from probabilities.
"""

from __future__ import annotations

import lzma
import os
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from trctrain import KitError


@dataclass(frozen=True)
class Result:
    """A file: its plain size, and the compressed size by every coder, in bytes."""

    category: str
    name: str
    plain: int
    compressed: dict[str, int]


class Codec:
    """The command line of the built project."""

    def __init__(self, command: str, model: Path | None, threads: int | None = None) -> None:
        self._common = shlex.split(command) + ["-q", "-c"]
        if model:
            self._common += ["-m", str(model)]
        if threads:
            self._common += ["-T", str(threads)]

    def _run(self, *arguments: str) -> bytes:
        command = self._common + list(arguments)
        try:
            run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
        except OSError as e:
            raise KitError(f"cannot run {command[0]}: {e.strerror}; build the project or name the "
                           "command with --trc") from e
        if run.returncode:
            said = run.stderr.decode(errors="replace").strip()
            raise KitError(f"{shlex.join(command)} ended with {run.returncode}: {said}")
        return run.stdout

    def size(self, path: Path, coder: str) -> int:
        """Bytes of the archive of a file; raises if it does not give the file back."""
        archive = self._run("--coder", coder, str(path))
        with tempfile.TemporaryDirectory() as folder:
            packed = Path(folder) / "text.trc"
            packed.write_bytes(archive)
            if self._run("-d", str(packed)) != path.read_bytes():
                raise KitError(f"{path} did not come back the same through {coder}")
        return len(archive)


def xz_size(data: bytes) -> int:
    """Bytes that ``xz -9e`` makes of a text: the yardstick."""
    return len(lzma.compress(data, check=lzma.CHECK_CRC64, preset=9 | lzma.PRESET_EXTREME))


def texts(folder: Path) -> list[tuple[str, Path]]:
    """(category, file): the category is the first folder below, or a dash for a file at the top."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    if not files:
        raise KitError(f"no text in {folder}")
    parts = [(path.relative_to(folder).parts, path) for path in files]
    return [(part[0] if len(part) > 1 else "-", path) for part, path in parts]


def evaluate(codec: Codec, folder: Path, coders: list[str]) -> list[Result]:
    results = []
    for category, path in texts(folder):
        data = path.read_bytes()
        if not data:
            continue
        compressed = {coder: codec.size(path, coder) for coder in coders}
        compressed["xz -9e"] = xz_size(data)
        results.append(Result(category, path.name, len(data), compressed))
    if not results:
        raise KitError(f"all texts in {folder} are empty")
    return results


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _sum(results: list[Result], coder: str) -> int:
    return sum(result.compressed[coder] for result in results)


def table(results: list[Result]) -> str:
    """Two Markdown tables, by file and by category: bytes and, behind a slash, bits per byte.

    A category's number is all its bits over all its bytes, not a mean of its files'.
    """
    coders = list(results[0].compressed)

    def numbers(group: list[Result]) -> list[str]:
        plain = sum(result.plain for result in group)
        sizes = [_sum(group, coder) for coder in coders]
        return [str(plain)] + [f"{size} / {8 * size / plain:.3f}" for size in sizes]

    heads = ["bytes"] + [f"{coder} / bpb" for coder in coders]
    rule = "| --- | --- |" + " ---: |" * len(heads)
    lines = [_row(["category", "file", *heads]), rule]
    lines += [_row([result.category, result.name.replace("|", "\\|"), *numbers([result])])
              for result in results]
    lines += ["", _row(["category", "files", *heads]), rule]
    for category in sorted({result.category for result in results}):
        group = [result for result in results if result.category == category]
        lines.append(_row([category, str(len(group)), *numbers(group)]))
    lines.append(_row(["**all**", str(len(results)), *numbers(results)]))
    return "\n".join(lines) + "\n"


def default_command() -> str:
    """The launcher at the root of the project."""
    return shlex.quote(str(Path(__file__).resolve().parents[3] / "trc"))
