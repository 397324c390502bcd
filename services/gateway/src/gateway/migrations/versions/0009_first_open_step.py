"""The first validation step of a release that is not done, to search by."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Old code writes no step: its releases stand at the first, as they are shown until they are evaluated again.
    op.add_column("release", sa.Column("first_open_step", sa.String(40), nullable=False, server_default="intake"))
    op.create_index("release_by_step", "release", ["first_open_step", "id"])


def downgrade() -> None:
    op.drop_index("release_by_step", "release")
    op.drop_column("release", "first_open_step")
