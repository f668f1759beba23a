"""`files list|show|search|restore`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import render
from flows.cli.common import Json, SiteIds
from flows.options import RunOptions
from schemas.file import FileKind

if TYPE_CHECKING:
    from rich.table import Table

    from schemas.file import StoredFile

app = typer.Typer(help="The files that articles offer, and the text in them.", no_args_is_help=True)

SiteId = Annotated[str | None, typer.Option("--site", help="Id of a site.")]
Limit = Annotated[int, typer.Option(min=1, help="How many at the most.")]

# As much of a text as shows what stands around a word.
_CONTEXT = 30
_DIGITS_OF_A_HASH = 12


@app.command("list")
def list_files(
    site: SiteId = None,
    kind: Annotated[FileKind | None, typer.Option(help="Only files of this kind.")] = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The files fetched last, a line each. Example: district-news files list --kind pdf"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = store.files(site=site, kind=kind, limit=limit)
    _print(found, (), as_json=as_json)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words that all stand in the text.")],
    site: SiteId = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The files whose text has all the words. Example: district-news files search 预算 教育"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = store.files(site=site, words=words, limit=limit)
    _print(found, words, as_json=as_json)


@app.command()
def show(
    file: Annotated[str, typer.Argument(metavar="SHA256|URL", help="A file or its address.")],
    as_json: Json = False,
) -> None:
    """One file's text, and who offers it. Example: district-news files show URL"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = store.file(file)
    if found is None:
        render.errors.print(f"no file {file}; `district-news files list` shows them", markup=False)
        raise typer.Exit(1)
    if as_json:
        render.console.print_json(found.model_dump_json())
        return
    lines = [f"{found.kind}, {found.size:,} bytes, {found.sha256}", str(found.archive)]
    lines += [f"{offer.name} {offer.url} (article {offer.article})" for offer in found.offered]
    text = found.text if found.text is not None else f"no text: {found.no_text or 'not read yet'}"
    for line in (*lines, "", text):
        render.console.print(line, markup=False, highlight=False, soft_wrap=True)


@app.command()
def restore(sites: SiteIds = None, as_json: Json = False) -> None:
    """Take the files from the archive again and read them; needs no network.

    For an empty database, after `district-news reparse`. Example: district-news files restore
    """
    import anyio

    from flows.attachments import restore as run
    from spiders.registry import get_site, load_sites

    names = sites or [*load_sites()]
    reports = {name: anyio.run(run, get_site(name), RunOptions()) for name in names}
    if as_json:
        data = {name: report.model_dump(mode="json") for name, report in reports.items()}
        render.console.print_json(data=data)
        return
    for name, report in reports.items():
        if report.summary:
            render.console.print(f"{name}: {report.summary}", markup=False, highlight=False)
        for problem in report.problems:
            render.errors.print(problem, markup=False, highlight=False, soft_wrap=True)


def _print(found: "list[StoredFile]", words: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        render.console.print_json(data=[file.model_dump(mode="json") for file in found])
    elif found:
        render.console.print(_table(found, words))
    else:
        render.errors.print("no files; `[attachments] fetch = true` in a site's file fetches some")


def _table(found: "list[StoredFile]", words: Sequence[str]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table("sha256", "kind", "bytes", "name", "text", box=box.SIMPLE_HEAD)
    for file in found:
        name = file.offered[0].name if file.offered else ""
        text = _around(file.text, words) if file.text else f"({file.no_text or 'not read yet'})"
        digest = file.sha256[:_DIGITS_OF_A_HASH]
        table.add_row(digest, file.kind, f"{file.size:,}", Text(name), Text(text))
    return table


def _around(text: str, words: Sequence[str]) -> str:
    """The text around the first of the words, or its beginning."""
    at = min((i for word in words if (i := text.lower().find(word.lower())) >= 0), default=0)
    return " ".join(text[max(0, at - _CONTEXT) : at + _CONTEXT].split())
