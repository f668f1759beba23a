"""`archive stats|verify|export`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from flows.cli import render
from flows.cli.common import FetchedSince, FetchedUntil, Json, SiteIds, window
from flows.options import RunOptions
from schemas.archive import ArchiveCheck, MonthOfArchive

app = typer.Typer(help="Every response, as WARC files.", no_args_is_help=True)


@app.command()
def stats(
    site: SiteIds = None,
    since: FetchedSince = None,
    until: FetchedUntil = None,
    as_json: Json = False,
) -> None:
    """What the archive holds, by site and month: files, records, bytes, what revisits save.

    Example: district-news archive stats lanshan --since 2024-07-01
    """
    from flows import archive

    root, days = RunOptions().archive, window(since, until)
    months = []
    with _progress(root, sites := site or archive.archived_sites(root)) as told:
        for name in sites:
            months += archive.stats(root, name, days, told)
    if as_json:
        render.console.print_json(data=[month.model_dump(mode="json") for month in months])
    elif months:
        render.console.print(_stats(months))
    else:
        render.errors.print(f"nothing is archived in {root}", markup=False, soft_wrap=True)


@app.command()
def verify(
    site: SiteIds = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Cut off the last record where a crash tore it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read every record, compare its digests, find every stored record's bytes; exit 1 if not so.

    Example: district-news archive verify lanshan --repair
    """
    from flows import archive
    from flows.storage.store import Store
    from spiders.registry import load_sites

    options = RunOptions()
    root, checks = options.archive, []
    sites = site or sorted({*archive.archived_sites(root), *load_sites()})
    with Store.open(options.database) as store, _progress(root, sites) as told:
        for name in sites:
            claims = store.claims(name)
            checks.append(archive.verify(root, name, claims, told, repair=repair))
    if as_json:
        render.console.print_json(data=[check.model_dump(mode="json") for check in checks])
    else:
        _show(checks)
    if any(check.problems for check in checks):
        raise typer.Exit(1)


@app.command()
def export(
    site: Annotated[str, typer.Argument(help="Id of a site.")],
    since: FetchedSince = None,
    until: FetchedUntil = None,
    to: Annotated[
        Path | None, typer.Option(help="The file to write; none: SITE-SINCE-UNTIL.warc.gz here.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write one WARC file of a site's responses of some days, for any WARC tool.

    Example: district-news archive export lanshan --since 2024-07-01 --until 2024-08-01
    """
    from flows import archive

    root, days = RunOptions().archive, window(since, until)
    ends = (str(day) for day in (since, until) if day)
    file = to or Path("-".join([site, *ends]) + ".warc.gz")
    with _progress(root, [site]) as told:
        pages = archive.export(root, site, days, file, datetime.now(UTC), told)
    size = file.stat().st_size
    if as_json:
        render.console.print_json(data={"file": str(file), "pages": pages, "bytes": size})
    else:
        render.console.print(f"{file}: {pages:,} responses, {size:,} bytes", highlight=False)


@contextmanager
def _progress(root: Path, sites: list[str]) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of these sites' files."""
    from flows.archive import size_of

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=render.errors, transient=True) as bar:
        task = bar.add_task("reading the archive", total=size_of(root, sites))
        yield lambda size: bar.advance(task, size)


def _stats(months: list[MonthOfArchive]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("site", "month"):
        table.add_column(heading)
    for heading in ("files", "responses", "revisits", "bytes", "bytes a page", "saved by revisits"):
        table.add_column(heading, justify="right")
    for month in months:
        table.add_row(
            month.site,
            month.month,
            f"{month.files:,}",
            f"{month.records['response']:,}",
            f"{month.records['revisit']:,}",
            f"{month.bytes:,}",
            f"{month.bytes_per_page:,}",
            f"{month.saved_share:.1%}",
        )
    return table


def _show(checks: list[ArchiveCheck]) -> None:
    for check in checks:
        if not (check.files or check.places):
            continue
        for cut in check.repaired:
            render.console.print(cut, markup=False, highlight=False, soft_wrap=True)
        for file in check.busy:
            note = f"{file}: a run is writing it; its end was left alone"
            render.console.print(note, markup=False, highlight=False, soft_wrap=True)
        for problem in check.problems:
            render.errors.print(problem, markup=False, highlight=False, soft_wrap=True)
        render.console.print(
            f"{check.site}: {check.records:,} records in {check.files} files read, "
            f"{check.places:,} stored places looked for, {len(check.problems)} problems",
            highlight=False,
        )
