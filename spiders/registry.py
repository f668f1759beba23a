"""The sites there are: one TOML file each below `spiders/sites/` or DISTRICT_NEWS_SITES."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from schemas.site import Site, SiteError, load_site

SITES = Path(__file__).parent / "sites"
# A folder with sites of one's own, beside those that come with the project.
OWN_SITES = os.environ.get("DISTRICT_NEWS_SITES", "")
# Stands beside a `site.toml` in a fixture folder.
_NOT_A_SITE = "responses.toml"


class UnknownSiteError(KeyError):
    """No site of that id; the message names the ids there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def site_files() -> list[Path]:
    """The files of all sites, in the order of their names."""
    folders = [SITES, Path(OWN_SITES)] if OWN_SITES else [SITES]
    files = [path for folder in folders for path in folder.rglob("*.toml")]
    return sorted((path for path in files if path.name != _NOT_A_SITE), key=lambda p: p.stem)


@cache
def load_sites() -> dict[str, Site]:
    """Every site by its id.

    Raises:
        SiteError: A file cannot be used, or two files have one id.
    """
    sites: dict[str, Site] = {}
    for path in site_files():
        site = load_site(path)
        if site.id in sites:
            raise SiteError(f"{path}: id: {site.id!r} is taken by another file")
        sites[site.id] = site
    return sites


def get_site(site_id: str) -> Site:
    """The site of that id.

    Raises:
        UnknownSiteError: There is none.
    """
    sites = load_sites()
    if site_id not in sites:
        raise UnknownSiteError(f"no site {site_id!r}; there are: {', '.join(sites)}")
    return sites[site_id]


def get_sites(site_ids: Sequence[str]) -> list[Site]:
    """The sites of those ids, or all where none is named."""
    return [get_site(i) for i in site_ids] or list(load_sites().values())
