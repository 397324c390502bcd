"""Releases that were archived."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("release", sa.Column("archived_at", sa.String(32)))


def downgrade() -> None:
    op.drop_column("release", "archived_at")
