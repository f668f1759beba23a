"""`db upgrade`."""

import typer

from flows.cli import render
from flows.options import RunOptions

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def database() -> None:
    """Keep `upgrade` a command of its own; Typer folds a lone one into its parent."""


@app.command()
def upgrade() -> None:
    """Bring the database's schema up to date; every command does so itself when it must.

    Example: district-news db upgrade
    """
    from flows.storage.store import Store

    options = RunOptions()
    with Store.open(options.database) as store:
        counts = ", ".join(f"{n} {table}" for table, n in store.counts().items())
    render.console.print(f"up to date: {counts}", highlight=False)
