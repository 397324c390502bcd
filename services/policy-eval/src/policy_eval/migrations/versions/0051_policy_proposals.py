"""Who wants which version of a policy to be active, where that takes two people."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_table(
        "policy_proposal",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.String(40), nullable=False),
    )
    op.create_index("policy_proposal_of_policy", "policy_proposal", ["name", "id"])


def downgrade() -> None:
    op.drop_table("policy_proposal")
