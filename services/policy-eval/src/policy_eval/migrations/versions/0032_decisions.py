"""What people decide about licences."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("purl_name", sa.Text),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("decision_of_kind", "decision", ["kind", "id"])
    op.create_index("decision_of_package", "decision", ["kind", "purl_name", "state"])
    op.create_index("decision_in_state", "decision", ["state", "id"])
    op.add_column("finding", sa.Column("waived", sa.LargeBinary))
    op.create_table(
        "explanation",
        sa.Column("evaluation_id", sa.String(36), sa.ForeignKey("evaluation.id"), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "organization",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("organization")
    op.drop_table("explanation")
    with op.batch_alter_table("finding") as finding:
        finding.drop_column("waived")
    op.drop_table("decision")
