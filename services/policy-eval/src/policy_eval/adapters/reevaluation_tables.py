"""The table of requests to evaluate releases again."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from policy_eval.adapters.tables import metadata

reevaluation = Table(
    "reevaluation",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("requested_at", String(30), nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("policy", Text),
    Column("release", String(36)),
    Column("project", Text),
    Column("state", String(10), nullable=False),
    Column("total", Integer),
    Column("done", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("last", String(36), nullable=False),
    Column("leased_by", String(36)),
    Column("leased_until", String(30)),
    Index("reevaluation_by_state", "state", "id"),
)
