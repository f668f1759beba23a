"""PHPCMS v9."""

import re

from spiders.extract.document import Document
from spiders.extract.pager import Pager
from spiders.families.base import Family

_ARTICLE_PAGE = re.compile(r"(/show-\d+-\d+-)\d+(?=\.html$)")
_ROWS = re.compile(r"(\d{1,9})\s*条")


class PhpCms(Family):
    """PHPCMS: `list-{catid}-{k}.html`; the pager's first link says 「85条」."""

    id = "phpcms"
    name = "PHPCMS v9"
    title_selector = "#Article h1"
    body_selectors = ("#Article .content", ".article_content", "#article .content")
    article_url = re.compile(
        r"/show-\d+-\d+-\d+\.html$|[?&]a=show&|/\d{4}/\d{4}/\d+(?:_\d+)?\.html$"
    )
    never_request = re.compile(rf"{Family.never_request.pattern}|/api\.php\?op=(?:hits|video)")

    def read_pager(self, document: Document) -> Pager:
        pager = super().read_pager(document)
        total = document.tree.css_first("#pages a.a1")
        rows = _ROWS.search(total.text()) if total else None
        return Pager(pager.next_url, pager.total_pages, int(rows[1]) if rows else pager.total_rows)

    def canonical_url(self, url: str) -> str:
        # Page 2 of a long article is the article.
        return _ARTICLE_PAGE.sub(r"\g<1>1", super().canonical_url(url))
