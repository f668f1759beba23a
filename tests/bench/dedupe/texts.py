"""Original texts from a folder or file that is pointed at, beside those the grammar makes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from schemas.rejection import Rejection
from spiders.reader import read_saved

# Shorter texts have nothing to trim and nothing to quote.
_LEAST_CHARACTERS = 150


def load(path: Path) -> list[tuple[str, str]]:
    """Title and body of each text in a folder (.txt, .html) or a JSONL file, the longer ones."""
    if not path.exists():
        raise FileNotFoundError(path)
    texts = _lines(path) if path.is_file() else _files(path)
    unique = {body: title for title, body in texts if len(body) >= _LEAST_CHARACTERS}
    return [(title, body) for body, title in unique.items()]


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield row.get("title") or "", row["body"]


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".txt":
            title, _, body = file.read_text("utf-8").partition("\n")
            yield title.strip(), body.strip()
        elif file.suffix in {".html", ".htm"}:
            read = read_saved(file.read_bytes(), url=None, site=None, fetched_at=datetime.now(UTC))
            if not isinstance(read, Rejection) and read.body_text:
                yield read.title, read.body_text
