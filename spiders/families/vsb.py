"""西安博达 Visual SiteBuilder (VSB): news and egovinfo modules, static and dynamic lists."""

import re
from collections import defaultdict
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from schemas.page import Listing
from spiders.extract.document import Document
from spiders.extract.links import base_url
from spiders.extract.lists import likeness
from spiders.extract.pager import Pager, as_count
from spiders.extract.rows import read_rows
from spiders.families.base import Family

# A list component numbers its rows line_u7_0, line_u7_1, …; a page may hold several components.
_ROW_ID = re.compile(r"line_(u\d+)_\d+")
# The last page is always 1.htm: page 2 of a static list is {total-1}.htm.
_STATIC_PAGE = re.compile(r"/(\d{1,9})\.htm$")
_ASKS_FOR_ADDRESS = "NewsvoteDWR.getNewsLinkUrl("
_EGOV_TOTAL = re.compile(r"(a\w+?\d+)t")


class Vsb(Family):
    """VSB. Static lists count down: page 1 is `tztg.htm`, page 2 of 31 `tztg/30.htm`."""

    id = "vsb"
    name = "西安博达 Visual SiteBuilder"
    article_url = re.compile(
        r"/info/(?:egovinfo/|\d+/\d+\.htm)"
        r"|[?&]urltype=(?:news\.NewsContentUrl|egovinfo\.EgovInfoContent)"
    )

    # The last is the egovinfo module's own cell, which has no class.
    title_selector = (
        "form[name^=_newscontent] h1, form[name^=_newscontent] h2, form[name^=_newscontent] h3, "
        "[class^=titlestyle], td[style*='LINE-HEIGHT: 200%']"
    )
    body_selectors = (
        "[id^=vsb_content] .v_news_content",
        "[id^=vsb_content]",
        "#vsb_newscontent",
        ".v_news_content",
        "#egovinfocontenttable",
    )
    body_debris = "#div_vote_id, a[href*='window.close'], a[href*='window.print']"
    url_tells_day = False
    # The keywords tag is made by machine: site, column, and the title cut into n-grams.
    editors_write_keywords = False

    def external_target(self, document: Document) -> str | None:
        # The shell asks the server for the address by a call that we do not make.
        if _ASKS_FOR_ADDRESS in document.html:
            return "an address that only the server knows"
        return super().external_target(document)

    def read_rows(self, document: Document) -> tuple[Listing, ...]:
        base = base_url(document)
        components: dict[str, list[LexborNode]] = defaultdict(list)
        for row in document.tree.css("[id^=line_u]"):
            if match := _ROW_ID.match(row.id or ""):
                components[match[1]].append(row)
        lists = [read_rows(rows, base) for rows in components.values()]
        lists += [read_rows(document.tree.css("[id^=ainfolist] tr"), base)]
        best = max(lists, key=lambda rows: likeness(rows, self.article_url))
        return best or super().read_rows(document)

    def read_pager(self, document: Document) -> Pager:
        pager = super().read_pager(document)
        total = pager.total_pages or self._total_pages(document, pager.next_url)
        next_url = pager.next_url or _next_of_query(document.url)
        return Pager(next_url, total, pager.total_rows)

    def _total_pages(self, document: Document, next_url: str | None) -> int | None:
        """Total pages where no text says it: from the addresses, or the highest number shown."""
        for url in filter(None, (document.url, next_url)):
            for name, value in parse_qsl(urlsplit(url).query):
                if name == "totalpage" or _EGOV_TOTAL.fullmatch(name):
                    return as_count(value)
        numbers = [node.text(strip=True) for node in document.tree.css(".p_no, .p_no_d")]
        if pages := list(filter(None, map(as_count, numbers))):
            return max(pages)
        on_first_page = not _STATIC_PAGE.search(document.url)
        match = _STATIC_PAGE.search(next_url) if next_url and on_first_page else None
        return int(match[1]) + 1 if match else None

    def canonical_url(self, url: str) -> str:
        url = super().canonical_url(url)
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        tree, news = query.get("wbtreeid"), query.get("wbnewsid")
        if query.get("urltype") == "news.NewsContentUrl" and tree and news:
            path = f"/info/{tree}/{news}.htm"
            return urlunsplit(parts._replace(path=path, query=""))
        return url


def _next_of_query(url: str) -> str | None:
    """The next page of a dynamic list, by the page and the total in its own address."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    for name, value in query.items():
        match = _EGOV_TOTAL.fullmatch(name)
        page = "PAGENUM" if name == "totalpage" else f"{match[1]}p" if match else ""
        total, current = as_count(value), as_count(query.get(page, ""))
        if total is not None and current is not None:
            if current >= total:
                return None
            query[page] = str(current + 1)
            return urlunsplit(parts._replace(query=urlencode(query)))
    return None
