"""Which of a page's dates is its publish date."""

import re
from datetime import date, datetime, timedelta

from schemas.dates import SHANGHAI, Precision, Published
from spiders.extract.byline import FILED, Byline
from spiders.extract.dates import stated_date
from spiders.extract.document import Document

# As the standard spells it.
_SPELLED = {"pubdate": "PubDate"}
_METAS = (
    "pubdate",
    "publishdate",
    "article:published_time",
    "og:release_date",
    "og:time",
)
# Linked data for search engines, and what a script prints into the page.
_SCRIPTED_DATES = (
    re.compile(
        r"\"(?:datePublished|pubDate|publishTime|publish_time|pubtime)\"\s*:\s*\"([^\"]{8,40})\""
    ),
    re.compile(
        r"\bvar\s+(?:createTime|ct|publishTime|publish_time|pubTime|pubtime)\s*=\s*"
        r"[\"']([^\"']{8,40})[\"']"
    ),
)
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
# Seconds, or milliseconds, since 1970: ten digits from 2001 on.
_EPOCH = re.compile(r"\s*(1\d{9})(?:\d{3})?\s*$")
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")


def publish_dates(
    document: Document, byline: Byline, labels: dict[str, tuple[str, str]]
) -> tuple[tuple[Published, str], ...]:
    """The candidates for a page's publish date in the order of precedence, with their origins.

    Args:
        document: The page.
        byline: What its line under the title says.
        labels: What its disclosure boxes say: value and label by field.
    """
    candidates = [
        (found, f"meta:{_SPELLED.get(name, name)}")
        for name in _METAS
        if (found := from_meta(document.metas.get(name, "")))
    ]
    filed = byline.label in FILED
    if byline.published and byline.label and not filed:
        candidates.append((byline.published, f"label:{byline.label}"))
    value, label = labels.get("_published", ("", ""))
    if boxed := stated_date(value):
        candidates.append((boxed, f"label:{label}"))
    if byline.published and not byline.label:
        candidates.append((byline.published, "line under the title"))
    if byline.published and filed:
        candidates.append((byline.published, f"label:{byline.label}"))
    # The time of generation: nothing is older than its page.
    if made := from_meta(document.metas.get("maketime", "")):
        candidates.append((made, "meta:Maketime"))
    if not candidates:
        stated = (match for form in _SCRIPTED_DATES for match in form.finditer(document.html))
        candidates += [(found, "script") for match in stated if (found := from_meta(match[1]))]
    return tuple(candidates)


def from_meta(content: str) -> Published | None:
    """The publish time that a meta tag gives; midnight to the second is a day."""
    found = stated_date(content)
    if found is None and (match := _EPOCH.match(content)):
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
