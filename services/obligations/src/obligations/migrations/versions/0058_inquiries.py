"""Inquiries from outside, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0055"


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("project", sa.Text),
        sa.Column("due_at", sa.String(40)),
        sa.Column("etag", sa.String(16), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("inquiry_by_due_date", "inquiry", ["due_at"])


def downgrade() -> None:
    op.drop_table("inquiry")
