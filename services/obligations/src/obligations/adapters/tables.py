"""The tables of obligations.

Derivations are never changed; `current_derivation` says which one counts. What people say of an obligation is a row of
`obligation_life`, each change of it one of `obligation_change`, also those that a derivation makes. Of the analyses of a
licence the newest version counts.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

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
    Column("told_steps", LargeBinary),  # application.ports.ToldSteps as JSON; NULL: a version that knew none
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
    Column("shown", LargeBinary, nullable=False),  # JSON, as the API shows it before anybody said anything
    Column("facts", String(64)),  # domain.derive.Obligation.facts; NULL in rows of the first version
)

obligation_life = Table(
    "obligation_life",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("obligation_id", String(36), primary_key=True),
    Column("project", Text, nullable=False),
    Column("key", String(64), nullable=False),
    Column("facts", String(64), nullable=False),
    Column("changes", Integer, nullable=False),  # the number of the last change by a person; 0: taken over
    Column("changed_at", String(40), nullable=False),
    Column("life", LargeBinary, nullable=False),  # domain.life.Life as JSON
)

obligation_change = Table(
    "obligation_change",
    metadata,
    Column("release_id", String(36), primary_key=True),
    Column("obligation_id", String(36), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("after", LargeBinary, nullable=False),
    Column("reason", Text),  # why a derivation changed it; NULL where a person did
)

own_analysis = Table(
    "own_analysis",
    metadata,
    Column("license", String(200), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("created_by", Text, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("analysis", LargeBinary, nullable=False),  # domain.own_analyses.OwnAnalysis as JSON; null = withdrawn
)

attribution = Table(
    "attribution",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("project", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),  # of the list of domain.attributions.Attribution as JSON, a blob
)

approval = Table(
    "approval",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("project", Text, nullable=False),
    Column("release_id", String(36), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(64), nullable=False),  # the digest of what is approved
    Column("given_by", Text, nullable=False),
    Column("given_at", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),  # domain.approvals, by kind, as JSON
    Column("withdrawn_at", String(40)),
    Column("withdrawn_by", Text),
    Index("approval_of_subject", "subject", "kind", "project"),
)

notice_template = Table(
    "notice_template",
    metadata,
    Column("project", Text, primary_key=True),
    Column("kind", String(10), primary_key=True),  # a format, or `header`
    Column("version", Integer, primary_key=True),
    Column("given_by", Text, nullable=False),
    Column("given_at", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),  # of its source, a blob
)

archived_attribution = Table(
    "archived_attribution",
    metadata,
    Column("digest", String(140), primary_key=True),  # algorithm:hex of a file, such as an archive from a registry
    Column("sha256", String(64), nullable=False),  # of one domain.attributions.Attribution as JSON, a blob
)

inquiry = Table(
    "inquiry",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("project", Text),
    Column("due_at", String(40)),  # of its next step, RFC 3339
    Column("etag", String(16), nullable=False),
    Column("record", LargeBinary, nullable=False),  # domain.inquiries.Inquiry as JSON
    Index("inquiry_by_due_date", "due_at"),
)
