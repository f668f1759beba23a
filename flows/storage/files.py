"""The files that articles offer: which are owed, what became of them, the text in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from flows.storage.tables import articles, downloads, files
from flows.storage.types import Instant
from flows.storage.upsert import upsert
from schemas.dates import SHANGHAI
from schemas.file import FileKind, FileVisit, Offer, StoredFile
from schemas.outcome import Outcome
from schemas.page import ArchivePlace
from schemas.site import Site
from spiders.attachments.reading import TEXT_READER
from spiders.families.base import Family

# What got no answer is asked for on other days, but not for ever.
_ASK_FOR: Final = timedelta(days=7)
_UNSETTLED: Final = tuple(outcome for outcome in Outcome if not outcome.is_settled)
_FIRST_SEEN: Final = frozenset({"first_seen"})


def owed(connection: Connection, site: Site, now: datetime, limit: int) -> list[str]:
    """At most `limit` addresses to ask for, each once: the newest articles' never asked for first.

    Only those on the site's own hosts.
    """
    offered = _offers(connection, ["attachments", *(["images"] if site.attachments.images else [])])
    offers = offered.subquery("offers")
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    query = (
        select(offers.c.url)
        .join(articles, articles.c.id == offers.c.article_id)
        .outerjoin(
            downloads, and_(downloads.c.site == articles.c.site, downloads.c.url == offers.c.url)
        )
        .where(
            articles.c.site == site.id,
            or_(
                downloads.c.url.is_(None),
                and_(
                    downloads.c.outcome.in_(_UNSETTLED),
                    downloads.c.last_seen < literal(midnight, Instant()),
                    downloads.c.first_seen >= literal(now - _ASK_FOR, Instant()),
                ),
            ),
        )
        .order_by(
            downloads.c.url.is_not(None),
            articles.c.published_at.desc().nulls_last(),
            articles.c.url,
            offers.c.url,
        )
    )
    wanted: dict[str, None] = {}
    for url in connection.scalars(query):
        if len(wanted) >= limit:
            break
        if urlsplit(url).hostname in site.all_hosts and not Family.never_request.search(url):
            wanted[url] = None
    return list(wanted)


def save(connection: Connection, visit: FileVisit) -> bool:
    """Keep what became of one request; whether it brought a content that is new."""
    is_new = False
    if visit.sha256 and visit.archive:
        known = select(files.c.sha256).where(files.c.sha256 == visit.sha256)
        is_new = connection.scalar(known) is None
        content = {
            "sha256": visit.sha256,
            "kind": visit.kind,
            "size": visit.size,
            "archive_file": visit.archive.file,
            "archive_offset": visit.archive.offset,
        }
        upsert(connection, files, [content], keep=frozenset(content))
    names = ("site", "url", "outcome", "reason", "status", "sha256")
    row = {name: getattr(visit, name) for name in names}
    row |= {"first_seen": visit.at, "last_seen": visit.at}
    upsert(connection, downloads, [row], keep=_FIRST_SEEN)
    return is_new


def unread(connection: Connection, site: str, limit: int | None) -> list[StoredFile]:
    """At most `limit` files of a site that today's reader has not read."""
    query = (
        _files()
        .where(
            files.c.reader.is_distinct_from(TEXT_READER),
            files.c.sha256.in_(select(downloads.c.sha256).where(downloads.c.site == site)),
        )
        .limit(limit)
    )
    return [_file(row) for row in connection.execute(query).mappings()]


def set_text(connection: Connection, sha256: str, text: str | None, no_text: str | None) -> None:
    """Keep what reading a file gave."""
    connection.execute(
        update(files)
        .where(files.c.sha256 == sha256)
        .values(text=text, no_text=no_text, reader=TEXT_READER)
    )


def find(
    connection: Connection,
    *,
    site: str | None = None,
    kind: FileKind | None = None,
    words: Sequence[str] = (),
    limit: int | None = None,
) -> list[StoredFile]:
    """Files whose text has all these words, whatever their case, the last fetched first.

    Every text is looked through: some seconds for a hundred thousand.
    """
    fetched = select(func.max(downloads.c.first_seen)).where(downloads.c.sha256 == files.c.sha256)
    query = _files().order_by(fetched.scalar_subquery().desc(), files.c.sha256).limit(limit)
    if site:
        query = query.where(
            files.c.sha256.in_(select(downloads.c.sha256).where(downloads.c.site == site))
        )
    if kind:
        query = query.where(files.c.kind == kind)
    for word in words:
        query = query.where(files.c.text.icontains(word, autoescape=True))
    return _with_offers(connection, query)


def one(connection: Connection, which: str) -> StoredFile | None:
    """The file whose SHA-256 begins so, or the one of that address."""
    at_address = select(downloads.c.sha256).where(downloads.c.url == which)
    begins = files.c.sha256.startswith(which, autoescape=True)
    query = _files().where(or_(begins, files.c.sha256.in_(at_address))).limit(1)
    return next(iter(_with_offers(connection, query)), None)


def _files() -> Select[Any]:
    return select(files).order_by(files.c.sha256)


def _with_offers(connection: Connection, query: Select[Any]) -> list[StoredFile]:
    found = {row["sha256"]: _file(row) for row in connection.execute(query).mappings()}
    fetched = select(downloads.c.site, downloads.c.url, downloads.c.sha256)
    fetched = fetched.where(downloads.c.sha256.in_(list(found)))
    at = {(row.site, row.url): row.sha256 for row in connection.execute(fetched)}
    offers = _offers(connection, ["attachments", "images"]).subquery("offers")
    # By address first: one pass over the articles, not one a file.
    links = (
        select(offers)
        .where(offers.c.url.in_({url for _, url in at}))
        .order_by(offers.c.url, offers.c.article_id)
    )
    by_file: dict[str, list[Offer]] = {}
    for row in connection.execute(links):
        if sha256 := at.get((row.site, row.url)):
            offer = Offer(article=row.article_id, url=row.url, name=row.name or "")
            by_file.setdefault(sha256, []).append(offer)
    return [
        file.model_copy(update={"offered": tuple(by_file.get(sha256, ()))})
        for sha256, file in found.items()
    ]


def _offers(connection: Connection, kinds: Iterable[str]) -> CompoundSelect[Any]:
    """A row a link to a file: article_id, site, url, name. Taken from the records themselves."""
    return union_all(*(_links(connection, kind) for kind in kinds))


def _links(connection: Connection, kind: str) -> Select[Any]:
    label = "caption" if kind == "images" else "name"
    if connection.dialect.name == "sqlite":
        each = func.json_each(articles.c[kind]).table_valued("value", name=f"each_{kind}")
        url: Any = func.json_extract(each.c.value, "$.url")
        name: Any = func.json_extract(each.c.value, f"$.{label}")
    else:
        each = func.jsonb_array_elements(articles.c[kind]).table_valued(
            "value", name=f"each_{kind}"
        )
        url = func.jsonb_extract_path_text(each.c.value.cast(JSONB), "url")
        name = func.jsonb_extract_path_text(each.c.value.cast(JSONB), label)
    return select(
        articles.c.id.label("article_id"),
        articles.c.site.label("site"),
        url.label("url"),
        name.label("name"),
    ).select_from(articles.join(each, true()))


def _file(row: Any) -> StoredFile:
    return StoredFile(
        sha256=row["sha256"],
        kind=row["kind"],
        size=row["size"],
        archive=ArchivePlace(file=row["archive_file"], offset=row["archive_offset"]),
        text=row["text"],
        no_text=row["no_text"],
    )
