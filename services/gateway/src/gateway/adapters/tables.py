"""The tables of the gateway: keys, and a projection of releases built from events."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, MetaData, String, Table, Text

from gateway.domain.steps import FIRST

metadata = MetaData()

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("roles", Text, nullable=False),  # JSON list
    Column("projects", Text, nullable=False),  # JSON list of patterns
    Column("created_at", String(32), nullable=False),
    Column("expires_at", String(32)),
    Column("revoked_at", String(32)),
    Column("prefix", String(16)),
    Column("last_used_at", String(32)),
    Column("previous_sha256", String(64), index=True),
    Column("previous_until", String(32)),
    Column("installed_sha256", String(64)),
)

release = Table(
    "release",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("project", String(255), nullable=False),
    Column("version", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("verdict", String(10)),
    Column("archived_at", String(32)),
    Column("progress", LargeBinary, nullable=False),  # gateway.domain.stages.ReleaseProgress as JSON
    # With a default for rows of a version that knows no steps: to the reader of their progress nothing of them is known.
    Column("first_open_step", String(40), nullable=False, server_default=FIRST),
    Column("awaited", String(12)),  # a stage that somebody waits for
    Column("awaited_since", String(32)),
    Index("release_by_step", "first_open_step", "id"),
    Index("release_by_name", "project", "version", unique=True),
    Index("release_of_project", "project", "id"),
)
Index(
    "release_awaited", release.c.awaited, release.c.awaited_since,
    postgresql_where=release.c.awaited.is_not(None), sqlite_where=release.c.awaited.is_not(None),
)  # fmt: skip

document = Table(
    "document",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("release_id", String(36), nullable=False, index=True),
    Column("shown", LargeBinary, nullable=False),  # shared.contracts.documents.Document as JSON
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("key", String(64), primary_key=True),  # SHA-256 of caller and key
    Column("created_at", String(32), nullable=False, index=True),
    Column("lease_until", String(32), nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),  # application.idempotency.KeyRecord as JSON
)

rate_bucket = Table(
    "rate_bucket",
    metadata,
    Column("name", String(320), primary_key=True),
    Column("tokens", Double, nullable=False),
    Column("at", Double, nullable=False, index=True),  # seconds since the epoch
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False, index=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("address", String(64), nullable=False),
    Column("action", String(255), nullable=False),
    Column("path", Text, nullable=False),
    Column("project", String(255)),
    Column("outcome", String(10), nullable=False),
    Column("status", Integer, nullable=False),
    Column("request_id", String(128), nullable=False, index=True),
    Column("before", Text),  # JSON
    Column("after", Text),  # JSON
    Column("hash", String(64), nullable=False),
    Column("reason", Text),
    Column("versions", Text),  # JSON
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("url", String(2000), nullable=False),
    Column("events", Text, nullable=False),  # JSON list
    Column("projects", Text, nullable=False),  # JSON list of patterns
    Column("secret", String(64), nullable=False),  # as it is: it signs
    Column("created_at", String(32), nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("previous_secret", String(64)),
    Column("previous_until", String(32)),
    Column("given_up", Integer, nullable=False),
    Column("disabled_at", String(32)),
    Column("disabled_reason", Text),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("webhook_id", String(36), nullable=False),
    Column("event", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", String(32), index=True),
    Column("ended_at", String(32), index=True),
    Column("answer_status", Integer),
    Column("error", Text),
    Index("webhook_delivery_of", "webhook_id", "id"),
)
