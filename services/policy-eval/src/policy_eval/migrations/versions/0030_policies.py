"""Policies: their versions, which never change, and who activated which when."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "policy_activation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("activated_by", sa.Text, nullable=False),
        sa.Column("activated_at", sa.String(40), nullable=False),
    )
    op.create_index("policy_activation_of_policy", "policy_activation", ["name", "id"])


def downgrade() -> None:
    op.drop_table("policy_activation")
    op.drop_table("policy_version")
