"""大汉 JPAAS: an element of the page names an interface and what to ask it for a list."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.extract.document import Document
from spiders.extract.lists import find_rows
from spiders.extract.pager import as_count
from spiders.families.base import ListPage

_INTERFACE = "/front/page/build/unit"
_PARAMETER = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)")""")
# Of a page's units the list's is named for what it shows; menus and banners are units as well.
_LIST_UNIT = re.compile(r"分页|列表|list|信息|内容", re.IGNORECASE)
# What the interface takes where the page does not say how many rows it shows.
_ROWS_A_PAGE = 15


def read_unit(document: Document) -> ListPage | None:
    """A page with such an element, or the interface's answer; None for any other page."""
    if _INTERFACE in document.url:
        return _read_answer(document)
    if _INTERFACE not in document.html:
        return None
    unit = _list_unit(document.tree)
    if unit is None:
        return None
    listings = find_rows(document.tree, document.url)
    pages, rows, per_page = _totals(document.tree)
    # Where the browser fills the list in, page 1 has yet to be asked for.
    page = 2 if listings else 1
    more = page == 1 or rows is None or rows > per_page
    return ListPage(
        listings, _page_url(unit, document.url, page, per_page) if more else None, pages, rows
    )


def _list_unit(tree: LexborHTMLParser) -> LexborNode | None:
    units = [
        unit
        for unit in tree.css("[url][querydata]")
        if _INTERFACE in (unit.attributes.get("url") or "")
    ]
    for unit in units:
        if _LIST_UNIT.search(_parameters(unit).get("tagId", "")):
            return unit
    return units[-1] if units else None


def _parameters(unit: LexborNode) -> dict[str, str]:
    """`queryData`, written with single quotes as no JSON is."""
    data = unescape(unit.attributes.get("querydata") or "")
    return {name: single or double for name, single, double in _PARAMETER.findall(data)}


def _page_url(unit: LexborNode, url: str, page: int, per_page: int) -> str:
    wanted = json.dumps({"pageNo": page, "pageSize": per_page}, separators=(",", ":"))
    query = urlencode(_parameters(unit) | {"paramJson": wanted})
    return f"{urljoin(url, unit.attributes.get('url') or '')}?{query}"


def _read_answer(document: Document) -> ListPage:
    """JSON, `data.html` holding the rows and the pager."""
    try:
        answer = json.loads(document.html)
        tree = LexborHTMLParser(answer["data"]["html"])
    except (ValueError, KeyError, TypeError):
        return ListPage(listings=())
    listings = find_rows(tree, document.url)
    pages, rows, _ = _totals(tree)
    return ListPage(listings, _next_page(document.url, rows) if listings else None, pages, rows)


def _next_page(url: str, rows: int | None) -> str | None:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    try:
        wanted = json.loads(query["paramJson"][0])
        page, per_page = int(wanted["pageNo"]), int(wanted["pageSize"])
    except (ValueError, KeyError, TypeError):
        return None
    if rows is None or page * per_page >= rows:
        return None
    query["paramJson"] = [json.dumps(wanted | {"pageNo": page + 1}, separators=(",", ":"))]
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))


def _totals(tree: LexborHTMLParser) -> tuple[int | None, int | None, int]:
    """Pages, rows, and rows a page: `<div class="pagination" rows="15" count="300">`."""
    pager = tree.css_first("[count][rows]")
    if pager is None:
        return None, None, _ROWS_A_PAGE
    count, per_page = pager.attributes.get("count") or "", pager.attributes.get("rows") or ""
    size, rows = as_count(per_page) or _ROWS_A_PAGE, as_count(count)
    return (None if rows is None else -(-rows // size)), rows, size
