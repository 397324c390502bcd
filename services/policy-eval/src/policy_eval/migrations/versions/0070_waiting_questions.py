"""Since when each question of the reviewers' queue waits; of those that wait already, since their current evaluation.

PostgreSQL says it for rows that a version of before writes meanwhile. On SQLite no other version writes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0065"

_QUEUE, _OF_ALL, _BY_AGE = "queued_question", "queued_question_of_all", "queued_question_by_age"
_COLUMNS = ["fingerprint", "severity", "project", "route", "kind", "releases"]
_NOW = "to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
_EVALUATED_AT = {
    "postgresql": "convert_from(evaluation.record, 'UTF8')::json ->> 'evaluated_at'",
    "sqlite": "json_extract(CAST(evaluation.record AS TEXT), '$.evaluated_at')",
}
_FILL = """
WITH evaluated AS (
  SELECT evaluation.id AS id, {evaluated_at} AS at FROM evaluation
  JOIN release_input ON release_input.evaluation_id = evaluation.id
), first AS (
  SELECT open_question.project AS project, open_question.fingerprint AS fingerprint, min(evaluated.at) AS at
  FROM open_question JOIN evaluated ON evaluated.id = open_question.evaluation_id
  GROUP BY open_question.project, open_question.fingerprint
)
UPDATE queued_question SET waiting_since = first.at FROM first
WHERE queued_question.project = first.project AND queued_question.fingerprint = first.fingerprint
AND first.at IS NOT NULL
"""
_FILL_REST = "UPDATE queued_question SET waiting_since = strftime('%Y-%m-%dT%H:%M:%f000Z') WHERE waiting_since = ''"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    default = _NOW if dialect == "postgresql" else "''"
    column = sa.Column("waiting_since", sa.String(30), nullable=False, server_default=sa.text(default))
    op.add_column(_QUEUE, column)
    op.execute(_FILL.format(evaluated_at=_EVALUATED_AT[dialect]))
    if dialect == "sqlite":
        op.execute(_FILL_REST)
    op.drop_index(_OF_ALL, _QUEUE)
    op.create_index(_OF_ALL, _QUEUE, [*_COLUMNS, "waiting_since"])
    op.create_index(_BY_AGE, _QUEUE, ["route", "waiting_since"])


def downgrade() -> None:
    for index in (_BY_AGE, _OF_ALL):
        op.drop_index(index, _QUEUE)
    op.drop_column(_QUEUE, "waiting_since")
    op.create_index(_OF_ALL, _QUEUE, _COLUMNS)
