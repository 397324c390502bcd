"""The table of export control: records are added and change their state, and none is ever deleted."""

from sqlalchemy import Column, Index, LargeBinary, String, Table, Text

from policy_eval.adapters.tables import metadata

export_record = Table(
    "export_record",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("project", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("record", LargeBinary, nullable=False),  # domain.export.records.Record as JSON
    Index("export_record_of_project", "kind", "project", "id"),
)
