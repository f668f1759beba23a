"""`backfill --from`: pages from files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import render
from flows.cli.runs import Board, show
from flows.options import RunOptions
from schemas.site import Site

if TYPE_CHECKING:
    from flows.many import Results

From = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="PATH|URL",
        help="Take pages from files, with no request: WARC, WET and WACZ files, saved pages "
        "(.html), their plain text (.txt), folders of them. Or fetch what a site's own site map or "
        "feed names, given by its address or as a file.",
    ),
]
Urls = Annotated[
    Path | None,
    typer.Option(
        "--urls",
        metavar="CSV",
        exists=True,
        dir_okay=False,
        help="With --from: which page each file is, as `file,url` (and `date`, `column`). A "
        "urls.csv beside the files is found by itself.",
    ),
]


def check_sources(sources: Sequence[str] | None, urls: Path | None, *, of_lists: bool) -> None:
    """See that no option is there that means nothing.

    Raises:
        typer.BadParameter: One is.
    """
    if sources and of_lists:
        raise typer.BadParameter(
            "--columns, --max-pages, --rate, --dry-run and --probe are for lists; --from has none"
        )
    if urls and not sources:
        raise typer.BadParameter("--urls is for the files of --from")


def split(arguments: Sequence[str], sources: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sites and the sources among a command's arguments.

    A shell gives `--from *.warc.gz` one file as the option's value and the others as arguments.
    """
    further = [a for a in arguments if "://" in a or Path(a).exists()]
    sites = [argument for argument in arguments if argument not in further]
    return sites, [*sources, *further]


def run_sources(
    site_ids: Sequence[str],
    sources: Sequence[str],
    urls: Path | None,
    options: RunOptions,
    as_json: bool,
) -> None:
    """Take what the sources hold, or name, of each site, and print the reports."""
    from flows.feeds import is_feed_source

    feeds = [source for source in sources if is_feed_source(source)]
    paths = [Path(source) for source in sources if source not in feeds]
    results: Results = {}
    if paths:
        results |= _take_files(site_ids, paths, urls, options)
    if feeds:
        results |= _take_feeds(site_ids, feeds, options)
    show(results, as_json)


def _take_files(
    site_ids: Sequence[str], paths: Sequence[Path], urls: Path | None, options: RunOptions
) -> "Results":
    import anyio

    from flows.many import run_sites
    from flows.sources import survey_sources, take_site
    from flows.storage.store import Store

    with render.errors.status("looking through the files") as status:
        survey = survey_sources(paths, urls, site_ids, options, status.update)
    found = {site_id: of for site_id, of in survey.sites.items() if of.pages}
    sites: list[Site] = [of.site for of in found.values()]
    with Store.open(options.database) as store, Board(sites) as board:
        return anyio.run(
            run_sites,
            sites,
            lambda site: take_site(found[site.id], survey, store, options, progress=board.update),
            # Nobody is waited for, so there is nothing to do meanwhile.
            1,
        )


def _take_feeds(site_ids: Sequence[str], sources: Sequence[str], options: RunOptions) -> "Results":
    import anyio

    from flows.feeds import find_feeds, take_feeds
    from flows.many import run_sites

    found = find_feeds(sources, site_ids)
    sites = [feeds.site for feeds in found.values()]
    with Board(sites) as board:
        results: Results = anyio.run(
            run_sites,
            sites,
            lambda site: take_feeds(found[site.id], options, progress=board.update),
        )
    # Beside the report of the site's files, where there were both.
    return {f"{site_id} feeds": result for site_id, result in results.items()}
