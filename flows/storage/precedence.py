"""Which of several articles with one text came first, as far as they say."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import RowMapping

from schemas.dates import SHANGHAI
from schemas.division import divisions
from spiders.extract.fingerprint import folded

COLUMNS: Final = (
    "id",
    "url",
    "site_name",
    "published_at",
    "source",
    "issuing_agency",
    "publisher_division",
)
"""What it is decided by."""

# 区科技局, 市融媒体中心, 本网, 我区: an office of whoever runs the site, and not a name of its own.
_OWN: Final = ("本", "我", "区", "县", "市", "旗")
# Without the last character, as people say it: 南关 for 南关区. Of 河 for 河县 nothing is left.
_SHORTEST_NAME: Final = 2

Order = tuple[bool, date, bool, datetime, int, str, str]


def precedence(article: Mapping[str, Any] | RowMapping) -> Order:
    """The place of an article among those of its text; a row of `COLUMNS`.

    The earliest day first. On one day, what names no other source than itself; then by the time as
    far as it is known; then the higher division, for a notice comes from above. The address
    decides between the rest. It depends on nothing but the article.
    """
    moment: datetime | None = article["published_at"]
    at = moment.astimezone(SHANGHAI) if moment else datetime.max.replace(tzinfo=SHANGHAI)
    return (
        moment is None,
        at.date(),
        names_another(article),
        at,
        level(article["publisher_division"]),
        article["url"],
        article["id"],
    )


def names_another(article: Mapping[str, Any] | RowMapping) -> bool:
    """Whether the stated 来源 is somebody else than who runs the site."""
    code = article["publisher_division"]
    return _names_another(
        article["source"] or "",
        article["site_name"],
        article["issuing_agency"] or "",
        divisions()[code].name[:-1] if code else "",
    )


@lru_cache(maxsize=4096)  # a site names the same few sources over and over
def _names_another(source: str, *own: str) -> bool:
    source = folded(source)
    if not source or source.startswith(_OWN):
        return False
    names = map(folded, own)
    return not any(len(n) >= _SHORTEST_NAME and (n in source or source in n) for n in names)


def level(division: str | None) -> int:
    """1 for a province, 2 for a prefecture, 3 for a county, 4 for who is none of these."""
    if division is None:
        return 4
    return 1 if division.endswith("0000") else 2 if division.endswith("00") else 3
