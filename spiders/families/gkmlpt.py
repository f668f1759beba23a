"""广东政务公开目录平台 (gkmlpt): a JavaScript shell around a JSON interface."""

import re
from datetime import datetime, time
from urllib.parse import parse_qs, urljoin, urlsplit

from pydantic import BaseModel, ValidationError

from schemas.dates import SHANGHAI, Precision, Published
from schemas.page import Listing
from spiders.extract.dates import find_date
from spiders.extract.document import Document
from spiders.extract.links import absolute
from spiders.extract.pager import as_count
from spiders.families.base import ListPage
from spiders.families.nfcms import Nfcms

_SITE_ID = re.compile(r"\bSID\W+(\d+)")
_INTERFACE = re.compile(r"/gkmlpt/api/all/(\d+)")
# Unix time of the year 2100; what is later counts something else.
_NO_DATE = 4_102_444_800
# The interface fixes it.
_ROWS_A_PAGE = 100
# Titles that passed through JavaScript's escape(): 「%u5173%u4E8E」.
_ESCAPED = re.compile(r"%u([0-9A-Fa-f]{4})")


class _Row(BaseModel):
    title: str | None = None
    url: str | None = None
    post_url: str | None = None
    date: int | str | None = None
    display_publish_time: int | str | None = None


class _Category(BaseModel):
    post_count: int | None = None


class _Answer(BaseModel):
    articles: list[_Row] = []
    classify: _Category | None = None


class Gkmlpt(Nfcms):
    """gkmlpt: the list's page holds only the site's number; `/gkmlpt/api/all/…` holds the rows.

    The column is the category in the address, `/gkmlpt/index#2064`; all of them without one.
    Page 0 is page 1 again, so the walk starts at 1. Some cities answer 404 from page 2 on.
    """

    id = "gkmlpt"
    name = "广东政务公开目录平台"

    def read_list(self, document: Document) -> ListPage:
        if _INTERFACE.search(document.url):
            return self._read_answer(document)
        site_id = _SITE_ID.search(document.html)
        if not site_id:
            return super().read_list(document)
        fragment = urlsplit(document.url).fragment
        category = fragment if fragment.isdecimal() else "0"
        first = f"/gkmlpt/api/all/{category}?page=1&sid={site_id[1]}"
        return ListPage(listings=(), next_url=urljoin(document.url, first))

    def _read_answer(self, document: Document) -> ListPage:
        try:
            answer = _Answer.model_validate_json(document.html)
        except ValidationError:
            return ListPage(listings=())
        listings: dict[str, Listing] = {}
        for row in answer.articles:
            if listing := _listing(row, document.url):
                listings.setdefault(listing.url, listing)
        rows = answer.classify.post_count if answer.classify and listings else None
        asked = parse_qs(urlsplit(document.url).query).get("page", ["1"])[0]
        page = max(as_count(asked) or 1, 1)
        more = bool(rows) and page * _ROWS_A_PAGE < (rows or 0)
        return ListPage(
            listings=tuple(listings.values()),
            next_url=re.sub(r"([?&]page=)\d+", rf"\g<1>{page + 1}", document.url) if more else None,
            total_pages=-(-rows // _ROWS_A_PAGE) if rows else None,
            total_rows=rows,
        )


def _listing(row: _Row, base: str) -> Listing | None:
    url = absolute(base, row.url) or absolute(base, row.post_url)
    if not url:
        return None
    title = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), row.title or "")
    # escape() writes a character beyond the first 65,536 as two halves.
    title = title.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Listing(
        url=url,
        title=" ".join(title.split()),
        published=_moment(row.display_publish_time) or _moment(row.date),
    )


def _moment(value: int | str | None) -> Published | None:
    """A Unix time in seconds, or a date in text."""
    if isinstance(value, str) and not value.isdecimal():
        return find_date(value)
    seconds = as_count(value) or 0 if isinstance(value, str) else value or 0
    if not 0 < seconds < _NO_DATE:
        return None
    at = datetime.fromtimestamp(seconds, SHANGHAI)
    # The platform stores a day as its midnight.
    whole_day = at.time() == time()
    return Published(at=at, precision=Precision.DAY if whole_day else Precision.SECOND)
