"""Reading and writing JSON lines, plain or gzip; a file appears under its name only when it is complete."""

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def read(path: Path) -> Iterator[dict]:
    with (gzip.open(path, "rt") if path.suffix == ".gz" else open(path)) as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def write(path: Path, rows: Iterable[dict]) -> int:
    """Writes rows and returns how many. gzip without a time stamp, so equal rows give equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside, n = path.with_name(path.name + ".tmp"), 0
    with open(aside, "wb") as raw:
        out = gzip.GzipFile("", "wb", 6, raw, mtime=0) if path.suffix == ".gz" else raw
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            n += 1
        if out is not raw:
            out.close()
    os.replace(aside, path)
    return n
