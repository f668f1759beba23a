"""Pagers that a script writes: the call or the variables give the page and the total."""

import re
from urllib.parse import urljoin

from spiders.extract.pager import Pager

_CALL = re.compile(r"(?<!function )\bcreatePageHTML\s*\(([^)]{0,300})\)")
_ARGUMENT = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^,'"\s]+))\s*(?:,|$)""")
_CONFIG = re.compile(r"pagination_script_config\s*=\s*\{([^}]{0,500})\}")
_COUNT_PAGE = re.compile(r"\bvar\s+countPage\s*=\s*['\"]?(\d{1,9})")
_CURRENT_PAGE = re.compile(r"\bvar\s+currentPage\s*=\s*['\"]?(\d{1,9})")
_SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d{1,9})\s*,\s*(\d{1,9})")
_MAX_PAGE = re.compile(r"\bmaxPageNum\s*=\s*(\d{1,9})\s*;")
_MAX_PAGE_URL = re.compile(r"\bpurl\s*=\s*['\"]([^'\"]+)['\"]")
_NUMBERED = re.compile(r"/(?P<name>index_\d{3,})_(?P<page>\d{1,9})\.(?P<ext>s?html?)$")
_INDEX = re.compile(r"(?P<name>[\w-]+?)(?:_\d+)?\.(?P<ext>s?html?)$")


def read_scripted_pager(html: str, url: str) -> Pager | None:
    """The pager of whichever script the page calls; None where it calls none that is known."""
    if pager := create_page_html(html, url):
        return pager
    if "pagination_script_config" in html and (match := _CONFIG.search(html)):
        current = re.search(r"pageNumber\W+(\d{1,9})", match[1])
        total = re.search(r"total\W+(\d{1,9})", match[1])
        if current and total:
            return zero_based(url, int(total[1]), int(current[1]))
    if "countPage" in html and (total := _COUNT_PAGE.search(html)):
        current = _CURRENT_PAGE.search(html)
        return zero_based(url, int(total[1]), int(current[1]) if current else 0)
    if "setPage" in html and (match := _SET_PAGE.search(html)):
        return one_based(url, int(match[2]), int(match[1]))
    return _descending(html, url)


def create_page_html(html: str, url: str) -> Pager | None:
    """`createPageHTML(…)`, a name that two makers gave to two functions.

    `(9, 0, "index", "html", …, rows)` counts from 0: page 2 is `index_1.html`.
    `('page_div', 5, 1, 'fg', 'shtml', 89)` counts from 1: page 2 is `fg_2.shtml`.
    """
    if "createPageHTML" not in html:
        return None
    for call in _CALL.finditer(html):
        arguments = ["".join(groups) for groups in _ARGUMENT.findall(call[1])]
        quoted = call[1].lstrip()[:1] in {"'", '"'}
        first, *rest = arguments or [""]
        if quoted and not first.isdecimal() and len(rest) >= 4 and _figures(rest[:2]):  # noqa: PLR2004
            rows = int(rest[4]) if len(rest) > 4 and rest[4].isdecimal() else None  # noqa: PLR2004
            return one_based(url, int(rest[0]), int(rest[1]), rest[2], rest[3], rows)
        if len(arguments) >= 4 and _figures(arguments[:2]):  # noqa: PLR2004
            rows = int(arguments[5]) if len(arguments) > 5 and arguments[5].isdecimal() else None  # noqa: PLR2004
            return zero_based(url, int(first), int(rest[0]), rest[1], rest[2], rows)
    return None


def _figures(arguments: list[str]) -> bool:
    return all(argument.isdecimal() for argument in arguments)


def zero_based(
    url: str, total: int, current: int, name: str = "", ext: str = "", rows: int | None = None
) -> Pager:
    """Pages 0 … total-1, page k in `name_k.ext`."""
    name, ext = _file(url, name, ext)
    next_url = urljoin(url, f"{name}_{current + 1}.{ext}") if current + 1 < total else None
    return Pager(next_url, total, rows)


def one_based(
    url: str, total: int, current: int, name: str = "", ext: str = "", rows: int | None = None
) -> Pager:
    """Pages 1 … total, page k in `name_k.ext`."""
    name, ext = _file(url, name, ext)
    next_url = urljoin(url, f"{name}_{current + 1}.{ext}") if current < total else None
    return Pager(next_url, total, rows)


def _file(url: str, name: str, ext: str) -> tuple[str, str]:
    """The name and the ending of the list's files, from its address where the script is mute."""
    match = _INDEX.search(url)
    return name or (match["name"] if match else "index"), ext.lstrip(".") or (
        match["ext"] if match else "html"
    )


def _descending(html: str, url: str) -> Pager | None:
    """`maxPageNum`: page 2 is the file with the highest number but one, the last page has 1.

    The files after the first page are bare fragments: their own address says where they stand.
    """
    if match := _NUMBERED.search(url):
        page = int(match["page"])
        older = f"{match['name']}_{page - 1}.{match['ext']}"
        return Pager(urljoin(url, older) if page > 1 else None)
    if "maxPageNum" not in html:
        return None
    prefix = _MAX_PAGE_URL.search(html)
    total = max((int(n) for n in _MAX_PAGE.findall(html)), default=0)
    if not prefix or not total:
        return None
    return Pager(urljoin(url, f"{prefix[1]}_{total - 1}.html") if total > 1 else None, total)
