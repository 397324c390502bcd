"""What was last told of a release's validation steps, and what people approve."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("current_derivation", sa.Column("told_steps", sa.LargeBinary))
    op.create_table(
        "approval",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("release_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("withdrawn_at", sa.String(40)),
        sa.Column("withdrawn_by", sa.Text),
    )
    op.create_index("approval_of_subject", "approval", ["subject", "kind", "project"])


def downgrade() -> None:
    op.drop_table("approval")
    op.drop_column("current_derivation", "told_steps")
