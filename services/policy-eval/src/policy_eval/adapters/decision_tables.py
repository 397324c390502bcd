"""The tables of what people decide: records change their state, and none is ever deleted."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from policy_eval.adapters.tables import metadata

decision = Table(
    "decision",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("purl_name", Text),  # domain.purls: the index key of the canonical purl up to its version
    Column("record", LargeBinary, nullable=False),  # domain.decision_records.DecisionRecord as JSON
    Column("ends_at", String(40)),  # when it loses its effect by itself, RFC 3339
    Index("decision_that_ends", "state", "ends_at"),
    Index("decision_of_kind", "kind", "id"),
    Index("decision_of_package", "kind", "purl_name", "state"),
    Index("decision_in_state", "state", "id"),
)

decision_review = Table(
    "decision_review",
    metadata,
    Column("decision_id", String(36), primary_key=True),
    Column("at", String(40), primary_key=True),
    Column("by", String(255), primary_key=True),
    Column("comment", Text, nullable=False),
    Column("review_date", String(10)),  # when to look next
)

organization = Table(
    "organization",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # domain.organization.Organization as JSON
    Column("created_at", String(40), nullable=False),
    Column("created_by", String(255), nullable=False),
)

response_times = Table(
    "response_times",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # shared.contracts.response_times.ResponseTimes as JSON
    Column("created_at", String(40), nullable=False),
    Column("created_by", String(255), nullable=False),
)
