"""The tables of sbom-ingest. Documents are never overwritten; `current_document` says which one counts."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

release = Table(
    "release",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("project", String(255), nullable=False),
    Column("version", String(255), nullable=False),
    Column("context", String(100), nullable=False),
    Column("policy", String(100), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", String(32), nullable=False),
    UniqueConstraint("project", "version"),
)

document = Table(
    "document",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("release_id", String(36), ForeignKey("release.id"), nullable=False),
    Column("part", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("inventory_sha256", String(64), nullable=False),
    Column("warnings_sha256", String(64), nullable=False),
    Column("ignored_sha256", String(64), nullable=False),
    Column("shown", LargeBinary, nullable=False),  # shared.contracts.documents.Document as JSON
    UniqueConstraint("release_id", "part", "sha256"),
)

current_document = Table(
    "current_document",
    metadata,
    Column("release_id", String(36), ForeignKey("release.id"), primary_key=True),
    Column("part", String(255), primary_key=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False),
)
