"""Token buckets that all replicas share."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "rate_bucket",
        sa.Column("name", sa.String(320), primary_key=True),
        sa.Column("tokens", sa.Double, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_index("ix_rate_bucket_at", "rate_bucket", ["at"])


def downgrade() -> None:
    op.drop_table("rate_bucket")
