"""`backfill --from`: pages from files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import render
from flows.cli.runs import Board, show
from flows.options import RunOptions
from schemas.site import Site

From = Annotated[
    list[Path] | None,
    typer.Option(
        "--from",
        metavar="PATH",
        help="Take pages from here: WARC, WET and WACZ files, saved pages (.html), their plain "
        "text (.txt), folders of them. Asks the network for nothing.",
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


def check_sources(
    sources: Sequence[Path] | None, urls: Path | None, *, replay: Path | None, dry_run: bool
) -> None:
    """See that no option is there that means nothing.

    Raises:
        typer.BadParameter: One is.
    """
    if sources and (replay or dry_run):
        raise typer.BadParameter("--replay and --dry-run are for requests; --from makes none")
    if urls and not sources:
        raise typer.BadParameter("--urls is for the files of --from")


def split(arguments: Sequence[str], sources: Sequence[Path]) -> tuple[list[str], list[Path]]:
    """The sites and the sources among a command's arguments.

    A shell gives `--from *.warc.gz` one file as the option's value and the others as arguments.
    """
    files = [argument for argument in arguments if Path(argument).exists()]
    sites = [argument for argument in arguments if argument not in files]
    return sites, [*sources, *map(Path, files)]


def run_sources(
    site_ids: Sequence[str],
    paths: Sequence[Path],
    urls: Path | None,
    options: RunOptions,
    as_json: bool,
) -> None:
    """Survey the sources, take what they hold of each site, and print the reports."""
    import anyio

    from flows.many import run_sites
    from flows.sources import survey_sources, take_site

    with render.errors.status("looking through the files") as status:
        survey = survey_sources(paths, urls, site_ids, options, status.update)
    found = {site_id: of for site_id, of in survey.sites.items() if of.pages}
    sites: list[Site] = [of.site for of in found.values()]
    with Board(sites) as board:
        results = anyio.run(
            run_sites,
            sites,
            lambda site: take_site(found[site.id], survey, options, progress=board.update),
        )
    show(results, as_json)
