"""`held list|show|accept`: what `reparse` would make worse."""

from typing import Annotated

import typer

from flows.cli import render, render_reparse
from flows.cli.common import Json
from flows.options import RunOptions

app = typer.Typer(help="Records that reparse would make worse, for review.", no_args_is_help=True)


@app.command("list")
def list_held(as_json: Json = False) -> None:
    """Every record held for review, with what it would lose. Example: district-news held list"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        records = [held for held, _ in store.for_review()]
    if as_json:
        render.console.print_json(data=[record.model_dump(mode="json") for record in records])
    elif records:
        render.console.print(render_reparse.held(records))
    else:
        render.errors.print("nothing is held for review")


@app.command()
def show(
    record: Annotated[str, typer.Argument(metavar="ID", help="As `held list` shows it.")],
    as_json: Json = False,
) -> None:
    """What today's readers make of a held record's page, field by field beside what is stored.

    Example: district-news held show 0d3f009c881e4f3c
    """
    from flows.review import review
    from flows.storage.store import Store

    options = RunOptions()
    with Store.open(options.database) as store:
        found = review(record, store, options)
    if as_json:
        data = found.held.model_dump(mode="json")
        data["differences"] = [difference._asdict() for difference in found.differences]
        render.console.print_json(data=data)
    else:
        render.console.print(render_reparse.review(found))


@app.command()
def accept(
    records: Annotated[list[str], typer.Argument(metavar="ID…", help="As `held list` shows them.")],
    as_json: Json = False,
) -> None:
    """Let held records be what today's readers make of their pages; what they were is kept.

    Example: district-news held accept 0d3f009c881e4f3c
    """
    import anyio

    from flows.review import accept as run
    from flows.storage.store import Store

    options = RunOptions()
    with Store.open(options.database) as store:
        for record in records:
            found = anyio.run(run, record, store, options)
            if not as_json:
                what = "changed" if found.differences else "moved to quarantine"
                render.console.print(f"{record}: {what}", highlight=False)
    if as_json:
        render.console.print_json(data={"accepted": records})
