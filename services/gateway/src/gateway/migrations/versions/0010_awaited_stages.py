"""The stage of a release that somebody waits for, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # Old code neither writes nor clears them: whoever counts looks at the progress of the oldest as well.
    op.add_column("release", sa.Column("awaited", sa.String(12)))
    op.add_column("release", sa.Column("awaited_since", sa.String(32)))
    is_awaited = sa.text("awaited IS NOT NULL")
    op.create_index(
        "release_awaited", "release", ["awaited", "awaited_since"], postgresql_where=is_awaited, sqlite_where=is_awaited
    )


def downgrade() -> None:
    op.drop_index("release_awaited", "release")
    op.drop_column("release", "awaited_since")
    op.drop_column("release", "awaited")
