"""Headers and templates of notices by project, and what was handed in by the digest of the files that it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "notice_template",
        sa.Column("project", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "archived_attribution",
        sa.Column("digest", sa.String(140), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("archived_attribution")
    op.drop_table("notice_template")
