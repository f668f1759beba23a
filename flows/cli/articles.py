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
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Id or address of an article.")],
    as_json: Json = False,
) -> None:
    """One record. Example: district-news articles show http://www.lyls.gov.cn/info/1055/1.htm"""
    from flows.storage.store import Store

    ids = _ids(article) if article.startswith("http") else [article]
    with Store.open(RunOptions().database) as store:
        record = next(filter(None, (store.article(i) for i in ids)), None)
    if record is None:
        render.errors.print(f"no article {article}; `district-news articles list` shows them")
        raise typer.Exit(1)
    if as_json:
        render.console.print_json(record.model_dump_json())
    else:
        render.console.print(render.article(record))


def _ids(url: str) -> list[str]:
    """The ids that the article at `url` has, one for each site it may belong to."""
    from spiders.identity import article_id, canonical_url
    from spiders.registry import load_sites

    return [article_id(s.id, canonical_url(s, url)) for s in load_sites().values()]
