"""What a shape is as a row, and back."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import RowMapping

from schemas.article import Article
from schemas.dates import Published
from schemas.ledger import Entry
from schemas.page import ArchivePlace, Listing, Validators
from schemas.rejection import Rejection
from schemas.visit import Checkpoint, PageState, Visit

Row = dict[str, Any]
Columns = Mapping[str, Any] | RowMapping
"""A row as it is written, or as it was read."""

# Fields of the record that are not one column each of `articles`: where a page lies takes two,
# and its columns stand in `appearances`.
_ELSEWHERE: Final = {"archive", "column", "column_name"}
_LISTS: Final = ("breadcrumb", "keywords")
_AS_IT_IS: Final = tuple(
    name
    for name in Article.model_fields
    if name not in {*_ELSEWHERE, *_LISTS, "published_at", "images", "attachments"}
)


def article_row(article: Article) -> Row:
    """The columns of `articles` that a record fills: all but its text's number and its cluster."""
    moment = article.published_at
    return {
        **{name: getattr(article, name) for name in _AS_IT_IS},
        **{name: list(getattr(article, name)) for name in _LISTS},
        "published_at": moment.replace(microsecond=0) if moment else None,
        "images": [image.model_dump(exclude_none=True) for image in article.images],
        "attachments": [attachment.model_dump() for attachment in article.attachments],
        **_archive_columns(article.archive),
        "first_seen": article.fetched_at,
    }


def article(row: Columns) -> Article:
    """The record of a row of `articles`, with `column` and `column_name` beside its own."""
    fields = {name: row[name] for name in Article.model_fields if name != "archive"}
    return Article.model_validate({**fields, "archive": _archive_place(row)})


def appearance_row(site: str, url: str, column: str, listing: Listing | None) -> Row:
    published = listing.published if listing else None
    return {
        "site": site,
        "url": url,
        "column_id": column,
        "link": listing.url if listing else None,
        "title": listing.title if listing else None,
        "published_at": published.at if published else None,
        "published_precision": published.precision if published else None,
    }


def rejection_row(rejected: Rejection) -> Row:
    return {
        "site": rejected.site,
        "url": rejected.url,
        "outcome": rejected.outcome,
        "reason": rejected.reason,
        "errors": list(rejected.errors),
        **_archive_columns(rejected.archive),
        "reader": rejected.reader,
        "reader_version": rejected.reader_version,
        "first_seen": rejected.fetched_at,
        "last_seen": rejected.fetched_at,
    }


def rejection(row: RowMapping) -> Rejection:
    """The rejection of a row of `rejections`, with what its first column's list said beside it."""
    listing = None
    if row["link"] is not None:
        moment = row["listed_at"]
        published = Published(at=moment, precision=row["listed_precision"]) if moment else None
        listing = Listing(url=row["link"], title=row["listed_title"], published=published)
    return Rejection(
        url=row["url"],
        site=row["site"],
        column=row["column"],
        outcome=row["outcome"],
        reason=row["reason"],
        errors=tuple(row["errors"]),
        listing=listing,
        archive=_archive_place(row),
        fetched_at=row["last_seen"],
        reader=row["reader"],
        reader_version=row["reader_version"],
    )


def page_state_row(site: str, visit: Visit, rejected: Rejection | None) -> Row:
    """What is remembered of a visit; where its page was rejected, that is what became of it."""
    return {
        "site": site,
        "url": visit.url,
        "outcome": rejected.outcome if rejected else visit.outcome,
        "reason": rejected.reason if rejected else visit.reason,
        "status": visit.status,
        "etag": visit.validators.etag,
        "last_modified": visit.validators.last_modified,
        "body_hash": visit.body_hash,
        "archive": str(visit.archive) if visit.archive else None,
        "first_seen": visit.at,
        "last_seen": visit.at,
    }


def page_state(row: RowMapping) -> PageState:
    return PageState(
        url=row["url"],
        outcome=row["outcome"],
        reason=row["reason"],
        status=row["status"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        body_hash=row["body_hash"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        archive=_parsed_place(row["archive"]),
    )


def checkpoint_row(reached: Checkpoint) -> Row:
    return {
        "site": reached.site,
        "column_id": reached.column,
        "since": reached.since,
        "newest": reached.newest,
        "list_etag": reached.list_validators.etag,
        "list_last_modified": reached.list_validators.last_modified,
        "list_hash": reached.list_hash,
        "list_archive": str(reached.list_archive) if reached.list_archive else None,
        "at": reached.at,
    }


def checkpoint(row: RowMapping) -> Checkpoint:
    return Checkpoint(
        site=row["site"],
        column=row["column_id"],
        since=row["since"],
        newest=row["newest"],
        list_validators=Validators(etag=row["list_etag"], last_modified=row["list_last_modified"]),
        list_hash=row["list_hash"],
        list_archive=_parsed_place(row["list_archive"]),
        at=row["at"],
    )


def ledger_row(entry: Entry) -> Row:
    values = entry.model_dump(exclude={"column", "hints"})
    hints = [hint.model_dump(mode="json") for hint in entry.hints]
    lists = {"mark": list(entry.mark), "hints": hints, "head": list(entry.head)}
    return {**values, **lists, "column_id": entry.column}


def ledger_entry(row: RowMapping) -> Entry:
    values = dict(row)
    return Entry.model_validate({"column": values.pop("column_id"), **values})


def _parsed_place(place: str | None) -> ArchivePlace | None:
    return ArchivePlace.parse(place) if place else None


def _archive_columns(place: ArchivePlace | None) -> Row:
    return {
        "archive_file": place.file if place else None,
        "archive_offset": place.offset if place else None,
    }


def _archive_place(row: Columns) -> ArchivePlace | None:
    if row["archive_file"] is None:
        return None
    return ArchivePlace(file=row["archive_file"], offset=row["archive_offset"])
