"""`rejected list|show`."""

from typing import Annotated

import typer

from flows.cli import render
from flows.cli.common import Json
from flows.options import RunOptions

app = typer.Typer(help="Pages in quarantine, with their reasons.", no_args_is_help=True)


@app.command("list")
def list_rejected(
    site: Annotated[str | None, typer.Option(help="Id of a site.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only those rejected for this.")] = None,
    as_json: Json = False,
) -> None:
    """Every rejected page, a line each. Example: district-news rejected list --site lanshan"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        records = store.rejections(site=site, reason=reason)
    if as_json:
        render.console.print_json(data=[record.model_dump(mode="json") for record in records])
    elif records:
        render.console.print(render.rejections(records))
    else:
        render.errors.print("nothing is rejected")


@app.command()
def show(
    site: Annotated[str, typer.Argument(help="Id of a site.")],
    url: Annotated[str, typer.Argument(help="The page's address, as `rejected list` shows it.")],
) -> None:
    """One rejected page as JSON: reason, errors field by field, place in the archive.

    Example: district-news rejected show lanshan http://www.lyls.gov.cn/info/1055/1.htm
    """
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        record = store.rejection(site, url)
    if record is None:
        render.errors.print(f"{url} is not rejected; `district-news rejected list` shows what is")
        raise typer.Exit(1)
    render.console.print_json(record.model_dump_json())
