"""Which of a page's dates is its publish date."""

import re
from datetime import date, datetime, timedelta

from schemas.dates import SHANGHAI, Precision, Published
from spiders.extract.dates import DATE, published

# A full day in an address, as publishing systems write it.
_IN_URL = (
    re.compile(r"/t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+(?:_ext)?\.s?html?$"),
    re.compile(r"/art/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/art_"),
    re.compile(r"/(?P<y>20\d\d)[-_]?(?P<m>[01]\d)/?-?(?P<d>[0-3]\d)/[^/]+$"),
    re.compile(r"/(?P<y>20\d\d)/(?P<m>[01]?\d)[-/](?P<d>[0-3]?\d)/[^/]+"),
    re.compile(r"/n1/(?P<y>20\d\d)/(?P<m>\d\d)(?P<d>\d\d)/"),
)
# Server clocks differ, and a page may be dated for the morning it will be read.
_TOLERANCE = timedelta(days=1)
_COMPACT = re.compile(
    r"\s*(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:(?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d))?\s*$"
)
# Seconds, or milliseconds, since 1970: ten digits from 2001 on.
_EPOCH = re.compile(r"\s*(1\d{9})(?:\d{3})?\s*$")
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")


def from_meta(content: str) -> Published | None:
    """The publish time that a meta tag gives; midnight to the second is a day."""
    found: Published | None = None
    if match := DATE.search(content):
        found = published(match)
    elif match := _COMPACT.match(content):
        numbers = [int(part or 0) for part in match.groups()]
        try:
            found = Published(
                at=datetime(*numbers, tzinfo=SHANGHAI),  # type: ignore[misc,arg-type]
                precision=Precision.SECOND if match["H"] else Precision.DAY,
            )
        except ValueError:
            return None
    elif match := _EPOCH.match(content):
        at = datetime.fromtimestamp(int(match[1]), SHANGHAI)
        found = Published(at=at, precision=Precision.SECOND)
    if found is None:
        return None
    at = found.at
    if found.precision is not Precision.DAY:
        if _UTC.search(content):
            return Published(at=at + timedelta(hours=8), precision=found.precision)
        if (at.hour, at.minute, at.second) == (0, 0, 0):
            return Published(at=at, precision=Precision.DAY)
    return found


def from_url(url: str) -> Published | None:
    """The day that an address holds in full."""
    for pattern in _IN_URL:
        if match := pattern.search(url):
            try:
                return Published.on(date(int(match["y"]), int(match["m"]), int(match["d"])))
            except ValueError:
                continue
    return None


def is_possible(found: Published, fetched_at: datetime) -> bool:
    """Whether a page fetched then can have been published at that time."""
    return found.at <= fetched_at + _TOLERANCE


def finer(one: Published, other: Published) -> Published:
    """Of two times of the same day the one that says more; otherwise `one`."""
    if one.precision is Precision.DAY and other.precision is not Precision.DAY:
        return other if other.day == one.day else one
    return one
