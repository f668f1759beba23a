"""`ingest`, `backfill` and `serve`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.cli import render
from flows.cli.common import Json, Replay, Since, SiteIds, Until, window
from flows.options import RunOptions
from schemas.report import RunReport
from schemas.site import Site

if TYPE_CHECKING:
    import anyio

# Each site is a lane of its own; eight lanes keep a core busy with reading at their pace.
_SITES_AT_ONCE = 8

Run = Callable[[Site, RunOptions, Callable[[RunReport], None]], Awaitable[RunReport]]


def ingest(
    site: SiteIds = None,
    since: Since = None,
    until: Until = None,
    replay: Replay = None,
    as_json: Json = False,
) -> None:
    """Bring sites up to date, here and now: fetch, clean, dedupe, store. Needs no server.

    Example: district-news ingest lanshan --since 2024-07-01 --replay fixtures
    """
    from flows.ingest import ingest as run

    options = RunOptions(window=window(since, until), replay=replay)
    _run_all(
        site or [], lambda s, o, progress: run(s, o, progress=progress), options, as_json=as_json
    )


def backfill(
    site: Annotated[list[str], typer.Argument(metavar="SITE…", help="Ids of sites.")],
    since: Since,
    until: Until,
    replay: Replay = None,
    as_json: Json = False,
) -> None:
    """Fetch what is missing between two days; the daily ingest's checkpoint stays where it is.

    Example: district-news backfill lanshan --since 2024-01-01 --until 2024-07-01
    """
    from flows.ingest import backfill as run

    options = RunOptions(window=window(since, until), replay=replay)
    _run_all(site, lambda s, o, progress: run(s, o, progress=progress), options, as_json=as_json)


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
    raise NotImplementedError


def _run_all(site_ids: list[str], run: Run, options: RunOptions, *, as_json: bool) -> None:
    """Run sites at the same time, show how it goes, print the reports."""
    import anyio

    from spiders.registry import get_sites

    sites = get_sites(site_ids)
    with _Board(sites) as board:
        results = anyio.run(_gather, sites, run, options, board)
    show(results, as_json=as_json)


async def _gather(
    sites: list[Site], run: Run, options: RunOptions, board: "_Board"
) -> dict[str, RunReport | Exception]:
    """What became of each site; one site's error stops no other."""
    import anyio

    results: dict[str, RunReport | Exception] = {}
    limiter = anyio.CapacityLimiter(_SITES_AT_ONCE)
    async with anyio.create_task_group() as group:
        for site in sites:
            group.start_soon(_run_one, site, run, options, board, limiter, results)
    return {site.id: results[site.id] for site in sites}


async def _run_one(
    site: Site,
    run: Run,
    options: RunOptions,
    board: "_Board",
    limiter: "anyio.CapacityLimiter",
    results: dict[str, RunReport | Exception],
) -> None:
    async with limiter:
        try:
            results[site.id] = await run(site, options, board.update)
        except Exception as error:  # noqa: BLE001  (shown with the others at the end)
            results[site.id] = error
        board.done(site)


def show(results: Mapping[str, RunReport | Exception], *, as_json: bool) -> None:
    """Print what became of each site; exit as the worst of them says."""
    reports = [result for result in results.values() if isinstance(result, RunReport)]
    errors = {site: result for site, result in results.items() if isinstance(result, Exception)}
    if as_json:
        render.console.print_json(data=[report.model_dump(mode="json") for report in reports])
    else:
        for report in reports:
            render.console.print(render.report(report))
    if len(errors) == 1 and not reports:
        raise next(iter(errors.values()))
    for site, error in errors.items():
        render.errors.print(f"{site}: {error}", markup=False, soft_wrap=True)
    failed = [report for report in reports if report.failure]
    for report in failed:
        render.errors.print(f"{report.site}: {report.failure}", markup=False, soft_wrap=True)
    if errors or failed:
        raise typer.Exit(1)


class _Board:
    """The progress display: a line a site."""

    def __init__(self, sites: list[Site]) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=render.errors, transient=True)
        self._tasks = {s.id: self._progress.add_task(f"{s.name}: asking", total=1) for s in sites}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, report: RunReport) -> None:
        self._progress.update(self._tasks[report.site], description=report.summary)

    def done(self, site: Site) -> None:
        self._progress.update(self._tasks[site.id], completed=1)
