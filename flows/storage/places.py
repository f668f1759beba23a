"""Where the archive must hold what the store refers to."""

from collections.abc import Iterator

from sqlalchemy import Connection, Select, select

from flows.storage.tables import articles, files, rejections, revisions
from schemas.page import ArchivePlace

Claim = tuple[str, ArchivePlace]
"""What refers to the archive, in words, and to which place."""


def claims(connection: Connection, site: str) -> list[Claim]:
    """Every place of a site's articles, earlier revisions, rejections and files."""
    return [
        *_claims(connection, "article", _of_articles(site)),
        *_claims(connection, "revision of article", _of_revisions(site)),
        *_claims(connection, "rejection of", _of_rejections(site)),
        *_claims(connection, "file", _of_files(site)),
    ]


def _claims(
    connection: Connection, what: str, query: Select[str, str | None, int | None]
) -> Iterator[Claim]:
    for name, file, offset in connection.execute(query):
        if file is not None and offset is not None:
            yield f"{what} {name}", ArchivePlace(file=file, offset=offset)


def _of_articles(site: str) -> Select[str, str | None, int | None]:
    return select(articles.c.id, articles.c.archive_file, articles.c.archive_offset).where(
        articles.c.site == site
    )


def _of_revisions(site: str) -> Select[str, str | None, int | None]:
    return (
        select(
            revisions.c.article_id,
            revisions.c.record["archive_file"].as_string(),
            revisions.c.record["archive_offset"].as_integer(),
        )
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(articles.c.site == site)
    )


def _of_rejections(site: str) -> Select[str, str | None, int | None]:
    return select(rejections.c.url, rejections.c.archive_file, rejections.c.archive_offset).where(
        rejections.c.site == site
    )


def _of_files(site: str) -> Select[str, str, int]:
    """Those that lie in this site's archive; another site may offer the same content."""
    return select(files.c.sha256, files.c.archive_file, files.c.archive_offset).where(
        files.c.archive_file.startswith(f"{site}/", autoescape=True)
    )
