"""大汉 Hanweb: jcms with its jpage lists, and its successor JPAAS."""

import re

from spiders.extract.document import Document
from spiders.families.base import Family, ListPage
from spiders.families.jpaas import read_unit
from spiders.families.jpage import read_jpage


class Hanweb(Family):
    """Hanweb: the page carries its first rows; a proxy or an interface has the older ones."""

    id = "hanweb"
    name = "大汉 Hanweb"
    body_selectors = (
        "#zoom",
        "#ivs_content",
        "#zoomcon",
        ".article-content",
        "#div_content",
        ".bt-article-02",
    )
    article_url = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/art_\w+|art_[0-9a-f]{32})\.html$")

    def read_list(self, document: Document) -> ListPage:
        return read_jpage(document) or read_unit(document) or super().read_list(document)
