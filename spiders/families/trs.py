"""拓尔思 TRS WCM."""

import re

from spiders.families.base import Family

_MOBILE_TWIN = re.compile(r"_ext(?=\.s?html?$)")


class Trs(Family):
    """TRS: `createPageHTML(9, 0, "index", "html")` counts from 0, page 2 is `index_1.html`.

    Rows may carry a box of related links, a list within the row. Deep pages may be stubs of a few
    hundred bytes while the total claims more.
    """

    id = "trs"
    name = "拓尔思 TRS WCM"
    article_url = re.compile(r"/t(?:\d{8}_\d+(?:_ext)?|\d{7,})\.s?html?$")

    body_selectors = (
        ".TRS_Editor",
        ".TRS_UEDITOR",
        ".trs_editor_view",
        ".trs_paper_default",
        "#zoom",
        "#Zoom",
        ".article_con",
        ".pages_content",
    )

    def canonical_url(self, url: str) -> str:
        return _MOBILE_TWIN.sub("", super().canonical_url(url))
