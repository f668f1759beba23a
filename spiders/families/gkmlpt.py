"""广东政务公开目录平台 (gkmlpt): a JavaScript shell around a JSON interface."""

import json
import re
from datetime import datetime, time
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from schemas.dates import SHANGHAI, Precision, Published
from schemas.page import Listing
from spiders.extract.dates import find_date
from spiders.extract.document import Document
from spiders.extract.links import absolute
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
        category = fragment if fragment.isdigit() else "0"
        first = f"/gkmlpt/api/all/{category}?page=1&sid={site_id[1]}"
        return ListPage(listings=(), next_url=urljoin(document.url, first))

    def _read_answer(self, document: Document) -> ListPage:
        try:
            answer = json.loads(document.html)
        except ValueError:
            return ListPage(listings=())
        articles = answer.get("articles") or [] if isinstance(answer, dict) else []
        listings: dict[str, Listing] = {}
        for article in articles:
            if listing := _listing(article, document.url):
                listings.setdefault(listing.url, listing)
        rows = (answer.get("classify") or {}).get("post_count") if articles else None
        rows = rows if isinstance(rows, int) else None
        asked = parse_qs(urlsplit(document.url).query).get("page", ["1"])[0]
        page = max(int(asked), 1) if asked.isdigit() else 1
        more = bool(articles) and rows is not None and page * _ROWS_A_PAGE < rows
        return ListPage(
            listings=tuple(listings.values()),
            next_url=re.sub(r"([?&]page=)\d+", rf"\g<1>{page + 1}", document.url) if more else None,
            total_pages=-(-rows // _ROWS_A_PAGE) if rows else None,
            total_rows=rows,
        )


def _listing(article: dict[str, Any], base: str) -> Listing | None:
    url = absolute(base, article.get("url")) or absolute(base, article.get("post_url"))
    if not url:
        return None
    title = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), article.get("title") or "")
    return Listing(
        url=url,
        title=" ".join(title.split()),
        published=_moment(article.get("display_publish_time")) or _moment(article.get("date")),
    )


def _moment(value: object) -> Published | None:
    """A Unix time in seconds, or a date in text."""
    if isinstance(value, str) and not value.isdigit():
        return find_date(value)
    seconds = int(value) if isinstance(value, int | str) else 0
    if not 0 < seconds < _NO_DATE:
        return None
    at = datetime.fromtimestamp(seconds, SHANGHAI)
    # The platform stores a day as its midnight.
    whole_day = at.time() == time()
    return Published(at=at, precision=Precision.DAY if whole_day else Precision.SECOND)
