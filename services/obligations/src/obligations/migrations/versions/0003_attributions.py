"""What people handed in beside SBOMs, by project."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "attribution",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_index("ix_attribution_project", "attribution", ["project", "id"])


def downgrade() -> None:
    op.drop_table("attribution")
