"""Which address is an article's one address, and the id made from it."""

import uuid
from urllib.parse import urlsplit

from schemas.site import Site
from spiders.families import FAMILIES


def canonical_url(site: Site, url: str) -> str:
    """The one form of every address of the same article on `site`.

    http and https twins on the site's hosts become the scheme of the site's own address.
    """
    parts = urlsplit(FAMILIES[site.family].canonical_url(url))
    if parts.hostname in site.all_hosts:
        parts = parts._replace(scheme=urlsplit(site.url).scheme)
    return parts.geturl()


def article_id(site_id: str, url: str) -> str:
    """A stable id (UUID 5) for the article at the canonical `url` of a site."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{site_id} {url}"))
