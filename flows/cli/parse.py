"""`parse`: reads saved HTML files; no network, no database."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from flows.cli import render

# Progress is for what takes longer than a second: about as many pages as are read in one.
_PAGES_A_SECOND = 300


def parse(
    path: Annotated[
        list[Path], typer.Argument(exists=True, help="Saved HTML files, or folders of them.")
    ],
    url: Annotated[
        str | None, typer.Option(help="Address of the page; else what the page says itself.")
    ] = None,
    site: Annotated[
        str | None, typer.Option(help="Id of the site; else its family is detected.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a file: file, outcome, record.")
    ] = False,
) -> None:
    """Read saved HTML files: no network, no database.

    Example: district-news parse page.html --url http://www.lyls.gov.cn/info/1055/1.htm
    """
    from schemas.article import Article
    from spiders.reader import read_saved
    from spiders.registry import get_site

    known = get_site(site) if site else None
    now = datetime.now(UTC)
    files = list(_files(path))
    shown = not jsonl and len(files) > _PAGES_A_SECOND
    for file in track(files, console=render.errors, disable=not shown, transient=True):
        record = read_saved(file.read_bytes(), url=url, site=known, fetched_at=now)
        ok = isinstance(record, Article)
        if jsonl:
            kind = "article" if ok else "rejection"
            outcome = "ok" if isinstance(record, Article) else str(record.outcome)
            line = {"file": str(file), "outcome": outcome, kind: record.model_dump(mode="json")}
            typer.echo(json.dumps(line, ensure_ascii=False))
        elif isinstance(record, Article):
            render.console.print(render.article(record))
        else:
            render.errors.print(f"{file}: {record.outcome}: {record.reason}", markup=False)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in {".html", ".htm", ".shtml"})
        else:
            yield path
