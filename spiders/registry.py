"""The sites there are: one TOML file each below `spiders/sites/`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from schemas.site import Site, SiteError, load_site

SITES = Path(__file__).parent / "sites"


class UnknownSiteError(KeyError):
    """No site of that id; the message names the ids there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def load_sites(folder: Path = SITES) -> dict[str, Site]:
    """Every site below `folder` by its id, in the order of the ids.

    Raises:
        SiteError: A file cannot be used, or two files have one id.
    """
    sites: dict[str, Site] = {}
    for path in sorted(folder.rglob("*.toml"), key=lambda path: path.stem):
        site = load_site(path)
        if site.id in sites:
            raise SiteError(f"{path}: id: {site.id!r} is taken by another file")
        sites[site.id] = site
    return sites


def get_site(site_id: str, folder: Path = SITES) -> Site:
    """The site of that id.

    Raises:
        UnknownSiteError: There is none.
    """
    sites = load_sites(folder)
    if site_id not in sites:
        raise UnknownSiteError(f"no site {site_id!r}; there are: {', '.join(sites)}")
    return sites[site_id]


def get_sites(site_ids: Sequence[str], folder: Path = SITES) -> list[Site]:
    """The sites of those ids, or all where none is named."""
    return [get_site(i, folder) for i in site_ids] or list(load_sites(folder).values())
