"""JEECMS."""

import re

from spiders.families.base import Family

_LATER_PAGE = re.compile(r"(?<=\d)_\d+(?=\.jhtml$)")


class JeeCms(Family):
    """JEECMS: page k is `index_k.jhtml`, often only named in a button's onclick."""

    id = "jeecms"
    name = "JEECMS"
    body_selectors = (".article-content", ".content-txt", ".news-content", "#zoom", ".main-txt")
    article_url = re.compile(r"/\d+(?:_\d+)?\.jhtml$")

    def canonical_url(self, url: str) -> str:
        # Page 2 of a long article is the article.
        return _LATER_PAGE.sub("", super().canonical_url(url))
