"""帝国 EmpireCMS."""

import re

from spiders.extract.document import Document
from spiders.extract.pager import Pager, as_count
from spiders.families.base import Family

_LATER_PAGE = re.compile(r"(?<=\d)_\d+(?=\.html$)")


class EmpireCms(Family):
    """EmpireCMS: page k is `index_k.html`, or `/e/action/ListInfo/?…&page={k-1}`."""

    id = "empirecms"
    name = "帝国 EmpireCMS"
    body_selectors = ("#text", ".article_content", "#newsContent", ".newstext", "td#text")
    article_url = re.compile(r"/\d{4}-?\d{2}-?\d{2}/\d+(?:_\d+)?\.html$|/e/action/ShowInfo")

    def read_pager(self, document: Document) -> Pager:
        pager = super().read_pager(document)
        total = document.tree.css_first("a[title='Total record'] b, a[title='总数'] b")
        rows = total.text(strip=True) if total else ""
        return Pager(pager.next_url, pager.total_pages, as_count(rows) or pager.total_rows)

    def canonical_url(self, url: str) -> str:
        # Page 2 of a long article is the article.
        url = super().canonical_url(url)
        return _LATER_PAGE.sub("", url) if self.article_url.search(url) else url
