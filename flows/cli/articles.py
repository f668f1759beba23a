"""`articles list|show`."""

from typing import Annotated

import typer

from flows.cli import render
from flows.cli.common import Json, Since, Until, window
from flows.options import RunOptions

app = typer.Typer(help="The stored records.", no_args_is_help=True)

Limit = Annotated[int, typer.Option(min=1, help="How many at the most.")]


@app.command("list")
def list_articles(
    site: Annotated[str | None, typer.Option(help="Id of a site.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The newest records, a line each. Example: district-news articles list --site lanshan"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        records = store.articles(site=site, window=window(since, until), limit=limit)
    if as_json:
        render.console.print_json(data=[record.model_dump(mode="json") for record in records])
    elif records:
        render.console.print(render.articles(records))
    else:
        render.errors.print("no articles; `district-news ingest` fetches some")


@app.command()
def show(
    article: Annotated[str, typer.Argument(metavar="ID", help="Id of an article.")],
    as_json: Json = False,
) -> None:
    """One record. Example: district-news articles show ID --json"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        record = store.article(article)
    if record is None:
        render.errors.print(f"no article {article}; `district-news articles list` shows the ids")
        raise typer.Exit(1)
    if as_json:
        render.console.print_json(record.model_dump_json())
    else:
        render.console.print(render.article(record))
