"""Releases, documents, and the messaging tables."""

import sqlalchemy as sa
from alembic import op

from shared.messaging import migrations as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    messaging.create_version_1()
    op.create_table(
        "release",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("project", sa.String(255), nullable=False),
        sa.Column("version", sa.String(255), nullable=False),
        sa.Column("context", sa.String(100), nullable=False),
        sa.Column("policy", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("project", "version"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("release_id", sa.String(36), sa.ForeignKey("release.id"), nullable=False),
        sa.Column("part", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("inventory_sha256", sa.String(64), nullable=False),
        sa.Column("warnings_sha256", sa.String(64), nullable=False),
        sa.Column("ignored_sha256", sa.String(64), nullable=False),
        sa.Column("shown", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("release_id", "part", "sha256"),
    )
    op.create_table(
        "current_document",
        sa.Column("release_id", sa.String(36), sa.ForeignKey("release.id"), primary_key=True),
        sa.Column("part", sa.String(255), primary_key=True),
        sa.Column("document_id", sa.String(36), sa.ForeignKey("document.id"), nullable=False),
    )


def downgrade() -> None:
    for table in ("current_document", "document", "release", "dead_letter", "inbox", "outbox"):
        op.drop_table(table)
