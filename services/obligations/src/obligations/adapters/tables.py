"""The tables of obligations. Derivations are never changed; `current_derivation` says which one counts."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

derivation = Table(
    "derivation",
    metadata,
    Column("evaluation_id", String(36), primary_key=True),
    Column("release_id", String(36), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("record", LargeBinary, nullable=False),  # application.ports.DerivationRecord as JSON
)

current_derivation = Table(
    "current_derivation",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("evaluation_id", String(36), nullable=False),
    Column("revision", Integer, nullable=False),
)

obligation = Table(
    "obligation",
    metadata,
    Column("evaluation_id", String(36), ForeignKey("derivation.evaluation_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", String(36), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("license", Text),
    Column("status", String(20), nullable=False),
    Column("shown", LargeBinary, nullable=False),  # JSON, as the API shows it
)
