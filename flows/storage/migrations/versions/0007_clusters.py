"""Clusters of near-duplicates: the texts, the index in which they are found, and their links."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(25), "sqlite")
_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("core", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sketches"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "postings",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("around", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "sketch", name="pk_postings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "links",
        sa.Column("one", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("stands_on", sa.LargeBinary(), nullable=False),
        sa.Column("lean", sa.Integer(), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_links_ordered")),
        sa.PrimaryKeyConstraint("one", "other", name="pk_links"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_links_other", "links", ["other"])
    op.create_table(
        "frames",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "sketch", name="pk_frames"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_frames_sketch", "frames", ["sketch"])
    op.create_table(
        "apart",
        sa.Column("one", _KEY, nullable=False),
        sa.Column("other", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_apart_ordered")),
        sa.PrimaryKeyConstraint("one", "other", name="pk_apart"),
    )
    op.create_index("ix_apart_other", "apart", ["other"])
    op.add_column("articles", sa.Column("sketch", sa.BigInteger()))
    op.create_index("ix_articles_sketch", "articles", ["sketch"])
    # A cluster was named by the hash of its text; it is named by its first article.
    op.execute("UPDATE articles SET cluster = coalesce(repeats, id)")


def downgrade() -> None:
    op.execute("UPDATE articles SET cluster = content_hash")
    op.drop_index("ix_articles_sketch", "articles")
    op.drop_column("articles", "sketch")
    for table in ("apart", "frames", "links", "postings", "sketches"):
        op.drop_table(table)
