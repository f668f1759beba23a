"""Records to store, and what a database holds."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, select

from flows.batch import Cleaned, Deduped
from flows.steps.dedupe import sketched
from flows.storage.tables import metadata
from schemas.article import Article
from schemas.dates import SHANGHAI, Precision, Published
from schemas.outcome import Outcome
from schemas.page import ArchivePlace, Listing
from schemas.rejection import Rejection
from schemas.visit import Checkpoint, Kind, Visit

SITE = "hill"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LATER_PLACE = ArchivePlace(file="hill/2026-03-02.warc.gz", offset=500)
TEXT = "区里召开科技创新工作会议，部署今年的重点任务，要求各部门抓好落实。"

# What depends on when and how often was tried.
_OF_THE_ATTEMPT = {
    "first_seen",
    "last_seen",
    "fetched_at",
    "replaced_at",
    "suspected_at",
    "confirmed_at",
    "back_at",
    "at",
    "archive_file",
    "archive_offset",
}


def url(number: int) -> str:
    return f"http://www.hill.gov.cn/info/1001/{number}.htm"


def article(number: int, text: str = "", **fields: Any) -> Article:
    """An article published on the day of its number in January 2026."""
    text = text or f"第{number}条。{TEXT}"
    defaults = {
        "id": f"{SITE}-{number:04}",
        "site": SITE,
        "site_name": "山区人民政府",
        "column": "news",
        "column_name": "山区要闻",
        "url": url(number),
        "title": f"第{number}条新闻",
        "published_at": datetime(2026, 1, number, tzinfo=SHANGHAI),
        "published_precision": Precision.DAY,
        "body_text": text,
        "body_html": f"<p>{text}</p>",
        "content_hash": hashlib.sha256(text.encode()).hexdigest(),
        "fetched_at": NOW,
        "archive": ArchivePlace(file="hill/2026-03-01.warc.gz", offset=number * 1000),
        "reader": "vsb",
        "reader_version": "1",
        "provenance": {"title": "meta:ArticleTitle", "published_at": "list"},
    }
    return Article.model_validate(defaults | fields)


def visit(number: int, column: str = "news", **fields: Any) -> Visit:
    """A visit to the page of that number, named by a list row of the column."""
    defaults = {
        "url": url(number),
        "kind": Kind.ARTICLE,
        "site": SITE,
        "column": column,
        "outcome": Outcome.OK,
        "at": NOW,
        "status": 200,
        "listing": Listing(
            url=f"{url(number)}?from={column}",
            title=f"第{number}条",
            published=Published.on(date(2026, 1, number)),
        ),
        "validators": {"etag": f'"{number}"'},
        "body_hash": f"{number:064x}",
    }
    return Visit.model_validate(defaults | fields)


def rejection(number: int, **fields: Any) -> Rejection:
    defaults = {
        "url": url(number),
        "site": SITE,
        "column": "news",
        "outcome": Outcome.REJECTED,
        "reason": "missing_title",
        "errors": ("title: the page has none",),
        "listing": visit(number).listing,
        "archive": ArchivePlace(file="hill/2026-03-01.warc.gz", offset=number * 1000),
        "fetched_at": NOW,
        "reader": "vsb",
        "reader_version": "1",
    }
    return Rejection.model_validate(defaults | fields)


def checkpoint(day: int, column: str = "news") -> Checkpoint:
    return Checkpoint(
        site=SITE,
        column=column,
        since=date(2026, 1, 1),
        newest=date(2026, 1, day),
        list_hash="f" * 64,
        at=NOW,
    )


def cleaned(*articles: Article, **parts: Any) -> Cleaned:
    return Cleaned(site=SITE, articles=articles, **parts)


def deduped(*articles: Article, **parts: Any) -> Deduped:
    """A batch as `dedupe` hands it on."""
    return Deduped(site=SITE, articles=sketched(articles), **parts)


def contents(database: str, *, leave_out: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """All rows of all tables, but for what depends on the attempt."""
    engine = create_engine(database)
    with engine.connect() as connection:
        found = {
            table.name: sorted(
                (
                    {k: v for k, v in row.items() if k not in _OF_THE_ATTEMPT | leave_out}
                    for row in connection.execute(select(table)).mappings()
                ),
                key=repr,
            )
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found
