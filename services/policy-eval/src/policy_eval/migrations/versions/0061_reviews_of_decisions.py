"""Who has looked at curations and waivers again."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.create_table(
        "decision_review",
        sa.Column("decision_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.String(40), primary_key=True),
        sa.Column("by", sa.String(255), primary_key=True),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("review_date", sa.String(10)),
    )


def downgrade() -> None:
    op.drop_table("decision_review")
