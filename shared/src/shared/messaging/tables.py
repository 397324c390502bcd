"""The tables that every service with events has beside its own: outbox, inbox and dead letters.

They stand in no service's MetaData; `shared.messaging.migrations` creates them from each service's first migration.
Times are RFC 3339 texts of fixed width (`shared.clock.timestamp`), so that both databases order them alike.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

# SQLite gives an autoincrementing key to INTEGER only.
_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")

outbox = Table(
    "outbox",
    metadata,
    Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("type", String(100), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", String(32), nullable=False),
    Column("sent_at", String(32)),
    Column("last_error", Text),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", String(100), primary_key=True),
    Column("message_id", String(100), primary_key=True),
    Column("accepted_at", String(32), nullable=False),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("consumer", String(100), nullable=False),
    Column("message_id", String(100), nullable=False),
    Column("type", String(100), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("dead_at", String(32), nullable=False),
    Column("replayed_at", String(32)),
)
