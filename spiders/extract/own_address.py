"""The address that a saved page gives as its own."""

import re
from urllib.parse import urlsplit

from spiders.extract.document import Document

# What browsers and HTTrack write at the head of what they save.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_MIRRORED_FROM = re.compile(r"<!--\s*Mirrored from (\S+) by HTTrack")
_WITHIN = 5000


def own_address(document: Document) -> str | None:
    """The page's address: as the tool that saved it wrote, or as the page names itself."""
    head = document.html[:_WITHIN]
    saved = _SAVED_FROM.search(head) or _MIRRORED_FROM.search(head)
    canonical = document.tree.css_first("link[rel=canonical][href]")
    candidates = (
        saved[1] if saved else None,
        canonical.attributes.get("href") if canonical else None,
        document.metas.get("og:url"),
        document.metas.get("url"),
    )
    for candidate in candidates:
        address = (candidate or "").strip()
        if address.startswith("//"):
            address = f"http:{address}"
        elif address and "://" not in address and "." in address.partition("/")[0]:
            address = f"http://{address}"
        parts = urlsplit(address)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return address
    return None
