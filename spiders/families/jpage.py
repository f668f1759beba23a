"""大汉 jpage: list rows as CDATA in an XML island of the page, older ones from dataproxy.jsp."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.extract.document import Document
from spiders.extract.links import absolute
from spiders.extract.lists import likeness
from spiders.extract.pager import as_count
from spiders.extract.rows import read_rows
from spiders.families.base import ListPage

_TOTAL = re.compile(
    r"totalRecord\s*[:=]\s*['\"]?(\d{1,9})|<totalrecord>\s*(\d{1,9})", re.IGNORECASE
)
_TOTAL_PAGES = re.compile(
    r"totalPage\s*[:=]\s*['\"]?(\d{1,9})|<totalpage>\s*(\d{1,9})", re.IGNORECASE
)
_PER_PAGE = re.compile(r"perPage\s*[:=]\s*['\"]?(\d{1,9})", re.IGNORECASE)
_PROXY = re.compile(r"proxyUrl\s*[:=]\s*['\"]([^'\"]+)")
_PARAMETERS = re.compile(r"ajaxParam\s*[:=]\s*\{([^}]{0,2000})\}")
_PARAMETER = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,'"\s]+))""")
# A browser asks for three pages of rows at once.
_PAGES_A_WINDOW = 3
_DEFAULT_PER_PAGE = 15


def read_jpage(document: Document) -> ListPage | None:
    """A page with XML islands, or an answer of dataproxy.jsp; None for any other page."""
    html = document.html
    stores = _elements(html, "datastore") or ([html] if "<recordset>" in html else [])
    if not stores:
        return None
    lists = [read_rows(_records(store), document.url) for store in stores]
    # A page may hold more lists than its own; the one that is most like a list of articles is.
    best = max(range(len(stores)), key=lambda i: likeness(lists[i]))
    store, listings = stores[best], lists[best]
    total = _number(_TOTAL, store) or _number(_TOTAL, html)
    next_url = _next_group(store, document.url)
    if next_url is None and "<nextgroup>" not in store:
        next_url = _next_window(document, store.count("<record>"), total)
    per_page = _number(_PER_PAGE, html)
    pages = _number(_TOTAL_PAGES, store) or (-(-total // per_page) if total and per_page else None)
    return ListPage(listings, next_url, pages, total)


def _elements(xml: str, tag: str) -> list[str]:
    """What stands in each element of that name, CDATA marks gone."""
    found = []
    for part in xml.split(f"<{tag}>")[1:]:
        inner = part.partition(f"</{tag}>")[0].strip()
        found.append(inner.removeprefix("<![CDATA[").removesuffix("]]>"))
    return found


def _records(store: str) -> list[LexborNode]:
    """The rows of a store; a table's rows get their table back, or the parser drops them."""
    rows = []
    for record in _elements(store, "record"):
        fragment = f"<table>{record}</table>" if "<tr" in record.lower() else record
        tree = LexborHTMLParser(fragment)
        row = tree.css_first("tr, li") or tree.body
        if row is not None:
            rows.append(row)
    return rows


def _next_group(store: str, url: str) -> str | None:
    """The next group's address, verbatim: its webname is percent-encoded twice on purpose."""
    for group in _elements(store, "nextgroup"):
        link = LexborHTMLParser(group).css_first("a[href]")
        if link is not None:
            return absolute(url, link.attributes.get("href"))
    return None


def _next_window(document: Document, records: int, total: int | None) -> str | None:
    """The next window of rows, `startrecord=46&endrecord=90&perpage=15`.

    The component posts its parameters; a servlet takes them from the query as well, and a plain
    address can be archived and replayed.
    """
    parts = urlsplit(document.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    start, end = as_count(query.get("startrecord", "")), as_count(query.get("endrecord", ""))
    if start is not None and end is not None:
        if not records or (total is not None and end >= total):
            return None
        query |= {"startrecord": str(end + 1), "endrecord": str(2 * end - start + 1)}
        return urlunsplit(parts._replace(query=urlencode(query)))
    proxy, parameters = _PROXY.search(document.html), _PARAMETERS.search(document.html)
    if not proxy or not parameters or not total or records >= total:
        return None
    per_page = _number(_PER_PAGE, document.html) or _DEFAULT_PER_PAGE
    window = {
        "startrecord": records + 1,
        "endrecord": records + per_page * _PAGES_A_WINDOW,
        "perpage": per_page,
    }
    asked = {name: "".join(values) for name, *values in _PARAMETER.findall(parameters[1])}
    return f"{urljoin(document.url, proxy[1])}?{urlencode(window | asked)}"


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(next(filter(None, match.groups()))) if match else None
