"""The lives of obligations: what people decided, and every change of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("obligation", sa.Column("facts", sa.String(64)))
    op.create_table(
        "obligation_life",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("obligation_id", sa.String(36), primary_key=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("facts", sa.String(64), nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.String(40), nullable=False),
        sa.Column("life", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_obligation_life_project_key", "obligation_life", ["project", "key"])
    op.create_table(
        "obligation_change",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("obligation_id", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("after", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("obligation_change")
    op.drop_table("obligation_life")
    op.drop_column("obligation", "facts")
