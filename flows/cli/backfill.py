"""`backfill`."""

from typing import Annotated

import typer

from flows.cli.common import Json, Replay, Since, Until, window
from flows.cli.default import DefaultGroup
from flows.cli.runs import run_all
from flows.options import RunOptions

app = typer.Typer(
    cls=DefaultGroup, help="Fetch what is missing between two days, however far back."
)


@app.command(hidden=True, no_args_is_help=True)
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

    run_all(site, run, RunOptions(window=window(since, until), replay=replay), as_json)
