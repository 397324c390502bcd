"""Webhooks and their deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("projects", sa.Text, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("previous_secret", sa.String(64)),
        sa.Column("previous_until", sa.String(32)),
        sa.Column("given_up", sa.Integer, nullable=False),
        sa.Column("disabled_at", sa.String(32)),
        sa.Column("disabled_reason", sa.Text),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("webhook_id", sa.String(36), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("answer_status", sa.Integer),
        sa.Column("error", sa.Text),
    )
    op.create_index("ix_webhook_delivery_next_try_at", "webhook_delivery", ["next_try_at"])
    op.create_index("ix_webhook_delivery_ended_at", "webhook_delivery", ["ended_at"])
    op.create_index("webhook_delivery_of", "webhook_delivery", ["webhook_id", "id"])


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
