"""The tables of policies. Rows are added and never changed: of the activations of a policy the newest counts."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from policy_eval.adapters.tables import metadata

policy_version = Table(
    "policy_version",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),  # the file, in UTF-8
)

policy_proposal = Table(
    "policy_proposal",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", String(40), nullable=False),
    Index("policy_proposal_of_policy", "name", "id"),
)
"""Who wants which version to be active, where that takes two people; one counts until the next activation."""

policy_activation = Table(
    "policy_activation",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("activated_at", String(40), nullable=False),
    Index("policy_activation_of_policy", "name", "id"),
)
