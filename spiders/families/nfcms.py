"""广东集约化 NFCMS (南方网)."""

import re

from spiders.families.base import Family

_MOBILE_TWIN = re.compile(r"/mpost_(?=\d+\.html$)")


class Nfcms(Family):
    """NFCMS: page k of a list is `index_k.html`."""

    id = "nfcms"
    name = "广东集约化 NFCMS"
    body_selectors = (
        ".news_cont_d_wrap",
        ".article-content",
        ".article_content",
        "#zoomcon",
        "#zoom",
    )
    article_url = re.compile(r"/content/(?:[\w/]+/)?m?post_\d+\.html$")

    def canonical_url(self, url: str) -> str:
        return _MOBILE_TWIN.sub("/post_", super().canonical_url(url))
