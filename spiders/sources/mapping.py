"""A table that says which page each saved file is.

Its columns are `file`, `url` and, where they are known, `date` and `column`.
"""

import csv
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from schemas.dates import SHANGHAI

# Found by itself beside the files that it speaks of.
TABLE = "urls.csv"


class SourceError(ValueError):
    """A source that cannot be used; the message says what to do."""


class Told(NamedTuple):
    """What the table says of a file."""

    url: str
    at: datetime | None = None
    """When it was fetched."""
    column: str | None = None
    """The id of the column whose list names it."""


def read_table(path: Path) -> dict[Path, Told]:
    """The files of a table, each with what it says of them.

    Args:
        path: A CSV file, UTF-8; its first row names the columns. A file's name is relative to the
            table's folder.

    Raises:
        SourceError: It is no such table.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"file", "url"} <= set(rows.fieldnames or ()):
                raise SourceError(f"{path}: expected a first row `file,url` (and `date`, `column`)")
            return {
                (path.parent / (row["file"] or "")).resolve(): _told(path, rows.line_num, row)
                for row in rows
            }
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: not a CSV file in UTF-8: {error}") from error


def _told(path: Path, line: int, row: dict[str, str]) -> Told:
    url = (row["url"] or "").strip()
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SourceError(f"{path}:{line}: url: expected an absolute address, got {url!r}")
    date = (row.get("date") or "").strip()
    column = (row.get("column") or "").strip() or None
    if not date:
        return Told(url, column=column)
    try:
        at = datetime.fromisoformat(date)
    except ValueError:
        raise SourceError(
            f"{path}:{line}: date: expected a moment such as 2024-07-19T09:30, got {date!r}"
        ) from None
    return Told(url, at if at.tzinfo else at.replace(tzinfo=SHANGHAI), column)
