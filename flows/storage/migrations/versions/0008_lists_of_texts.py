"""The index of texts has a row a key; texts are to be compared anew (`clusters rebuild`)."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_table("postings")
    op.create_table(
        "postings",
        sa.Column("key", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_postings"),
    )
    _forget()


def downgrade() -> None:
    op.drop_table("postings")
    op.create_table(
        "postings",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("around", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "sketch", name="pk_postings"),
        sqlite_with_rowid=False,
    )
    _forget()


def _forget() -> None:
    """Clusters stay as they are; what they were found by is found again."""
    for table in ("links", "frames", "sketches"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608  (our own names)
    op.execute("UPDATE articles SET sketch = NULL")
