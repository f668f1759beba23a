"""国泰新点 Epoint."""

import re

from spiders.families.base import Family


class Epoint(Family):
    """Epoint: the list is `subpage.html` or `moreinfo.html`, page k is `k.html` beside it."""

    id = "epoint"
    name = "国泰新点 Epoint"
    body_selectors = (
        ".ewb-article-content",
        ".article-content",
        ".ewb-art-bd",
        "#ivs_content",
        "[id^='TDContent']",
        "#zoom",
    )
    article_url = re.compile(r"/\d{3,}(?:/\d{6,})*/\d{8}/[0-9a-f]{8}-?[0-9a-f-]{23,27}\.html$")
