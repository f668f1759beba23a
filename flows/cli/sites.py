"""`sites list|show|lint`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import render
from flows.cli.common import Json, Replay

app = typer.Typer(help="The sites there are.", no_args_is_help=True)


@app.command("list")
def list_sites(as_json: Json = False) -> None:
    """Every site, a line each. Example: district-news sites list"""
    from spiders.registry import load_sites

    sites = load_sites().values()
    if as_json:
        render.console.print_json(data=[site.model_dump(mode="json") for site in sites])
    else:
        render.console.print(render.sites(sites))


@app.command()
def show(site: Annotated[str, typer.Argument(help="Id of a site.")]) -> None:
    """One site's data as JSON, defaults filled in. Example: district-news sites show lanshan"""
    from spiders.registry import get_site

    render.console.print_json(get_site(site).model_dump_json())


@app.command()
def lint(
    path: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Site files; none: all of them.")
    ] = None,
) -> None:
    """Check site files; says file, key and what was expected. Example: district-news sites lint"""
    from schemas.site import SiteError, load_site
    from spiders.families import FAMILIES
    from spiders.registry import site_files

    problems = []
    paths = path or site_files()
    for file in paths:
        try:
            site = load_site(file)
        except SiteError as error:
            problems.append(str(error))
            continue
        if site.family not in {"auto", *FAMILIES}:
            known = ", ".join(["auto", *FAMILIES])
            problems.append(f"{file}: family: expected one of {known}, got {site.family!r}")
    for problem in problems:
        render.errors.print(problem, markup=False, soft_wrap=True)
    render.console.print(f"{len(paths)} files, {len(problems)} with a problem")
    if problems:
        raise typer.Exit(1)


@app.command()
def detect(
    page: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page, or a saved one.")],
    url: Annotated[str, typer.Option(help="Address of a saved page; it is a marker too.")] = "",
    replay: Replay = None,
    as_json: Json = False,
) -> None:
    """Which CMS family a page comes from: the best two, their points and what speaks for them.

    Example: district-news sites detect page.html --url http://www.lyls.gov.cn/xw/lsyw.htm
    """
    import anyio

    from flows.options import RunOptions
    from spiders.extract.document import Document
    from spiders.families.detect import MARGIN, THRESHOLD
    from spiders.families.detect import detect as score
    from spiders.single import fetch_page

    headers: dict[str, str] = {}
    if page.startswith(("http://", "https://")):
        options = RunOptions(replay=replay)
        fetched = anyio.run(fetch_page, page, options.crawl_settings)
        url, headers, body = fetched.url, fetched.headers, fetched.body
    else:
        body = Path(page).read_bytes()
    document = Document.from_bytes(url, body, headers.get("content-type", ""))
    found = score(url, headers, document.html)
    if as_json:
        render.console.print_json(data=asdict(found))
        return
    for one in found.scores:
        render.console.print(f"{one.family}: {one.points} points", highlight=False)
        for reason in one.reasons:
            render.console.print(f"  {reason}", markup=False, highlight=False)
    verdict = found.family or (
        f"none: a family needs {THRESHOLD} points and {MARGIN} times those of the second"
    )
    render.console.print(f"family: {verdict}", highlight=False)
