"""Derivations with their obligations, and the messaging tables."""

import sqlalchemy as sa
from alembic import op

from shared.messaging import migrations as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    messaging.create_version_1()
    op.create_table(
        "derivation",
        sa.Column("evaluation_id", sa.String(36), primary_key=True),
        sa.Column("release_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_derivation_release_id", "derivation", ["release_id"])
    op.create_table(
        "current_derivation",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("evaluation_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "obligation",
        sa.Column("evaluation_id", sa.String(36), sa.ForeignKey("derivation.evaluation_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("license", sa.Text),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("shown", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    for table in ("obligation", "current_derivation", "derivation", "dead_letter", "inbox", "outbox"):
        op.drop_table(table)
