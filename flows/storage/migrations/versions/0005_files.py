"""Files that articles offer: their contents, each once, and what became of asking for them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(25), "sqlite")
_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_ARCHIVED = (
    "(archive_file IS NULL) = (archive_offset IS NULL)"
    " AND archive_file <> '' AND archive_offset >= 0"
)


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("sha256", _KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("archive_file", sa.String(), nullable=False),
        sa.Column("archive_offset", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String()),
        sa.Column("no_text", sa.String()),
        sa.Column("reader", sa.String()),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_files_hashed")),
        sa.CheckConstraint("text IS NULL OR no_text IS NULL", name=op.f("ck_files_read")),
        sa.CheckConstraint(_ARCHIVED, name=op.f("ck_files_archived")),
        sa.PrimaryKeyConstraint("sha256", name="pk_files"),
    )
    op.create_table(
        "downloads",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("url", _KEY, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("sha256", _KEY),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.Column("last_seen", _INSTANT, nullable=False),
        sa.CheckConstraint("outcome <> ''", name=op.f("ck_downloads_visited")),
        sa.CheckConstraint(
            "(outcome = 'ok') = (sha256 IS NOT NULL)", name=op.f("ck_downloads_brought")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name="fk_downloads_sha256"),
        sa.PrimaryKeyConstraint("site", "url", name="pk_downloads"),
    )
    op.create_index("ix_downloads_sha256", "downloads", ["sha256"])


def downgrade() -> None:
    op.drop_table("downloads")
    op.drop_table("files")
