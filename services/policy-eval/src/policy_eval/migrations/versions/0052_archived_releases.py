"""Which releases are archived, so that their questions wait for nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("release_input", sa.Column("archived", sa.Boolean))
    op.add_column("release_input", sa.Column("archive_told_at", sa.String(40)))


def downgrade() -> None:
    op.drop_column("release_input", "archive_told_at")
    op.drop_column("release_input", "archived")
