"""The tables, the same on SQLite and PostgreSQL.

No table but `ledger` counts anything and no key is drawn from a sequence, so the rows are the
same whatever the number and order of the attempts that wrote them. What a list row said of an
article stands in `appearances` by address, because it may be stored before the article, and
because one article stands in several columns.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Named,
    Table,
    TypedColumns,
    UniqueConstraint,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

from flows.storage.types import Instant, Json, Key, Number, PackedKeys
from schemas.dates import Precision

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


_PRECISIONS = ", ".join(f"'{precision}'" for precision in Precision)


# A CHECK passes where it comes out unknown, as it does for two nulls here.
def _dated() -> CheckConstraint:
    """A publish time comes with its precision, or neither is there."""
    return CheckConstraint(
        "(published_at IS NULL) = (published_precision IS NULL)"
        f" AND published_precision IN ({_PRECISIONS})",
        name="dated",
    )


def _archived() -> CheckConstraint:
    """A file of the archive comes with the offset in it, or neither is there."""
    return CheckConstraint(
        "(archive_file IS NULL) = (archive_offset IS NULL)"
        " AND archive_file <> '' AND archive_offset >= 0",
        name="archived",
    )


class _ArticleColumns(TypedColumns):
    id: Named[str] = Column(Key, primary_key=True)
    site: Named[str]
    site_name: Named[str]
    url: Named[str] = Column(Key)
    title: Named[str]
    subtitle: Named[str | None]
    published_at: Named[datetime | None] = Column(Instant)
    published_precision: Named[str | None]
    written_on: Named[date | None]
    breadcrumb: Named[list[str]] = Column(Json)
    source: Named[str | None]
    author: Named[str | None]
    editor: Named[str | None]
    issuing_agency: Named[str | None]
    index_number: Named[str | None]
    document_number: Named[str | None]
    catalogue: Named[str | None]
    theme: Named[str | None]
    genre: Named[str | None]
    disclosure: Named[str | None]
    keywords: Named[list[str]] = Column(Json)
    publisher_division: Named[str | None]
    subject_division: Named[str | None]
    body_text: Named[str]
    body_html: Named[str]
    images: Named[list[dict[str, str]]] = Column(Json)
    attachments: Named[list[dict[str, str]]] = Column(Json)
    language: Named[str]
    content_hash: Named[str]
    sketch: Named[int | None] = Column(BigInteger)
    """Its text among `sketches`; 0 where there is too little of it, null before it was compared."""
    cluster: Named[str]
    """The id of the first article of those that carry the same text."""
    repeats: Named[str | None] = Column(Key, ForeignKey("articles.id"))
    """The same, where this is not the first."""
    archive_file: Named[str | None]
    archive_offset: Named[int | None] = Column(BigInteger)
    reader: Named[str]
    reader_version: Named[str]
    provenance: Named[dict[str, str]] = Column(Json)
    first_seen: Named[datetime] = Column(Instant)
    fetched_at: Named[datetime] = Column(Instant)


articles = Table(
    "articles",
    metadata,
    _ArticleColumns,
    UniqueConstraint("site", "url"),
    CheckConstraint("title <> ''", name="titled"),
    CheckConstraint("length(content_hash) = 64", name="hashed"),
    CheckConstraint("repeats <> id", name="repeats_another"),
    _dated(),
    _archived(),
    Index(None, "content_hash"),
    Index(None, "cluster"),
    Index(None, "sketch"),
    Index(None, "archive_file", "archive_offset"),
)


_newest_first = articles.c.published_at.desc().nulls_last()
Index("ix_articles_site_newest", articles.c.site, _newest_first)
Index("ix_articles_newest", _newest_first)


@compiles(CreateIndex, "sqlite")
def _without_nulls_last(element: CreateIndex, compiler: Any, **options: Any) -> str:
    """SQLite puts nulls last in a descending index by itself, and refuses to be told."""
    statement: str = compiler.visit_create_index(element, **options)
    return statement.replace(" NULLS LAST", "")


class _AppearanceColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    url: Named[str] = Column(Key, primary_key=True)
    """Canonical: the article's, once it is stored."""
    column_id: Named[str] = Column(Key, primary_key=True)
    link: Named[str | None]
    """The address as the list gave it; null where no list row is known."""
    title: Named[str | None]
    published_at: Named[datetime | None] = Column(Instant)
    published_precision: Named[str | None]


appearances = Table(
    "appearances",
    metadata,
    _AppearanceColumns,
    _dated(),
    Index(None, "site", "column_id", "published_at"),
)


class _ColumnColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    id: Named[str] = Column(primary_key=True)
    name: Named[str]


columns = Table("columns", metadata, _ColumnColumns, CheckConstraint("name <> ''", name="named"))
"""What a site calls its columns."""


class _RevisionColumns(TypedColumns):
    article_id: Named[str] = Column(Key, ForeignKey("articles.id"), primary_key=True)
    number: Named[int] = Column(primary_key=True, autoincrement=False)
    """From 1, oldest first."""
    record: Named[dict[str, Any]] = Column(Json)
    """The row of `articles` as it was, but for `repeats`: other articles decide on that."""
    content_hash: Named[str]
    fetched_at: Named[datetime] = Column(Instant)
    replaced_at: Named[datetime] = Column(Instant)
    """When the page that replaced it was fetched."""


revisions = Table(
    "revisions",
    metadata,
    _RevisionColumns,
    CheckConstraint("number >= 1", name="numbered"),
    CheckConstraint("length(content_hash) = 64", name="hashed"),
)


class _RejectionColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    url: Named[str] = Column(Key, primary_key=True)
    outcome: Named[str]
    reason: Named[str]
    errors: Named[list[str]] = Column(Json)
    archive_file: Named[str | None]
    archive_offset: Named[int | None] = Column(BigInteger)
    reader: Named[str]
    reader_version: Named[str]
    first_seen: Named[datetime] = Column(Instant)
    last_seen: Named[datetime] = Column(Instant)


rejections = Table(
    "rejections",
    metadata,
    _RejectionColumns,
    CheckConstraint("outcome <> '' AND reason <> ''", name="explained"),
    _archived(),
    Index(None, "reason"),
)


class _RereadingColumns(TypedColumns):
    article_id: Named[str] = Column(Key, primary_key=True)
    number: Named[int] = Column(primary_key=True, autoincrement=False)
    """From 1, in the order they were stored."""
    before: Named[dict[str, Any]] = Column(Json)
    """The columns of `articles` that read differently, as they were."""
    archive_file: Named[str | None]
    archive_offset: Named[int | None] = Column(BigInteger)
    reader: Named[str]
    reader_version: Named[str]
    """By which rules the columns had been read."""
    reread_at: Named[datetime] = Column(Instant)


rereadings = Table(
    "rereadings",
    metadata,
    _RereadingColumns,
    CheckConstraint("number >= 1", name="numbered"),
    _archived(),
)
"""What our readers made of a page before they were changed. The page is the same: what a page
said before it was changed itself stands in `revisions`."""


class _HeldColumns(TypedColumns):
    article_id: Named[str] = Column(Key, ForeignKey("articles.id"), primary_key=True)
    reasons: Named[list[str]] = Column(Json)
    reader: Named[str]
    reader_version: Named[str]
    held_at: Named[datetime] = Column(Instant)


held = Table("held", metadata, _HeldColumns)
"""Articles that would get worse by the rules named here, until someone has looked."""


class _PageStateColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    url: Named[str] = Column(Key, primary_key=True)
    outcome: Named[str]
    reason: Named[str]
    status: Named[int | None]
    etag: Named[str | None]
    last_modified: Named[str | None]
    body_hash: Named[str | None]
    archive: Named[str | None]
    """Where the last full response lies, as `ArchivePlace` prints it."""
    first_seen: Named[datetime] = Column(Instant)
    last_seen: Named[datetime] = Column(Instant)


page_states = Table(
    "page_states",
    metadata,
    _PageStateColumns,
    CheckConstraint("outcome <> ''", name="visited"),
    Index(None, "site", "outcome"),
)


class _CheckpointColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    column_id: Named[str] = Column(Key, primary_key=True)
    since: Named[date | None]
    newest: Named[date | None]
    list_etag: Named[str | None]
    list_last_modified: Named[str | None]
    list_hash: Named[str | None]
    list_archive: Named[str | None]
    at: Named[datetime] = Column(Instant)


checkpoints = Table("checkpoints", metadata, _CheckpointColumns)


class _LedgerColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    column_id: Named[str] = Column(Key, primary_key=True)
    since: Named[date] = Column(primary_key=True)
    until: Named[date] = Column(primary_key=True)
    asked_at: Named[datetime] = Column(Instant)
    moved_at: Named[datetime | None] = Column(Instant)
    state: Named[str]
    reason: Named[str]
    end: Named[str | None]
    end_reason: Named[str]
    declared: Named[int | None] = Column(BigInteger)
    declared_pages: Named[int | None] = Column(BigInteger)
    pages: Named[int] = Column(BigInteger)
    rows: Named[int] = Column(BigInteger)
    skipped: Named[int] = Column(BigInteger)
    list_requests: Named[int] = Column(BigInteger)
    article_requests: Named[int] = Column(BigInteger)
    rises: Named[int] = Column(BigInteger)
    mark_day: Named[date | None]
    mark: Named[list[str]] = Column(Json)
    hints: Named[list[dict[str, Any]]] = Column(Json)
    head_day: Named[date | None]
    head: Named[list[str]] = Column(Json)


ledger = Table(
    "ledger",
    metadata,
    _LedgerColumns,
    CheckConstraint("since < until", name="half_open"),
    CheckConstraint("(state = 'stopped') = (reason <> '')", name="explained"),
)
"""Backfills, a row a column and window; `schemas.ledger.Entry` says what each field is.

What articles were found and what of them is owed, the other tables tell. Pages and rows passed
are counted here because rows outside the window are stored nowhere; requests, because what a
backfill cost the site is what its next estimate is made of.
"""


class _AddressColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    url: Named[str] = Column(Key, primary_key=True)
    """Canonical."""
    article_id: Named[str] = Column(Key)
    first_seen: Named[datetime] = Column(Instant)


addresses = Table("addresses", metadata, _AddressColumns, Index(None, "article_id"))
"""Further addresses of articles that were moved or copied; an article's own stands in its row."""


class _AbsenceColumns(TypedColumns):
    article_id: Named[str] = Column(Key, primary_key=True)
    suspected_at: Named[datetime] = Column(Instant, primary_key=True)
    suspected_sign: Named[str]
    suspected_reason: Named[str]
    confirmed_at: Named[datetime | None] = Column(Instant)
    """On another day: from then on the article counts as gone."""
    confirmed_sign: Named[str | None]
    confirmed_reason: Named[str | None]
    back_at: Named[datetime | None] = Column(Instant)
    """Null while it lasts."""


absences = Table(
    "absences",
    metadata,
    _AbsenceColumns,
    CheckConstraint("suspected_sign <> '' AND suspected_reason <> ''", name="explained"),
    CheckConstraint(
        "(confirmed_at IS NULL) = (confirmed_sign IS NULL)"
        " AND (confirmed_at IS NULL) = (confirmed_reason IS NULL)",
        name="confirmed",
    ),
)
"""When an article that is stored was missing on its site."""


class _FileColumns(TypedColumns):
    sha256: Named[str] = Column(Key, primary_key=True)
    kind: Named[str]
    """By the signature in its bytes."""
    size: Named[int] = Column(BigInteger)
    archive_file: Named[str]
    archive_offset: Named[int] = Column(BigInteger)
    text: Named[str | None]
    no_text: Named[str | None]
    """Why there is no text."""
    reader: Named[str | None]
    """The version of the rules that looked for text; null until they have."""


files = Table(
    "files",
    metadata,
    _FileColumns,
    CheckConstraint("length(sha256) = 64", name="hashed"),
    CheckConstraint("text IS NULL OR no_text IS NULL", name="read"),
    _archived(),
)
"""Contents of files that articles offer, each once, whatever its addresses."""


class _DownloadColumns(TypedColumns):
    site: Named[str] = Column(primary_key=True)
    url: Named[str] = Column(Key, primary_key=True)
    """As `articles.attachments` or `articles.images` has it."""
    outcome: Named[str]
    reason: Named[str]
    status: Named[int | None]
    sha256: Named[str | None] = Column(Key, ForeignKey("files.sha256"), index=True)
    first_seen: Named[datetime] = Column(Instant)
    last_seen: Named[datetime] = Column(Instant)


downloads = Table(
    "downloads",
    metadata,
    _DownloadColumns,
    CheckConstraint("outcome <> ''", name="visited"),
    CheckConstraint("(outcome = 'ok') = (sha256 IS NOT NULL)", name="brought"),
)
"""What became of asking for a file; which articles offer it, their own rows say."""


class _SketchColumns(TypedColumns):
    id: Named[int] = Column(Number, primary_key=True, autoincrement=False)
    """Of title and body, as they are compared: articles that say the same have one."""
    core: Named[int] = Column(BigInteger)
    """The least of the sketches that are one text beyond doubt, whatever frames they stand in."""
    links: Named[bytes] = Column(LargeBinary)
    """What others are to it, as `storage.texts` packs them."""


sketches = Table("sketches", metadata, _SketchColumns)
"""Texts that are compared; what they say, an article that carries them says."""


class _PostingColumns(TypedColumns):
    key: Named[int] = Column(Number, primary_key=True, autoincrement=False)
    texts: Named[bytes] = Column(LargeBinary)
    """A record each, as `similarity.listed` packs them."""


postings = Table("postings", metadata, _PostingColumns)
"""Under which keys a text is found: a row a key, so that a key is looked up, and changed, once."""


class _ExcerptColumns(TypedColumns):
    one: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    """The lesser of the two sketches."""
    other: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    strength: Named[int]
    """Characters that both share, in thousandths of the longer text."""
    stands_on: Named[tuple[int, ...]] = Column(PackedKeys)
    """Keys; where all of them are common, the link is void."""
    lean: Named[int]
    """Above zero where `one` seems to be the original."""


excerpts = Table(
    "excerpts",
    metadata,
    _ExcerptColumns,
    CheckConstraint("one < other", name="ordered"),
    Index(None, "other"),
    sqlite_with_rowid=False,
)
"""Passages of one text that stand in another."""


class _FrameColumns(TypedColumns):
    key: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    one: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    """The lesser of the two sketches."""
    other: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)


frames = Table(
    "frames",
    metadata,
    _FrameColumns,
    Index(None, "one"),
    Index(None, "other"),
    sqlite_with_rowid=False,
)
"""By which keys links of texts in other frames stand or fall."""


class _CommonKeyColumns(TypedColumns):
    key: Named[int] = Column(Number, primary_key=True, autoincrement=False)


common_keys = Table("common_keys", metadata, _CommonKeyColumns)
"""Those of the keys of `frames` that were found in very many clusters: they speak for no link."""


class _ApartColumns(TypedColumns):
    one: Named[str] = Column(Key, primary_key=True)
    """The lesser of the two articles."""
    other: Named[str] = Column(Key, primary_key=True)
    at: Named[datetime] = Column(Instant)
    by: Named[str]
    why: Named[str]


apart = Table(
    "apart",
    metadata,
    _ApartColumns,
    CheckConstraint("one < other", name="ordered"),
    Index(None, "other"),
)
"""Articles that a person has said are not one story, whatever their texts say."""
