"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(25), "sqlite")
_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_DATED = (
    "(published_at IS NULL) = (published_precision IS NULL)"
    " AND published_precision IN ('day', 'minute', 'second')"
)
_ARCHIVED = (
    "(archive_file IS NULL) = (archive_offset IS NULL)"
    " AND archive_file <> '' AND archive_offset >= 0"
)


def upgrade() -> None:
    op.create_table(
        "appearances",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("url", _KEY, nullable=False),
        sa.Column("column_id", _KEY, nullable=False),
        sa.Column("link", sa.String()),
        sa.Column("title", sa.String()),
        sa.Column("published_at", _INSTANT),
        sa.Column("published_precision", sa.String()),
        sa.CheckConstraint(_DATED, name=op.f("ck_appearances_dated")),
        sa.PrimaryKeyConstraint("site", "url", "column_id", name="pk_appearances"),
    )
    op.create_table(
        "articles",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("site_name", sa.String(), nullable=False),
        sa.Column("url", _KEY, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subtitle", sa.String()),
        sa.Column("published_at", _INSTANT),
        sa.Column("published_precision", sa.String()),
        sa.Column("written_on", sa.Date()),
        sa.Column("breadcrumb", _JSON, nullable=False),
        sa.Column("source", sa.String()),
        sa.Column("author", sa.String()),
        sa.Column("editor", sa.String()),
        sa.Column("issuing_agency", sa.String()),
        sa.Column("index_number", sa.String()),
        sa.Column("document_number", sa.String()),
        sa.Column("catalogue", sa.String()),
        sa.Column("theme", sa.String()),
        sa.Column("genre", sa.String()),
        sa.Column("disclosure", sa.String()),
        sa.Column("keywords", _JSON, nullable=False),
        sa.Column("publisher_division", sa.String()),
        sa.Column("subject_division", sa.String()),
        sa.Column("body_text", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("images", _JSON, nullable=False),
        sa.Column("attachments", _JSON, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("repeats", _KEY),
        sa.Column("archive_file", sa.String()),
        sa.Column("archive_offset", sa.BigInteger()),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("reader_version", sa.String(), nullable=False),
        sa.Column("provenance", _JSON, nullable=False),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.Column("fetched_at", _INSTANT, nullable=False),
        sa.CheckConstraint(_ARCHIVED, name=op.f("ck_articles_archived")),
        sa.CheckConstraint(_DATED, name=op.f("ck_articles_dated")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_articles_titled")),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_articles_hashed")),
        sa.CheckConstraint("repeats <> id", name=op.f("ck_articles_repeats_another")),
        sa.ForeignKeyConstraint(["repeats"], ["articles.id"], name="fk_articles_repeats"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("site", "url", name="uq_articles_site_url"),
    )
    op.create_index("ix_articles_cluster", "articles", ["cluster"])
    op.create_index("ix_articles_content_hash", "articles", ["content_hash"])
    # SQLite puts nulls last in a descending index by itself, and refuses to be told.
    last = "" if op.get_bind().dialect.name == "sqlite" else " NULLS LAST"
    newest_first = sa.text(f"published_at DESC{last}")
    op.create_index("ix_articles_newest", "articles", [newest_first])
    op.create_index("ix_articles_site_newest", "articles", ["site", newest_first])
    op.create_table(
        "checkpoints",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("column_id", _KEY, nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("newest", sa.Date()),
        sa.Column("list_etag", sa.String()),
        sa.Column("list_last_modified", sa.String()),
        sa.Column("list_hash", sa.String()),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("site", "column_id", name="pk_checkpoints"),
    )
    op.create_table(
        "columns",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_columns_named")),
        sa.PrimaryKeyConstraint("site", "id", name="pk_columns"),
    )
    op.create_table(
        "page_states",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("url", _KEY, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("body_hash", sa.String()),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.Column("last_seen", _INSTANT, nullable=False),
        sa.CheckConstraint("outcome <> ''", name=op.f("ck_page_states_visited")),
        sa.PrimaryKeyConstraint("site", "url", name="pk_page_states"),
    )
    op.create_table(
        "rejections",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("url", _KEY, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("errors", _JSON, nullable=False),
        sa.Column("archive_file", sa.String()),
        sa.Column("archive_offset", sa.BigInteger()),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("reader_version", sa.String(), nullable=False),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.Column("last_seen", _INSTANT, nullable=False),
        sa.CheckConstraint(_ARCHIVED, name=op.f("ck_rejections_archived")),
        sa.CheckConstraint("outcome <> '' AND reason <> ''", name=op.f("ck_rejections_explained")),
        sa.PrimaryKeyConstraint("site", "url", name="pk_rejections"),
    )
    op.create_index("ix_rejections_reason", "rejections", ["reason"])
    op.create_table(
        "revisions",
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", _JSON, nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("fetched_at", _INSTANT, nullable=False),
        sa.Column("replaced_at", _INSTANT, nullable=False),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_revisions_hashed")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revisions_numbered")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_revisions_article_id"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_revisions"),
    )


def downgrade() -> None:
    for table in (
        "revisions",
        "rejections",
        "page_states",
        "columns",
        "checkpoints",
        "articles",
        "appearances",
    ):
        op.drop_table(table)
