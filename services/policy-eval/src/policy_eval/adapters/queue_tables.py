"""The tables of the reviewers' queue: what the current evaluations leave open, and how often in each project.

Both follow the current evaluations in the transaction that makes one the current one. A severity is its place in
`domain.open_questions.SEVERITY_ORDER`, so that the smallest is the worst.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from policy_eval.adapters.tables import metadata

open_question = Table(
    "open_question",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("project", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("route", String(10), nullable=False),
    Column("kind", String(20), nullable=False),
    Column(
        "evaluation_id", String(36), nullable=False
    ),  # that has the finding; the current one, or one it says the same as
    Column("rank", Integer, nullable=False),  # of the finding in the evaluation
    Index("open_question_of_project", "project", "fingerprint", "severity", "release_id"),
)

queued_question = Table(
    "queued_question",
    metadata,
    Column("project", Text, primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("severity", Integer, primary_key=True),
    Column("route", String(10), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("releases", Integer, nullable=False),  # releases of the project with such a row in open_question
    Column("waiting_since", String(30), nullable=False),  # the project asks it without a break, RFC 3339
    # All columns: what is asked over all projects is read from the index alone, one question after the other.
    Index(
        "queued_question_of_all",
        *("fingerprint", "severity", "project", "route", "kind", "releases", "waiting_since"),
    ),
    Index("queued_question_by_age", "route", "waiting_since"),
)
