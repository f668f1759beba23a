"""The ledger of backfills, and what its figures are counted by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(25), "sqlite")
_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_COUNTS = ("pages", "rows", "skipped", "list_requests", "article_requests", "rises")


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("column_id", _KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("moved_at", _INSTANT),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("end", sa.String()),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("declared", sa.BigInteger()),
        sa.Column("declared_pages", sa.BigInteger()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _COUNTS),
        sa.Column("mark_day", sa.Date()),
        sa.Column("mark", _JSON, nullable=False),
        sa.Column("hints", _JSON, nullable=False),
        sa.Column("head_day", sa.Date()),
        sa.Column("head", _JSON, nullable=False),
        sa.CheckConstraint("since < until", name=op.f("ck_ledger_half_open")),
        sa.CheckConstraint(
            "(state = 'stopped') = (reason <> '')", name=op.f("ck_ledger_explained")
        ),
        sa.PrimaryKeyConstraint("site", "column_id", "since", "until", name="pk_ledger"),
    )
    op.create_index(
        "ix_appearances_site_column_id_published_at",
        "appearances",
        ["site", "column_id", "published_at"],
    )
    op.create_index("ix_page_states_site_outcome", "page_states", ["site", "outcome"])


def downgrade() -> None:
    op.drop_index("ix_page_states_site_outcome", "page_states")
    op.drop_index("ix_appearances_site_column_id_published_at", "appearances")
    op.drop_table("ledger")
