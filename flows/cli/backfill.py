"""`backfill`."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from flows.cli import render, render_backfill
from flows.cli.common import Json, Replay, Since, SiteIds, Until, window
from flows.cli.default import DefaultGroup
from flows.cli.runs import run_all
from flows.cli.sources import From, Urls, check_sources, run_sources, split
from flows.options import RunOptions
from schemas.report import RunReport
from schemas.site import Site

app = typer.Typer(
    cls=DefaultGroup, help="Fetch what is missing between two days, however far back."
)


DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say how many requests and hours it would take; make none."),
]
Probe = Annotated[
    bool,
    typer.Option(
        "--probe",
        help="With --dry-run: look at a few pages of the lists of which nothing is known.",
    ),
]


@app.command(hidden=True, no_args_is_help=True)
def backfill(  # noqa: PLR0913, PLR0917  (an option each)
    site: SiteIds = None,
    since: Since = None,
    until: Until = None,
    source: From = None,
    urls: Urls = None,
    dry_run: DryRun = False,
    probe: Probe = False,
    replay: Replay = None,
    as_json: Json = False,
) -> None:
    """Fetch what is missing between two days, however far back; stop it and go on at any time.

    `district-news backfill status` shows every backfill, and how to go on.

    Example: district-news backfill lanshan --since 2015-01-01 --until 2020-01-01 --dry-run

    Example: district-news backfill --from crawl.warc.gz
    """
    check_sources(source, urls, replay=replay, dry_run=dry_run)
    if probe and not dry_run:
        raise typer.BadParameter("--probe is for a --dry-run; a backfill sees the lists anyway")
    options = RunOptions(window=window(since, until), replay=replay)
    if source:
        run_sources(*split(site or [], source), urls, options, as_json)
        return
    if not (site and since and until):
        raise typer.BadParameter("a backfill from the web needs SITE…, --since and --until")
    if dry_run:
        _estimate(site, options, as_json, may_probe=probe)
        return
    run_all(site, _run, options, as_json)


async def _run(
    site: Site, options: RunOptions, *, progress: Callable[[RunReport], None]
) -> RunReport:
    from flows.backfill import backfill as run

    return await run(site, options, watch=lambda moved: progress(moved.report))


def _estimate(site_ids: list[str], options: RunOptions, as_json: bool, *, may_probe: bool) -> None:
    import anyio

    from flows.cli import render_estimate
    from flows.estimate import estimates
    from spiders.registry import get_sites

    found = anyio.run(partial(estimates, get_sites(site_ids), options, may_probe=may_probe))
    if as_json:
        render.console.print_json(data=render_estimate.estimates_json(found))
    else:
        render.console.print(render_estimate.estimates(found))


@app.command()
def status(site: SiteIds = None, as_json: Json = False) -> None:
    """Every backfill: how far it is, what it could not reach and why, and how to go on.

    `stored` counts what needs no request any more: gone, external and rejected pages too; `owed`
    what failed, and is asked for again.

    Example: district-news backfill status lanshan
    """
    from flows.backfills import backfills
    from flows.storage.store import Store
    from spiders.registry import load_sites

    with Store.open(RunOptions().database) as store:
        found = backfills(store, load_sites(), site or [])
    if as_json:
        render.console.print_json(data=render_backfill.status_json(found))
    elif found:
        render.console.print(render_backfill.status(found))
    else:
        render.errors.print("no backfill was asked for yet")
