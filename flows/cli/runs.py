"""`ingest` and `serve`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.console import RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.cli import render
from flows.cli.common import At, Json, Replay, Since, SiteIds, Until, window
from flows.options import RunOptions
from schemas.report import RunReport
from schemas.site import Site

if TYPE_CHECKING:
    from flows.many import Results


def ingest(
    site: SiteIds = None,
    since: Since = None,
    until: Until = None,
    replay: Replay = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Bring sites up to date, here and now: fetch, clean, dedupe, store. Needs no server.

    Example: district-news ingest lanshan --since 2024-07-01 --replay fixtures
    """
    import anyio

    from flows.ingest import ingest as run
    from flows.many import run_sites
    from spiders.registry import get_sites

    if at and not replay:
        raise typer.BadParameter("--at is for a --replay; the live web answers now")
    options = RunOptions(window=window(since, until), replay=replay, at=at)
    sites = get_sites(site or [])
    with Board(sites) as board:
        results = anyio.run(
            run_sites, sites, lambda site: run(site, options, progress=board.update)
        )
    show(results, as_json)


def serve(
    site: SiteIds = None,
    once: Annotated[bool, typer.Option(help="Run every site once, report, exit.")] = False,
    port: Annotated[int, typer.Option(help="Port of Prefect's server and UI on loopback.")] = 4200,
    since: Since = None,
    until: Until = None,
    replay: Replay = None,
    as_json: Json = False,
) -> None:
    """Run the sites on their schedules under Prefect, with its UI on http://127.0.0.1:4200.

    Uses the server in PREFECT_API_URL where that is set, and starts one of its own otherwise.

    Example: district-news serve --once --replay fixtures --since 2018-01-01
    """
    from flows.orchestration import serve as scheduler
    from spiders.registry import get_sites

    sites = get_sites(site or [])
    options = RunOptions(window=window(since, until), replay=replay)
    if not once:
        scheduler.serve(sites, options, port=port, show=render.console.print)
        return
    with Board(sites) as board:
        results = scheduler.serve_once(sites, options, port=port, progress=board.update)
    if not as_json:
        render.console.print(
            "Every run and its report is kept by Prefect: `district-news serve` shows its UI. The "
            "records: `district-news articles list`.\n"
        )
    show(results, as_json)


def show(
    results: "Results",
    as_json: bool,
    look: Callable[[RunReport], RenderableType] = render.report,
) -> None:
    """Print what became of each site; exit as the worst of them says."""
    reports = [result for result in results.values() if isinstance(result, RunReport)]
    errors = {site: result for site, result in results.items() if isinstance(result, Exception)}
    if as_json:
        render.console.print_json(data=[report.model_dump(mode="json") for report in reports])
    else:
        for report in reports:
            render.console.print(look(report))
    if len(errors) == 1 and not reports:
        raise next(iter(errors.values()))
    for site, error in errors.items():
        render.errors.print(f"{site}: {error}", markup=False, soft_wrap=True)
    failed = [report for report in reports if report.failure]
    for report in failed:
        render.errors.print(f"{report.site}: {report.failure}", markup=False, soft_wrap=True)
    if errors or failed:
        raise typer.Exit(1)


class Board:
    """The progress display: a line a site."""

    def __init__(self, sites: list[Site]) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=render.errors, transient=True)
        self._tasks = {
            s.id: self._progress.add_task(f"{s.name}: asking", total=None) for s in sites
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, report: RunReport) -> None:
        self._progress.update(self._tasks[report.site], description=report.summary)
