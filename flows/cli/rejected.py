"""`rejected list|show|replay`."""

from typing import Annotated

import typer

from flows.cli import render, render_reparse
from flows.cli.common import Json
from flows.options import RunOptions
from schemas.reparse import ReparseReport

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


@app.command()
def replay(
    site: Annotated[str | None, typer.Option(help="Id of a site.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only those rejected for this.")] = None,
    as_json: Json = False,
) -> None:
    """Read rejected pages again from the archive, and store what passes now. Needs no network.

    Example: district-news rejected replay --site lanshan --reason missing_title
    """
    import anyio
    from rich.progress import Progress

    from flows.quarantine import replay as run

    with Progress(console=render.errors, transient=True) as bar:
        task = bar.add_task("reading rejected pages", total=None)

        def told(read: int, waiting: int) -> None:
            bar.update(task, completed=read, total=waiting)

        async def read_again() -> ReparseReport:
            return await run(RunOptions(), site=site, reason=reason, told=told)

        report = anyio.run(read_again)
    if as_json:
        render.console.print_json(report.model_dump_json())
    else:
        render.console.print(render_reparse.replay(report))
    for problem in report.problems:
        render.errors.print(problem, markup=False, highlight=False, soft_wrap=True)
    if report.problems:
        raise typer.Exit(1)
