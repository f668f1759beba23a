"""`reparse`."""

from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from flows.cli import render, render_reparse
from flows.cli.common import FetchedSince, FetchedUntil, Json, SiteIds, window
from flows.options import RunOptions
from schemas.reparse import ReparseReport


def reparse(
    site: SiteIds = None,
    since: FetchedSince = None,
    until: FetchedUntil = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report what would change, and change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read every archived page again with today's readers: first a report, then the changes.

    Needs no network. A record that would lose its title, its date or most of its body is held
    for review, see `district-news held list`. A second run changes nothing.

    Example: district-news reparse lanshan --since 2024-07-01 --dry-run
    """
    import anyio

    from flows.reparse import reparse as run
    from spiders.registry import get_sites

    sites = get_sites(site or [])
    options = RunOptions(window=window(since, until))
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=render.errors, transient=True) as bar:
        task = bar.add_task("reading the archive", total=None)

        def told(size_read: int, size: int, pages: int) -> None:
            bar.update(task, completed=size_read, total=size, description=f"{pages} pages read")

        def report_first(report: ReparseReport) -> None:
            if not as_json:
                render.console.print(render_reparse.report(report, dry_run=dry_run))
            bar.update(task, description="storing", total=None)

        async def read_again() -> ReparseReport:
            return await run(sites, options, dry_run=dry_run, told=told, report_first=report_first)

        report = anyio.run(read_again)
    if as_json:
        render.console.print_json(report.model_dump_json())
    elif report.stored and report.changes:
        render.console.print("Stored. A second run changes nothing.", highlight=False)
    for problem in report.problems:
        render.errors.print(problem, markup=False, highlight=False, soft_wrap=True)
    if report.problems:
        raise typer.Exit(1)
