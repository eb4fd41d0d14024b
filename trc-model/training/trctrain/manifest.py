"""MANIFEST.tsv: where every text of the corpus comes from, at which version, under which licence.

Columns: category, source, commit_or_version, licence, bytes. A source is
``maven:group:artifact:version`` (its -sources jar, or the one that a fifth part names),
``npm:package``, ``debian:package``, ``debian-source:package`` (the upstream tarball),
``owner/repository`` on GitHub, or, in words, a program whose output was recorded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from trctrain import KitError

HEADER = ["category", "source", "commit_or_version", "licence", "bytes"]


@dataclass(frozen=True)
class Source:
    """A row of the manifest; one source may have several, one for each kind of file taken."""

    category: str
    name: str
    version: str
    licence: str
    bytes: int

    @property
    def kind(self) -> str:
        """``maven``, ``npm``, ``debian``, ``debian-source``, ``github`` or ``other``."""
        prefix = self.name.partition(":")[0]
        if prefix in ("maven", "npm", "debian", "debian-source") and " " not in self.name:
            return prefix
        if re.fullmatch(r"[\w.-]+/[\w.-]+(:\S+)?", self.name):
            return "github"
        return "other"

    @property
    def package(self) -> str:
        """The name in its registry, or the repository."""
        if self.kind == "github":
            return self.name.partition(":")[0]
        return self.name.partition(":")[2] if self.kind != "other" else self.name


def parse(text: str) -> list[Source]:
    lines = text.splitlines()
    if not lines or lines[0].split("\t") != HEADER:
        raise KitError(f"a manifest begins with the columns {' '.join(HEADER)}, tab-separated")
    sources = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(HEADER) or not all(cells) or not cells[4].isdecimal():
            raise KitError(f"manifest line {number} is not {' '.join(HEADER)}: {line!r}")
        sources.append(Source(cells[0], cells[1], unquote(cells[2]), cells[3], int(cells[4])))
    return sources


def load(path: Path) -> list[Source]:
    return parse(path.read_text(encoding="utf-8"))


def licences(sources: list[Source]) -> str:
    """A Markdown table: category, sources, megabytes, licences with the most bytes first."""
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        groups[source.category].append(source)
    rows = ["| category | sources | MB | licences (MB) |", "| --- | ---: | ---: | --- |"]
    for category in sorted(groups):
        by_licence: dict[str, int] = defaultdict(int)
        for source in groups[category]:
            by_licence[source.licence] += source.bytes
        names = "; ".join(
            f"{licence} ({size / 1e6:.1f})"
            for licence, size in sorted(by_licence.items(), key=lambda item: (-item[1], item[0])))
        count = len({(source.name, source.version) for source in groups[category]})
        total = sum(by_licence.values())
        rows.append(f"| {category} | {count} | {total / 1e6:.1f} | {names} |")
    return "\n".join(rows) + "\n"
