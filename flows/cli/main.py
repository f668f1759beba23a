"""`district-news`: the commands, and how their errors end.

Exit codes: 0 done; 1 a site's run came to nothing, or a check failed; 2 wrong usage, an unknown
site or a bad site file; 3 another run holds the site; 4 the database, the archive or the replay
cannot be used; 130 interrupted.
"""

import shlex
import sys

import typer

from flows.cli import (
    archive,
    articles,
    backfill,
    clusters,
    files,
    held,
    parse,
    rejected,
    reparse,
    runs,
    sites,
    store,
)
from flows.cli.render import errors

app = typer.Typer(
    name="district-news",
    help="The news of China's district and county governments as clean, validated records.",
    epilog="Exit codes: 0 done; 1 a run came to nothing or a check failed; 2 wrong usage, unknown "
    "site or bad site file; 3 another run holds the site; 4 database, archive or replay cannot be "
    "used; 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(runs.ingest)
app.add_typer(backfill.app, name="backfill")
app.command()(runs.serve)
app.command()(parse.parse)
app.command()(reparse.reparse)
app.add_typer(sites.app, name="sites")
app.add_typer(articles.app, name="articles")
app.add_typer(clusters.app, name="clusters")
app.add_typer(files.app, name="files")
app.add_typer(rejected.app, name="rejected")
app.add_typer(held.app, name="held")
app.add_typer(archive.app, name="archive")
app.add_typer(store.app, name="db")

# What Typer makes of a KeyboardInterrupt, without a word.
_INTERRUPTED = 130


def main() -> None:
    """Run the command line; every expected error ends in one line and its exit code."""
    try:
        app()
    except SystemExit as end:
        if end.code != _INTERRUPTED:
            raise
        command = shlex.join(["district-news", *sys.argv[1:]])
        errors.print("stopped; what was fetched is stored. To go on from there:")
        errors.print(f"  {command}", markup=False, highlight=False, soft_wrap=True)
        raise
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        errors.print(f"district-news: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(code)


def _exit_code(error: Exception) -> int | None:
    """The exit code of an error that says itself what to do; none for a bug of ours."""
    from flows.backfill import BackfillError
    from flows.locks import SiteBusyError
    from flows.orchestration.server import ServerError
    from flows.review import NotHeldError
    from flows.storage.errors import StoreError
    from schemas.site import SiteError
    from spiders.ports import NoContactError
    from spiders.registry import UnknownSiteError
    from spiders.sources.mapping import SourceError

    codes: dict[type[Exception], int] = {
        SiteError: 2,
        UnknownSiteError: 2,
        BackfillError: 2,
        SourceError: 2,
        NoContactError: 2,
        NotHeldError: 1,
        SiteBusyError: 3,
        StoreError: 4,
        ServerError: 4,
        OSError: 4,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
