"""Copies of an article's page on its own site: other columns, mobile twins, further parameters."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, select, union_all

from flows.storage.tables import addresses, articles, page_states
from schemas.article import Article
from schemas.cluster import has_enough_text
from schemas.dates import SHANGHAI
from schemas.outcome import Outcome
from schemas.visit import Visit
from spiders.extract.fingerprint import folded

FACTS: Final = ("id", "url", "title", "published_at", "content_hash")
"""The columns of `articles` by which an article is known again."""
# What an address comes to that does not speak for an article any more.
_LOST: Final = frozenset({Outcome.GONE, Outcome.MOVED})

owned: Final = union_all(
    select(articles.c.site, articles.c.url, articles.c.id.label("article_id")),
    select(addresses.c.site, addresses.c.url, addresses.c.article_id),
).subquery("owned")
"""Every address of every article."""

Face = tuple[str, str, date]
"""Text, title and publish day: what two pages of one article have in common."""


def find(connection: Connection, site: str, fresh: Sequence[Article]) -> dict[str, str]:
    """The id of the article that each new address is a copy of; those of no copy are missing.

    A copy has the same text, the same title and the same publish day. The same text on another day
    is another notice, and of what shows no day nobody can tell. Of several that are new the
    plainest address is the article's, whichever was met first.
    """
    faces = {a.url: face for a in fresh if a.site == site and (face := face_of(a))}
    if not faces:
        return {}
    # By the texts alone, for few articles share one: asked for the site as well, or for an order,
    # SQLite goes through all that the site has.
    query = select(articles.c.site, *(articles.c[name] for name in FACTS)).where(
        articles.c.content_hash.in_({face[0] for face in faces.values()})
    )
    stored = [row for row in connection.execute(query) if row.site == site and row.published_at]
    originals: dict[Face, str] = {}
    for row in sorted(stored, key=attrgetter("url")):
        originals.setdefault(_face(row.content_hash, row.title, row.published_at), row.id)
    found: dict[str, str] = {}
    for article in sorted(fresh, key=lambda article: _plainness(article.url)):
        if (face := faces.get(article.url)) is None:
            continue
        original = originals.setdefault(face, article.id)
        if original != article.id:
            found[article.url] = original
    return found


def silent(
    connection: Connection, site: str, urls: Iterable[str], visits: Iterable[Visit] = ()
) -> set[str]:
    """Those of the addresses whose page does not speak for its article.

    An article's own address speaks for it. Only when that is gone, or redirects, do the others.

    Args:
        connection: The database.
        site: Whose addresses they are.
        urls: Canonical addresses.
        visits: What is not stored yet of the site's pages.
    """
    query = (
        select(addresses.c.url, articles.c.url.label("own"), page_states.c.outcome)
        .join(articles, articles.c.id == addresses.c.article_id)
        .outerjoin(
            page_states,
            and_(page_states.c.site == articles.c.site, page_states.c.url == articles.c.url),
        )
        .where(addresses.c.site == site, addresses.c.url.in_(list(urls)))
    )
    lost = {visit.url for visit in visits if visit.outcome in _LOST or visit.address}
    return {
        row.url
        for row in connection.execute(query)
        if row.outcome not in _LOST and row.own not in lost
    }


def alive(connection: Connection, ids: Iterable[str]) -> dict[str, set[str]]:
    """The addresses of each article whose last visit found a page."""
    query = (
        select(owned.c.article_id, owned.c.url)
        .join(
            page_states, and_(page_states.c.site == owned.c.site, page_states.c.url == owned.c.url)
        )
        .where(owned.c.article_id.in_(list(ids)), page_states.c.outcome == Outcome.OK)
    )
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.article_id, set()).add(row.url)
    return found


def _plainness(url: str) -> tuple[bool, bool, str]:
    parts = urlsplit(url)
    return not (parts.hostname or "").startswith("www."), bool(parts.query), url


def face_of(article: Article) -> Face | None:
    """By what an article's page is known again; none where it does not say enough."""
    if article.published_at is None or not has_enough_text(article.body_text):
        return None
    return _face(article.content_hash, article.title, article.published_at)


def _face(content_hash: str, title: str, published_at: datetime) -> Face:
    return content_hash, folded(title), published_at.astimezone(SHANGHAI).date()
