"""龙讯 Lonsun."""

import re
from urllib.parse import urlsplit

from spiders.extract.document import Document
from spiders.extract.pager import Pager
from spiders.families.base import Family

_SCRIPT = re.compile(r"Ls\.pagination\s*\(")
_CURRENT = re.compile(r"\b(?:currPage|pageIndex|current|pageNo)\W{1,3}(\d{1,9})")
_PAGES = re.compile(r"\b(?:pageCount|totalPage|pageTotal|pages)\W{1,3}(\d{1,9})")
_ROWS = re.compile(r"\b(?:total|totalCount|recordCount|dataCount)\W{1,3}(\d{1,9})")
_PAGE_FILE = re.compile(r"(/page_)\d+(?=\.html$)")
_PAGE_QUERY = re.compile(r"([?&]pageIndex=)\d+")


class Lonsun(Family):
    """Lonsun: page k is `?pageIndex=k`, or `/News/showList/481/page_k.html`."""

    id = "lonsun"
    name = "龙讯 Lonsun"
    body_selectors = (".j-fontContent", "#zoom", ".newscontnet", ".wzcon .j-fontContent", ".zoom")
    article_url = re.compile(
        r"/content/article/\d+|/public/\d+/\d+\.html$|/News/show/\d+\.html$|/(?:new|cms)show/"
    )

    def read_pager(self, document: Document) -> Pager:
        pager = super().read_pager(document)
        start = _SCRIPT.search(document.html)
        if pager.next_url or not start:
            return pager
        options = document.html[start.end() : document.html.find("</script>", start.end())]
        current, pages = _CURRENT.search(options), _PAGES.search(options)
        if not current or not pages:
            return pager
        page, total = int(current[1]), int(pages[1])
        rows = _ROWS.search(options)
        return Pager(
            page_url(document.url, page + 1) if page < total else None,
            total,
            int(rows[1]) if rows else pager.total_rows,
        )


def page_url(url: str, page: int) -> str:
    """The address of one page of the list that `url` is a page of."""
    for pattern in (_PAGE_FILE, _PAGE_QUERY):
        if pattern.search(url):
            return pattern.sub(rf"\g<1>{page}", url)
    return f"{url}{'&' if urlsplit(url).query else '?'}pageIndex={page}"
