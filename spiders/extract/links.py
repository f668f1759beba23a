"""Addresses as pages write them, made absolute."""

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from spiders.extract.document import Document

# Script calls, mail, and the tag soup that a publishing system writes where a link broke.
_NO_ADDRESS = re.compile(r"\s*(?:#|$|(?:javascript|mailto|tel|data|about):)|[<>\"]", re.IGNORECASE)
# What joining and splitting would leave as it is, and take ten times as long for.
_AS_IT_IS = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9](?::\d{2,4})?/[^\s<?#;]*(?:\?[^\s<#;]+)?"
)
# What no host's name holds, and browsers take no address for that has it.
_NOT_IN_HOSTS = re.compile(r"[\s\x00-\x20%\"'<>\\^`{|}]")


def absolute(base: str, href: str | None) -> str | None:
    """The http(s) address that `href` means on the page at `base`; none where it means none."""
    if href and _AS_IT_IS.fullmatch(href):
        return href
    if not href or _NO_ADDRESS.match(href) or "<" in href:
        return None
    try:
        parts = urlsplit(urljoin(base, href.strip()))
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host or _NOT_IN_HOSTS.search(host):
        return None
    # `./x/` joined to a bare host by a careless template gives "www.x.gov.cn./x/".
    return urlunsplit(parts._replace(netloc=parts.netloc.rstrip(".")))


def base_url(document: Document) -> str:
    """What the page's relative links are relative to: `<base href>`, or its own address."""
    node = document.tree.css_first("base[href]")
    if node is None:
        return document.url
    return absolute(document.url, node.attributes.get("href")) or document.url
