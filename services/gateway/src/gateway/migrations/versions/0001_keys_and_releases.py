"""Keys, the projection of releases, and the messaging tables."""

import sqlalchemy as sa
from alembic import op

from shared.messaging import migrations as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    messaging.create_version_1()
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("projects", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32)),
        sa.Column("revoked_at", sa.String(32)),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("project", sa.String(255), nullable=False),
        sa.Column("version", sa.String(255), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("progress", sa.LargeBinary, nullable=False),
    )
    op.create_index("release_by_name", "release", ["project", "version"], unique=True)
    op.create_table(
        "document",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("release_id", sa.String(36), nullable=False),
        sa.Column("shown", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_document_release_id", "document", ["release_id"])
    op.create_table(
        "idempotency_key",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("lease_until", sa.String(32), nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"])


def downgrade() -> None:
    for table in ("idempotency_key", "document", "release", "api_key", "dead_letter", "inbox", "outbox"):
        op.drop_table(table)
