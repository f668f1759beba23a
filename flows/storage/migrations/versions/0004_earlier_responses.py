"""Where the last full response of an address lies, so that an unchanged one refers to it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("page_states", sa.Column("archive", sa.String()))
    op.add_column("checkpoints", sa.Column("list_archive", sa.String()))


def downgrade() -> None:
    op.drop_column("checkpoints", "list_archive")
    op.drop_column("page_states", "archive")
