"""Articles over time: their further addresses, and when they were missing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(25), "sqlite")
_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_EXPLAINED = "suspected_sign <> '' AND suspected_reason <> ''"
_CONFIRMED = (
    "(confirmed_at IS NULL) = (confirmed_sign IS NULL)"
    " AND (confirmed_at IS NULL) = (confirmed_reason IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("url", _KEY, nullable=False),
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("first_seen", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("site", "url", name="pk_addresses"),
    )
    op.create_index("ix_addresses_article_id", "addresses", ["article_id"])
    op.create_table(
        "absences",
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("suspected_at", _INSTANT, nullable=False),
        sa.Column("suspected_sign", sa.String(), nullable=False),
        sa.Column("suspected_reason", sa.String(), nullable=False),
        sa.Column("confirmed_at", _INSTANT),
        sa.Column("confirmed_sign", sa.String()),
        sa.Column("confirmed_reason", sa.String()),
        sa.Column("back_at", _INSTANT),
        sa.CheckConstraint(_EXPLAINED, name=op.f("ck_absences_explained")),
        sa.CheckConstraint(_CONFIRMED, name=op.f("ck_absences_confirmed")),
        sa.PrimaryKeyConstraint("article_id", "suspected_at", name="pk_absences"),
    )


def downgrade() -> None:
    op.drop_table("absences")
    op.drop_table("addresses")
