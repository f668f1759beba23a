"""JEECMS."""

import re

from spiders.families.base import Family


class JeeCms(Family):
    """JEECMS: page k is `index_k.jhtml`, often only named in a button's onclick."""

    id = "jeecms"
    name = "JEECMS"
    body_selectors = (".article-content", ".content-txt", ".news-content", "#zoom", ".main-txt",)
    article_url = re.compile(r"/\d+(?:_\d+)?\.jhtml$")
