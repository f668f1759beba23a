"""Empty shells that send their visitors elsewhere."""

import re

from spiders.extract.document import Document
from spiders.extract.links import absolute

_BY_SCRIPT = re.compile(
    r"(?:window|self|top|parent|document)\.?location(?:\.href)?\s*=\s*[\"']([^\"']{4,500})[\"']"
    r"|location\.(?:href\s*=|replace\()\s*[\"']([^\"']{4,500})[\"']"
)
_BY_META = re.compile(r"url\s*=\s*[\"']?([^\"'>\s]{4,500})", re.IGNORECASE)


def redirect_target(document: Document) -> str | None:
    """The address a page without text leads to by script or meta refresh; none where it does not."""
    for match in _BY_SCRIPT.finditer(document.html):
        if url := absolute(document.url, match[1] or match[2]):
            return url
    node = document.tree.css_first("meta[http-equiv=refresh i]")
    if node is not None and (match := _BY_META.search(node.attributes.get("content") or "")):
        return absolute(document.url, match[1])
    return None
