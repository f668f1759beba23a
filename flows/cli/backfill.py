"""`backfill`."""

from functools import partial
from typing import Annotated

import typer

from flows.cli import render, render_backfill
from flows.cli.common import Json, Replay, Since, SiteIds, Until, window
from flows.cli.default import DefaultGroup
from flows.cli.runs import show
from flows.cli.sources import From, Urls, check_sources, run_sources, split
from flows.options import RunOptions
from schemas.site import Site

app = typer.Typer(
    cls=DefaultGroup, help="Fetch what is missing between two days, however far back."
)

Sites = Annotated[
    list[str] | None,
    typer.Argument(metavar="SITE…", help="Ids of sites; with --from, none: every site."),
]
Columns = Annotated[
    str | None,
    typer.Option(metavar="ID,ID…", help="Ids of the columns to walk; none: all of them."),
]
MaxPages = Annotated[
    int | None, typer.Option(min=1, help="List pages to pass in each column in this run.")
]
Rate = Annotated[
    float | None,
    typer.Option(help="Requests a second at most, where that is less than the site's own pace."),
]
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
    site: Sites = None,
    since: Since = None,
    until: Until = None,
    columns: Columns = None,
    max_pages: MaxPages = None,
    rate: Rate = None,
    source: From = None,
    urls: Urls = None,
    dry_run: DryRun = False,
    probe: Probe = False,
    replay: Replay = None,
    as_json: Json = False,
) -> None:
    """Fetch what is missing between two days, however far back.

    Ctrl-C stops it at any time, and the same command goes on.
    `district-news backfill status` shows what is left, and what could not be had.

    Example: district-news backfill lanshan --since 2015-01-01 --until 2020-01-01 --dry-run

    Example: district-news backfill --from crawl.warc.gz
    """
    from spiders.registry import get_sites

    of_lists = bool(columns or max_pages or rate or dry_run or probe)
    check_sources(source, urls, of_lists=of_lists)
    if probe and not dry_run:
        raise typer.BadParameter("--probe is for a --dry-run; a backfill sees the lists anyway")
    options = RunOptions(
        window=window(since, until),
        columns=tuple(part.strip() for part in (columns or "").split(",") if part.strip()),
        max_pages=max_pages,
        rate=rate,
        replay=replay,
    )
    if source:
        run_sources(*split(site or [], source), urls, options, as_json)
        return
    if not (site and since and until):
        raise typer.BadParameter("a backfill from the web needs SITE…, --since and --until")
    sites = get_sites(site)
    if dry_run:
        _estimate(sites, options, as_json, may_probe=probe)
    else:
        _run(sites, options, as_json)


def _run(sites: list[Site], options: RunOptions, as_json: bool) -> None:
    """Walk the sites at the same time, show how it goes, print the reports."""
    import anyio

    from flows.backfill import as_asked
    from flows.backfill import backfill as walk
    from flows.backfills import backfills
    from flows.cli.watch import LiveView
    from flows.many import run_sites
    from flows.storage.store import Store
    from spiders.registry import load_sites

    shown = [as_asked(site, options) for site in sites]
    with Store.open(options.database) as store:
        ledger = [known for site in sites for known in store.ledger(site.id)]
    with LiveView(shown, options.window, ledger, render.errors) as view:
        results = anyio.run(run_sites, sites, lambda site: walk(site, options, watch=view.update))
    with Store.open(options.database) as store:
        known = backfills(store, load_sites(), [site.id for site in sites])
    of_site = {one.site_id: one for one in known if one.window == options.window}
    show(results, as_json, lambda run: render_backfill.report(run, of_site[run.site]))


def _estimate(sites: list[Site], options: RunOptions, as_json: bool, *, may_probe: bool) -> None:
    import anyio

    from flows.cli import render_estimate
    from flows.estimate import estimates

    found = anyio.run(partial(estimates, sites, options, may_probe=may_probe))
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
    from spiders.registry import get_sites, load_sites

    with Store.open(RunOptions().database) as store:
        found = backfills(store, load_sites(), site or [])
    if not found:
        get_sites(site or [])  # says so where there is no such site
    if as_json:
        render.console.print_json(data=render_backfill.status_json(found))
    elif found:
        render.console.print(render_backfill.status(found), crop=False)
    else:
        render.errors.print("no backfill was asked for yet")
