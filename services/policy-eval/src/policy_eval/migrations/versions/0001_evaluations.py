"""Evaluations with their components and findings, and the messaging tables."""

import sqlalchemy as sa
from alembic import op

from shared.messaging import migrations as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    messaging.create_version_1()
    _create_evaluations()
    _create_components()
    _create_findings()


def _create_evaluations() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("release_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("evaluation_of_release", "evaluation", ["release_id", "id"])
    op.create_table(
        "release_input",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("evaluation_id", sa.String(36)),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("documents", sa.LargeBinary, nullable=False),
    )
    op.create_index("release_input_evaluation", "release_input", ["evaluation_id"])


def _create_components() -> None:
    op.create_table(
        "decided_component",
        sa.Column("evaluation_id", sa.String(36), sa.ForeignKey("evaluation.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("purl", sa.Text),
        sa.Column("purl_name", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("effective_license", sa.Text),
        sa.Column("category", sa.String(50), nullable=False),
        sa.Column("verdict", sa.String(30), nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("paths", sa.LargeBinary),
        sa.Column("shown", sa.LargeBinary, nullable=False),
    )
    op.create_index("decided_component_purl_name", "decided_component", ["purl_name"])
    op.create_table(
        "evaluation_license",
        sa.Column("license", sa.Text, primary_key=True),
        sa.Column("evaluation_id", sa.String(36), sa.ForeignKey("evaluation.id"), primary_key=True),
    )


def _create_findings() -> None:
    op.create_table(
        "question",
        sa.Column("evaluation_id", sa.String(36), sa.ForeignKey("evaluation.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("shown", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "finding",
        sa.Column("evaluation_id", sa.String(36), sa.ForeignKey("evaluation.id"), primary_key=True),
        sa.Column("rank", sa.Integer, primary_key=True),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("component", sa.Integer),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("subject", sa.LargeBinary),
    )


def downgrade() -> None:
    tables = ("finding", "question", "evaluation_license", "decided_component", "release_input", "evaluation")
    for table in (*tables, "dead_letter", "inbox", "outbox"):
        op.drop_table(table)
