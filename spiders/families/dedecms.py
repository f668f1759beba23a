"""织梦 DedeCMS 5.x."""

import re

from spiders.families.base import Family

_LATER_PAGE = re.compile(r"(?<=\d)_\d+(?=\.html$)|(?<=[?&]aid=)(\d+)&pageno=\d+$")


class DedeCms(Family):
    """DedeCMS: `list_{tid}_{k}.html`, newest first but for sticky rows."""

    id = "dedecms"
    name = "织梦 DedeCMS"
    article_url = re.compile(
        r"/\d{4}/\d{4}/\d+(?:_\d+)?\.html$|/\d{8}/\d+(?:_\d+)?\.html$|/plus/view(?:\.php\?|-)"
    )
    title_selector = ".viewbox .title h1, .viewbox .title h2"
    body_selectors = (".viewbox .content", ".article .content td", ".content td")
    # /2018/0125/ is the day an article was created, not the day it was published.
    url_tells_day = False
    row_selectors = ("div.listbox > ul > li", "ul.e2 > li")
    never_request = re.compile(
        rf"{Family.never_request.pattern}"
        r"|/plus/(?:ad_js|digg_ajax|digg_frame|feedback|feedback_js|feedback_ajax|stow|recommend|"
        r"erraddsave|search|advancedsearch|download|disdls|mytag_js|car)\.php|/member/"
    )

    def canonical_url(self, url: str) -> str:
        # Page 2 of a long article is the article.
        url = super().canonical_url(url)
        return _LATER_PAGE.sub(r"\g<1>", url) if self.article_url.search(url) else url
