"""Stands in for the trc command: same options, xz inside. Test use only.

With ``-m broken`` it decompresses wrongly; with ``-m missing`` it fails as trc does.
"""

import argparse
import lzma
import sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("-c", action="store_true", required=True)
parser.add_argument("-d", action="store_true")
parser.add_argument("-q", action="store_true")
parser.add_argument("-m")
parser.add_argument("-T", type=int)
parser.add_argument("--coder", choices=("huffman", "range"), default="range")
parser.add_argument("file", type=Path)
a = parser.parse_args()
if a.m == "missing":
    sys.exit("trc: missing: no such model")
data = a.file.read_bytes()
if a.d:
    plain = lzma.decompress(data[:data.rindex(b"|")])
    sys.stdout.buffer.write(plain[:-1] if a.m == "broken" else plain)
else:
    sys.stdout.buffer.write(lzma.compress(data) + b"|" + b"h" * 8 * (a.coder == "huffman"))
