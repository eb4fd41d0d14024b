"""Fetches what the manifest takes from package registries, and says where the rest comes from.

Maven Central (-sources jars, and -javadoc for markup), the npm registry, and Debian (packages through apt-get, upstream
tarballs from the pool). Archives are read in memory; nothing is unpacked to disk. From each source
come as many bytes of the category's kinds of file as the manifest states, in the order of their
hashes. Which files the manifest's author took is not recorded, so the result is alike, not equal.
"""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Iterator

from trctrain import KitError
from trctrain.corpus import SEPARATOR
from trctrain.holdout import digest
from trctrain.manifest import Source

SUFFIXES = {
    "code": ".c .cc .cpp .cs .css .go .h .hpp .html .java .js .jsx .kt .less .lua .php .pl .py .rb "
            ".rs .scala .scss .sh .sql .ts .tsx .vue .zsh".split(),
    "data": ".csv .ini .json .properties .toml .xml .yaml .yml".split(),
    "docs": ".html .md .rst .txt".split(),
    "english": ".dz .md .txt".split(),
    "markup": ".html .xhtml .xml".split(),
}
LARGEST_FILE = 2_000_000
LARGEST_ARCHIVE = 400_000_000
LONGEST_LINE = 5_000
"""Files with longer lines are minified or generated."""

REGISTRIES = ("maven", "npm", "debian", "debian-source")


def url(source: Source) -> str:
    """Where a Maven or npm source is."""
    if source.kind == "maven":
        group, artifact, version, *classifier = source.package.split(":")
        return (f"https://repo1.maven.org/maven2/{group.replace('.', '/')}/{artifact}/{version}/"
                f"{artifact}-{version}-{classifier[0] if classifier else 'sources'}.jar")
    if source.kind == "npm":
        name = source.package
        return (f"https://registry.npmjs.org/{name}/-/"
                f"{name.rpartition('/')[2]}-{source.version}.tgz")
    raise KitError(f"{source.name} has no single address")


def tarballs(source: Source) -> list[str]:
    """Where the upstream tarball of a Debian source package may be."""
    name = source.package
    letter = name[:4] if name.startswith("lib") else name[0]
    base = f"https://deb.debian.org/debian/pool/main/{letter}/{name}/{name}_{source.version}.orig"
    return [f"{base}.tar.{ending}" for ending in ("gz", "xz", "bz2")]


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as response:
        data: bytes = response.read(LARGEST_ARCHIVE + 1)
    if len(data) > LARGEST_ARCHIVE:
        raise KitError(f"{address} is larger than {LARGEST_ARCHIVE} bytes")
    return data


def _fetch(source: Source) -> bytes:
    """The archive: a zip, or a tar in any compression."""
    if source.kind == "debian":
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "-q", "download", f"{source.package}={source.version}"],
                           cwd=folder, check=True, capture_output=True)
            package = next(Path(folder).glob("*.deb"))
            return subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], check=True,
                                  capture_output=True).stdout
    if source.kind != "debian-source":
        return _get(url(source))
    for address in tarballs(source):
        try:
            return _get(address)
        except urllib.error.HTTPError as e:
            if e.code != 404:
                raise
    raise KitError("the Debian pool has this version no longer; see snapshot.debian.org")


def _members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    if archive.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(archive)) as jar:
            for info in jar.infolist():
                if not info.is_dir() and info.file_size <= LARGEST_FILE:
                    yield info.filename, jar.read(info)
        return
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isreg() else None
            if file and member.size <= LARGEST_FILE:
                yield member.name, file.read()


class _Text(HTMLParser):
    """The text of an HTML page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        if tag in ("br", "div", "dt", "h1", "h2", "h3", "h4", "li", "p", "pre", "table", "tr"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def html_text(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    return re.sub(r"\n\s*\n+", "\n\n", "".join(parser.parts)).strip() + "\n"


def documents(archive: bytes, category: str) -> list[str]:
    """The archive's texts of a category's kind, in the order of their hashes."""
    texts: dict[bytes, str] = {}
    for name, data in _members(archive):
        path = PurePosixPath(name)
        if path.suffix.lower() not in SUFFIXES.get(category, ()) or ".min." in path.name:
            continue
        try:
            text = (gzip.decompress(data) if path.suffix == ".dz" else data).decode()
        except (UnicodeDecodeError, OSError):
            continue  # not text
        if category == "docs" and path.suffix == ".html":
            text = html_text(text)
        if SEPARATOR not in text and all(len(x) <= LONGEST_LINE for x in text.splitlines()):
            texts[digest(text)] = text
    return [texts[key] for key in sorted(texts)]


def collect(sources: list[Source], out: Path, kinds: list[str], categories: list[str]) -> int:
    """Writes out/<category>/<source>.txt; prints what it did; returns how many sources failed."""
    wanted: dict[Source, int] = defaultdict(int)
    for source in sources:
        if source.category in categories:
            key = Source(source.category, source.name, source.version, source.licence, 0)
            wanted[key] += source.bytes
    failed = 0
    for source, size in wanted.items():
        if source.kind not in kinds or source.category not in SUFFIXES:
            _elsewhere(source)
            continue
        try:
            found = documents(_fetch(source), source.category)
        except (KitError, OSError, subprocess.CalledProcessError, zipfile.BadZipFile,
                tarfile.TarError) as e:
            failed += 1
            print(f"FAILED {source.name} {source.version}: {e}")
            continue
        taken, total = [], 0
        for text in found:
            if total >= size:
                break
            taken.append(text if text.endswith("\n") else text + "\n")
            total += len(text.encode())
        folder = out / source.category
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (re.sub(r"[^\w.-]+", "_", source.name) + ".txt")
        path.write_text(f"{SEPARATOR}\n".join(taken), encoding="utf-8", newline="")
        print(f"{path}: {len(taken)} documents, {total} bytes (manifest: {size})", flush=True)
    return failed


def _elsewhere(source: Source) -> None:
    what = f"{source.category}: {source.name} {source.version} ({source.licence})"
    if source.kind == "github":
        what += f": git clone https://github.com/{source.package}, commit {source.version}"
    print("by hand:", what)
