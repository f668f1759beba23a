"""苏迪 Sudy WebPlus."""

import re

from spiders.families.base import Family


class WebPlus(Family):
    """WebPlus: page k is `listk.htm`."""

    id = "webplus"
    name = "苏迪 Sudy WebPlus"
    title_selector = ".arti_title"
    body_selectors = (".wp_articlecontent",)
    article_url = re.compile(r"/\d{4}/\d{4}/c\d+a\d+/page\.(?:htm|psp)$")
