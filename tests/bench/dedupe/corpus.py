"""A labelled corpus: one JSON object a line.

What a method may see:

- `id`         unique
- `title`, `body`  as a reader left them: paragraphs divided by a line break
- `published`  ISO day, or null
- `source`     the stated 来源, or null
- `site`       host of the site

The truth, which no method sees:

- `group`      texts of one group are the same article; every pair of them should meet in a cluster,
               and no text should meet one of another group
- `family`     what it is: `story`, `event` (one event told by several writers, a group each),
               `serial` (one form, other facts), `natural` (a series that shares text and differs in
               more than facts), `chrome` (short items within a site's header and footer), `digest`
- `kind`       `original`, or how it was made from one: `exact`, `title`, `framed`, `edited`,
               `trimmed`, `extended`, `traditional`, `reflowed`, or two of them joined by `+`
- `style`      finer than `kind`, for whoever looks for a weakness; may be missing
- `made_from`  id of the text that it was made from, or null
- `excerpts`   ids of the texts of which it carries an excerpt (digests only); may be missing
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

ORIGINAL = "original"
NEGATIVES = ("serial", "natural", "chrome", "digest", "event")
"""Families in which texts are alike and must stay apart."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document and the truth about it; the module says what each field is."""

    id: str
    title: str
    body: str
    published: date | None
    source: str | None
    site: str | None
    group: str
    family: str
    kind: str = ORIGINAL
    style: str = ""
    made_from: str | None = None
    excerpts: tuple[str, ...] = ()


def read(file: Path, *, hide_dates: bool = False) -> Iterator[Labelled]:
    """The documents of a JSONL file; `ValueError` names a line that is none."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                day = None if hide_dates else row.get("published")
                yield Labelled(
                    id=str(row["id"]),
                    title=row["title"],
                    body=row["body"],
                    published=date.fromisoformat(day[:10]) if day else None,
                    source=row.get("source"),
                    site=row.get("site"),
                    group=str(row["group"]),
                    family=row["family"],
                    kind=row.get("kind", ORIGINAL),
                    style=row.get("style", ""),
                    made_from=row.get("made_from"),
                    excerpts=tuple(row.get("excerpts", ())),
                )
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file}, line {number}: unreadable: {error}") from error


def write(file: Path, documents: Iterable[Labelled]) -> int:
    """Write the documents as JSONL; how many there were."""
    count = 0
    with file.open("w", encoding="utf-8") as out:
        for document in documents:
            row = {name: value for name, value in asdict(document).items() if value != ()}
            row["published"] = document.published.isoformat() if document.published else None
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
