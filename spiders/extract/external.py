"""Empty shells that send their visitors elsewhere."""

import re

from spiders.extract.document import Document
from spiders.extract.links import absolute

_BY_SCRIPT = re.compile(
    r"(?:window|self|top|parent|document)\.?location(?:\.href)?\s*=\s*[\"']([^\"']{4,300})[\"']"
    r"|location\.(?:href\s*=|replace\()\s*[\"']([^\"']{4,300})[\"']"
)
_BY_META = re.compile(r"url\s*=\s*[\"']?([^\"'>\s]{4,300})", re.IGNORECASE)


def redirect_target(document: Document) -> str | None:
    """Where a page without text leads by script or meta refresh; none where it does not."""
    for call in _BY_SCRIPT.finditer(document.html):
        if url := absolute(document.url, call[1] or call[2]):
            return url
    node = document.tree.css_first("meta[http-equiv=refresh i]")
    content = node.attributes.get("content") if node is not None else ""
    refresh = _BY_META.search(content or "")
    return absolute(document.url, refresh[1]) if refresh else None
