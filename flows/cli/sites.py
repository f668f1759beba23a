"""`sites list|show|lint`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import render
from flows.cli.common import Json

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
        if site.family not in FAMILIES:
            known = ", ".join(FAMILIES)
            problems.append(f"{file}: family: expected one of {known}, got {site.family!r}")
    for problem in problems:
        render.errors.print(problem, markup=False, soft_wrap=True)
    render.console.print(f"{len(paths)} files, {len(problems)} with a problem")
    if problems:
        raise typer.Exit(1)
