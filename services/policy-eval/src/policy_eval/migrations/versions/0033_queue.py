"""The reviewers' queue, filled with what the current evaluations leave open, and requests to evaluate again."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

_FINDINGS = sa.text(
    "SELECT finding.rank, finding.fingerprint, question.shown FROM finding "
    "JOIN question ON question.evaluation_id = finding.evaluation_id AND question.number = finding.question "
    "WHERE finding.evaluation_id = :id ORDER BY finding.rank"
)
_CURRENT = sa.text(
    "SELECT evaluation.id, evaluation.record FROM evaluation "
    "JOIN release_input ON release_input.evaluation_id = evaluation.id WHERE evaluation.id > :after "
    "ORDER BY evaluation.id LIMIT 100"
)
_SET_PROJECT = sa.text("UPDATE release_input SET project = :project WHERE release_id = :id")
_INDEXES = (
    ("release_input", "release_input_of_project", ["project", "release_id"]),
    ("reevaluation", "reevaluation_by_state", ["state", "id"]),
    ("open_question", "open_question_of_project", ["project", "fingerprint", "severity", "release_id"]),
    (
        "queued_question",
        "queued_question_of_all",
        ["fingerprint", "severity", "project", "route", "kind", "releases"],
    ),
)
_SEVERITIES = {"error": 0, "warning": 1, "hint": 2}


def upgrade() -> None:
    open_question = op.create_table(
        "open_question",
        sa.Column("release_id", sa.String(36), primary_key=True),
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("route", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("evaluation_id", sa.String(36), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
    )
    op.create_table(
        "queued_question",
        sa.Column("project", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("severity", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("route", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("releases", sa.Integer, nullable=False),
    )
    _create_reevaluation()
    op.add_column("release_input", sa.Column("project", sa.Text))
    op.add_column("finding", sa.Column("inherited_from", sa.String(36)))
    _fill(op.get_bind(), open_question)
    for table, name, columns in _INDEXES:
        op.create_index(name, table, columns)


def _create_reevaluation() -> None:
    op.create_table(
        "reevaluation",
        sa.Column("id", sa.String(36), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "requested_by")),
        sa.Column("requested_at", sa.String(30), nullable=False),
        *(sa.Column(name, sa.Text) for name in ("policy", "project")),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("total", sa.Integer),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("done", "unchanged", "failed")),
        sa.Column("last", sa.String(36), nullable=False),
        sa.Column("leased_by", sa.String(36)),
        sa.Column("leased_until", sa.String(30)),
    )


def _fill(connection: sa.Connection, open_question: sa.Table) -> None:
    after = ""
    while current := connection.execute(_CURRENT, {"after": after}).all():
        connection.execute(_SET_PROJECT, [_project_of(evaluation) for evaluation in current])
        for evaluation in current:
            rows = _open(evaluation, connection.execute(_FINDINGS, {"id": evaluation.id}))
            if rows:
                connection.execute(sa.insert(open_question), rows)
        after = current[-1].id
    connection.execute(
        sa.text(
            "INSERT INTO queued_question (project, fingerprint, severity, route, kind, releases) "
            "SELECT project, fingerprint, severity, route, min(kind), count(*) FROM open_question "
            "GROUP BY project, fingerprint, severity, route"
        )
    )


def _project_of(evaluation: Any) -> dict[str, str]:
    release = json.loads(evaluation.record)["release"]
    return {"id": release["id"], "project": release["project"]}


def _open(evaluation: Any, findings: Any) -> list[dict[str, Any]]:
    release = json.loads(evaluation.record)["release"]
    opened: dict[str, dict[str, Any]] = {}
    for rank, fingerprint, shown in findings:
        question = json.loads(shown)
        if question["route"] is not None and fingerprint not in opened:
            opened[fingerprint] = {
                "release_id": release["id"],
                "fingerprint": fingerprint,
                "project": release["project"],
                "severity": _SEVERITIES[question["severity"]],
                "route": question["route"],
                "kind": question["kind"],
                "evaluation_id": evaluation.id,
                "rank": rank,
            }
    return list(opened.values())


def downgrade() -> None:
    op.drop_index("release_input_of_project", "release_input")
    op.drop_column("finding", "inherited_from")
    op.drop_column("release_input", "project")
    for table in ("reevaluation", "queued_question", "open_question"):
        op.drop_table(table)
