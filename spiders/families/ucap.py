"""开普云 UCAP."""

import re

from spiders.families.base import Family


class Ucap(Family):
    """UCAP: `createPageHTML('page_div', 5, 1, 'fg', 'shtml', 89)` counts from 1."""

    id = "ucap"
    name = "开普云 UCAP"
    title_selector = "UCAPTITLE"
    body_selectors = ("UCAPCONTENT", "#UCAP-CONTENT", "#zoomcon", "#zoom", ".pages_content")
    article_url = re.compile(r"/c\d+/content\.s?html?$|/\d{6}/[0-9a-f]{32}\.s?html?$")
