"""What tells of changed facts, when a decision ends by itself, and which waivers are used."""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0033"

_WAIVED = sa.text(
    "SELECT release_input.release_id, finding.waived FROM finding "
    "JOIN release_input ON release_input.evaluation_id = finding.evaluation_id WHERE finding.waived IS NOT NULL"
)


def upgrade() -> None:
    counter = op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(counter, [{"id": 1, "number": 0}])
    op.create_table(
        "known_fact",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "waiver_use",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("waiver_id", sa.String(36), primary_key=True),
        sa.Column("findings", sa.Integer, nullable=False),
    )
    op.create_index("ix_waiver_use_waiver_id", "waiver_use", ["waiver_id"])
    op.add_column("reevaluation", sa.Column("release", sa.String(36)))
    op.add_column("decision", sa.Column("ends_at", sa.String(40)))
    op.create_index("decision_that_ends", "decision", ["state", "ends_at"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    for id_, record in connection.execute(sa.text("SELECT id, record FROM decision WHERE kind = 'waiver'")).all():
        values = {"id": id_, "ends_at": json.loads(record)["body"].get("expires_at")}
        connection.execute(sa.text("UPDATE decision SET ends_at = :ends_at WHERE id = :id"), values)
    uses = Counter((release_id, json.loads(waived)["id"]) for release_id, waived in connection.execute(_WAIVED))
    insertion = sa.text("INSERT INTO waiver_use VALUES (:release_id, :waiver_id, :findings)")
    for (release_id, waiver_id), findings in uses.items():
        values = {"release_id": release_id, "waiver_id": waiver_id, "findings": findings}
        connection.execute(insertion, values)


def downgrade() -> None:
    op.drop_index("decision_that_ends", "decision")
    op.drop_column("decision", "ends_at")
    op.drop_column("reevaluation", "release")
    for table in ("waiver_use", "known_fact", "change_counter"):
        op.drop_table(table)
