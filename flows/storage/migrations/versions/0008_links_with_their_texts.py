"""A row a key and a row a text: a key's texts, and a text's links, stand together.

Texts are to be compared anew (`clusters rebuild`); until then clusters stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("frames", "links", "postings", "sketches"):
        op.drop_table(table)
    op.create_table(
        "sketches",
        sa.Column("id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("core", sa.BigInteger(), nullable=False),
        sa.Column("links", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sketches"),
    )
    op.create_table(
        "postings",
        sa.Column("key", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_postings"),
    )
    op.create_table(
        "excerpts",
        sa.Column("one", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("stands_on", sa.LargeBinary(), nullable=False),
        sa.Column("lean", sa.Integer(), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_excerpts_ordered")),
        sa.PrimaryKeyConstraint("one", "other", name="pk_excerpts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_excerpts_other", "excerpts", ["other"])
    op.create_table(
        "frames",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("one", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "one", "other", name="pk_frames"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_frames_one", "frames", ["one"])
    op.create_index("ix_frames_other", "frames", ["other"])
    op.create_table(
        "common_keys",
        sa.Column("key", _NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_common_keys"),
    )
    op.execute("UPDATE articles SET sketch = NULL")


def downgrade() -> None:
    for table in ("common_keys", "frames", "excerpts", "postings", "sketches"):
        op.drop_table(table)
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
    op.execute("UPDATE articles SET sketch = NULL")
