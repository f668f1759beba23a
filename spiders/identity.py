"""Which address is an article's one address, and the id made from it."""

import hashlib
from urllib.parse import urlsplit

from schemas.site import Site
from spiders.families import FAMILIES

# 64 bits: among ten million articles the chance of any two alike is one in 400,000, and a person
# can still type one.
_ID_DIGITS = 16


def canonical_url(site: Site, url: str) -> str:
    """The one form of every address of the same article on `site`.

    http and https twins on the site's hosts become the scheme of the site's own address.
    """
    # Without a family named, no page's markers may decide: an address alone has to.
    family = FAMILIES.get(site.family, FAMILIES["generic"])
    parts = urlsplit(family.canonical_url(url))
    if parts.hostname in site.all_hosts:
        parts = parts._replace(scheme=urlsplit(site.url).scheme)
    return parts.geturl()


def article_id(site_id: str, url: str) -> str:
    """A stable id for the article at the canonical `url` of a site: 16 hex digits of SHA-256."""
    return hashlib.sha256(f"{site_id} {url}".encode()).hexdigest()[:_ID_DIGITS]
