"""Records read again: what they were before, and those held for review."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(25), "sqlite")
_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ARCHIVED = (
    "(archive_file IS NULL) = (archive_offset IS NULL)"
    " AND archive_file <> '' AND archive_offset >= 0"
)


def upgrade() -> None:
    op.create_index(
        "ix_articles_archive_file_archive_offset", "articles", ["archive_file", "archive_offset"]
    )
    op.create_table(
        "rereadings",
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("before", _JSON, nullable=False),
        sa.Column("archive_file", sa.String()),
        sa.Column("archive_offset", sa.BigInteger()),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("reader_version", sa.String(), nullable=False),
        sa.Column("reread_at", _INSTANT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rereadings_numbered")),
        sa.CheckConstraint(_ARCHIVED, name=op.f("ck_rereadings_archived")),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_rereadings"),
    )
    op.create_table(
        "held",
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("reader_version", sa.String(), nullable=False),
        sa.Column("held_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_held_article_id")),
        sa.PrimaryKeyConstraint("article_id", name="pk_held"),
    )


def downgrade() -> None:
    op.drop_table("held")
    op.drop_table("rereadings")
    op.drop_index("ix_articles_archive_file_archive_offset", "articles")
